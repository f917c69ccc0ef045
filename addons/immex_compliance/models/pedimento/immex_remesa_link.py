# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexRemesaLink(models.Model):
    """How much of a physical movement belongs to a remesa's part, while its pedimento
    is open. The engine writes it; at closing goods lines take the movements over."""

    _name = "immex.remesa.link"
    _description = "Remesa and physical movement"
    _order = "remesa_line_id, id"
    _check_company_auto = True

    remesa_line_id = fields.Many2one(
        "immex.remesa.line", required=True, ondelete="cascade", index=True
    )
    movement_id = fields.Many2one(
        "immex.movement", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )

    _pair_unique = models.Constraint(
        "UNIQUE (remesa_line_id, movement_id)",
        "This movement is already linked to the part.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A link needs a quantity greater than zero."
    )
