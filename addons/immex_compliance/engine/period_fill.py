# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The statements that fill a period consumption from Odoo's stock and the ledger."""

# What orders drew in the period, by material; shares of ratified documents apart.
ORDERS = """
SELECT c.product_id, sum(c.qty_drawn) AS quantity
  FROM immex_production_consumption c
  JOIN immex_production_layer n
    ON n.id = c.production_layer_id AND n.kind = 'product' AND n.active
 WHERE c.company_id = %(company_id)s AND c.active AND c.period_line_id IS NULL
   AND c.date BETWEEN %(date_from)s AND %(date_to)s
 GROUP BY c.product_id
"""

# Adjustments by count are neither receipt nor exit: what they correct was used in the
# period, or was not. Scrapping outside an order is an exit.
FILL = f"""
INSERT INTO immex_period_consumption_line AS l (
    document_id, company_id, product_id, customs_status, counted, spread_kind,
    opening, receipts, exits, closing, order_consumption, period_consumption,
    difference, to_spread, create_uid, create_date, write_uid, write_date)
WITH crossing AS (
    SELECT sml.product_id,
           COALESCE(sp.immex_event_date, mo.immex_event_date,
                    (sml.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) AS date,
           CASE WHEN dst.inside THEN sml.quantity_product_uom
                ELSE -sml.quantity_product_uom END::numeric(18, 6) AS qty,
           sm.raw_material_production_id IS NULL
             AND (CASE WHEN dst.inside THEN src.usage ELSE dst.usage END <> 'inventory'
                  OR sm.scrap_id IS NOT NULL) AS other
      FROM stock_move_line sml
      JOIN stock_move sm ON sm.id = sml.move_id
      JOIN product_product pp ON pp.id = sml.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN LATERAL (
          SELECT usage, usage IN ('internal', 'transit') AND company_id IS NOT NULL
                 AS inside
            FROM stock_location WHERE id = sml.location_id) src ON TRUE
      JOIN LATERAL (
          SELECT usage, usage IN ('internal', 'transit') AND company_id IS NOT NULL
                 AS inside
            FROM stock_location WHERE id = sml.location_dest_id) dst ON TRUE
      LEFT JOIN stock_picking sp ON sp.id = sml.picking_id
      LEFT JOIN mrp_production mo
        ON mo.id = COALESCE(sm.raw_material_production_id, sm.production_id)
     WHERE sml.company_id = %(company_id)s AND sml.state = 'done'
       AND pt.immex_class IN ('material', 'indirect')
       AND src.inside <> dst.inside
), book AS (
    SELECT product_id,
           COALESCE(sum(qty) FILTER (WHERE date < %(date_from)s), 0) AS opening,
           COALESCE(sum(qty) FILTER (
               WHERE date >= %(date_from)s AND other AND qty > 0), 0) AS receipts,
           COALESCE(-sum(qty) FILTER (
               WHERE date >= %(date_from)s AND other AND qty < 0), 0) AS exits,
           sum(qty) AS closing
      FROM crossing
     WHERE date <= %(date_to)s
     GROUP BY product_id
), orders AS ({ORDERS}),
before AS (
    -- the count that the period before was ratified with
    SELECT b.product_id, b.closing
      FROM immex_period_consumption_line b
      JOIN immex_period_consumption d ON d.id = b.document_id
     WHERE d.company_id = %(company_id)s AND d.state = 'ratified'
       AND d.date_to = %(date_from)s::date - 1
), kept AS (
    SELECT product_id, opening, closing FROM immex_period_consumption_line
     WHERE document_id = %(document_id)s AND counted
), counts AS (
    SELECT b.product_id, b.receipts, b.exits, COALESCE(o.quantity, 0) AS drawn,
           COALESCE(k.opening, e.closing, b.opening) AS opening,
           COALESCE(k.closing, b.closing) AS closing
      FROM book b
      LEFT JOIN orders o USING (product_id)
      LEFT JOIN before e USING (product_id)
      LEFT JOIN kept k USING (product_id)
), used AS (
    SELECT *, opening + receipts - exits - closing AS used FROM counts
     WHERE opening <> 0 OR receipts <> 0 OR exits <> 0 OR closing <> 0 OR drawn <> 0
)
SELECT %(document_id)s, %(company_id)s, u.product_id,
       COALESCE(
           (SELECT c.customs_status
              FROM immex_production_consumption c
             WHERE c.company_id = %(company_id)s AND c.active
               AND c.product_id = u.product_id AND c.period_line_id IS NULL
               AND c.date BETWEEN %(date_from)s AND %(date_to)s
             GROUP BY c.customs_status
             ORDER BY sum(c.qty_drawn) DESC, c.customs_status DESC LIMIT 1),
           (SELECT min(y.customs_status) FROM immex_layer y
             WHERE y.company_id = %(company_id)s AND y.active
               AND y.product_id = u.product_id
            HAVING count(DISTINCT y.customs_status) = 1),
           (SELECT immex_status_policy FROM res_company WHERE id = %(company_id)s)),
       FALSE, CASE WHEN pt.immex_class = 'indirect' THEN 'merma'
                   ELSE 'incorporated' END,
       u.opening, u.receipts, u.exits, u.closing, u.drawn, u.used, u.used - u.drawn,
       GREATEST(u.used - u.drawn, 0),
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM used u
  JOIN product_product pp ON pp.id = u.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
ON CONFLICT (document_id, product_id) DO UPDATE
   SET (opening, receipts, exits, closing, order_consumption, period_consumption,
        difference, to_spread, write_uid, write_date) =
       (EXCLUDED.opening, EXCLUDED.receipts, EXCLUDED.exits, EXCLUDED.closing,
        EXCLUDED.order_consumption, EXCLUDED.period_consumption, EXCLUDED.difference,
        EXCLUDED.to_spread, EXCLUDED.write_uid, EXCLUDED.write_date)
"""

# Materials whose orders say something else than the document.
STALE = f"""
WITH orders AS ({ORDERS})
SELECT COALESCE(l.product_id, o.product_id)
  FROM (SELECT * FROM immex_period_consumption_line
         WHERE document_id = %(document_id)s) l
  LEFT JOIN orders o USING (product_id)
 WHERE l.order_consumption <> COALESCE(o.quantity, 0)
"""
