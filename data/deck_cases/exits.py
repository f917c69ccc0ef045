# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What leaves, and by which document."""

from .book import case


def plant(book, quantity=100):
    """Material of an import; products of three each."""
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", quantity))
    book.order("02-20", [("PROD", 20)], ("MAT", 60))


@case(
    "Return of the processed goods",
    "Retorno de mercancía procesada",
    "LA 108; rule 1",
)
def processed(book):
    plant(book)
    book.leave(6000002, "03-10", ("PROD", 7))


@case(
    "Return in the same state",
    "Retorno en el mismo estado",
    "LA 108",
)
def same_state(book):
    plant(book)
    book.leave(6000002, "03-10", ("MAT", 7))


@case(
    "A delivery without document discharges nothing temporary",
    "Una entrega sin documento no descarga lo temporal",
    "RLA 170; rule 1",
)
def no_document(book):
    plant(book)
    book.move("out", "03-10", ("PROD", 7))


@case(
    "The document's quantity rules, not the delivery's",
    "Manda la cantidad del documento, no la de la entrega",
    "LA 108; rule 1",
)
def delivered_less(book):
    plant(book)
    book.paper(6000002, "RT", "03-10", ("PROD", 7))
    book.move("out", "03-09", ("PROD", 5), document=6000002)


@case(
    "An unpaid exit does not count",
    "Una salida sin pagar no cuenta",
    "Rule 1",
)
def unpaid(book):
    plant(book)
    book.paper(6000002, "RT", None, ("PROD", 7))
    book.leave(6000003, "03-11", ("PROD", 1))


@case(
    "Virtual transfer to another company",
    "Transferencia virtual a otra empresa",
    "LA 108; rule 19",
)
def transfer(book):
    plant(book)
    book.leave(6000002, "03-10", ("PROD", 7), operation="V1X")


@case(
    "Transfer of waste",
    "Transferencia de desperdicio",
    "RLA 171; rule 6",
)
def waste_transfer(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 20)], ("MAT", 60, {"waste": 6}))
    book.leave(6000002, "03-10", ("MAT", 4), operation="V1XDE")


@case(
    "F4 takes unexpired layers only, and makes a definitive one",
    "F4 toma solo lo no vencido y forma una capa definitiva",
    "LA 109; RLA 140; rules 2 and 14",
)
def f4(book):
    book.part("MAT")
    book.enter(6000001, "2024-08-10", ("MAT", 10))
    book.enter(6000002, "02-10", ("MAT", 10))
    book.paper(6000003, "F4", "03-10", ("MAT", 8))
    book.leave(6000004, "03-12", ("MAT", 5))


@case(
    "Goods under F4 are sold: what a delivery that names it took is on hand no more",
    "Se vende lo del F4: lo que se llevó la entrega que lo nombra ya no está",
    "LA 109; RLA 140; rules 2 and 3",
)
def f4_delivered(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 20))
    book.paper(6000002, "F4", "03-10", ("MAT", 9))
    book.move("out", "03-12", ("MAT", 4), document=6000002)
    # more than is left of it: the rest has no document
    book.move("out", "03-15", ("MAT", 6), document=6000002)
    book.paper(6000003, "F4", "03-20", ("MAT", 7))
    book.move("out", "03-18", ("MAT", 2), document=6000003)


@case(
    "F4 of waste is an exit",
    "F4 de desperdicio es salida",
    "LA 109; rule 19",
)
def f4_waste(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 20)], ("MAT", 60, {"waste": 6}))
    book.paper(6000002, "F4DE", "03-10", ("MAT", 6, {"waste": True}))


@case(
    "A3, case II, takes expired layers only",
    "A3, supuesto II, toma solo lo vencido",
    "LA 101; rule 14",
)
def a3_expired(book):
    book.part("MAT")
    book.enter(6000001, "2024-08-10", ("MAT", 10))
    book.enter(6000002, "02-10", ("MAT", 10))
    book.paper(6000003, "A3II", "03-10", ("MAT", 12))


@case(
    "A3, case VII: theft",
    "A3, supuesto VII: robo",
    "RGCE 2.5.7",
)
def a3_theft(book):
    plant(book)
    book.paper(6000002, "A3VII", "03-10", ("MAT", 12), left="03-02")


@case(
    "Keys that have no effect",
    "Claves sin efecto en el inventario",
    "Rule 19",
)
def no_effect(book):
    plant(book)
    book.paper(6000002, "K1", "03-10", ("MAT", 12))
    book.paper(6000003, "A1X", "03-10", ("MAT", 12))


@case(
    "A late return takes what has expired, and says so",
    "El retorno extemporáneo toma lo vencido y lo dice",
    "LA 183-II; rule 14",
)
def late_return(book):
    book.part("MAT")
    book.enter(6000001, "2024-08-10", ("MAT", 10))
    book.enter(6000002, "02-10", ("MAT", 10))
    book.leave(6000003, "03-10", ("MAT", 12))


@case(
    "Destruction of residue, and of material",
    "Destrucción de desperdicio y de material",
    "RLA 142; rule 8",
)
def destruction(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 20)], ("MAT", 60, {"waste": 6}))
    book.act("X1", "03-10", ("MAT", 5, True), ("MAT", 2, False))


@case(
    "Several lines of one part are served in their order",
    "Varias líneas de una parte se surten en su orden",
    "Anexo 24, A-II-c",
)
def lines_in_order(book):
    book.part("MAT")
    book.enter(6000001, "02-10", ("MAT", 10))
    book.enter(6000002, "02-11", ("MAT", 10))
    book.leave(6000004, "03-10", ("MAT", 6), ("MAT", 6))
    book.leave(6000003, "03-10", ("MAT", 3))
