# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reading reports from the database: exact, in batches, for one company."""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from itertools import count
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tools import SQL, config

from ..definitions import Header

BATCH = 2000
PLACES = 2  # files that are made in requests at once, on a database
PLACE_KEY = 0x1AEE  # of advisory locks
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


def has_place(cr):
    """Whether this transaction may make a whole file in a request: some at once, so
    that others keep their turn. The place is free again when the transaction ends."""
    for place in range(PLACES):
        cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", PLACE_KEY, place))
        if cr.fetchone()[0]:
            return True
    return False


def report_rows(cr, report, parameters):
    """Yield tuples of exact values of a report from its own query."""
    for row in stream(cr, SQL(report.select, **parameters)):
        yield report.values(row)


def copy_rows(cr, registry, table, columns, rows, own=False):
    """Write what the query ``rows`` gives into ``table``; return how many.

    Inside the database. Where Odoo is configured with a replica, the replica computes
    and the rows are copied over: nothing but their writing is left to the primary.

    :param table, columns, rows: :class:`SQL`
    :param own: whether the query reads what this transaction wrote, which no replica
        has yet
    """
    if own or not config["db_replica_host"]:
        insert = SQL("INSERT INTO %s (%s) %s", table, columns, rows)
        # a query that took too long for a request is no error: see _fill_soon
        cr.execute(insert, log_exceptions=False)
        return cr.rowcount
    with tempfile.TemporaryFile() as stream:
        with reading_cursor(registry) as replica:
            query = replica.mogrify(SQL("COPY (%s) TO STDOUT", rows))
            replica.copy_expert(query.decode(), stream)
        stream.seek(0)
        into = cr.mogrify(SQL("COPY %s (%s) FROM STDIN", table, columns))
        cr.copy_expert(into.decode(), stream)
        return cr.rowcount


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
    seals = company.env["immex.period.seal"]
    return Header(
        company=company.name,
        rfc=company.vat or "",
        program=program.name or "",
        date_from=None if report.period == "cutoff" else date_from,
        date_to=date_to,
        known=known_run.name if known_run else "",
        # a report of what an earlier run knew is not the ledger that was sealed
        seal="" if known_run else seals._of_report(company, date_to)._printed(),
    )


def printed(head, company):
    """The header with the moment of printing, in the plant's time zone."""
    zone = ZoneInfo(company.sudo()._immex_timezone())
    now = fields.Datetime.now().replace(tzinfo=UTC).astimezone(zone)
    return replace(head, printed=f"{now:%d/%m/%Y %H:%M}")
