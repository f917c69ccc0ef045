# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a transfer or a purchase says of its parts, and their customs quantities.

Sources give: product, quantity in its unit (text), value (text, null where a line has
no price), currency. Exact decimals travel as text.
"""

from ..models.pedimento.detail_sql import FACTOR

TRANSFER = """
SELECT sm.product_id, sum(sm.product_qty::numeric)::text,
       CASE WHEN bool_and(COALESCE(pol.id, sol.id) IS NOT NULL)
            THEN round(sum(sm.product_qty::numeric * COALESCE(
                pol.price_subtotal::numeric / NULLIF(pol.product_uom_qty::numeric, 0),
                sol.price_subtotal::numeric / NULLIF(
                    sol.product_uom_qty::numeric * line_uom.factor / own.factor, 0)
            )), 2)::text END,
       COALESCE(po.currency_id, so.currency_id)
  FROM stock_move sm
  JOIN product_product pp ON pp.id = sm.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom own ON own.id = pt.uom_id
  LEFT JOIN purchase_order_line pol ON pol.id = sm.purchase_line_id
  LEFT JOIN purchase_order po ON po.id = pol.order_id
  LEFT JOIN sale_order_line sol ON sol.id = sm.sale_line_id
  LEFT JOIN uom_uom line_uom ON line_uom.id = sol.product_uom_id
  LEFT JOIN sale_order so ON so.id = sol.order_id
 WHERE sm.picking_id = %(id)s AND sm.state <> 'cancel' AND sm.product_qty > 0
 GROUP BY sm.product_id, pp.default_code, COALESCE(po.currency_id, so.currency_id)
 ORDER BY pp.default_code, sm.product_id
"""

PURCHASE = """
SELECT pol.product_id, sum(pol.product_uom_qty::numeric)::text,
       round(sum(pol.price_subtotal::numeric), 2)::text, po.currency_id
  FROM purchase_order_line pol
  JOIN purchase_order po ON po.id = pol.order_id
  JOIN product_product pp ON pp.id = pol.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE pol.order_id = %(id)s AND pol.product_uom_qty > 0 AND pt.type = 'consu'
 GROUP BY pol.product_id, pp.default_code, po.currency_id
 ORDER BY pp.default_code, pol.product_id
"""

# The origin that the last import of a part declared.
ORIGINS = """
SELECT DISTINCT ON (g.product_id) g.product_id, c.id
  FROM immex_pedimento_goods g
  JOIN immex_country c ON c.country_id = g.origin_country_id
  JOIN immex_pedimento p ON p.id = g.pedimento_id
 WHERE g.company_id = %(company_id)s AND g.product_id = ANY(%(products)s)
   AND g.origin_country_id IS NOT NULL AND p.operation_type = '1'
   AND p.state <> 'cancelled'
 ORDER BY g.product_id, p.payment_date DESC NULLS LAST, p.number15 DESC, g.id DESC,
          c.valid_from DESC NULLS LAST, c.id
"""

# The identifiers that the last import of a part declared, as ``identifiers_of`` reads
# them; those of another tariff item say nothing of this one.
IDENTIFIERS = """
WITH last AS (
    SELECT DISTINCT ON (g.product_id) g.product_id, g.partida_id
      FROM immex_pedimento_goods g
      JOIN immex_pedimento p ON p.id = g.pedimento_id
      JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
      JOIN product_product pp ON pp.id = g.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN immex_tariff_item ti ON ti.id = pt.immex_tariff_item_id
     WHERE g.company_id = %(company_id)s AND g.product_id = ANY(%(products)s)
       AND p.operation_type = '1' AND p.state <> 'cancelled'
       AND pa.fraccion = ti.fraccion
     ORDER BY g.product_id, p.payment_date DESC NULLS LAST, p.number15 DESC, g.id DESC
)
SELECT last.product_id, string_agg(told.text, '; ' ORDER BY i.id)
  FROM last
  JOIN immex_pedimento_identifier i ON i.partida_id = last.partida_id
  CROSS JOIN LATERAL (
      SELECT rtrim(concat(i.code, '|', i.complement1, '|', i.complement2, '|',
                          i.complement3), '|') AS text) told
 WHERE told.text NOT LIKE '%%;%%'
 GROUP BY last.product_id
"""

# Quantities of the lines in one of their two units; null without a factor.
_QUANTITY = """
SELECT l.id, round(l.quantity * fx.customs_qty / fx.part_qty, {digits})::text
  FROM immex_broker_draft_line l
  JOIN immex_broker_draft d ON d.id = l.draft_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN immex_tariff_item ti ON ti.id = l.tariff_item_id
  CROSS JOIN LATERAL (SELECT {unit} AS umc_id) pa
  CROSS JOIN LATERAL (
      SELECT d.company_id, d.invoice_date AS payment_date, NULL::date AS entry_date,
             d.create_date AS registered_at
  ) p
  {factor}
 WHERE l.draft_id = %(id)s
"""
QUANTITY_UMC = _QUANTITY.format(digits=3, unit="l.umc_id", factor=FACTOR)
QUANTITY_UMT = _QUANTITY.format(digits=5, unit="ti.unit_id", factor=FACTOR)
VALUES = """
SELECT id, COALESCE(value, 0)::text FROM immex_broker_draft_line
 WHERE draft_id = %(id)s
"""
