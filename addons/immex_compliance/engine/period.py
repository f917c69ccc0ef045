# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Ratified period consumption: what orders did not issue, spread over what was made.

A ratified document (``immex.period.consumption``) says per material how much more a
period used than its orders drew (rule 7). The difference becomes consumption rows of
the period's production layers, marked with the line that they come from, shared by
the document's rule and rounded at cumulative positions, so that the shares sum to
what was ratified. Exits then discharge it with the products that carry it.

Run after the orders' own consumption is written: the base of a share is read there.
Looked at are the documents that were ratified, replaced or cancelled, and those in
whose period production changed.
"""

from .statements import execute, half_up

TOUCHED = """
CREATE TEMP TABLE tmp_period ON COMMIT DROP AS
SELECT d.id, d.date_from, d.date_to, d.rule, d.state, d.version,
       EXISTS (SELECT FROM immex_period_consumption_type t
                WHERE t.document_id = d.id) AS some_types
  FROM immex_period_consumption d
 WHERE d.company_id = %(company_id)s AND d.state <> 'draft'
   AND (%(full)s
        OR d.id IN (SELECT ref_id FROM tmp_change WHERE kind = 'P')
        OR EXISTS (SELECT FROM tmp_dirty_node n
                    WHERE n.since BETWEEN d.date_from AND d.date_to)
        OR EXISTS (SELECT FROM tmp_dirty_input i
                    WHERE i.since BETWEEN d.date_from AND d.date_to))
"""

# What the order itself drew of the material is the base of rule "drawn".
SHARE = f"""
CREATE TEMP TABLE tmp_period_share ON COMMIT DROP AS
WITH base AS (
    SELECT l.id AS line_id, l.product_id, l.customs_status, l.spread_kind,
           l.to_spread, n.id AS production_layer_id, n.date, n.natural_key,
           concat_ws('|', COALESCE(pp.default_code, l.product_id::text), '',
                     l.customs_status, '', p.date_from, p.date_to, p.version) AS key,
           CASE p.rule
             WHEN 'produced' THEN n.quantity
             ELSE (SELECT sum(c.qty_drawn)
                     FROM immex_production_consumption c
                    WHERE c.production_layer_id = n.id AND c.active
                      AND c.product_id = l.product_id
                      AND c.period_line_id IS NULL)
           END AS base
      FROM tmp_period p
      JOIN immex_period_consumption_line l ON l.document_id = p.id
      JOIN product_product pp ON pp.id = l.product_id
      JOIN immex_production_layer n
        ON n.company_id = %(company_id)s AND n.active AND n.kind = 'product'
       AND n.date BETWEEN p.date_from AND p.date_to
       -- not what was on hand when the company came
       AND n.production_id IS NOT NULL
     WHERE p.state = 'ratified' AND l.to_spread > 0
       AND (NOT p.some_types OR n.production_id IN (
            SELECT mo.id
              FROM mrp_production mo
              JOIN immex_period_consumption_type t
                ON t.picking_type_id = mo.picking_type_id AND t.document_id = p.id))
), placed AS (
    SELECT *, sum(base) OVER w_line AS total,
           sum(base) OVER (
               PARTITION BY line_id
               ORDER BY date, natural_key COLLATE "C", production_layer_id) AS upto
      FROM base
     WHERE base > 0
    WINDOW w_line AS (PARTITION BY line_id)
)
SELECT *
  FROM (
    SELECT line_id, product_id, customs_status, spread_kind, production_layer_id,
           date, key AS natural_key,
           {half_up("to_spread", "upto", "total")}
             - {half_up("to_spread", "(upto - base)", "total")} AS quantity
      FROM placed
  ) s
 WHERE quantity > 0
"""

# Rows of touched documents that are no more, or no more what they were.
BEFORE = """
INSERT INTO tmp_dirty_input
SELECT c.id, c.production_layer_id, c.product_id, c.date
  FROM tmp_period p
  JOIN immex_period_consumption_line l ON l.document_id = p.id
  JOIN immex_production_consumption c ON c.period_line_id = l.id AND c.active
  LEFT JOIN tmp_period_share t
    ON t.production_layer_id = c.production_layer_id AND t.line_id = c.period_line_id
 WHERE ROW(c.qty_drawn, c.date) IS DISTINCT FROM ROW(t.quantity, t.date)
"""

UPSERT = """
WITH written AS (
    INSERT INTO immex_production_consumption AS c (
        company_id, production_layer_id, product_id, customs_status, status_source,
        period_line_id, natural_key, qty_drawn, qty_incorporated, qty_merma,
        qty_waste, qty_over, date, active,
        create_uid, create_date, write_uid, write_date)
    SELECT %(company_id)s, production_layer_id, product_id, customs_status, 'period',
           line_id, natural_key, quantity,
           CASE WHEN spread_kind = 'merma' THEN 0 ELSE quantity END,
           CASE WHEN spread_kind = 'merma' THEN quantity ELSE 0 END,
           0, 0, date, TRUE,
           %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM tmp_period_share
    ON CONFLICT (production_layer_id, natural_key) DO UPDATE
       SET qty_drawn = EXCLUDED.qty_drawn,
           qty_incorporated = EXCLUDED.qty_incorporated,
           qty_merma = EXCLUDED.qty_merma,
           date = EXCLUDED.date, active = TRUE,
           write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
     WHERE ROW(c.qty_drawn, c.date, c.active)
           IS DISTINCT FROM ROW(EXCLUDED.qty_drawn, EXCLUDED.date, TRUE)
    RETURNING c.id, c.production_layer_id, c.product_id, c.date
)
INSERT INTO tmp_dirty_input
SELECT id, production_layer_id, product_id, date FROM written
"""

RETIRE = """
UPDATE immex_production_consumption c
   SET active = FALSE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM tmp_period p
  JOIN immex_period_consumption_line l ON l.document_id = p.id
 WHERE c.period_line_id = l.id AND c.active
   AND NOT EXISTS (
       SELECT FROM tmp_period_share t
        WHERE t.production_layer_id = c.production_layer_id
          AND t.line_id = c.period_line_id)
"""

# What orders and shares account for, for the finding: it must be what the counts say.
ACCOUNTED = """
UPDATE immex_period_consumption_line l
   SET qty_accounted = s.quantity
  FROM (
    SELECT l.id, COALESCE(sum(c.qty_drawn), 0) AS quantity
      FROM tmp_period p
      JOIN immex_period_consumption_line l ON l.document_id = p.id
      LEFT JOIN (
           immex_production_consumption c
           JOIN immex_production_layer n
             ON n.id = c.production_layer_id AND n.kind = 'product' AND n.active)
        ON c.company_id = %(company_id)s AND c.product_id = l.product_id
       AND c.date BETWEEN p.date_from AND p.date_to AND c.active
     WHERE p.state = 'ratified'
     GROUP BY l.id
  ) s
 WHERE s.id = l.id AND l.qty_accounted IS DISTINCT FROM s.quantity
"""

FINDING = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected)
SELECT 'period_difference', '2_warning', 'period|' || d.id || '|' || l.product_id,
       d.date_to, l.product_id, l.qty_accounted, l.period_consumption
  FROM immex_period_consumption_line l
  JOIN immex_period_consumption d ON d.id = l.document_id AND d.state = 'ratified'
 WHERE l.company_id = %(company_id)s AND l.qty_accounted <> l.period_consumption
"""


def sync(cr, ctx):
    """Bring the shares of ratified differences to what documents and production say;
    return the number of changed rows. Adds to ``tmp_dirty_input``."""
    cr.execute("DROP TABLE IF EXISTS tmp_period, tmp_period_share")
    execute(cr, ctx, TOUCHED)
    cr.execute("ANALYZE tmp_period")
    execute(cr, ctx, SHARE)
    cr.execute("CREATE INDEX ON tmp_period_share (line_id, production_layer_id)")
    cr.execute("ANALYZE tmp_period_share")
    execute(cr, ctx, BEFORE)
    changed = execute(cr, ctx, UPSERT, RETIRE)
    execute(cr, ctx, ACCOUNTED)
    return changed
