# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexCountry(models.Model):
    """Country key of customs (SAAI M3), Anexo 22, Appendix 4, with Odoo's country."""

    _name = "immex.country"
    _inherit = "immex.catalog.mixin"
    _description = "Customs country key"

    country_id = fields.Many2one("res.country", index=True)

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
