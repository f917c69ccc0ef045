# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is put right later: rectified, returned, told in another order."""

from .book import case


@case(
    "A rectified import keeps its date and takes the last quantities",
    "El pedimento rectificado conserva su fecha y toma las últimas cantidades",
    "Rule 24",
)
def rectified(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 30))
    book.enter(6000002, "02-11", ("MAT", 30))
    book.paper(6000005, "IN", "03-20", ("MAT", 20), rectifies="6000001")
    book.leave(6000003, "03-10", ("MAT", 40))


@case(
    "A chain of rectifications: the last version counts",
    "Cadena de rectificaciones: cuenta la última",
    "Rule 24",
)
def chain(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 30))
    book.paper(6000005, "IN", "03-20", ("MAT", 20), rectifies="6000001")
    book.paper(6000006, "IN", "03-25", ("MAT", 25), rectifies="6000005")
    book.leave(6000003, "03-10", ("MAT", 40))


@case(
    "A rectified exit at its original date",
    "La salida rectificada, en su fecha original",
    "Rule 24",
)
def rectified_exit(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 30))
    book.leave(6000003, "03-10", ("MAT", 10))
    book.paper(6000004, "RT", "03-20", ("MAT", 14), rectifies="6000003")
    book.leave(6000002, "03-15", ("MAT", 20))


@case(
    "A delivery that came back before any document never left",
    "La entrega devuelta antes de un documento nunca salió",
    "RLA 170; rule 1",
)
def returned_delivery(book):
    book.part("MAT")
    book.move("in", "02-02", ("MAT", 50), status="domestic")
    gone = book.move("out", "03-01", ("MAT", 20, {"place": "domestic"}))
    book.part("TEM")
    book.enter(6000001, "02-10", ("TEM", 30))
    other = book.move("out", "03-01", ("TEM", 20))
    book.move("back_in", "03-03", ("TEM", 20), returns=other)
    book.move("back_in", "03-03", ("MAT", 5), returns=gone)
    book.leave(6000003, "03-10", ("TEM", 5))


@case(
    "Goods that went back to the supplier before their pedimento",
    "Lo devuelto al proveedor antes de su pedimento",
    "Rule 1",
)
def returned_receipt(book):
    book.part("MAT")
    first = book.move("in", "02-02", ("MAT", 50))
    book.move("back_out", "02-04", ("MAT", 10), returns=first)
    book.paper(6000001, "IN", "02-10", ("MAT", 40), entered="02-02")
    book.leave(6000003, "03-10", ("MAT", 5))


@case(
    "A receipt before its pedimento",
    "La recepción antes de su pedimento",
    "Rule 13",
)
def receipt_first(book):
    book.part("MAT")
    book.move("in", "02-02", ("MAT", 50), document=6000001)
    book.leave(6000002, "02-05", ("MAT", 5))
    book.paper(6000001, "IN", "02-10", ("MAT", 50), entered="02-02")


@case(
    "A pedimento before its receipt",
    "El pedimento antes de su recepción",
    "Rule 13",
)
def paper_first(book):
    book.part("MAT")
    book.paper(6000001, "IN", "02-02", ("MAT", 50))
    book.leave(6000002, "02-05", ("MAT", 5))
    book.move("in", "02-10", ("MAT", 48), document=6000001)


@case(
    "An import that is told late takes its place in PEPS",
    "La importación registrada tarde ocupa su lugar en PEPS",
    "Anexo 24, A-II-c",
)
def backdated(book):
    book.part("MAT")
    book.enter(6000002, "02-10", ("MAT", 50))
    book.leave(6000003, "03-10", ("MAT", 30))
    book.enter(6000001, "02-01", ("MAT", 20))
