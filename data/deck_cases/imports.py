# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What comes in, and how long it may stay."""

from .book import case


@case(
    "The oldest import first",
    "Primero la importación más antigua",
    "Anexo 24, A-II-c",
)
def peps(book):
    book.part("MAT")
    book.enter(6000002, "02-10", ("MAT", 100))
    book.enter(6000001, "02-20", ("MAT", 100))
    book.leave(6000003, "03-10", ("MAT", 130))


@case(
    "Imports of one day go by year and number, partida and line",
    "Importaciones del mismo día: por número, partida y línea",
    "Anexo 24, A-II-c",
)
def ties(book):
    book.part("MAT")
    book.enter(6000002, "02-10", ("MAT", 10), ("MAT", 20))
    book.enter(6000001, "02-10", ("MAT", 10))
    book.leave(6000003, "03-10", ("MAT", 25))


@case(
    "Thirds of a layer leave no residue in unit, tariff unit or value",
    "Los tercios de una capa no dejan residuo",
    "Anexo 24, A-II-c; rule 9",
)
def remainders(book):
    book.part("MAT")
    values = {"umc": "10", "umt": "0.00001", "usd": "0.05", "mxn": "1.01"}
    book.enter(6000001, "02-10", ("MAT", 3, values))
    for turn, day in enumerate(("03-10", "03-11", "03-12")):
        book.leave(6000002 + turn, day, ("MAT", 1))


@case(
    "More leaves than came in",
    "Sale más de lo que entró",
    "Anexo 24, A-II",
)
def shortage(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 40))
    book.leave(6000002, "03-10", ("MAT", 50))


@case(
    "No layer serves an exit before it was there",
    "Ninguna capa surte una salida anterior a ella",
    "Rule 13",
)
def too_early(book):
    book.part("MAT")
    book.enter(6000001, "03-15", ("MAT", 40))
    book.leave(6000002, "03-10", ("MAT", 10))
    book.leave(6000003, "03-16", ("MAT", 10))


@case(
    "An import that is paid after the goods left serves: it was there",
    "Una importación pagada después sirve si la mercancía ya estaba",
    "Rule 13",
)
def paid_later(book):
    book.part("MAT")
    book.paper(6000001, "IN", "03-20", ("MAT", 40), entered="03-01")
    book.move("in", "03-01", ("MAT", 40), document=6000001)
    book.leave(6000002, "03-10", ("MAT", 10))


@case(
    "Virtual transfer: six months",
    "Transferencia virtual: seis meses",
    "Decreto IMMEX 4; RLA 166-III",
)
def v1_six_months(book):
    book.part("MAT")
    book.enter(6000001, "2025-08-31", ("MAT", 40), operation="V1")
    book.leave(6000002, "02-27", ("MAT", 10))
    book.leave(6000003, "03-02", ("MAT", 10))
    book.leave(6000004, "03-03", ("MAT", 10))


@case(
    "Virtual transfer from a national supplier: eighteen months",
    "Transferencia de proveedor nacional: dieciocho meses",
    "Decreto IMMEX 4; rule 23",
)
def v1_national_supplier(book):
    book.part("MAT")
    book.enter(6000001, "2025-08-31", ("MAT", 40), operation="V1CN")
    book.leave(6000002, "03-03", ("MAT", 10))


@case(
    "Eighteen months end on the day, or on the first business day after",
    "Dieciocho meses: el mismo día, o el primer día hábil siguiente",
    "LA 108-I; CFF 12",
)
def months(book):
    book.part("MAT")
    book.enter(6000001, "2024-08-31", ("MAT", 10))
    book.enter(6000002, "2024-09-01", ("MAT", 10))
    book.leave(6000003, "03-02", ("MAT", 20))


@case(
    "Containers: two years",
    "Contenedores: dos años",
    "LA 108-II",
)
def containers(book):
    book.part("BOX", "container")
    book.enter(6000001, "2024-03-10", ("BOX", 4))
    book.leave(6000002, "03-10", ("BOX", 1))
    book.leave(6000003, "03-11", ("BOX", 1))


@case(
    "Fixed assets stay as long as the programme, in a ledger of their own",
    "Activo fijo: mientras viva el programa y en su propio registro",
    "LA 108-III; rule 16",
)
def fixed_assets(book):
    book.part("PRESS", "fixed_asset")
    book.part("MAT")
    book.enter(6000001, "2020-02-10", ("PRESS", 2), operation="AF")
    book.enter(6000002, "02-10", ("MAT", 10))
    book.leave(6000003, "03-10", ("PRESS", 1), ("MAT", 12))


@case(
    "The term of a consolidated import begins with its closing",
    "El plazo de un consolidado corre desde su cierre",
    "Rule 22",
)
def closing(book):
    book.part("MAT")
    book.enter(6000001, "2024-09-05", ("MAT", 10), closed="2024-09-10")
    book.enter(6000002, "2024-09-05", ("MAT", 10), modulated="2024-09-07")
    book.leave(6000003, "03-06", ("MAT", 20))
    book.leave(6000004, "03-09", ("MAT", 1))


@case(
    "PEPS by payment date",
    "PEPS por fecha de pago",
    "Rule 13",
    peps_by="payment",
)
def by_payment(book):
    book.part("MAT")
    book.enter(6000001, "02-20", ("MAT", 10), entered="02-01")
    book.enter(6000002, "02-10", ("MAT", 10), entered="02-09")
    book.leave(6000003, "03-10", ("MAT", 15))


@case(
    "A rejected export that came back leaves first, as the item itself",
    "El retorno rechazado que regresó sale primero, como la mercancía misma",
    "LA 103; rule 17",
)
def rejected_export(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 20)], ("MAT", 60))
    book.leave(6000002, "03-01", ("PROD", 10))
    book.enter(6000003, "03-05", ("PROD", 4), operation="IN2")
    book.leave(6000004, "03-10", ("PROD", 10))


@case(
    "A cancelled pedimento is nothing",
    "Un pedimento cancelado no cuenta",
    "Anexo 24, A-I",
)
def cancelled(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 40), cancelled=True)
    book.enter(6000002, "02-11", ("MAT", 40))
    book.leave(6000003, "03-10", ("MAT", 10))
    book.leave(6000004, "03-11", ("MAT", 10), cancelled=True)
