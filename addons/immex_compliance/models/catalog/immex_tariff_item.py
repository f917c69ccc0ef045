# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models


class ImmexTariffItem(models.Model):
    """Tariff item (fracción, 8 digits) with its NICO (2 digits), unit and validity.

    A change in the tariff closes an entry and adds another with the same code; parts
    and partidas keep the entry that they were recorded with.
    """

    _name = "immex.tariff.item"
    _inherit = "immex.catalog.mixin"
    _description = "Tariff item"
    _order = "code, valid_from, id"

    code = fields.Char(
        compute="_compute_code", store=True, readonly=False, precompute=True
    )
    fraccion = fields.Char("Tariff Item", size=8, required=True, index=True)
    nico = fields.Char("NICO", size=2, required=True)
    unit_id = fields.Many2one("immex.unit", "UMT", ondelete="restrict")
    rate_ids = fields.One2many("immex.tariff.rate", "tariff_item_id", "Duty Rates")

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)",
        "This tariff item already exists from that date.",
    )
    _code_parts = models.Constraint(
        "CHECK (code = fraccion || nico AND code ~ '^[0-9]{10}$')",
        "A tariff item has 8 digits and its NICO 2; the key is both together.",
    )

    @api.depends("fraccion", "nico")
    def _compute_code(self):
        for item in self:
            item.code = (item.fraccion or "") + (item.nico or "")

    @api.depends("fraccion", "nico", "name")
    def _compute_display_name(self):
        for item in self:
            code = item.fraccion or ""
            item.display_name = (
                f"{code[:4]}.{code[4:6]}.{code[6:]} {item.nico or ''} {item.name or ''}"
            )

    @api.model
    def _code_prefix(self, text):
        # as printed: 8544.42.04 99
        digits = re.sub(r"[.\s-]", "", text)
        return digits if digits.isdigit() else ""
