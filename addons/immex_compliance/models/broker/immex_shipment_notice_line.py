# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexShipmentNoticeLine(models.Model):
    """Goods of a shipment that a broker is told of."""

    _name = "immex.shipment.notice.line"
    _description = "Goods of a notice of shipment"
    _order = "notice_id, id"

    notice_id = fields.Many2one(
        "immex.shipment.notice", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product")
    part_number = fields.Char(required=True)
    description = fields.Char(required=True)
    tariff_item_id = fields.Many2one("immex.tariff.item")
    quantity = fields.Float(digits=(18, 5), required=True)
    uom_id = fields.Many2one("uom.uom", required=True)
    value = fields.Float(digits=(18, 2), required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    origin_id = fields.Many2one("res.country", help="Country of origin of the goods.")
