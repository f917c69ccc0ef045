# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The discharge from facts to ledger, as ratios measured in one run.

    make bench                      # everything, at full size: some twenty minutes
    BENCH_SCALE=0.05 make bench     # a twentieth of the rows

Facts are pedimentos, goods lines and done stock moves, made by SQL in a copy of the
template database; the engine is called as the product calls it, without Odoo's ORM.
The floor is the insert of the same final rows into the same tables with their keys and
indexes, without triggers. See docs/performance.md.
"""

from pathlib import Path

from _common import SCALE, Database, Table, discharge, fill, floor, load_engine

HERE = Path(__file__).parent
DEMANDS, SUPPLIES, PRODUCTS, NEW_EXITS = 1_000_000, 200_000, 5_000, 5_000


def history(database, demands, supplies, products, skew=0.0):
    """Fill a database with facts and return the company's id."""
    values = {
        "demands": demands,
        "supplies": supplies,
        "products": products,
        "skew": skew,
    }
    return fill(database, (HERE / "facts.sql").read_text(encoding="utf-8"), values)


def add_exits(database, count):
    """New exits of all products, a day after the last."""
    database.execute(
        (HERE / "exits.sql").read_text(encoding="utf-8"),
        {"count": count},
    )


def backdate(database):
    """One more unit in the oldest import of one product."""
    database.execute(
        """
        UPDATE immex_pedimento_goods SET quantity = quantity + 1
         WHERE id = (
            SELECT g.id FROM immex_pedimento_goods g
              JOIN immex_pedimento p ON p.id = g.pedimento_id
             WHERE p.operation_type = '1' ORDER BY p.entry_date, g.id LIMIT 1)
        """
    )


def main():
    demands, supplies, products = (
        int(number * SCALE) for number in (DEMANDS, SUPPLIES, PRODUCTS)
    )
    new_exits = max(int(NEW_EXITS * SCALE), 100)
    engine = load_engine()
    table = Table("Discharge from facts to ledger")
    with Database("immex_bench_even") as even:
        company = history(even, demands, supplies, products)
        first = discharge(engine, even, company)
        table.add("full discharge / insert of the rows", first, floor(even), 2.5)
        even.vacuum()
        with Database("immex_bench_skew") as skewed:
            other = history(skewed, demands, supplies, products, skew=0.2)
            uneven = discharge(engine, skewed, other)
        table.add("one product with 20 % / even", uneven, first, 1.3)
        add_exits(even, new_exits)
        large = discharge(engine, even, company)
        with Database("immex_bench_small") as small:
            tenth = history(small, demands // 10, supplies // 10, products)
            discharge(engine, small, tenth)
            small.vacuum()
            add_exits(small, new_exits)
            little = discharge(engine, small, tenth)
        table.add("new exits on the history / on a tenth of it", large, little, 1.5)
        even.vacuum()
        backdate(even)
        late = discharge(engine, even, company)
        whole = discharge(engine, even, company, full=True)
        table.add("one backdated import / everything", late, whole, 0.02)


if __name__ == "__main__":
    main()
