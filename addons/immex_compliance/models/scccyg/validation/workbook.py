# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The hits of a validation as a workbook."""

from odoo.tools import SQL

from ...reconciliation.workbook import write_workbook

FETCH = 2000
COLUMNS = (
    ("severity", 12),
    ("line", 9),
    ("record_type", 9),
    ("field_number", 9),
    ("field_name", 12),
    ("value", 34),
    ("expected", 34),
    ("other_line", 9),
    ("rule_id", 60),
    ("detail", 50),
    ("advice", 70),
    ("legal_source", 40),
    ("certainty", 18),
)


def write_hits(validation, stream):
    """Write the hits of ``validation``, which the caller may read, to ``stream``.

    Rows come by pages: no side holds them all. What a rule says is read once.
    """
    env = validation.env
    hits = env["immex.scccyg.hit"]
    hits.check_access("read")
    env.flush_all()
    names = [name for name, _width in COLUMNS]
    labels = hits.fields_get(names)
    certainty = dict(labels["certainty"]["selection"])
    rules = {
        rule.id: (
            rule.name,
            rule.advice,
            rule.legal_source,
            certainty.get(rule.certainty),
        )
        for rule in env["immex.scccyg.rule"].search([])
    }
    title = env._(
        "%(company)s: validation of %(file)s, to be sent on %(date)s. Errors: "
        "%(errors)s; warnings: %(warnings)s",
        company=validation.company_id.name,
        file=validation.filename or "",
        date=validation.as_of,
        errors=validation.error_count,
        warnings=validation.warning_count,
    )
    heads = [(labels[name]["string"], width) for name, width in COLUMNS]
    words = dict(labels["severity"]["selection"])
    write_workbook(stream, title, heads, _rows(validation, words, rules))


def _rows(validation, words, rules):
    last = ("", 0, 0)
    while True:
        rows = validation.env.execute_query(
            SQL(
                """
                SELECT severity, line, id, record_type, field_number, field_name, value,
                       expected, other_line, detail, rule_id
                  FROM immex_scccyg_hit
                 WHERE validation_id = %s AND (severity, line, id) > %s
                 ORDER BY severity, line, id LIMIT %s
                """,
                validation.id,
                last,
                FETCH,
            )
        )
        for severity, line, _id, record, number, name, *texts, detail, rule in rows:
            value, expected, other = texts
            said, advice, source, certainty = rules[rule]
            yield (
                words[severity],
                line or None,
                record,
                number or None,
                name,
                value,
                expected,
                other or None,
                said,
                detail,
                advice,
                source,
                certainty,
            )
        if len(rows) < FETCH:
            return
        last = rows[-1][:3]
