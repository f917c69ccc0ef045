# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexSimulationLine(models.TransientModel):
    """A product that is planned to leave."""

    _name = "immex.simulation.line"
    _description = "Planned exit"

    simulation_id = fields.Many2one(
        "immex.simulation", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", required=True, domain=[("immex_class", "!=", False)]
    )
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", domain="[('product_id', '=', product_id)]"
    )
    quantity = fields.Float(digits=(18, 6), required=True, default=1)
    is_waste = fields.Boolean("Waste")

    _positive = models.Constraint(
        "CHECK (quantity > 0)", "A planned exit needs a quantity greater than zero."
    )

    @api.depends("product_id", "quantity")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_id.display_name
