# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What orders drew and put out: the real consumption of what leaves."""

from .book import case


@case(
    "Incorporated and merma leave with the product, waste by itself",
    "Lo incorporado y la merma salen con el producto; el desperdicio aparte",
    "Anexo 24, A-II-b; RLA 171; rule 6",
)
def merma_and_waste(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 20)], ("MAT", 60, {"merma": 3, "waste": 6}))
    book.leave(6000002, "03-10", ("PROD", 15))
    book.leave(6000003, "03-12", ("MAT", 6), operation="RTDE")


@case(
    "Residue with a part number of its own keeps its composition",
    "El desperdicio con número propio conserva su composición",
    "Rule 8",
)
def waste_part(book):
    book.part("MAT")
    book.part("MAT2")
    book.part("PROD", "product")
    book.part("SCRAP", "waste")
    book.enter(6000001, "02-10", ("MAT", 100), ("MAT2", 50))
    book.order(
        "02-20",
        [("PROD", 20), ("SCRAP", 4)],
        ("MAT", 60, {"waste": 6, "waste_part": "SCRAP"}),
        ("MAT2", 10, {"waste": 2, "waste_part": "SCRAP"}),
    )
    book.leave(6000002, "03-10", ("SCRAP", 3), operation="RTDE")


@case(
    "Two lots of one residue share it",
    "Dos lotes de un desperdicio se lo reparten",
    "Rule 8",
)
def waste_lots(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.part("SCRAP", "waste", L1=None, L2=None)
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order(
        "02-20",
        [("PROD", 20), ("SCRAP", 4, "L1"), ("SCRAP", 8, "L2")],
        ("MAT", 60, {"waste": 10, "waste_part": "SCRAP"}),
    )
    book.leave(6000002, "03-10", ("SCRAP", 8), operation="RTDE", lot="L2")


@case(
    "What was scrapped within an order is residue, drawn besides",
    "Lo desechado dentro de la orden es desperdicio",
    "Rule 6",
)
def scrap(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 20)], ("MAT", 60), ("MAT", 5, {"scrap": True}))
    book.leave(6000002, "03-10", ("PROD", 20))
    book.leave(6000003, "03-11", ("MAT", 5), operation="RTDE")


@case(
    "Each order by what it really drew",
    "Cada orden según lo que realmente consumió",
    "Anexo 24, A-II-b",
)
def real_consumption(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 10)], ("MAT", 30))
    book.order("02-21", [("PROD", 10)], ("MAT", 34))
    book.leave(6000002, "03-10", ("PROD", 15))


@case(
    "Subassemblies of two levels",
    "Subensambles de dos niveles",
    "Anexo 24, A-II-b",
)
def subassembly(book):
    for code in ("MAT", "MAT2"):
        book.part(code)
    book.part("SUB", "product")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100), ("MAT2", 100))
    book.order("02-20", [("SUB", 10)], ("MAT", 20, {"merma": 1}))
    book.order("02-25", [("PROD", 5)], ("SUB", 8), ("MAT2", 5))
    book.leave(6000002, "03-10", ("PROD", 3))


@case(
    "Three levels, and a subassembly that is sold by itself",
    "Tres niveles y un subensamble que se vende solo",
    "Anexo 24, A-II-b",
)
def three_levels(book):
    book.part("MAT")
    for code in ("SUB1", "SUB2", "PROD"):
        book.part(code, "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("SUB1", 12)], ("MAT", 36))
    book.order("02-22", [("SUB2", 6)], ("SUB1", 9, {"merma": 1}))
    book.order("02-25", [("PROD", 3)], ("SUB2", 5), ("MAT", 1))
    book.leave(6000002, "03-01", ("SUB1", 3))
    book.leave(6000003, "03-10", ("PROD", 3))


@case(
    "Two lots of one order share what it drew",
    "Dos lotes de una orden comparten su consumo",
    "Anexo 24, A-II-b",
)
def two_lots(book):
    book.part("MAT")
    book.part("PROD", "product", L1=None, L2=None)
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 10, "L1"), ("PROD", 20, "L2")], ("MAT", 100))
    book.leave(6000002, "03-10", ("PROD", 5), lot="L2")


@case(
    "Products that no order made: said, never guessed",
    "Producto que ninguna orden hizo: se dice, no se adivina",
    "Anexo 24, A-II-b",
)
def no_order(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 10)], ("MAT", 30))
    book.leave(6000002, "03-10", ("PROD", 12))


@case(
    "Units that were taken apart serve no exit",
    "Las unidades desarmadas no surten ninguna salida",
    "Anexo 24, A-II-b",
)
def unbuild(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 100))
    book.order("02-20", [("PROD", 10)], ("MAT", 30))
    book.order("02-21", [("PROD", 10)], ("MAT", 40))
    book.unbuild("02-25", "PROD", "4")
    book.leave(6000002, "03-10", ("PROD", 12))


@case(
    "Disassembly: recovered parts point to the import of the unit",
    "Desensamble: la parte recuperada apunta a la importación de la unidad",
    "Anexo 24, B-IV-d-1",
)
def disassembly(book):
    book.part("WHOLE")
    book.part("PIECE", "product")
    book.enter(6000001, "02-10", ("WHOLE", 10))
    book.order("02-20", [("PIECE", 20)], ("WHOLE", 5))
    book.leave(6000002, "03-10", ("PIECE", 8))


@case(
    "Quantities of a kit that do not divide: rounded once, at cumulative positions",
    "Cantidades que no se dividen: un solo redondeo, en posiciones acumuladas",
    "Rule 9",
)
def thirds(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.enter(6000001, "02-10", ("MAT", 10))
    book.order("02-20", [("PROD", 3)], ("MAT", "10"))
    for turn, day in enumerate(("03-10", "03-11", "03-12")):
        book.leave(6000002 + turn, day, ("PROD", 1))


@case(
    "A layer that came after the order drew is marked",
    "La capa posterior al consumo queda señalada",
    "Rule 13",
)
def after_consumption(book):
    book.part("MAT")
    book.part("PROD", "product")
    book.order("02-20", [("PROD", 10)], ("MAT", 30))
    book.enter(6000001, "02-25", ("MAT", 100))
    book.leave(6000002, "03-10", ("PROD", 10))
