# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import api, fields, models


class ImmexShipmentNoticeLine(models.Model):
    """Goods of a shipment that a broker is told of."""

    _name = "immex.shipment.notice.line"
    _description = "Goods of a notice of shipment"
    _order = "notice_id, id"

    notice_id = fields.Many2one(
        "immex.shipment.notice", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product")
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        "Ordered As",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    part_number = fields.Char(required=True)
    description = fields.Char(required=True)
    tariff_item_id = fields.Many2one("immex.tariff.item")
    quantity = fields.Float(digits=(18, 5), required=True)
    uom_id = fields.Many2one("uom.uom", "Unit", required=True)
    value = fields.Float(digits=(18, 2), required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    origin_id = fields.Many2one("res.country", help="Country of origin of the goods.")

    @api.onchange("quantity", "uom_id")
    def _onchange_quantity(self):
        """A part of what was ordered is worth its part of the price."""
        for line in self:
            ordered = line.purchase_line_id.sudo()
            if not (ordered.product_qty and line.uom_id):
                continue
            share = Decimal(str(line.quantity)) * Decimal(str(line.uom_id.factor))
            whole = Decimal(str(ordered.product_qty))
            whole *= Decimal(str(ordered.product_uom_id.factor))
            value = Decimal(str(ordered.price_subtotal)) * share / whole
            line.value = float(round(value, 2))
