# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexTariffItem(models.Model):
    """Tariff item (fracción, 8 digits) with its NICO (2 digits), unit and validity."""

    _name = "immex.tariff.item"
    _inherit = "immex.catalog.mixin"
    _description = "Tariff item"

    fraccion = fields.Char("Tariff Item", size=8, required=True, index=True)
    nico = fields.Char("NICO", size=2, required=True)
    unit_id = fields.Many2one("immex.unit", "UMT")
    rate_ids = fields.One2many("immex.tariff.rate", "tariff_item_id")

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)",
        "This tariff item already exists from that date.",
    )

    @api.depends("fraccion", "nico", "name")
    def _compute_display_name(self):
        for item in self:
            code = item.fraccion or ""
            item.display_name = (
                f"{code[:4]}.{code[4:6]}.{code[6:]} {item.nico or ''} {item.name or ''}"
            )
