# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Exits of products of three levels, thirty materials each, from facts to ledger.

Full size is 200,000 exit lines, 6,000,000 requirements. The floor is the insert of the
rows that the run wrote: docs/performance.md.
"""

from pathlib import Path

from _common import SCALE, Database, Table, discharge, fill, floor, load_engine

EXITS, EXITS_PER_PRODUCT, EXITS_PER_ORDER = 200_000, 400, 20


def main():
    exits = max(int(EXITS * SCALE), EXITS_PER_PRODUCT)
    products = exits // EXITS_PER_PRODUCT
    facts = Path(__file__).with_name("explosion.sql").read_text(encoding="utf-8")
    table = Table("Explosion")
    with Database("immex_bench_explosion") as database:
        values = {
            "exits": products * EXITS_PER_PRODUCT,
            "products": products,
            "orders": EXITS_PER_PRODUCT // EXITS_PER_ORDER,
        }
        company = fill(database, facts, values)
        ours = discharge(load_engine(), database, company)
        ((requirements, unexplained, short),) = database.execute(
            """
            SELECT count(*), count(*) FILTER (WHERE unexplained),
                   count(*) FILTER (WHERE qty_shortage > 0)
              FROM immex_requirement
            """
        )
        if unexplained or short or requirements != values["exits"] * 30:
            raise AssertionError(
                f"{requirements} requirements of {values['exits']} exits, "
                f"{unexplained} unexplained, {short} short"
            )
        table.add(
            "three-level explosion, 30 parts / insert of the rows",
            ours,
            floor(database),
            3,
        )


if __name__ == "__main__":
    main()
