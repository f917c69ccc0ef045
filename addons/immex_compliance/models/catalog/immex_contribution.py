# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexContribution(models.Model):
    """Contribution, cuota compensatoria, fee or fine, Anexo 22, Appendix 12."""

    _name = "immex.contribution"
    _inherit = "immex.catalog.mixin"
    _description = "Contribution"

    abbreviation = fields.Char()
    levels = fields.Char(help="G pedimento, P partida, C complementary pedimento.")

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
