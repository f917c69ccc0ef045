# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexBrokerDeliveryNumber(models.Model):
    """Number of a pedimento that a delivery is about, recorded or not."""

    _name = "immex.broker.delivery.number"
    _description = "Pedimento of a broker's delivery"
    _order = "name"

    delivery_id = fields.Many2one(
        "immex.broker.delivery", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Pedimento (15 digits)", size=15, required=True, index=True)
