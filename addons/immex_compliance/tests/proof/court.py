# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Histories through the real engine on a real database, many a run."""

import os
import pathlib
from contextlib import contextmanager

import psycopg2

from . import engine, history, ledger, oracle
from .loader import TABLES, Loader
from .plant import Plant

REGRESSIONS = pathlib.Path(__file__).parent / "regressions"
FACTS = ", ".join(TABLES)
UID = 1


class Court:
    """Judges histories on a database that has the add-on installed.

    Nothing is committed: what a batch loads is rolled back.
    """

    def __init__(self, server, database):
        self.connection = psycopg2.connect(server, dbname=database)
        self.engine = engine.load()
        self.vacuum()

    def close(self):
        self.connection.rollback()
        self.connection.close()

    def vacuum(self):
        """Rolled back rows stay in the tables until they are vacuumed, and every scan
        passes over them."""
        self.connection.rollback()
        self.connection.autocommit = True
        try:
            with self.connection.cursor() as cr:
                cr.execute(
                    "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class"
                    " WHERE relkind = 'r' AND relname LIKE 'immex%'"
                )
                tables = f"{FACTS}, {cr.fetchone()[0]}"
                cr.execute("VACUUM " + tables)  # pylint: disable=sql-injection
        finally:
            self.connection.autocommit = False

    @contextmanager
    def session(self):
        """A cursor whose work is rolled back."""
        cr = self.connection.cursor()
        try:
            yield cr
        finally:
            self.connection.rollback()
            self.vacuum()

    def run(self, cr, plant, full=False):
        """Run the engine; return what it changed, by counter."""
        cr.execute("ANALYZE " + FACTS)  # pylint: disable=sql-injection
        run_id = self.engine.run(cr, plant.company, UID, "proof", full)
        cr.execute(
            "SELECT movements_changed, layers_changed, exits_changed,"
            " requirements_added, requirements_superseded, discharges_added,"
            " discharges_superseded FROM immex_discharge_run WHERE id = %s",
            (run_id,),
        )
        return cr.fetchone()

    def groups(self, histories):
        """Numbers of histories by the settings of their company."""
        result = {}
        for number, item in enumerate(histories):
            result.setdefault((item.policy, item.peps_by), []).append(number)
        return result

    def ledgers(self, cr, histories, seed=None):
        """[Verdict of the engine] after one full run a company."""
        found = [ledger.NOTHING] * len(histories)
        for settings, numbers in self.groups(histories).items():
            plant = Plant(cr, f"Proof {'/'.join(settings)} {id(found)}", *settings)
            loader = Loader(cr, plant, seed)
            loader.add([(number, histories[number]) for number in numbers])
            self.run(cr, plant)
            for number, verdict in ledger.read(cr, plant.company).items():
                found[number] = verdict
        return found

    def judge(self, histories, seed=None):
        """[(number, lines of difference)] of the histories that the engine and the
        oracle see in different ways; all in one transaction."""
        with self.session() as cr:
            found = self.ledgers(cr, histories, seed)
        wrong = []
        for number, item in enumerate(histories):
            lines = ledger.difference(oracle.judge(item), found[number])
            if lines:
                wrong.append((number, lines))
        return wrong

    def fails(self, item):
        """Does the engine see a history in another way, or fail on it?"""
        try:
            return bool(self.judge([item]))
        except psycopg2.Error:
            return True


def regressions():
    """[(name, history)] that once were judged wrongly."""
    return [
        (path.stem, history.load(path.read_text(encoding="utf-8")))
        for path in sorted(REGRESSIONS.glob("*.json"))
    ]


def keep(item, name):
    """Write a history to the regressions; return the path."""
    REGRESSIONS.mkdir(exist_ok=True)
    path = REGRESSIONS / f"{name}.json"
    path.write_text(history.dump(item, 1) + "\n", encoding="utf-8")
    return path


def limits():
    """(histories, seconds) of a long proof."""
    return (
        int(os.environ.get("IMMEX_PROOF_HISTORIES", "100000")),
        float(os.environ.get("IMMEX_PROOF_SECONDS", "3600")),
    )
