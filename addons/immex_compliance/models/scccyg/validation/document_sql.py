# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rules on the pedimentos and folios that a discharge report names."""

from .. import scccyg_sql as sql
from .stage_sql import named

# III-c-3: constancias, CFDI and notices by their folio, everything else by pedimento
_FOLIO_KINDS = "('ctm', 'cfdi', 'donation', 'destruction')"
_NUMBER = "concat_ws(' ', t.section, t.patente, t.document)"
_NAMED = f"COALESCE(t.folio, {_NUMBER})"
_LINES = """
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_head h ON h.head = t.head
"""
_KNOWN = f"{_LINES} JOIN tmp_scccyg_match m ON m.line = t.line"
# where the field is, in the words of the layout
_FIELD = """
    CASE t.kind WHEN 'folio' THEN 2 ELSE 3 END,
    CASE t.kind WHEN 'folio' THEN 'folio' ELSE 'pedimento' END
"""
_OF_ITS_KIND = f"(t.kind = 'folio') = (h.destination IN {_FOLIO_KINDS})"


def period(statement):
    """``statement`` on a period, for that of the report ``h`` of the file."""
    for name in ("date_from", "date_to", "destination"):
        statement = statement.replace(f"%({name})s", f"h.{name}")
    return statement


TWICE = f"""
SELECT t.line, {_FIELD}, {_NAMED}, NULL, t.first
  FROM (SELECT *, min(line) OVER (
               PARTITION BY head, kind, patente, document, section, folio) AS first
          FROM tmp_scccyg_line WHERE kind IN ('pedimento', 'folio')) t
 WHERE t.line > t.first
"""
KIND = f"""
SELECT t.line, {_FIELD}, {_NAMED}, {named("h.destination")}, h.head
{_LINES}
 WHERE t.kind IN ('pedimento', 'folio') AND NOT {_OF_ITS_KIND}
"""
UNKNOWN = f"""
SELECT t.line, {_FIELD}, {_NAMED}, NULL, NULL::integer
  FROM tmp_scccyg_line t
  LEFT JOIN tmp_scccyg_match m ON m.line = t.line
 WHERE t.kind IN ('pedimento', 'folio', 'initial') AND m.line IS NULL
"""
PERIOD = f"""
SELECT t.line, {_FIELD}, concat_ws(' ', {_NAMED}, m.date),
       concat_ws(' - ', h.date_from, h.date_to), h.head
{_KNOWN}
 WHERE {_OF_ITS_KIND} AND (m.date BETWEEN h.date_from AND h.date_to) IS NOT TRUE
"""
KEY = f"""
SELECT t.line, {_FIELD}, concat_ws(' ', {_NAMED}, m.key_code),
       {named("m.its_destination")}, h.head
{_KNOWN}
 WHERE {_OF_ITS_KIND} AND (t.kind = 'folio' OR m.rule_id IS NOT NULL)
   AND m.its_destination IS DISTINCT FROM h.destination
"""
REPORTED = f"""
SELECT t.line, {_FIELD}, {_NAMED},
       concat_ws(' ', {named("s.destination")}, s.date_from, s.date_to, s.folio),
       NULL::integer
  FROM tmp_scccyg_line t
  LEFT JOIN tmp_scccyg_match m ON m.line = t.line
  JOIN tmp_scccyg_sent s ON s.report_kind = 'discharge'
  JOIN immex_scccyg_document d ON d.report_id = s.report_id
   AND (t.kind = 'pedimento' AND d.pedimento_id = m.pedimento_id AND d.folio IS NULL
        OR t.kind = 'folio' AND d.folio = t.folio)
 WHERE t.kind IN ('pedimento', 'folio')
"""
RECTIFIED = f"""
SELECT t.line, {_FIELD}, {_NAMED}, p.number, NULL::integer
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_match m ON m.line = t.line
  JOIN immex_pedimento p ON p.id = m.current_id
 WHERE t.kind IN ('pedimento', 'initial')
"""
RFC = f"""
SELECT t.line, {_FIELD}, m.rfc, %(rfc)s, NULL::integer
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_match m ON m.line = t.line
 WHERE t.kind IN ('pedimento', 'initial') AND %(rfc)s <> '' AND m.rfc <> %(rfc)s
"""
CFDI = f"""
SELECT t.line, 2, 'folio', t.folio, NULL, NULL::integer
{_LINES}
 WHERE t.kind = 'folio' AND h.destination = 'cfdi'
   AND t.folio !~* '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$'
"""
# The first digit is that of the year, or of the one before where it was consolidated
# or rectified (Anexo 22, field 1).
_YEAR = "extract(year FROM COALESCE(t.payment_date, h.date_to))::integer"
NUMBER_YEAR = f"""
SELECT t.line, 3, 'pedimento', t.document, {_YEAR}::text, NULL::integer
  FROM tmp_scccyg_line t
  LEFT JOIN tmp_scccyg_head h ON h.head = t.head
 WHERE t.kind IN ('pedimento', 'initial')
   AND left(t.document, 1)::integer NOT IN ({_YEAR} %% 10, ({_YEAR} - 1) %% 10)
"""
# Folios stand for their pedimentos, as the writer of the files has it.
MISSING = f"""
SELECT h.head, 0, NULL, COALESCE(g.folio, p.number), g.date::text, NULL::integer
  FROM tmp_scccyg_head h
  JOIN LATERAL ({period(sql.PERIOD_DOCUMENTS)}) g ON TRUE
  LEFT JOIN immex_pedimento p ON p.id = g.pedimento_id
 WHERE NOT %(damaged)s AND NOT EXISTS (
       SELECT FROM tmp_scccyg_line t
         LEFT JOIN tmp_scccyg_match m ON m.line = t.line
        WHERE t.head = h.head
          AND (t.kind = 'folio' AND t.folio = g.folio
               OR t.kind = 'pedimento' AND g.folio IS NULL
               AND m.pedimento_id IN (g.pedimento_id, p.current_id, p.root_id)))
"""

RULES = {
    "document_twice": TWICE,
    "document_kind": KIND,
    "document_unknown": UNKNOWN,
    "document_period": PERIOD,
    "document_key": KEY,
    "document_reported": REPORTED,
    "document_rectified": RECTIFIED,
    "document_rfc": RFC,
    "cfdi_folio": CFDI,
    "number_year": NUMBER_YEAR,
    "document_missing": MISSING,
}
