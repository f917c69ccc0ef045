# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The file in temporary tables, with what our books know of what it names.

Parameters: ``company_id``, ``start``, ``forms``, ``inventory_id`` (the inventory that
was sent, or NULL) and ``own`` (the report of the file, with those that it replaces).
"""

from ..scccyg_sql import CAUSE, DOCUMENT_DATE, IN_ACCOUNT, PAID, WHOLE, share

# as the annex calls them, whoever reads (III-c-1)
_DESTINATIONS = {
    "return": "Retorno",
    "regime_change": "Cambio de régimen",
    "transfer": "Transferencia virtual",
    "extraction": "Extracción",
    "regularization": "Regularización",
    "ctm": "CTM",
    "cfdi": "CFDI",
    "donation": "Aviso de donación",
    "destruction": "Aviso de destrucción",
}


def named(expression):
    """SQL of a destination's name."""
    cases = " ".join(
        f"WHEN '{key}' THEN '{name}'" for key, name in _DESTINATIONS.items()
    )
    return f"CASE {expression} {cases} END"


# Reports of a file whose content is compared with the books; a file should have one.
HEADS = 24

LINES = """
DROP TABLE IF EXISTS tmp_scccyg_line, tmp_scccyg_head, tmp_scccyg_match,
    tmp_scccyg_charge, tmp_scccyg_sent;
CREATE TEMP TABLE tmp_scccyg_line (
    line integer, kind text, code text, head integer, patente text COLLATE "C",
    document text COLLATE "C", section text, payment_date date,
    fraccion text COLLATE "C", value numeric, fixed_asset boolean,
    folio text COLLATE "C", destination text, period text, date_from date,
    date_to date, due_date date) ON COMMIT DROP
"""
COPY = "COPY tmp_scccyg_line FROM STDIN"

HEAD = f"""
CREATE INDEX ON tmp_scccyg_line (line);
CREATE INDEX ON tmp_scccyg_line (head);
ANALYZE tmp_scccyg_line;
CREATE TEMP TABLE tmp_scccyg_head ON COMMIT DROP AS
SELECT line AS head, folio, destination, period, date_from, date_to, due_date
  FROM tmp_scccyg_line WHERE kind = 'report' ORDER BY line LIMIT {HEADS}
"""

_EXIT_DESTINATION = """
    COALESCE(o.destination,
             CASE o.exit_kind WHEN 'export' THEN 'return' ELSE o.exit_kind END)
"""

# The pedimento of each line that names one: of our books, else of Data Stage. A
# rectification keeps the period of its original.
MATCH = f"""
CREATE TEMP TABLE tmp_scccyg_match ON COMMIT DROP AS
SELECT DISTINCT ON (t.line) t.line, s.*
  FROM tmp_scccyg_line t
  LEFT JOIN tmp_scccyg_head h ON h.head = t.head
  JOIN (
      SELECT p.patente AS its_patente, p.document AS its_document,
             p.office AS its_office, p.office_section AS its_section, TRUE AS known,
             p.id AS pedimento_id, COALESCE(r.payment_date, p.payment_date) AS date,
             p.payment_date AS paid, p.rfc, p.operation_type, p.current_id,
             o.id AS rule_id, o.effect, o.customs_status, k.code AS key_code,
             {_EXIT_DESTINATION} AS its_destination
        FROM immex_pedimento p
        JOIN immex_pedimento_key k ON k.id = p.key_id
        LEFT JOIN immex_pedimento r ON r.id = p.root_id
        LEFT JOIN immex_operation_rule o ON o.id = p.operation_rule_id
       WHERE p.company_id = %(company_id)s AND p.state <> 'cancelled'
       UNION ALL
      SELECT d.patente, d.document, d.office, d.office_section, FALSE, NULL,
             d.payment_date, d.payment_date, d.rfc, d.operation_type, NULL, NULL,
             NULL, NULL, d.key_code, NULL
        FROM immex_datastage_pedimento d
       WHERE d.company_id = %(company_id)s AND d.superseded IS NOT TRUE
  ) s ON s.its_patente = t.patente AND s.its_document = t.document
     AND t.section IN (s.its_section, s.its_office)
 WHERE t.kind IN ('pedimento', 'initial')
 ORDER BY t.line, s.known DESC,
          (s.paid = t.payment_date OR s.date BETWEEN h.date_from AND h.date_to)
          DESC NULLS LAST, s.paid DESC NULLS LAST
"""
FOLIOS = """
INSERT INTO tmp_scccyg_match (line, known, pedimento_id, date, its_destination)
SELECT DISTINCT ON (t.line) t.line, TRUE, s.pedimento_id, s.date, s.destination
  FROM tmp_scccyg_line t
  JOIN (
      SELECT notice_folio AS folio, NULL::integer AS pedimento_id,
             notice_date AS date, 'destruction' AS destination
        FROM immex_destruction
       WHERE company_id = %(company_id)s AND state <> 'cancelled'
       UNION ALL
      SELECT p.scccyg_folio, p.id, p.scccyg_date, COALESCE(o.destination, o.exit_kind)
        FROM immex_pedimento p
        LEFT JOIN immex_operation_rule o ON o.id = p.operation_rule_id
       WHERE p.company_id = %(company_id)s AND p.scccyg_folio IS NOT NULL
         AND p.state <> 'cancelled'
  ) s USING (folio)
 WHERE t.kind = 'folio'
 ORDER BY t.line, s.date DESC NULLS LAST;
CREATE INDEX ON tmp_scccyg_match (line);
ANALYZE tmp_scccyg_match
"""

# What was charged, by the day from which it can be discharged: the inventory as it was
# sent, else as the books have it, and the imports of the account (Anexo 30, I and II).
CHARGE = f"""
CREATE TEMP TABLE tmp_scccyg_charge ON COMMIT DROP AS
SELECT l.fraccion COLLATE "C" AS fraccion, l.goods_class = 'fixed_asset' AS fixed_asset,
       {PAID} AS date, sum({WHOLE} - COALESCE(x.value, 0)) AS value
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  LEFT JOIN LATERAL (
      SELECT sum({share("d")}) AS value
        FROM immex_discharge d {CAUSE}
       WHERE d.layer_id = l.id AND d.superseded_run_id IS NULL AND e.official
         AND {PAID} < %(start)s AND {DOCUMENT_DATE} < %(start)s
  ) x ON TRUE
 WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
   AND {IN_ACCOUNT}
   AND ({PAID} >= %(start)s OR %(inventory_id)s::integer IS NULL)
 GROUP BY 1, 2, 3
 UNION ALL
SELECT fraccion, COALESCE(fixed_asset, FALSE), %(start)s::date - 1, value
  FROM immex_scccyg_goods WHERE report_id = %(inventory_id)s::integer AND value <> 0;
ANALYZE tmp_scccyg_charge
"""

# Reports that stand in the SCCCyG as far as we know: sent, and replaced by none that
# was sent. Not the file's own, nor what that replaces.
SENT = """
CREATE TEMP TABLE tmp_scccyg_sent ON COMMIT DROP AS
SELECT r.id AS report_id, r.kind AS report_kind, r.destination, r.date_from, r.date_to,
       r.folio
  FROM immex_scccyg_report r
 WHERE r.company_id = %(company_id)s AND r.state IN ('sent', 'valid')
   AND NOT r.id = ANY(%(own)s)
   AND NOT EXISTS (
       SELECT FROM immex_scccyg_report x
        WHERE x.replaces_id = r.id AND x.state IN ('sent', 'valid'))
   -- a file of somebody else's hands says by the folio what it replaces
   AND NOT EXISTS (SELECT FROM tmp_scccyg_line t
                    WHERE t.kind IN ('report', 'initial') AND t.folio = r.folio)
"""
STATEMENTS = (HEAD, MATCH, FOLIOS, CHARGE, SENT)
