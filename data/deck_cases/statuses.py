# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Temporary, definitive and domestic stock of one part (rule 12)."""

from .book import case

SOURCE = "Rule 12"


def stock(book, **lots):
    book.part("MAT", **lots)
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 50))
    book.enter(6000002, "02-01", ("MAT", 50), operation="A1")
    book.move("in", "02-02", ("MAT", 50), status="domestic")


@case("The status of the lot", "El estatus del lote", SOURCE)
def by_lot(book):
    book.part("MAT", T="temporary", N="domestic")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 50, {"lot": "T"}))
    book.move("in", "02-02", ("MAT", 50, {"lot": "N"}), status="domestic")
    book.order(
        "02-20", [("PROD", 10)], ("MAT", 20, {"lot": "T"}), ("MAT", 10, {"lot": "N"})
    )
    book.leave(6000003, "03-10", ("PROD", 5))


@case("The status of the place", "El estatus de la ubicación", SOURCE)
def by_place(book):
    stock(book)
    book.order(
        "02-20",
        [("PROD", 10)],
        ("MAT", 20, {"place": "temporary"}),
        ("MAT", 5, {"place": "definitive"}),
        ("MAT", 5, {"place": "domestic"}),
    )
    book.leave(6000003, "03-10", ("PROD", 5))


@case(
    "Goods of a foreign owner are temporary",
    "Lo de un dueño extranjero es temporal",
    SOURCE,
    policy="domestic",
)
def by_owner(book):
    stock(book)
    book.order(
        "02-20", [("PROD", 10)], ("MAT", 20, {"owner": "Principal"}), ("MAT", 10)
    )
    book.leave(6000003, "03-10", ("PROD", 5))


@case(
    "The part's only status", "El único estatus de la parte", SOURCE, policy="domestic"
)
def only_status(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 50))
    book.order("02-20", [("PROD", 10)], ("MAT", 30))
    book.leave(6000003, "03-10", ("PROD", 5))


@case("The company's policy", "La política de la empresa", SOURCE, policy="definitive")
def by_policy(book):
    stock(book)
    book.order("02-20", [("PROD", 10)], ("MAT", 30))
    book.leave(6000003, "03-10", ("PROD", 5))


@case(
    "Domestic goods are used up by domestic sales",
    "Lo nacional se consume con ventas nacionales",
    "Rule 3",
)
def domestic_sale(book):
    book.part("MAT")
    book.move("in", "02-02", ("MAT", 50), status="domestic")
    book.move("out", "03-02", ("MAT", 20, {"place": "domestic"}))
