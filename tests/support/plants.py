# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Companies of histories that are committed, and the engine on its own connections."""

import itertools
import pathlib
import random
import sys
import time
from contextlib import closing, contextmanager

import psycopg2

TESTS = pathlib.Path(__file__).parents[2] / "addons" / "immex_compliance" / "tests"
sys.path.insert(0, str(TESTS))

from proof import engine, ledger, oracle, steps, strategies  # noqa: E402, F401
from proof.history import Document, Goods, History, Part  # noqa: E402, F401
from proof.loader import Loader  # noqa: E402
from proof.plant import Plant  # noqa: E402

READ_COMMITTED = psycopg2.extensions.ISOLATION_LEVEL_READ_COMMITTED
REPEATABLE_READ = psycopg2.extensions.ISOLATION_LEVEL_REPEATABLE_READ
UID = 1
_serial = itertools.count(1)

#: what a run writes, and the queue that it empties
WRITTEN = (
    "immex_discharge_run",
    "immex_discharge",
    "immex_requirement",
    "immex_layer",
    "immex_exit_line",
    "immex_movement",
    "immex_production_layer",
    "immex_production_consumption",
    "immex_finding",
    "immex_change",
)

UNSOUND = """
SELECT 'layer', l.id
  FROM immex_layer l
  LEFT JOIN immex_discharge d ON d.layer_id = l.id AND d.superseded_run_id IS NULL
 WHERE l.company_id = %(company)s
 GROUP BY l.id
HAVING COALESCE(sum(d.quantity), 0) <> l.qty_discharged
    OR l.qty_discharged > l.quantity
    OR COALESCE(bool_or(d.exit_date < l.available_date), FALSE)
    OR NOT l.active AND count(d.id) > 0
 UNION ALL
SELECT 'requirement', r.id
  FROM immex_requirement r
  LEFT JOIN immex_discharge d ON d.requirement_id = r.id AND d.superseded_run_id IS NULL
 WHERE r.company_id = %(company)s
 GROUP BY r.id
HAVING COALESCE(sum(d.quantity), 0) <> r.qty_discharged
    OR r.quantity <> r.qty_discharged + r.qty_shortage
    OR r.superseded_run_id IS NOT NULL AND count(d.id) > 0
 UNION ALL
SELECT 'run', id FROM immex_discharge_run
 WHERE company_id = %(company)s AND state <> 'done'
"""


def run(server, database, company, full=False, report=None, limit=None):
    """Run the engine as ``immex.discharge.run`` does: one connection holds the lock of
    the company, another works, and commits. Return the run's id.

    :param report: called with the two connections and the progress
    :param limit: milliseconds that a lock of a table or a row is waited for
    """
    module = engine.load()
    with connected(server, database) as lock, connected(server, database) as work:
        module.lock_company(lock.cursor(), company)
        cr = work.cursor()
        if limit:
            cr.execute("SET LOCAL lock_timeout = %s", (limit,))

        def told(*progress):
            if report:
                report(lock, work, *progress)

        run_id = module.run(cr, company, UID, "connections", full, told)
        told("end")
        work.commit()
        return run_id


@contextmanager
def connected(server, database, isolation=REPEATABLE_READ):
    """A connection as Odoo's are; what it did not commit is undone."""
    with closing(psycopg2.connect(server, dbname=database)) as connection:
        connection.set_session(isolation_level=isolation)
        yield connection


class Works:
    """A committed company with histories of its own settings.

    :param histories: all with the settings of the first
    :param bool told: whether its facts are told at once
    """

    def __init__(self, server, database, histories, told=True):
        self.server, self.database = server, database
        self.numbered = list(enumerate(histories))
        first = histories[0]
        for item in histories:
            item.policy, item.peps_by = first.policy, first.peps_by
        with self.cursor() as cr:
            name = f"Connections {time.time_ns()} {next(_serial)}"
            self.plant = Plant(cr, name, first.policy, first.peps_by)
            self.company = self.plant.company
            self.loader = Loader(cr, self.plant)
            if told:
                self.loader.add(self.numbered)

    def over(self, cr):
        """The loader of this company's facts, on a cursor."""
        self.loader.cr = self.plant.cr = cr
        return self.loader

    @contextmanager
    def cursor(self):
        """Committed if it ends well."""
        with connected(self.server, self.database) as connection:
            yield connection.cursor()
            connection.commit()

    def query(self, statement, **params):
        with self.cursor() as cr:
            cr.execute(statement, {"company": self.company, **params})
            return cr.fetchall() if cr.description else None

    def run(self, **options):
        return run(self.server, self.database, self.company, **options)

    def tell_half(self, seed=5):
        """Tell some facts, some of them wrong, and run; then tell the rest and correct,
        so that a run has rows to add and rows to supersede."""
        told = steps.Steps(self.loader, random.Random(seed), self.numbered)
        with self.cursor() as cr:
            self.over(cr).add(told.first)
        self.run()
        with self.cursor() as cr:
            self.over(cr).add(told.second)
            told.correct(cr, told.fixes)

    def verdicts(self):
        with self.cursor() as cr:
            return ledger.read(cr, self.company)

    def wrong(self, known=None):
        """What the ledger says otherwise than the oracle, or against itself.

        :param int known: how many of the histories, from the first, were told
        """
        found = self.verdicts()
        lines = [str(row) for row in self.query(UNSOUND)]
        for number, item in self.numbered[:known]:
            got = found.get(number, ledger.NOTHING)
            lines += ledger.difference(oracle.judge(item), got)
        return lines

    def state(self):
        """{table: hash of the company's rows} of what a run writes."""
        return {
            table: self.query(
                f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t.id))"
                f" FROM {table} t WHERE company_id = %(company)s"
            )
            for table in WRITTEN
        }
