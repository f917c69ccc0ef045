# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The differences of a run as a workbook."""

from odoo.tools import SQL

from .workbook import write_workbook

FETCH = 2000
COLUMNS = (
    ("number15", 20),
    ("other_number", 20),
    ("payment_date", 12),
    ("level", 16),
    ("kind", 22),
    ("sequence", 9),
    ("code", 12),
    ("form", 12),
    ("field", 24),
    ("ours", 22),
    ("theirs", 22),
    ("difference", 16),
    ("state", 12),
    ("user_id", 22),
    ("explanation", 50),
)


def write_differences(run, stream):
    """Write the lines of ``run``, a record that the caller may read, to ``stream``.

    A cursor of the server gives the rows, so that neither side holds them all.
    """
    env = run.env
    lines = env["immex.reconciliation.line"]
    lines.check_access("read")
    lines.flush_model()
    labels = lines.fields_get([name for name, _width in COLUMNS])
    words = {
        name: dict(labels[name]["selection"])
        for name, _width in COLUMNS
        if labels[name]["type"] == "selection"
    }
    columns = SQL(", ").join(
        SQL("p.name")
        if name == "user_id"
        else SQL("trim_scale(l.difference)")
        if name == "difference"
        else SQL("l.%s", SQL.identifier(name))
        for name, _width in COLUMNS
    )
    env.cr.execute(
        SQL(
            """
            DECLARE immex_differences NO SCROLL CURSOR FOR
            SELECT %s FROM immex_reconciliation_line l
              LEFT JOIN res_users u ON u.id = l.user_id
              LEFT JOIN res_partner p ON p.id = u.partner_id
             WHERE l.reconciliation_id = %s
             ORDER BY l.payment_date DESC, l.number15, l.sequence NULLS FIRST, l.id
            """,
            columns,
            run.id,
        )
    )
    title = env._(
        "%(company)s: books against Data Stage, %(period)s",
        company=run.company_id.name,
        period=run.display_name,
    )
    heads = [(labels[name]["string"], width) for name, width in COLUMNS]
    try:
        write_workbook(stream, title, heads, _rows(env.cr, words))
    finally:
        env.cr.execute("CLOSE immex_differences")


def _rows(cr, words):
    names = [name for name, _width in COLUMNS]
    while True:
        cr.execute("FETCH %s FROM immex_differences", (FETCH,))
        rows = cr.fetchall()
        if not rows:
            return
        for row in rows:
            yield tuple(
                words[name].get(value, value)
                if name in words
                else value or None
                if name == "sequence"
                else value
                for name, value in zip(names, row, strict=True)
            )
