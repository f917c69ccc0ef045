# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the reports of Anexo 30 hold, from the ledger by part.

Parameters: ``report_id``, ``company_id``, ``start`` (certification in force since),
``forms`` (forms of payment of the account) and, of an inventory, ``date_to``; of a
discharge report ``date_from``, ``date_to``, ``destination`` and ``expiring`` (whether
it takes imports whose term ends within the period). Values are commercial values in
pesos: of a discharge, the share of its layer's from its position on.
"""

from ...engine.statements import half_up

WHOLE = "COALESCE(l.commercial_value, 0)"


def share(row):
    """Commercial value of a row of the ledger: between its two positions."""
    upto = half_up(WHOLE, f"({row}.layer_from + {row}.quantity)", "l.quantity", 2)
    return f"({upto} - {half_up(WHOLE, f'{row}.layer_from', 'l.quantity', 2)})"


# Imported before the certification, or charged to the account (Anexo 30, II).
IN_ACCOUNT = """
    (p.payment_date < %(start)s OR EXISTS (
        SELECT FROM immex_pedimento_contribution c
         WHERE c.pedimento_id = p.id AND c.kind = 'amount'
           AND (c.partida_id = l.partida_id OR c.partida_id IS NULL)
           AND c.payment_form = ANY(%(forms)s)))
"""

# What caused a discharge ``d``: its exit, with the rule, the notice of a destruction
# and the pedimento that it came by.
CAUSE = """
  JOIN immex_exit_line e ON e.id = d.exit_line_id
  LEFT JOIN immex_operation_rule o ON o.id = e.operation_rule_id
  LEFT JOIN immex_destruction_line k ON k.id = e.destruction_line_id
  LEFT JOIN immex_destruction n ON n.id = k.destruction_id
  LEFT JOIN immex_pedimento q ON q.id = e.pedimento_id
"""

DESTINATION = """
    COALESCE(o.destination, CASE e.kind
        WHEN 'return' THEN 'return' WHEN 'export' THEN 'return'
        WHEN 'transfer' THEN 'transfer' WHEN 'regime_change' THEN 'regime_change'
        WHEN 'regularization' THEN 'regularization' WHEN 'donation' THEN 'donation'
        WHEN 'destruction' THEN 'destruction' END)
"""

# A pedimento and a folio: a constancia, a CFDI or a notice of donation is what the
# report names then, and its date gives the period (III-c, 2 and 3).
_BY_FOLIO = f"{DESTINATION} IN ('ctm', 'cfdi', 'donation')"
FOLIO = f"COALESCE(n.notice_folio, CASE WHEN {_BY_FOLIO} THEN q.scccyg_folio END)"
# The act discharges; the acknowledgement of its notice gives the period.
DOCUMENT_DATE = f"""
    COALESCE(n.notice_date, CASE WHEN {_BY_FOLIO} THEN q.scccyg_date END,
             e.document_date)
"""

# III-d: not for operations whose term of return ends within the period
_EXPIRING = "COALESCE(l.term_end BETWEEN %(date_from)s AND %(date_to)s, FALSE)"
_IN_PERIOD = f"""
  FROM immex_discharge d
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  {CAUSE}
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
   AND e.official AND l.customs_status = 'temporary'
   AND {DOCUMENT_DATE} BETWEEN %(date_from)s AND %(date_to)s
   AND {DESTINATION} = %(destination)s
   AND {IN_ACCOUNT}
"""
_DISCHARGED = f"{_IN_PERIOD} AND (%(expiring)s OR NOT {_EXPIRING})"

CLEAR = """
WITH documents AS (
    DELETE FROM immex_scccyg_document WHERE report_id = %(report_id)s
)
DELETE FROM immex_scccyg_goods WHERE report_id = %(report_id)s
"""

PERIOD_GOODS = f"""
SELECT l.fraccion, l.goods_class = 'fixed_asset' AS fixed_asset,
       sum({share("d")}) AS value
{_DISCHARGED}
 GROUP BY l.fraccion, l.goods_class = 'fixed_asset'
HAVING sum({share("d")}) > 0
"""
PERIOD_DOCUMENTS = f"""
SELECT DISTINCT e.pedimento_id, n.id AS destruction_id, {FOLIO} AS folio,
       {DOCUMENT_DATE} AS date
{_DISCHARGED}
   AND (e.pedimento_id IS NOT NULL OR n.id IS NOT NULL)
"""
DISCHARGED = f"""
INSERT INTO immex_scccyg_goods (report_id, fraccion, fixed_asset, value)
SELECT %(report_id)s, g.* FROM ({PERIOD_GOODS}) g
"""
DOCUMENTS = f"""
INSERT INTO immex_scccyg_document (report_id, pedimento_id, destruction_id, folio, date)
SELECT %(report_id)s, g.* FROM ({PERIOD_DOCUMENTS}) g
"""
_LEFT_OUT = f"{_IN_PERIOD} AND NOT %(expiring)s AND {_EXPIRING}"
LEFT_OUT = f"SELECT d.id {_LEFT_OUT}"
LEFT_OUT_VALUE = f"""
SELECT COALESCE(sum({share("d")}), 0)::text {_LEFT_OUT}
"""

PERIOD_EXPIRING = f"""
SELECT l.fraccion, l.goods_class = 'fixed_asset' AS fixed_asset,
       sum({share("d")}) AS value
{_LEFT_OUT}
 GROUP BY l.fraccion, l.goods_class = 'fixed_asset'
"""

# Whether the ledger says something else now than the report does.
_KEPT_GOODS = """
SELECT fraccion, COALESCE(fixed_asset, FALSE), value FROM immex_scccyg_goods
 WHERE report_id = %(report_id)s AND value <> 0
"""
_KEPT_DOCUMENTS = """
SELECT pedimento_id, destruction_id, folio, date FROM immex_scccyg_document
 WHERE report_id = %(report_id)s
"""


def _other(kept, now):
    return f"EXISTS (({kept}) EXCEPT ({now})) OR EXISTS (({now}) EXCEPT ({kept}))"


CHANGED = f"""
SELECT {_other(_KEPT_GOODS, PERIOD_GOODS)}
    OR {_other(_KEPT_DOCUMENTS, PERIOD_DOCUMENTS)}
"""

# What was pending at the end of the day: imports that were paid by then, less what
# documents of until then discharged.
PENDING = f"""
SELECT p.id AS pedimento_id, p.payment_date, l.fraccion,
       l.goods_class = 'fixed_asset' AS fixed_asset,
       sum({WHOLE} - COALESCE(x.value, 0)) AS value
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  LEFT JOIN LATERAL (
      SELECT sum({share("d")}) AS value
        FROM immex_discharge d {CAUSE}
       WHERE d.layer_id = l.id AND d.superseded_run_id IS NULL
         AND {DOCUMENT_DATE} <= %(date_to)s
  ) x ON TRUE
 WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
   AND p.payment_date <= %(date_to)s
 GROUP BY p.id, p.payment_date, l.fraccion, l.goods_class = 'fixed_asset'
HAVING sum({WHOLE} - COALESCE(x.value, 0)) > 0
"""
INVENTORY = f"""
INSERT INTO immex_scccyg_goods (
    report_id, pedimento_id, payment_date, fraccion, fixed_asset, value)
SELECT %(report_id)s, g.* FROM ({PENDING}) g
"""

TOTAL = """
UPDATE immex_scccyg_report r
   SET total = (SELECT COALESCE(sum(value), 0) FROM immex_scccyg_goods g
                 WHERE g.report_id = r.id)
 WHERE r.id = %(report_id)s
"""

# in the order in which the file has them; texts, since a cursor would make floats
GOODS = """
SELECT p.patente, p.document, p.office_section, g.payment_date, g.fraccion,
       g.value::text, g.fixed_asset
  FROM immex_scccyg_goods g
  LEFT JOIN immex_pedimento p ON p.id = g.pedimento_id
 WHERE g.report_id = %(report_id)s
 ORDER BY g.payment_date, p.number15 COLLATE "C", g.fraccion COLLATE "C", g.fixed_asset
"""

# a folio stands for its pedimentos
NAMED = """
SELECT patente, document, office_section, folio
  FROM (SELECT DISTINCT ON (d.date, d.folio, q.number15)
               d.date, d.folio, q.number15, q.patente, q.document, q.office_section
          FROM immex_scccyg_document d
          LEFT JOIN immex_pedimento q ON q.id = d.pedimento_id AND d.folio IS NULL
         WHERE d.report_id = %(report_id)s) d
 ORDER BY date, number15 COLLATE "C", folio COLLATE "C"
"""

# Rows of a file; patente, document, section and date are those of an inventory.
GIVEN = """
DROP TABLE IF EXISTS tmp_scccyg;
CREATE TEMP TABLE tmp_scccyg (
    patente text, document text, section text, payment_date date, fraccion text,
    value numeric, fixed_asset boolean) ON COMMIT DROP
"""
GIVE = """
INSERT INTO tmp_scccyg
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::text[],
                     %s::numeric[], %s::boolean[])
"""

COMPARE = """
UPDATE immex_scccyg_goods g
   SET compared = TRUE, value_file = s.value, difference = s.value - g.value
  FROM immex_scccyg_goods o
  LEFT JOIN immex_pedimento p ON p.id = o.pedimento_id
  LEFT JOIN LATERAL (
      SELECT COALESCE(sum(t.value), 0) AS value FROM tmp_scccyg t
       WHERE t.fraccion = o.fraccion AND t.fixed_asset = o.fixed_asset
         AND t.patente IS NOT DISTINCT FROM p.patente
         AND t.document IS NOT DISTINCT FROM p.document
         AND t.section IS NOT DISTINCT FROM p.office_section
  ) s ON TRUE
 WHERE o.id = g.id AND g.report_id = %(report_id)s
"""

# What the file has and the ledger has not: a line of its own without value.
ADDED = """
INSERT INTO immex_scccyg_goods (report_id, pedimento_id, payment_date, fraccion,
    fixed_asset, value, compared, value_file, difference)
SELECT %(report_id)s, p.id, p.payment_date, t.fraccion, t.fixed_asset, 0, TRUE,
       sum(t.value), sum(t.value)
  FROM tmp_scccyg t
  LEFT JOIN immex_pedimento p
    ON p.company_id = %(company_id)s AND p.patente = t.patente
   AND p.document = t.document AND p.office_section = t.section
   AND p.payment_date = t.payment_date
 WHERE NOT EXISTS (
       SELECT FROM immex_scccyg_goods g
         LEFT JOIN immex_pedimento q ON q.id = g.pedimento_id
        WHERE g.report_id = %(report_id)s AND g.fraccion = t.fraccion
          AND g.fixed_asset = t.fixed_asset
          AND q.patente IS NOT DISTINCT FROM t.patente
          AND q.document IS NOT DISTINCT FROM t.document
          AND q.office_section IS NOT DISTINCT FROM t.section)
 GROUP BY p.id, p.payment_date, t.fraccion, t.fixed_asset
"""
