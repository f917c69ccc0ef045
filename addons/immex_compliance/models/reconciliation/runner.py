# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Runs the statements of a reconciliation, one after the other."""

from odoo.tools import SQL

from ..job.reporting import report
from . import differences_sql, store_lines_sql, versions_sql, virtual_sql

STEPS = (
    *((table, ()) for table in versions_sql.TABLES),
    *differences_sql.STEPS,
    *virtual_sql.STEPS,
    (("tmp_rc_child", store_lines_sql.CHILDREN, "pair, sequence"), ()),
    (("tmp_rc_new", store_lines_sql.NEW, "key"), ()),
)
WRITE = (store_lines_sql.GONE, store_lines_sql.CHANGED, store_lines_sql.ADDED)
RECORDS = ("pedimento", "partida", "entry")
COUNTED = (*RECORDS, "uncovered")


def compare(cr, params):
    """Write the lines of a run and return how many records the government has.

    :param dict params: run_id, company_id, date_from, date_to; money, quantity and
        sums, the tolerances as exact texts; covered_from and covered_to, the days that
        the files tell of
    :return: dict of pedimento_count, partida_count, entry_count, and uncovered_count,
        the pedimentos of the books of other days
    """
    for number, (table, statements) in enumerate(STEPS):
        report(number, len(STEPS), table[0] if table else "")
        if table:
            name, statement, columns = table
            cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
            cr.execute(statement, params)
            # rows of this very transaction: the planner knows nothing of them
            cr.execute(
                SQL(
                    "CREATE INDEX ON %s (%s)",
                    SQL.identifier(name),
                    SQL(", ").join(map(SQL.identifier, columns.split(", "))),
                )
            )
            cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))
        else:
            cr.execute("DROP TABLE IF EXISTS tmp_rc_line")
        for statement in statements:
            cr.execute(statement, params)
    for statement in WRITE:
        cr.execute(statement, params)
    cr.execute(store_lines_sql.TOTALS)
    return {
        f"{record}_count": int(count)
        for record, count in zip(COUNTED, cr.fetchone(), strict=True)
    }


def wrong(cr, run_id):
    """Records of the government of which something differs, and those of which
    something is not explained: dict of (record, "agree" or "settled") -> count."""
    cr.execute(store_lines_sql.WRONG, {"run_id": run_id})
    names = [(record, kind) for kind in ("agree", "settled") for record in RECORDS]
    return dict(zip(names, map(int, cr.fetchone()), strict=True))
