# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Production: what orders put out and what they really drew (the dynamic BOM).

Two kinds of production layers come of an order: its product, whose consumption rows
carry incorporated, merma and waste; and its waste, by part number, whose rows name
the source parts of the residue, so that it can leave on its own (rules 6 and 8).
An order with several lots shares its consumption between them by quantity, rounded
at cumulative positions, so that the shares sum to what was drawn.

What changed goes into ``tmp_dirty_node`` and ``tmp_dirty_input``, with the product and
the date before and after: exits from that date on are computed again.
"""

from . import opening_stock, period
from .statements import analyze, execute, half_up

DIRTY = """
CREATE TEMP TABLE tmp_dirty_node (
    node_id integer, product_id integer, kind varchar, since date) ON COMMIT DROP;
CREATE TEMP TABLE tmp_dirty_input (
    input_id integer, node_id integer, product_id integer, since date) ON COMMIT DROP
"""

OUTPUT = """
CREATE TEMP TABLE tmp_output ON COMMIT DROP AS
SELECT mo.id AS production_id,
       sml.product_id,
       sml.lot_id,
       CASE WHEN pt.immex_class = 'waste' THEN 'waste' ELSE 'product' END AS kind,
       sum(sml.quantity_product_uom)::numeric(18, 6) AS quantity,
       COALESCE(
           mo.immex_event_date,
           max(arrival.date),
           (max(sml.date) AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
       ) AS date,
       mo.subcontractor_id,
       concat_ws('|', mo.name, COALESCE(pp.default_code, sml.product_id::text),
                 COALESCE(lot.name, '')) AS natural_key,
       CASE WHEN pt.immex_class <> 'waste' AND sml.product_id <> mo.product_id
            THEN max(sm.cost_share)::numeric ELSE 0 END AS cost_share,
       sum(sml.quantity_product_uom)::numeric AS weight
  FROM stock_move_line sml
  JOIN stock_move sm ON sm.id = sml.move_id
  JOIN mrp_production mo ON mo.id = sm.production_id
  JOIN product_product pp ON pp.id = sml.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN stock_lot lot ON lot.id = sml.lot_id
  -- an order of a subcontractor ends when its goods arrive
  LEFT JOIN LATERAL (
      SELECT max(t.immex_event_date) AS date
        FROM stock_move_move_rel rel
        JOIN stock_move arrived ON arrived.id = rel.move_dest_id
        JOIN stock_picking t ON t.id = arrived.picking_id
       WHERE rel.move_orig_id = sm.id
  ) arrival ON mo.subcontractor_id IS NOT NULL
 WHERE sml.company_id = %(company_id)s
   AND [[mo.id in tmp_scope_order]]
   AND sml.state = 'done'
   AND sml.quantity_product_uom > 0
   AND pt.immex_class IS NOT NULL
   AND sm.scrap_id IS NULL
 GROUP BY mo.id, sml.product_id, sml.lot_id, pt.immex_class, mo.immex_event_date,
          mo.subcontractor_id, mo.name, mo.product_id, pp.default_code, lot.name
"""

# How an order's material is shared between what it put out: lots by quantity, and a
# by-product by the share that its bill of materials gives it of the cost. Where none
# has a share, all by quantity.
WEIGHT = """
UPDATE tmp_output o
   SET weight = s.weight
  FROM (
    SELECT production_id, tmp_output.product_id, lot_id,
           CASE WHEN tmp_output.product_id = mo.product_id
                THEN (100 - parts.shares) * quantity / sum(quantity) OVER w_part
                ELSE cost_share * quantity / sum(quantity) OVER w_part END AS weight
      FROM tmp_output
      JOIN mrp_production mo ON mo.id = production_id
      JOIN LATERAL (
          SELECT COALESCE(sum(b.share), 0) AS shares
            FROM (SELECT max(x.cost_share) AS share FROM tmp_output x
                   WHERE x.production_id = mo.id GROUP BY x.product_id) b
      ) parts ON TRUE
     WHERE kind = 'product'
       AND production_id IN (
           SELECT production_id FROM tmp_output WHERE cost_share > 0)
    WINDOW w_part AS (PARTITION BY production_id, tmp_output.product_id)
  ) s
 WHERE s.production_id = o.production_id AND s.product_id = o.product_id
   AND s.lot_id IS NOT DISTINCT FROM o.lot_id AND o.kind = 'product'
"""

# Merma and waste stand on the move; its lines (lots, owners) share them by quantity.
DRAWN_LINE = f"""
CREATE TEMP TABLE tmp_drawn_line ON COMMIT DROP AS
SELECT line.*,
       {half_up("merma", "upto", "total")} - {half_up("merma", "(upto - qty)", "total")}
           AS qty_merma,
       {half_up("waste", "upto", "total")} - {half_up("waste", "(upto - qty)", "total")}
           AS qty_waste
  FROM (
    SELECT sm.raw_material_production_id AS production_id,
           sml.product_id,
           sml.lot_id,
           sml.owner_id,
           lot.immex_customs_status AS lot_status,
           src.immex_customs_status AS location_status,
           sml.quantity_product_uom::numeric(18, 6) AS qty,
           CASE WHEN sm.scrap_id IS NULL
                THEN COALESCE(sm.immex_merma_qty, 0) ELSE 0 END::numeric AS merma,
           CASE WHEN sm.scrap_id IS NULL
                THEN COALESCE(sm.immex_waste_qty, 0)
                -- scrapping a component of an order is waste, drawn besides
                ELSE (sum(sml.quantity_product_uom) OVER w_move)::numeric
           END AS waste,
           sm.immex_waste_product_id AS waste_product_id,
           (sum(sml.quantity_product_uom) OVER w_move)::numeric AS total,
           (sum(sml.quantity_product_uom) OVER (
               PARTITION BY sm.id ORDER BY sml.id))::numeric AS upto
      FROM stock_move_line sml
      JOIN stock_move sm ON sm.id = sml.move_id
      JOIN product_product pp ON pp.id = sml.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN stock_location src ON src.id = sml.location_id
      LEFT JOIN stock_lot lot ON lot.id = sml.lot_id
     WHERE sml.company_id = %(company_id)s
       AND [[sm.raw_material_production_id in tmp_scope_order]]
       AND sml.state = 'done'
       AND sml.quantity_product_uom > 0
       AND pt.immex_class IS NOT NULL
       AND sm.raw_material_production_id IS NOT NULL
    WINDOW w_move AS (PARTITION BY sm.id)
  ) line
"""

DRAWN_PART = """
CREATE TEMP TABLE tmp_drawn_part ON COMMIT DROP AS
SELECT DISTINCT product_id AS id FROM tmp_drawn_line
"""

# How the status of rows that go together was told: as soon as one of them hangs on what
# else came in of the part, all are looked at again when that changes.
_SOURCE = """COALESCE(min(status_source) FILTER (
               WHERE status_source IN ('only', 'policy')), min(status_source))
               AS status_source"""

# Rule 12: lot, location, owner; else the one status that the part has; else policy.
DRAWN = """
CREATE TEMP TABLE tmp_drawn ON COMMIT DROP AS
WITH part_status AS (
    SELECT product_id, min(customs_status) AS status
      FROM (
        SELECT DISTINCT g.product_id,
               COALESCE(r.customs_status, 'temporary') AS customs_status
          FROM immex_pedimento_goods g
          JOIN immex_pedimento p ON p.id = g.pedimento_id
          JOIN immex_operation_rule r ON r.id = p.operation_rule_id
         WHERE g.company_id = %(company_id)s AND r.effect = 'entry'
           AND p.state <> 'cancelled' AND p.current_id IS NULL
           AND g.product_id IS NOT NULL AND [[g.product_id in tmp_drawn_part]]
        UNION
        SELECT DISTINCT m.product_id, m.customs_status
          FROM immex_movement m
         WHERE m.company_id = %(company_id)s AND m.active AND m.kind = 'receipt'
           AND [[m.product_id in tmp_drawn_part]]
      ) s
     GROUP BY product_id
    HAVING count(DISTINCT customs_status) = 1
), marked AS (
    SELECT d.*,
           COALESCE(d.lot_status, d.location_status,
                    CASE WHEN d.owner_id IS NOT NULL THEN 'temporary' END,
                    s.status, c.immex_status_policy) AS customs_status,
           CASE WHEN d.lot_status IS NOT NULL THEN 'lot'
                WHEN d.location_status IS NOT NULL THEN 'location'
                WHEN d.owner_id IS NOT NULL THEN 'owner'
                WHEN s.status IS NOT NULL THEN 'only'
                ELSE 'policy' END AS status_source
      FROM tmp_drawn_line d
      JOIN res_company c ON c.id = %(company_id)s
      LEFT JOIN part_status s ON s.product_id = d.product_id
)
SELECT production_id, product_id, lot_id, owner_id, customs_status, status_source,
       waste_product_id,
       sum(qty) AS qty, sum(qty_merma) AS qty_merma, sum(qty_waste) AS qty_waste
  FROM marked
 GROUP BY production_id, product_id, lot_id, owner_id, customs_status, status_source,
          waste_product_id
"""

# Residue without a part of its own keeps the part number of the material.
WASTE_OUTPUT = """
INSERT INTO tmp_output (production_id, product_id, lot_id, kind, quantity, date,
                        subcontractor_id, natural_key)
SELECT d.production_id, d.product_id, NULL, 'waste', sum(d.qty_waste),
       COALESCE(
           mo.immex_event_date,
           (mo.date_finished AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date,
           (mo.date_start AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
       ),
       mo.subcontractor_id,
       concat_ws('|', mo.name, COALESCE(pp.default_code, d.product_id::text), 'W')
  FROM tmp_drawn d
  JOIN mrp_production mo ON mo.id = d.production_id
  JOIN product_product pp ON pp.id = d.product_id
 WHERE d.qty_waste > 0
   AND NOT EXISTS (
       SELECT 1 FROM tmp_output o
        WHERE o.production_id = d.production_id AND o.kind = 'waste'
          AND o.product_id = d.waste_product_id)
 GROUP BY d.production_id, d.product_id, mo.id, pp.default_code
"""

_SAME_LAYER = """
        o.production_id = p.production_id AND o.kind = p.kind
    AND o.product_id = p.product_id
    AND COALESCE(o.lot_id, 0) = COALESCE(p.lot_id, 0)"""

LAYER_BEFORE = f"""
INSERT INTO tmp_dirty_node
SELECT p.id, p.product_id, p.kind, p.date
  FROM immex_production_layer p
  LEFT JOIN tmp_output o ON {_SAME_LAYER}
 WHERE p.company_id = %(company_id)s AND p.active AND p.production_id IS NOT NULL
   AND [[p.production_id in tmp_scope_order]]
   AND ROW(p.quantity, p.date, p.natural_key)
       IS DISTINCT FROM ROW(o.quantity, o.date, o.natural_key)
"""

LAYER_UPSERT = """
WITH written AS (
    INSERT INTO immex_production_layer AS p (
        company_id, kind, production_id, product_id, lot_id, subcontractor_id,
        quantity, qty_used, date, natural_key, active,
        create_uid, create_date, write_uid, write_date)
    SELECT %(company_id)s, kind, production_id, product_id, lot_id, subcontractor_id,
           quantity, 0, date, natural_key, TRUE,
           %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM tmp_output
    ON CONFLICT (company_id, kind, production_id, product_id, (COALESCE(lot_id, 0)))
    DO UPDATE SET quantity = EXCLUDED.quantity, date = EXCLUDED.date,
           subcontractor_id = EXCLUDED.subcontractor_id,
           natural_key = EXCLUDED.natural_key, active = TRUE,
           write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
     WHERE ROW(p.quantity, p.date, p.subcontractor_id, p.natural_key, p.active)
           IS DISTINCT FROM ROW(EXCLUDED.quantity, EXCLUDED.date,
               EXCLUDED.subcontractor_id, EXCLUDED.natural_key, TRUE)
    RETURNING p.id, p.product_id, p.kind, p.date
)
INSERT INTO tmp_dirty_node SELECT id, product_id, kind, date FROM written
"""

LAYER_RETIRE = f"""
UPDATE immex_production_layer p
   SET active = FALSE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
 WHERE p.company_id = %(company_id)s AND p.active AND p.production_id IS NOT NULL
   AND [[p.production_id in tmp_scope_order]]
   AND NOT EXISTS (SELECT 1 FROM tmp_output o WHERE {_SAME_LAYER})
"""

CONSUMPTION = f"""
CREATE TEMP TABLE tmp_consumption ON COMMIT DROP AS
WITH product_layer AS (
    SELECT p.id, p.production_id, p.date, o.weight AS quantity,
           sum(o.weight) OVER w_all AS total,
           sum(o.weight) OVER (
               PARTITION BY p.production_id
               ORDER BY p.natural_key COLLATE "C", p.id) AS upto
      FROM tmp_output o
      JOIN immex_production_layer p
        ON p.company_id = %(company_id)s AND p.active AND {_SAME_LAYER}
     WHERE o.kind = 'product' AND o.weight > 0
    WINDOW w_all AS (PARTITION BY p.production_id)
), grouped AS (
    SELECT production_id, product_id, lot_id, owner_id, customs_status,
           {_SOURCE},
           sum(qty) AS qty, sum(qty_merma) AS qty_merma, sum(qty_waste) AS qty_waste
      FROM tmp_drawn
     GROUP BY production_id, product_id, lot_id, owner_id, customs_status
), of_product AS (
    SELECT l.id AS production_layer_id, g.product_id, g.lot_id, g.owner_id,
           g.customs_status, g.status_source, l.date,
           {half_up("incorporated", "l.upto", "l.total")}
             - {half_up("incorporated", "(l.upto - l.quantity)", "l.total")}
               AS qty_incorporated,
           {half_up("g.qty_merma", "l.upto", "l.total")}
             - {half_up("g.qty_merma", "(l.upto - l.quantity)", "l.total")}
               AS qty_merma,
           {half_up("g.qty_waste", "l.upto", "l.total")}
             - {half_up("g.qty_waste", "(l.upto - l.quantity)", "l.total")}
               AS qty_waste,
           {half_up("g.qty_over", "l.upto", "l.total")}
             - {half_up("g.qty_over", "(l.upto - l.quantity)", "l.total")} AS qty_over
      FROM (SELECT *, GREATEST(qty - qty_merma - qty_waste, 0) AS incorporated,
                   GREATEST(qty_merma + qty_waste - qty, 0) AS qty_over
              FROM grouped) g
      JOIN product_layer l ON l.production_id = g.production_id
), residue AS (
    SELECT d.production_id, d.product_id, d.lot_id, d.owner_id, d.customs_status,
           CASE WHEN EXISTS (
               SELECT 1 FROM tmp_output o
                WHERE o.production_id = d.production_id AND o.kind = 'waste'
                  AND o.product_id = d.waste_product_id)
           THEN d.waste_product_id ELSE d.product_id END AS waste_product_id,
           {_SOURCE},
           sum(d.qty_waste) AS qty_waste
      FROM tmp_drawn d
     WHERE d.qty_waste > 0
     GROUP BY 1, 2, 3, 4, 5, 6
), waste_layer AS (
    -- lots of one residue share it by quantity, as those of a product
    SELECT p.id, p.production_id, p.product_id, p.date, p.quantity,
           sum(p.quantity) OVER w_all AS total,
           sum(p.quantity) OVER (w_all ORDER BY p.natural_key COLLATE "C", p.id)
               AS upto
      FROM immex_production_layer p
     WHERE p.company_id = %(company_id)s AND p.active AND p.kind = 'waste'
       AND p.production_id IN (SELECT production_id FROM residue)
    WINDOW w_all AS (PARTITION BY p.production_id, p.product_id)
), of_waste AS (
    SELECT l.id AS production_layer_id, r.product_id, r.lot_id, r.owner_id,
           r.customs_status, r.status_source, l.date,
           0::numeric AS qty_incorporated, 0::numeric AS qty_merma,
           {half_up("r.qty_waste", "l.upto", "l.total")}
             - {half_up("r.qty_waste", "(l.upto - l.quantity)", "l.total")}
               AS qty_waste,
           0::numeric AS qty_over
      FROM residue r
      JOIN waste_layer l
        ON l.production_id = r.production_id AND l.product_id = r.waste_product_id
)
SELECT s.*, s.qty_incorporated + s.qty_merma + s.qty_waste AS qty_drawn,
       concat_ws('|', COALESCE(pp.default_code, s.product_id::text),
                 COALESCE(lot.name, ''), s.customs_status,
                 COALESCE(owner.ref, owner.vat, owner.name, '')) AS natural_key
  FROM (SELECT * FROM of_product UNION ALL SELECT * FROM of_waste) s
  JOIN product_product pp ON pp.id = s.product_id
  LEFT JOIN res_partner owner ON owner.id = s.owner_id
  LEFT JOIN stock_lot lot ON lot.id = s.lot_id
 WHERE s.qty_incorporated + s.qty_merma + s.qty_waste > 0
"""

_CONSUMED = (
    "status_source",
    "qty_drawn",
    "qty_incorporated",
    "qty_merma",
    "qty_waste",
    "qty_over",
    "date",
)

CONSUMPTION_BEFORE = f"""
INSERT INTO tmp_dirty_input
SELECT c.id, c.production_layer_id, c.product_id, c.date
  FROM immex_production_layer p
  JOIN immex_production_consumption c ON c.production_layer_id = p.id AND c.active
  LEFT JOIN tmp_consumption t
    ON t.production_layer_id = c.production_layer_id AND t.natural_key = c.natural_key
 WHERE p.company_id = %(company_id)s AND [[p.production_id in tmp_scope_order]]
   AND c.period_line_id IS NULL AND p.production_id IS NOT NULL
   AND ROW({", ".join("c." + name for name in _CONSUMED)})
       IS DISTINCT FROM ROW({", ".join("t." + name for name in _CONSUMED)})
"""

CONSUMPTION_UPSERT = f"""
WITH written AS (
    INSERT INTO immex_production_consumption AS c (
        company_id, production_layer_id, product_id, lot_id, customs_status,
        principal_id, natural_key, {", ".join(_CONSUMED)}, active,
        create_uid, create_date, write_uid, write_date)
    SELECT %(company_id)s, production_layer_id, product_id, lot_id, customs_status,
           owner_id, natural_key, {", ".join(_CONSUMED)}, TRUE,
           %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM tmp_consumption
    ON CONFLICT (production_layer_id, natural_key) DO UPDATE
       SET ({", ".join(_CONSUMED)}) =
           ({", ".join("EXCLUDED." + name for name in _CONSUMED)}),
           active = TRUE,
           write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
     WHERE ROW({", ".join("c." + name for name in _CONSUMED)}, c.active)
           IS DISTINCT FROM
           ROW({", ".join("EXCLUDED." + name for name in _CONSUMED)}, TRUE)
    RETURNING c.id, c.production_layer_id, c.product_id, c.date
)
INSERT INTO tmp_dirty_input
SELECT id, production_layer_id, product_id, date FROM written
"""

CONSUMPTION_RETIRE = """
UPDATE immex_production_consumption c
   SET active = FALSE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM immex_production_layer p
 WHERE p.id = c.production_layer_id
   AND p.company_id = %(company_id)s AND c.active AND c.period_line_id IS NULL
   AND p.production_id IS NOT NULL AND [[p.production_id in tmp_scope_order]]
   AND NOT EXISTS (
       SELECT 1 FROM tmp_consumption t
        WHERE t.production_layer_id = c.production_layer_id
          AND t.natural_key = c.natural_key)
"""

# One principal, or none: several in an order are a finding.
PRINCIPAL = """
UPDATE immex_production_layer p
   SET principal_id = s.principal_id, principal_count = s.principals
  FROM (
    SELECT l.id, count(DISTINCT c.principal_id) AS principals,
           CASE WHEN count(DISTINCT c.principal_id) = 1
                THEN min(c.principal_id) END AS principal_id
      FROM immex_production_layer l
      LEFT JOIN immex_production_consumption c
        ON c.production_layer_id = l.id AND c.active
     WHERE l.company_id = %(company_id)s AND [[l.production_id in tmp_scope_order]]
     GROUP BY l.id
  ) s
 WHERE s.id = p.id
   AND ROW(p.principal_id, p.principal_count)
       IS DISTINCT FROM ROW(s.principal_id, s.principals)
"""


def sync(cr, ctx):
    """Bring production layers and consumption to what done orders say; return the
    number of changed rows."""
    cr.execute(
        "DROP TABLE IF EXISTS tmp_output, tmp_drawn_line, tmp_drawn_part, tmp_drawn,"
        " tmp_consumption, tmp_dirty_node, tmp_dirty_input"
    )
    execute(cr, ctx, DIRTY, OUTPUT, DRAWN_LINE, DRAWN_PART)
    cr.execute("CREATE INDEX ON tmp_output (production_id)")
    cr.execute("ANALYZE tmp_output, tmp_drawn_line, tmp_drawn_part")
    execute(cr, ctx, WEIGHT, DRAWN, WASTE_OUTPUT)
    cr.execute("ANALYZE tmp_output, tmp_drawn")
    execute(cr, ctx, LAYER_BEFORE)
    changed = execute(cr, ctx, LAYER_UPSERT, LAYER_RETIRE)
    analyze(cr, changed, "immex_production_layer")
    execute(cr, ctx, CONSUMPTION)
    cr.execute("CREATE INDEX ON tmp_consumption (production_layer_id)")
    cr.execute("ANALYZE tmp_consumption")
    execute(cr, ctx, CONSUMPTION_BEFORE)
    changed += execute(cr, ctx, CONSUMPTION_UPSERT, CONSUMPTION_RETIRE)
    changed += opening_stock.sync(cr, ctx)
    changed += period.sync(cr, ctx)
    analyze(cr, changed, "immex_production_consumption")
    execute(cr, ctx, PRINCIPAL)
    return changed
