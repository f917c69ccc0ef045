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

import importlib
import json
import os
import resource
import sys
import time
import types
from pathlib import Path

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "addons/immex_compliance"
FACTS = Path(__file__).with_name("facts.sql").read_text(encoding="utf-8")
# what a first run writes, findings apart, in the order of its stages
WRITTEN = (
    "immex_movement",
    "immex_goods_link",
    "immex_layer",
    "immex_exit_line",
    "immex_requirement",
    "immex_discharge",
)
DEMANDS, SUPPLIES, PRODUCTS, NEW_EXITS = 1_000_000, 200_000, 5_000, 5_000


def load_engine():
    """The engine's modules, without the add-on's own package (which wants Odoo)."""
    package = types.ModuleType("immex_bench")
    package.__path__ = [str(ADDON)]
    sys.modules["immex_bench"] = package
    return importlib.import_module("immex_bench.engine.run")


class Database:
    """A database of its own, made from the template, dropped at the end."""

    def __init__(self, name):
        self.name = name
        self.server = os.environ["IMMEX_TEST_DSN"]

    def __enter__(self):
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._administer(
            "CREATE DATABASE {} TEMPLATE {}", os.environ["IMMEX_BENCH_TEMPLATE"]
        )
        self.connection = psycopg2.connect(self.server, dbname=self.name)
        self.connection.set_session(isolation_level="REPEATABLE READ")
        return self

    def __exit__(self, *exc_info):
        self.connection.close()
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _administer(self, statement, *names):
        connection = psycopg2.connect(self.server)
        connection.autocommit = True
        with connection.cursor() as cr:
            identifiers = map(sql.Identifier, (self.name, *names))
            cr.execute(sql.SQL(statement).format(*identifiers))
        connection.close()

    def execute(self, statement, params=None):
        with self.connection, self.connection.cursor() as cr:
            cr.execute(statement, params)
            return cr.fetchall() if cr.description else None

    def vacuum(self):
        self.connection.autocommit = True
        with self.connection.cursor() as cr:
            cr.execute("VACUUM ANALYZE")
        self.connection.autocommit = False

    def timed(self, work):
        """Seconds of ``work(cursor)``, commit included."""
        start = time.perf_counter()
        with self.connection, self.connection.cursor() as cr:
            work(cr)
        return time.perf_counter() - start


def history(database, demands, supplies, products, skew=0.0):
    """Fill a database with facts and return the company's id."""
    values = {
        "demands": demands,
        "supplies": supplies,
        "products": products,
        "skew": skew,
    }
    with database.connection, database.connection.cursor() as cr:
        for statement in FACTS.split("-- ;\n"):
            cr.execute(statement, values)
        cr.execute("SELECT min(id) FROM res_company")
        company = cr.fetchone()[0]
    database.vacuum()
    return company


def discharge(engine, database, company, full=False):
    return database.timed(lambda cr: engine.run(cr, company, 1, "bench", full))


def floor(database):
    """Seconds to insert what the run wrote into copies of the tables."""
    with database.connection, database.connection.cursor() as cr:
        for table in WRITTEN:
            cr.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                    sql.Identifier("floor_" + table), sql.Identifier(table)
                )
            )
            cr.execute(
                """
                SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
                 WHERE conrelid = %s::regclass AND contype = 'f'
                """,
                (table,),
            )
            for name, definition in cr.fetchall():
                cr.execute(
                    sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                        sql.Identifier("floor_" + table),
                        sql.Identifier(name),
                        sql.SQL(definition),
                    )
                )

    def insert(cr):
        for table in WRITTEN:
            cr.execute(
                sql.SQL("INSERT INTO {} SELECT * FROM {}").format(
                    sql.Identifier("floor_" + table), sql.Identifier(table)
                )
            )

    return database.timed(insert)


def add_exits(database, count):
    """New exits of all products, a day after the last."""
    database.execute(
        (Path(__file__).with_name("exits.sql")).read_text(encoding="utf-8"),
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


class Table:
    def __init__(self):
        self.rows = []

    def add(self, name, ours, against, limit):
        row = {"name": name, "ratio": ours / against, "limit": limit}
        row |= {"seconds": ours, "against_seconds": against}
        self.rows.append(row)
        print(
            f"{name:<58}{ours:>9.2f}{against:>9.2f}{row['ratio']:>9.3f}{limit:>8}",
            flush=True,
        )


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    scale = float(os.environ.get("BENCH_SCALE", "1"))
    demands, supplies, products = (
        int(number * scale) for number in (DEMANDS, SUPPLIES, PRODUCTS)
    )
    new_exits = max(int(NEW_EXITS * scale), 100)
    engine = load_engine()
    table = Table()
    print(f"{'seconds at scale ' + str(scale):<58}{'ours':>9}{'against':>9}", end="")
    print(f"{'ratio':>9}{'limit':>8}")
    with Database("immex_bench_even") as even:
        company = history(even, demands, supplies, products)
        before = memory()
        first = discharge(engine, even, company)
        grown = memory() - before
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
    print(f"memory of the process during the full discharge: {grown:.0f} MB more")
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    report = {"scale": scale, "memory_mb": grown, "rows": table.rows}
    (out / "bench.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
