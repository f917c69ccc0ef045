# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Where a split of partidas can be read from, as (product, quantity, weight) rows.

Every query gives: product id, template id, quantity in the product's unit (text),
value weight (text or null where the source has no price), documents. Exact decimals
travel as text.
"""

RECEIPT = """
SELECT sml.product_id, pp.product_tmpl_id,
       sum(sml.quantity_product_uom)::text,
       CASE WHEN bool_and(pol.id IS NOT NULL)
            THEN sum(sml.quantity_product_uom
                     * pol.price_subtotal / NULLIF(pol.product_qty, 0))::text END,
       string_agg(DISTINCT t.name, ', ')
  FROM stock_move_line sml
  JOIN stock_move sm ON sm.id = sml.move_id
  JOIN stock_picking t ON t.id = sml.picking_id
  JOIN product_product pp ON pp.id = sml.product_id
  LEFT JOIN purchase_order_line pol ON pol.id = sm.purchase_line_id
 WHERE t.immex_pedimento_id = %(pedimento_id)s
   AND t.company_id = %(company_id)s
   AND t.state = 'done'
   AND sml.quantity_product_uom > 0
 GROUP BY sml.product_id, pp.product_tmpl_id
 ORDER BY min(t.name), min(pp.default_code), sml.product_id
"""

# Bills and invoices bear the number of the pedimento's invoice (505, field 4), as
# reference (supplier's bill) or as their own number (our invoice).
INVOICE = """
SELECT aml.product_id, pp.product_tmpl_id,
       sum(aml.quantity * line_uom.factor / own.factor)::text,
       sum(aml.price_subtotal)::text,
       string_agg(DISTINCT COALESCE(am.ref, am.name), ', ')
  FROM account_move_line aml
  JOIN account_move am ON am.id = aml.move_id
  JOIN product_product pp ON pp.id = aml.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom own ON own.id = pt.uom_id
  JOIN uom_uom line_uom ON line_uom.id = COALESCE(aml.product_uom_id, pt.uom_id)
 WHERE am.company_id = %(company_id)s
   AND am.state <> 'cancel'
   AND aml.display_type = 'product'
   AND aml.quantity > 0
   AND EXISTS (
       SELECT 1 FROM immex_pedimento_invoice i
        WHERE i.pedimento_id = %(pedimento_id)s
          AND (am.move_type = 'in_invoice' AND am.ref = i.number
               OR am.move_type = 'out_invoice' AND am.name = i.number))
 GROUP BY aml.product_id, pp.product_tmpl_id
 ORDER BY min(pp.default_code), aml.product_id
"""

SOURCES = {"receipt": RECEIPT, "invoice": INVOICE}
