# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the benchmarks share: databases, the floor, the table of ratios."""

import importlib
import json
import os
import sys
import time
import types
from pathlib import Path

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "addons/immex_compliance"
SCALE = float(os.environ.get("BENCH_SCALE", "1"))
# what a first run writes, findings apart, in the order of its stages
WRITTEN = (
    "immex_movement",
    "immex_production_layer",
    "immex_production_consumption",
    "immex_goods_link",
    "immex_layer",
    "immex_exit_line",
    "immex_production_use",
    "immex_requirement",
    "immex_discharge",
)


def load_engine():
    """The engine's modules, without the add-on's own package (which wants Odoo)."""
    return load_package("engine.run")


def load_package(name):
    """A package of the add-on that needs no Odoo."""
    package = sys.modules.setdefault("immex_bench", types.ModuleType("immex_bench"))
    package.__path__ = [str(ADDON)]
    return importlib.import_module(f"immex_bench.{name}")


class Database:
    """A database of its own, made from the template, dropped at the end."""

    def __init__(self, name, template=None):
        self.name = name
        self.template = template or os.environ["IMMEX_BENCH_TEMPLATE"]
        self.server = os.environ["IMMEX_TEST_DSN"]

    def __enter__(self):
        self._administer("DROP DATABASE IF EXISTS {}")
        self._administer("CREATE DATABASE {} TEMPLATE {}", self.template)
        self.connection = psycopg2.connect(self.server, dbname=self.name)
        self.connection.set_session(isolation_level="REPEATABLE READ")
        return self

    def __exit__(self, *exc_info):
        self.connection.close()
        # not by force: that may not end an autovacuum, which leaves by itself
        self._administer("DROP DATABASE IF EXISTS {}")

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


def fill(database, statements, values):
    """Run the statements of a file of facts, and bring the planner up to date."""
    with database.connection, database.connection.cursor() as cr:
        for statement in statements.split("-- ;\n"):
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


class Table:
    """Rows of ratios, printed as they come, kept in out/bench.json by their names."""

    def __init__(self, title):
        self.out = ROOT / "out" / "bench.json"
        header = f"{title} (scale {SCALE:g}), seconds"
        print(f"{header:<58}{'ours':>9}{'against':>9}{'ratio':>9}{'limit':>8}")

    def add(self, name, ours, against, limit):
        row = {"name": name, "ratio": ours / against, "limit": limit}
        row |= {"seconds": ours, "against_seconds": against, "scale": SCALE}
        within = row["ratio"] <= limit
        print(
            f"{name:<58}{ours:>9.2f}{against:>9.2f}{row['ratio']:>9.3f}{limit:>8}"
            f"{'' if within else '  over'}",
            flush=True,
        )
        self.out.parent.mkdir(exist_ok=True)
        rows = []
        if self.out.exists():
            rows = json.loads(self.out.read_text(encoding="utf-8"))["rows"]
        rows = [old for old in rows if old["name"] != name]
        report = {"rows": [*rows, row]}
        self.out.write_text(json.dumps(report, indent=1), encoding="utf-8")
