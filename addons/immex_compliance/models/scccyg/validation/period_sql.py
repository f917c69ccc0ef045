# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rules on the file as a whole, its periods and what it corrects.

Each gives ``line, field_number, field_name, value, expected, other_line`` of its hits.
Beyond the parameters of the staging: ``as_of`` (day of sending), ``account``,
``damaged`` (lines are left out since they have errors) and ``report_*`` of the record
that the file is of.
"""

from .stage_sql import named

EMPTY = """
SELECT 0, 0, NULL, NULL, NULL, NULL::integer
 WHERE NOT %(damaged)s AND NOT EXISTS (SELECT FROM tmp_scccyg_line)
"""
MIXED = """
SELECT o.line, 1, NULL, o.code, NULL, f.line
  FROM (SELECT line, kind FROM tmp_scccyg_line
         WHERE kind IN ('report', 'initial', 'zero') ORDER BY line LIMIT 1) f
  JOIN LATERAL (
      SELECT line, code FROM tmp_scccyg_line
       WHERE kind IN ('report', 'initial', 'zero')
         AND (kind = 'report') <> (f.kind = 'report') ORDER BY line LIMIT 1) o ON TRUE
"""
SEVERAL = f"""
SELECT line, 2, 'destino', {named("destination")}, NULL, first
  FROM (SELECT line, destination, min(line) OVER () AS first
          FROM tmp_scccyg_line WHERE kind = 'report') t
 WHERE line > first
"""
ZERO_AND_LINES = """
SELECT z.line, 1, NULL, z.code, NULL, o.line
  FROM tmp_scccyg_line z
  JOIN LATERAL (SELECT line FROM tmp_scccyg_line t
                 WHERE t.kind = 'initial' OR t.kind = 'zero' AND t.line < z.line
                 ORDER BY line LIMIT 1) o ON TRUE
 WHERE z.kind = 'zero'
"""


def _without(kinds):
    return f"""
SELECT h.head, 2, 'destino', {named("h.destination")}, NULL, NULL::integer
  FROM tmp_scccyg_head h
 WHERE NOT %(damaged)s AND NOT EXISTS (
       SELECT FROM tmp_scccyg_line t WHERE t.head = h.head AND t.kind IN ({kinds}))
"""


NO_GOODS = _without("'goods'")
NO_DOCUMENTS = _without("'pedimento', 'folio'")

OTHER_REPORT = f"""
SELECT line, 1, NULL, code, %(report_name)s, NULL::integer
  FROM (SELECT * FROM tmp_scccyg_line WHERE kind IN ('report', 'initial', 'zero')
         ORDER BY line LIMIT 1) t
 WHERE %(report_kind)s::text IS NOT NULL
   AND (kind = 'report') <> (%(report_kind)s = 'discharge')
 UNION ALL
SELECT head, 2, 'destino',
       concat_ws(' ', {named("destination")}, date_from, date_to),
       %(report_name)s, NULL
  FROM tmp_scccyg_head
 WHERE %(report_kind)s = 'discharge'
   AND (destination, date_from, date_to)
       IS DISTINCT FROM (%(report_destination)s::text, %(report_from)s::date,
                         %(report_to)s::date)
"""


def _period(condition, expected):
    return f"""
SELECT head, 4, 'periodo', concat_ws(' - ', date_from, date_to), {expected},
       NULL::integer
  FROM tmp_scccyg_head WHERE {condition}
"""


PERIOD_OPEN = _period("date_to >= %(as_of)s", "(date_to + 1)::text")
# a correction has no term but that of the return (III-f)
PERIOD_LATE = _period("due_date < %(as_of)s AND folio IS NULL", "due_date::text")
FORTNIGHT = _period("period = 'fortnight' AND %(account)s = 'credit'", "NULL")
BEFORE_START = _period("date_to < %(start)s", "%(start)s::text")
NO_CERTIFICATION = _period(
    """%(account)s <> 'guarantee' AND date_to >= %(start)s AND NOT EXISTS (
       SELECT FROM immex_program p
        WHERE p.company_id = %(company_id)s AND p.kind = 'certification'
          AND p.valid_from <= date_to AND COALESCE(p.valid_to >= date_to, TRUE))""",
    "NULL",
)

REPORTED_TWICE = """
SELECT h.head, 4, 'periodo', concat_ws(' - ', h.date_from, h.date_to),
       concat_ws(' ', s.date_from, '-', s.date_to, s.folio), NULL::integer
  FROM tmp_scccyg_head h
  JOIN tmp_scccyg_sent s ON s.report_kind = 'discharge'
   AND s.destination = h.destination
   AND s.date_from <= h.date_to AND s.date_to >= h.date_from
 UNION ALL
SELECT h.head, 4, 'periodo', concat_ws(' - ', h.date_from, h.date_to),
       concat_ws(' - ', o.date_from, o.date_to), o.head
  FROM tmp_scccyg_head h
  JOIN LATERAL (
      SELECT * FROM tmp_scccyg_head x
       WHERE x.head < h.head AND x.destination = h.destination
         AND x.date_from <= h.date_to AND x.date_to >= h.date_from
       ORDER BY x.head LIMIT 1) o ON TRUE
"""

# What the file says that it replaces, once for each folio.
_REPLACES = """
(SELECT kind, folio, min(line) AS line, min(destination) AS destination,
        min(date_from) AS date_from, min(date_to) AS date_to,
        CASE kind WHEN 'report' THEN 5 ELSE 9 END AS field_number
   FROM tmp_scccyg_line
  WHERE kind IN ('report', 'initial') AND folio IS NOT NULL
  GROUP BY kind, folio)
"""
_REPORTS = (
    "immex_scccyg_report r ON r.company_id = %(company_id)s AND r.folio = t.folio"
)
REPLACED_UNKNOWN = f"""
SELECT t.line, t.field_number, 'folio', t.folio, NULL, NULL::integer
  FROM {_REPLACES} t
 WHERE NOT EXISTS (SELECT FROM immex_scccyg_report r
                    WHERE r.company_id = %(company_id)s AND r.folio = t.folio)
"""
REPLACED_OTHER = f"""
SELECT t.line, t.field_number, 'folio', t.folio,
       concat_ws(' ', {named("r.destination")}, r.date_from, r.date_to), NULL::integer
  FROM {_REPLACES} t JOIN {_REPORTS}
 WHERE (t.kind = 'report') <> (r.kind = 'discharge')
    OR t.kind = 'report' AND (t.destination, t.date_from, t.date_to)
       IS DISTINCT FROM (r.destination, r.date_from, r.date_to)
"""
# by another report than the one that the file is of
REPLACED_ALREADY = f"""
SELECT t.line, t.field_number, 'folio', t.folio, x.folio, NULL::integer
  FROM {_REPLACES} t JOIN {_REPORTS}
  JOIN immex_scccyg_report x ON x.replaces_id = r.id AND NOT x.id = ANY(%(own)s)
   AND x.state IN ('sent', 'valid', 'replaced')
"""
FOLIOS_MIXED = """
SELECT f.line, 9, 'folio', f.folio, o.folio, o.line
  FROM (SELECT folio, min(line) AS line FROM tmp_scccyg_line
         WHERE kind = 'initial' GROUP BY folio) f
  JOIN (SELECT folio, line FROM tmp_scccyg_line
         WHERE kind = 'initial' ORDER BY line LIMIT 1) o
    ON o.folio IS DISTINCT FROM f.folio
"""
INVENTORY_LATE = """
SELECT line, 1, NULL, %(as_of)s::text, (%(start)s::date + 30)::text, NULL::integer
  FROM tmp_scccyg_line
 WHERE kind IN ('initial', 'zero') AND folio IS NULL
   AND %(as_of)s > %(start)s::date + 30
 ORDER BY line LIMIT 1
"""
INVENTORY_SENT = """
SELECT t.line, 1, NULL, t.code, s.folio, NULL::integer
  FROM (SELECT line, code FROM tmp_scccyg_line
         WHERE kind IN ('initial', 'zero') AND folio IS NULL ORDER BY line LIMIT 1) t
  JOIN tmp_scccyg_sent s ON s.report_kind = 'initial'
"""
# I-d: twice, within three months of the first, where that was in time and is valid
CORRECTION_LIMIT = f"""
WITH RECURSIVE chain AS (
    SELECT t.line, t.folio, r.id, r.replaces_id, r.sent_on, r.due_date, r.state,
           r.writ, 0 AS before
      FROM {_REPLACES} t JOIN {_REPORTS} WHERE t.kind = 'initial' AND r.kind = 'initial'
     UNION ALL
    SELECT c.line, c.folio, r.id, r.replaces_id, r.sent_on, r.due_date, c.state,
           c.writ, c.before + 1
      FROM chain c JOIN immex_scccyg_report r ON r.id = c.replaces_id
     WHERE c.before < 10
)
SELECT line, 9, 'folio', folio, (sent_on + interval '3 months')::date::text,
       NULL::integer
  FROM chain
 WHERE replaces_id IS NULL AND COALESCE(btrim(writ), '') = ''
   AND (before >= 2 OR state <> 'valid' OR sent_on > due_date
        OR %(as_of)s > sent_on + interval '3 months')
"""

RULES = {
    "empty_file": EMPTY,
    "mixed_kinds": MIXED,
    "several_reports": SEVERAL,
    "zero_and_lines": ZERO_AND_LINES,
    "no_goods": NO_GOODS,
    "no_documents": NO_DOCUMENTS,
    "other_report": OTHER_REPORT,
    "period_open": PERIOD_OPEN,
    "period_late": PERIOD_LATE,
    "fortnight": FORTNIGHT,
    "before_start": BEFORE_START,
    "no_certification": NO_CERTIFICATION,
    "reported_twice": REPORTED_TWICE,
    "replaced_unknown": REPLACED_UNKNOWN,
    "replaced_other": REPLACED_OTHER,
    "replaced_already": REPLACED_ALREADY,
    "folios_mixed": FOLIOS_MIXED,
    "inventory_late": INVENTORY_LATE,
    "inventory_sent": INVENTORY_SENT,
    "correction_limit": CORRECTION_LIMIT,
}
