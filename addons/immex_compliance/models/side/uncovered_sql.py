# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What deliveries take that the books do not hold, as the last run left them.

Rows: transfer, product, quantity to leave and what is left of the product's layers and
production (text); and the temporary material in what was made, against its imports.
Subassemblies are followed by the simulation alone. A delivery whose document has its
exits is judged by the ledger.
"""

UNCOVERED = """
WITH asked AS (
    SELECT m.picking_id, m.company_id, m.product_id, pt.immex_class,
           sum(m.product_qty)::numeric AS quantity
      FROM stock_move m
      JOIN stock_picking p ON p.id = m.picking_id
      JOIN stock_picking_type k ON k.id = p.picking_type_id
      JOIN product_product pp ON pp.id = m.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
     WHERE m.picking_id IN %(ids)s AND m.company_id IN %(companies)s
       AND k.code = 'outgoing' AND m.state NOT IN ('done', 'cancel')
       AND pt.immex_class IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM immex_exit_line e
            WHERE e.pedimento_id = p.immex_pedimento_id AND e.active)
     GROUP BY m.picking_id, m.company_id, m.product_id, pt.immex_class
), made AS (
    -- what it takes of each production, the oldest first
    SELECT a.picking_id, a.company_id, t.id, t.quantity,
           LEAST(t.rest, a.quantity - t.before) AS taken
      FROM asked a
     CROSS JOIN LATERAL (
        SELECT y.id, y.quantity, y.quantity - y.qty_used AS rest,
               sum(y.quantity - y.qty_used) OVER (
                   ORDER BY y.date, y.natural_key COLLATE "C", y.id)
                   - (y.quantity - y.qty_used) AS before
          FROM immex_production_layer y
         WHERE y.company_id = a.company_id AND y.product_id = a.product_id AND y.active
           AND y.kind = 'product' AND y.qty_used < y.quantity) t
     WHERE a.immex_class <> 'waste' AND t.before < a.quantity
), material AS (
    SELECT m.picking_id, m.company_id, c.product_id,
           round(sum((c.qty_incorporated + c.qty_merma) * m.taken / m.quantity), 6)
               AS quantity
      FROM made m
      JOIN immex_production_consumption c
        ON c.production_layer_id = m.id AND c.active
     WHERE c.customs_status = 'temporary'
       AND NOT EXISTS (
           SELECT FROM immex_production_layer y
            WHERE y.product_id = c.product_id AND y.company_id = m.company_id
              AND y.active)
     GROUP BY m.picking_id, m.company_id, c.product_id)
SELECT a.picking_id, a.product_id, a.quantity::text,
       (made.quantity + held.quantity)::text
  FROM asked a
 CROSS JOIN LATERAL (
    SELECT COALESCE(sum(y.quantity - y.qty_used), 0) AS quantity
      FROM immex_production_layer y
     WHERE y.company_id = a.company_id AND y.product_id = a.product_id AND y.active
       AND y.kind = CASE WHEN a.immex_class = 'waste' THEN 'waste' ELSE 'product' END
       AND y.qty_used < y.quantity) made
 CROSS JOIN LATERAL (
    SELECT COALESCE(sum(l.quantity - l.qty_discharged), 0) AS quantity
      FROM immex_layer l
     WHERE l.company_id = a.company_id AND l.product_id = a.product_id AND l.active
       AND l.qty_discharged < l.quantity) held
 WHERE a.quantity > made.quantity + held.quantity
UNION ALL
SELECT m.picking_id, m.product_id, m.quantity::text, held.quantity::text
  FROM material m
 CROSS JOIN LATERAL (
    SELECT COALESCE(sum(l.quantity - l.qty_discharged), 0) AS quantity
      FROM immex_layer l
     WHERE l.company_id = m.company_id AND l.product_id = m.product_id AND l.active
       AND l.customs_status = 'temporary' AND l.qty_discharged < l.quantity) held
 WHERE m.quantity > held.quantity
 ORDER BY 1, 2
"""
