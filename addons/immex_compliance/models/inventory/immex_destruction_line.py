# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDestructionLine(models.Model):
    """One part in a destruction act."""

    _name = "immex.destruction.line"
    _description = "Line of a destruction"
    _order = "destruction_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    destruction_id = fields.Many2one(
        "immex.destruction", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="destruction_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", "Lot or Serial")
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    is_waste = fields.Boolean(
        "Waste",
        default=True,
        help="Residue of production, not goods in the same state.",
    )
    weight = fields.Float("Weight (kg)", digits=(17, 3))

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A destruction needs a quantity greater than zero."
    )
