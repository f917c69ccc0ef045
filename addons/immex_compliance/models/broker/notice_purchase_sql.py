# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Goods of a purchase that the broker has not been told of; numeric from end to end.

What is over of a line is what was ordered, less what notices announced or what was
received, whichever is more: goods that came are not announced any more. Values are the
line's between two positions, so that the notices of a line sum to it to the cent.
"""

from ...wizards.broker_draft_sql import ORIGINS

REST = """
INSERT INTO immex_shipment_notice_line (
    notice_id, purchase_line_id, product_id, part_number, description, tariff_item_id,
    quantity, uom_id, value, currency_id, origin_id,
    create_uid, create_date, write_uid, write_date)
WITH announced AS (
    SELECT told.purchase_line_id AS id,
           sum(told.quantity * unit.factor / own.factor) AS quantity
      FROM immex_shipment_notice_line told
      JOIN immex_shipment_notice notice ON notice.id = told.notice_id
      JOIN purchase_order_line line ON line.id = told.purchase_line_id
      JOIN uom_uom unit ON unit.id = told.uom_id
      JOIN uom_uom own ON own.id = line.product_uom_id
     WHERE line.order_id = %(order)s AND notice.state <> 'refused'
     GROUP BY told.purchase_line_id
), rest AS (
    SELECT line.id, line.product_qty::numeric AS ordered,
           GREATEST(round(announced.quantity, 5), line.qty_received::numeric, 0)
               AS before
      FROM purchase_order_line line
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      LEFT JOIN announced ON announced.id = line.id
     WHERE line.order_id = %(order)s AND template.type = 'consu'
)
SELECT %(notice)s, line.id, line.product_id,
       COALESCE(NULLIF(btrim(product.default_code), ''), template.name->>'en_US'),
       COALESCE(NULLIF(btrim(template.immex_customs_description), ''),
                template.name->>'es_MX', template.name->>'en_US'),
       template.immex_tariff_item_id, round(rest.ordered - rest.before, 5),
       line.product_uom_id,
       round(line.price_subtotal::numeric, 2)
           - round(line.price_subtotal::numeric * rest.before / rest.ordered, 2),
       purchase.currency_id, origin.country_id,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM rest
  JOIN purchase_order_line line ON line.id = rest.id
  JOIN purchase_order purchase ON purchase.id = line.order_id
  JOIN product_product product ON product.id = line.product_id
  JOIN product_template template ON template.id = product.product_tmpl_id
  LEFT JOIN unnest(%(origin_products)s::int[], %(origin_countries)s::int[])
       AS origin (product_id, country_id) ON origin.product_id = line.product_id
 WHERE rest.ordered > rest.before
 ORDER BY line.sequence, line.id
RETURNING id
"""

# Two persons at once: the second one fails to serialize and reads what the first did.
TOUCH = "UPDATE purchase_order SET id = id WHERE id = %(order)s"

COUNTRIES = f"""
SELECT told.product_id, country.country_id
  FROM ({ORIGINS}) told (product_id, id)
  JOIN immex_country country ON country.id = told.id
"""
