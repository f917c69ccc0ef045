# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Traceability over the ledger of the whole history, and through production.

The first import is large: all exits of its twenty parts draw from it, 4,000 at full
size. Against: one second of CPU of the server for each picture, unfolded as far as it
goes, and for each list that stands for what a picture does not hold.
"""

from pathlib import Path

from _common import SCALE, Database, Table, discharge, fill, load_engine
from engine import DEMANDS, PRODUCTS, SUPPLIES, history
from host import Odoo

SHOWN = 5
# exits of products of three levels and thirty materials, 400 of each product
MADE, OF_PRODUCT, OF_ORDER = 20_000, 400, 20
LARGE = """
UPDATE immex_pedimento_goods g
   SET quantity = quantity * 1000, qty_umc = qty_umc * 1000, qty_umt = qty_umt * 1000
  FROM immex_pedimento p
 WHERE p.id = g.pedimento_id AND p.patente = '3100' AND p.document = '0000000'
"""


def measure(table, name, database, company):
    discharge(load_engine(), database, company)
    database.vacuum()
    with Odoo(database) as odoo:
        questions, exits = odoo("trace")
    for seconds, question in questions[:SHOWN]:
        print(f"{seconds:8.2f} s  {question}")
    table.add(
        f"{name}, slowest of {len(questions)} pictures and lists / one second",
        questions[0][0],
        1,
        1.0,
    )
    print(f"{exits} exits drew from the large import")


def main():
    table = Table("Traceability")
    size = [max(int(n * SCALE), 100) for n in (DEMANDS, SUPPLIES, PRODUCTS)]
    with Database("immex_bench_trace") as database:
        company = history(database, *size)
        database.execute(LARGE)
        measure(table, "the whole history", database, company)
    products = max(int(MADE * SCALE) // OF_PRODUCT, 1)
    facts = Path(__file__).with_name("explosion.sql").read_text(encoding="utf-8")
    values = {
        "exits": products * OF_PRODUCT,
        "products": products,
        "orders": OF_PRODUCT // OF_ORDER,
    }
    with Database("immex_bench_trace_made") as database:
        company = fill(database, facts, values)
        measure(table, "production of three levels", database, company)


if __name__ == "__main__":
    main()
