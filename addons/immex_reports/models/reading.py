# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reading reports from the database: exact, in batches, for one company."""

from contextlib import contextmanager
from itertools import count

from odoo.tools import SQL

from ..definitions import Header

BATCH = 2000
_serial = count(1)


def stream(cr, query):
    """Yield the rows of ``query`` (SQL), read in batches through a cursor of the
    server: memory does not grow with the report."""
    name = SQL.identifier(f"immex_report_{next(_serial)}")
    cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", name, query))
    fetch = SQL("FETCH %s FROM %s", SQL(str(BATCH)), name)
    while True:
        cr.execute(fetch)
        batch = cr.fetchall()
        if not batch:
            break
        yield from batch
    cr.execute(SQL("CLOSE %s", name))


def report_rows(cr, report, parameters):
    """Yield tuples of exact values of a report from its own query."""
    for row in stream(cr, SQL(report.select, **parameters)):
        yield report.values(row)


@contextmanager
def reading_cursor(registry):
    """A cursor of its own in a transaction that cannot write."""
    with registry.cursor(readonly=True) as cr:
        cr.execute(SQL("SET TRANSACTION READ ONLY"))
        yield cr


def header(company, report, date_from, date_to, known_run=None):
    """What Anexo 24 A-I-a asks on every report, as of its last day."""
    company = company.sudo()
    program = company.env["immex.program"]._current(company, date=date_to)
    return Header(
        company=company.name,
        rfc=company.vat or "",
        program=program.name or "",
        date_from=None if report.period == "cutoff" else date_from,
        date_to=date_to,
        known=known_run.name if known_run else "",
    )
