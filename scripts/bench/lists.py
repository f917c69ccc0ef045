# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lists, groupings and searches over the ledger of the whole history.

Full size is a million ledger rows. Against: one second of the server for each question
that the web client asks.
"""

from _common import SCALE, Database, Table, discharge, load_engine
from engine import DEMANDS, PRODUCTS, SUPPLIES, history
from host import Odoo

SHOWN = 10


def main():
    table = Table("Lists, groupings and searches")
    size = [max(int(n * SCALE), 100) for n in (DEMANDS, SUPPLIES, PRODUCTS)]
    with Database("immex_bench_lists") as database:
        company = history(database, *size)
        discharge(load_engine(), database, company)
        database.vacuum()
        with Odoo(database) as odoo:
            questions = odoo("lists")
    for seconds, name, question in questions[:SHOWN]:
        print(f"{seconds:8.2f} s  {name}: {question}")
    table.add(
        f"slowest of {len(questions)} questions / one second", questions[0][0], 1, 1.0
    )


if __name__ == "__main__":
    main()
