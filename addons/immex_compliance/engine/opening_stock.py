# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Products that were on hand at the cut-off of another system: production layers
without an order, whose consumption the file of products names.

They are available from the day after the cut-off, after what orders in Odoo made
before. Only a full run reads them: posting or cancelling balances asks for one.
"""

from .statements import execute

STOCK = """
CREATE TEMP TABLE tmp_stock ON COMMIT DROP AS
SELECT s.id, s.product_id, s.lot_id, s.order_name, s.quantity, s.material_id,
       s.customs_status, s.qty_incorporated, s.qty_merma, o.cutoff_date + 1 AS date,
       concat_ws('|', COALESCE(s.order_name, ''),
                 COALESCE(pp.default_code, s.product_id::text),
                 COALESCE(lot.name, '')) AS layer_key,
       concat_ws('|', COALESCE(mp.default_code, s.material_id::text), '',
                 s.customs_status, '') AS consumption_key
  FROM immex_opening o
  JOIN immex_opening_stock s ON s.opening_id = o.id
  JOIN product_product pp ON pp.id = s.product_id
  JOIN product_product mp ON mp.id = s.material_id
  LEFT JOIN stock_lot lot ON lot.id = s.lot_id
 WHERE o.company_id = %(company_id)s AND o.state = 'posted'
"""

_STAMP = "%(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'"

LAYER = f"""
INSERT INTO immex_production_layer AS p (
    company_id, kind, product_id, lot_id, order_name, quantity, qty_used, date,
    natural_key, active, create_uid, create_date, write_uid, write_date)
SELECT DISTINCT %(company_id)s, 'product', product_id, lot_id, order_name, quantity, 0,
       date, layer_key, TRUE, {_STAMP}
  FROM tmp_stock
ON CONFLICT (company_id, natural_key) WHERE production_id IS NULL
DO UPDATE SET (product_id, lot_id, quantity, date, active, write_uid, write_date) =
       (EXCLUDED.product_id, EXCLUDED.lot_id, EXCLUDED.quantity, EXCLUDED.date, TRUE,
        EXCLUDED.write_uid, EXCLUDED.write_date)
 WHERE ROW(p.product_id, p.lot_id, p.quantity, p.date, p.active)
       IS DISTINCT FROM ROW(EXCLUDED.product_id, EXCLUDED.lot_id, EXCLUDED.quantity,
                            EXCLUDED.date, TRUE)
"""

LAYER_RETIRE = """
UPDATE immex_production_layer p
   SET active = FALSE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
 WHERE p.company_id = %(company_id)s AND p.active AND p.production_id IS NULL
   AND NOT EXISTS (SELECT FROM tmp_stock t WHERE t.layer_key = p.natural_key)
"""

CONSUMPTION = f"""
INSERT INTO immex_production_consumption AS c (
    company_id, production_layer_id, product_id, customs_status, status_source,
    natural_key, qty_drawn, qty_incorporated, qty_merma, qty_waste, qty_over, date,
    active, create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, p.id, t.material_id, t.customs_status, 'opening',
       t.consumption_key, t.qty_incorporated + t.qty_merma, t.qty_incorporated,
       t.qty_merma, 0, 0, t.date, TRUE, {_STAMP}
  FROM tmp_stock t
  JOIN immex_production_layer p
    ON p.company_id = %(company_id)s AND p.production_id IS NULL
   AND p.natural_key = t.layer_key
ON CONFLICT (production_layer_id, natural_key) DO UPDATE
   SET (qty_drawn, qty_incorporated, qty_merma, date, active, write_uid, write_date) =
       (EXCLUDED.qty_drawn, EXCLUDED.qty_incorporated, EXCLUDED.qty_merma,
        EXCLUDED.date, TRUE, EXCLUDED.write_uid, EXCLUDED.write_date)
 WHERE ROW(c.qty_incorporated, c.qty_merma, c.date, c.active)
       IS DISTINCT FROM ROW(EXCLUDED.qty_incorporated, EXCLUDED.qty_merma,
                            EXCLUDED.date, TRUE)
"""

CONSUMPTION_RETIRE = """
UPDATE immex_production_consumption c
   SET active = FALSE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM immex_production_layer p
 WHERE p.id = c.production_layer_id AND p.company_id = %(company_id)s
   AND p.production_id IS NULL AND c.active
   AND NOT EXISTS (SELECT FROM tmp_stock t
                    WHERE t.layer_key = p.natural_key
                      AND t.consumption_key = c.natural_key)
"""


def sync(cr, ctx):
    """Bring the layers of products on hand to the posted balances, in a full run;
    return the number of changed rows."""
    if not ctx["full"]:
        return 0
    cr.execute("DROP TABLE IF EXISTS tmp_stock")
    execute(cr, ctx, STOCK)
    cr.execute("ANALYZE tmp_stock")
    return execute(cr, ctx, LAYER, LAYER_RETIRE, CONSUMPTION, CONSUMPTION_RETIRE)
