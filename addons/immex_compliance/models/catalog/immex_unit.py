# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexUnit(models.Model):
    """Unit of measure of customs, Anexo 22, Appendix 7, with Odoo's unit where both
    mean exactly the same."""

    _name = "immex.unit"
    _inherit = "immex.catalog.mixin"
    _description = "Customs unit"

    uom_id = fields.Many2one("uom.uom", "Unit in Odoo")

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
