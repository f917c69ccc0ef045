# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What was charged, discharged and reported of each tariff item.

Parameters: ``account_id``, ``company_id``, ``start`` (certification in force since),
``forms`` (forms of payment of the account), ``date``.
"""

from .scccyg_sql import (
    CAUSE,
    DOCUMENT_DATE,
    GOVERNMENT_ASSET,
    GOVERNMENT_PAID,
    IN_ACCOUNT,
    PAID,
    WHOLE,
    share,
)

CLEAR = "DELETE FROM immex_credit_account_line WHERE account_id = %(account_id)s"

# A layer that was charged, or is in the initial inventory, with what documents took of
# it: before the certification, and since.
_LAYERS = f"""
    SELECT l.id, l.partida_id, l.fraccion, l.goods_class = 'fixed_asset' AS fixed_asset,
           {WHOLE} AS value, {PAID} < %(start)s AS initial, p.id AS pedimento_id
      FROM immex_layer l JOIN immex_pedimento p ON p.id = l.pedimento_id
     WHERE l.company_id = %(company_id)s AND l.active
       AND l.customs_status = 'temporary' AND {PAID} <= %(date)s
       AND {IN_ACCOUNT}
"""
_TAKEN = f"""
    SELECT d.layer_id AS id, {DOCUMENT_DATE} < %(start)s AS before,
           sum({share("d")}) AS value
      FROM immex_discharge d
      JOIN immex_layer l ON l.id = d.layer_id
      JOIN charged c ON c.id = l.id
      {CAUSE}
     WHERE d.superseded_run_id IS NULL AND e.official
       AND {DOCUMENT_DATE} <= %(date)s
     GROUP BY 1, 2
"""

LINES = f"""
WITH charged AS ({_LAYERS}), taken AS ({_TAKEN}), books AS (
    SELECT c.fraccion, c.fixed_asset,
           -- what left before the certification is not in the initial inventory
           sum(c.value - COALESCE(b.value, 0)) AS charged,
           COALESCE(sum(t.value), 0) AS discharged
      FROM charged c
      LEFT JOIN taken b ON b.id = c.id AND b.before AND c.initial
      LEFT JOIN (SELECT t.id, sum(t.value) AS value FROM taken t
                   JOIN charged o ON o.id = t.id
                  WHERE NOT (t.before AND o.initial) GROUP BY t.id) t ON t.id = c.id
     GROUP BY c.fraccion, c.fixed_asset
), tax AS (
    -- of a partida once, whatever number of parts it has
    SELECT a.fraccion, a.fixed_asset, sum(t.amount) AS amount
      FROM (SELECT DISTINCT partida_id, fraccion, fixed_asset FROM charged) a
      JOIN immex_pedimento_contribution t ON t.partida_id = a.partida_id
     WHERE t.kind = 'amount' AND t.payment_form = ANY(%(forms)s)
     GROUP BY a.fraccion, a.fixed_asset
), government AS (
    -- what the SCCCyG takes from the pedimentos by itself (II-a), of their last
    -- versions
    SELECT s.fraccion, {GOVERNMENT_ASSET} AS fixed_asset, sum(c.amount) AS amount
      FROM immex_datastage_pedimento t
      JOIN immex_datastage_contribution c ON c.datastage_id = t.id
      JOIN immex_datastage_partida s
        ON s.datastage_id = t.id AND s.sequence = c.sequence
     WHERE t.company_id = %(company_id)s AND t.operation_type = '1'
       AND t.superseded IS NOT TRUE AND {GOVERNMENT_PAID} <= %(date)s
       AND c.kind = 'amount' AND c.payment_form = ANY(%(forms)s)
     GROUP BY 1, 2
), reported AS (
    SELECT g.fraccion, COALESCE(g.fixed_asset, FALSE) AS fixed_asset,
           sum(g.value) AS value
      FROM immex_scccyg_goods g
      JOIN immex_scccyg_report r ON r.id = g.report_id
     WHERE r.company_id = %(company_id)s AND r.kind = 'discharge'
       AND r.state IN ('sent', 'valid') AND r.date_to <= %(date)s
       -- a correction that was sent counts instead of what it corrects
       AND NOT EXISTS (
           SELECT FROM immex_scccyg_report x
            WHERE x.replaces_id = r.id AND x.state IN ('sent', 'valid'))
     GROUP BY g.fraccion, COALESCE(g.fixed_asset, FALSE)
)
INSERT INTO immex_credit_account_line (account_id, fraccion, fixed_asset, charged, tax,
    government_tax, tax_difference, discharged, reported, difference, balance,
    over_discharged)
SELECT %(account_id)s, fraccion, fixed_asset, COALESCE(b.charged, 0),
       COALESCE(t.amount, 0), COALESCE(v.amount, 0),
       -- without any Data Stage there is nothing to compare with
       CASE WHEN EXISTS (SELECT FROM immex_datastage_pedimento
                          WHERE company_id = %(company_id)s)
            THEN COALESCE(t.amount, 0) - COALESCE(v.amount, 0) ELSE 0 END,
       COALESCE(b.discharged, 0), COALESCE(r.value, 0),
       COALESCE(b.discharged, 0) - COALESCE(r.value, 0),
       COALESCE(b.charged, 0) - COALESCE(r.value, 0),
       COALESCE(r.value, 0) > COALESCE(b.charged, 0)
  FROM books b
  FULL JOIN reported r USING (fraccion, fixed_asset)
  FULL JOIN government v USING (fraccion, fixed_asset)
  LEFT JOIN tax t USING (fraccion, fixed_asset)
"""

COUNTS = """
UPDATE immex_credit_account a
   SET differing_count = (SELECT count(*) FROM immex_credit_account_line l
                           WHERE l.account_id = a.id AND l.difference <> 0),
       tax_differing_count = (SELECT count(*) FROM immex_credit_account_line l
                               WHERE l.account_id = a.id AND l.tax_difference <> 0),
       over_count = (SELECT count(*) FROM immex_credit_account_line l
                      WHERE l.account_id = a.id AND l.over_discharged)
 WHERE a.id = %(account_id)s
"""
