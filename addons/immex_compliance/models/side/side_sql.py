# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Where a record of Odoo stands in the customs books.

Every statement gives rows (host_id, kind, id): the pedimentos, layers and exits of each
record of ``ids``, in the companies of ``companies``. Facts that the books hold no more
(inactive, superseded) are left out.
"""

# What a transfer's goods became; ``%(transfers)s``: rows (host_id, picking_id).
OF_TRANSFERS = """
WITH host AS (%(transfers)s),
moved AS (
    SELECT h.host_id, m.id AS movement_id
      FROM host h JOIN immex_movement m ON m.picking_id = h.picking_id
     WHERE m.active AND m.company_id IN %(companies)s),
goods AS (
    SELECT DISTINCT v.host_id, k.goods_id
      FROM moved v JOIN immex_goods_link k ON k.movement_id = v.movement_id),
remesa AS (
    SELECT DISTINCT v.host_id, k.remesa_line_id
      FROM moved v JOIN immex_remesa_link k ON k.movement_id = v.movement_id),
exits AS (
    SELECT g.host_id, e.id
      FROM goods g JOIN immex_exit_line e ON e.goods_id = g.goods_id AND e.active
    UNION
    SELECT v.host_id, e.id
      FROM moved v JOIN immex_exit_line e
        ON e.movement_id = v.movement_id AND e.active
    UNION
    SELECT r.host_id, e.id
      FROM remesa r JOIN immex_exit_line e
        ON e.remesa_line_id = r.remesa_line_id AND e.active)
SELECT h.host_id, 'pedimento' AS kind, p.immex_pedimento_id AS id
  FROM host h JOIN stock_picking p ON p.id = h.picking_id
 WHERE p.immex_pedimento_id IS NOT NULL AND p.company_id IN %(companies)s
UNION
SELECT g.host_id, 'pedimento', line.pedimento_id
  FROM goods g JOIN immex_pedimento_goods line ON line.id = g.goods_id
UNION
SELECT host_id, 'exit', id FROM exits
UNION
SELECT g.host_id, 'layer', l.id
  FROM goods g JOIN immex_layer l ON l.goods_id = g.goods_id AND l.active
UNION
SELECT v.host_id, 'layer', l.id
  FROM moved v JOIN immex_layer l ON l.movement_id = v.movement_id AND l.active
UNION
SELECT r.host_id, 'layer', l.id
  FROM remesa r JOIN immex_layer l
    ON l.remesa_line_id = r.remesa_line_id AND l.active
UNION
SELECT x.host_id, 'layer', d.layer_id
  FROM exits x JOIN immex_discharge d ON d.exit_line_id = x.id
 WHERE d.superseded_run_id IS NULL
"""

TRANSFERS = (
    "SELECT id AS host_id, id AS picking_id FROM stock_picking WHERE id IN %(ids)s"
)

PURCHASES = """
SELECT DISTINCT l.order_id AS host_id, m.picking_id
  FROM purchase_order_line l JOIN stock_move m ON m.purchase_line_id = l.id
 WHERE l.order_id IN %(ids)s AND m.picking_id IS NOT NULL
"""

SALES = """
SELECT DISTINCT l.order_id AS host_id, m.picking_id
  FROM sale_order_line l JOIN stock_move m ON m.sale_line_id = l.id
 WHERE l.order_id IN %(ids)s AND m.picking_id IS NOT NULL
"""

INVOICES = """
SELECT l.move_id AS host_id, m.picking_id
  FROM account_move_line l JOIN stock_move m ON m.purchase_line_id = l.purchase_line_id
 WHERE l.move_id IN %(ids)s AND m.picking_id IS NOT NULL
UNION
SELECT l.move_id, m.picking_id
  FROM account_move_line l
  JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
  JOIN stock_move m ON m.sale_line_id = r.order_line_id
 WHERE l.move_id IN %(ids)s AND m.picking_id IS NOT NULL
"""

# What an order made left in these exits, and took these imports along.
ORDERS = """
WITH made AS (
    SELECT production_id AS host_id, id
      FROM immex_production_layer
     WHERE production_id IN %(ids)s AND company_id IN %(companies)s AND active),
needed AS (
    SELECT m.host_id, r.id, r.exit_line_id
      FROM made m JOIN immex_requirement r ON r.production_layer_id = m.id
     WHERE r.superseded_run_id IS NULL
    UNION
    SELECT m.host_id, r.id, r.exit_line_id
      FROM made m
      JOIN immex_production_use u ON u.production_layer_id = m.id
      JOIN immex_requirement r ON r.exit_line_id = u.exit_line_id
     WHERE r.top_layer_id = m.id AND r.superseded_run_id IS NULL),
taken AS (
    SELECT DISTINCT n.host_id, d.layer_id
      FROM needed n JOIN immex_discharge d ON d.requirement_id = n.id
     WHERE d.superseded_run_id IS NULL)
SELECT host_id, 'exit' AS kind, exit_line_id AS id FROM needed
UNION
SELECT host_id, 'layer', layer_id FROM taken
UNION
SELECT t.host_id, 'pedimento', l.pedimento_id
  FROM taken t JOIN immex_layer l ON l.id = t.layer_id
 WHERE l.pedimento_id IS NOT NULL
"""

LOTS = """
WITH lot AS (
    SELECT id AS host_id, product_id, name FROM stock_lot WHERE id IN %(ids)s),
exits AS (
    SELECT t.host_id, e.id
      FROM lot t JOIN immex_exit_line e
        ON e.product_id = t.product_id AND e.lot_id = t.host_id
     WHERE e.active AND e.company_id IN %(companies)s),
layers AS (
    SELECT t.host_id, l.id
      FROM lot t JOIN immex_layer l
        ON l.product_id = t.product_id AND l.lot_name = t.name
     WHERE l.active AND l.company_id IN %(companies)s
    UNION
    SELECT x.host_id, d.layer_id
      FROM exits x JOIN immex_discharge d ON d.exit_line_id = x.id
     WHERE d.superseded_run_id IS NULL)
SELECT host_id, 'exit' AS kind, id FROM exits
UNION
SELECT host_id, 'layer', id FROM layers
UNION
SELECT y.host_id, 'pedimento', l.pedimento_id
  FROM layers y JOIN immex_layer l ON l.id = y.id
 WHERE l.pedimento_id IS NOT NULL
"""

# %(host)s: rows (host_id, product_id)
PRODUCTS = """
WITH host AS (%(products)s)
SELECT h.host_id, 'layer' AS kind, l.id
  FROM host h JOIN immex_layer l ON l.product_id = h.product_id
 WHERE l.active AND l.company_id IN %(companies)s
UNION ALL
SELECT h.host_id, 'exit', e.id
  FROM host h JOIN immex_exit_line e ON e.product_id = h.product_id
 WHERE e.active AND e.company_id IN %(companies)s
UNION ALL
SELECT DISTINCT h.host_id, 'pedimento', g.pedimento_id
  FROM host h JOIN immex_pedimento_goods g ON g.product_id = h.product_id
 WHERE g.company_id IN %(companies)s
"""

VARIANTS = (
    "SELECT id AS host_id, id AS product_id FROM product_product WHERE id IN %(ids)s"
)
TEMPLATES = """
SELECT product_tmpl_id AS host_id, id AS product_id
  FROM product_product WHERE product_tmpl_id IN %(ids)s
"""

# Temporary balance in the product's unit; %(products)s as above.
BALANCE = """
SELECT h.host_id, sum(l.quantity - l.qty_discharged)
  FROM (%(products)s) h JOIN immex_layer l ON l.product_id = h.product_id
 WHERE l.active AND l.customs_status = 'temporary' AND l.company_id IN %(companies)s
   AND l.qty_discharged < l.quantity
 GROUP BY h.host_id
"""

PARTNERS = """
SELECT partner_id AS host_id, 'pedimento' AS kind, id FROM immex_pedimento
 WHERE partner_id IN %(ids)s AND company_id IN %(companies)s
UNION ALL
SELECT partner_id, 'exit', id FROM immex_exit_line
 WHERE partner_id IN %(ids)s AND active AND company_id IN %(companies)s
UNION ALL
SELECT owner_id, 'layer', id FROM immex_layer
 WHERE owner_id IN %(ids)s AND active AND company_id IN %(companies)s
"""
