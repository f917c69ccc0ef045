# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexCurrency(models.Model):
    """Currency key of customs, Anexo 22, Appendix 5, with Odoo's currency."""

    _name = "immex.currency"
    _inherit = "immex.catalog.mixin"
    _description = "Customs currency key"

    currency_id = fields.Many2one("res.currency")

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
