# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexRateType(models.Model):
    """Type of rate of a contribution, Anexo 22, Appendix 18."""

    _name = "immex.rate.type"
    _inherit = "immex.catalog.mixin"
    _description = "Rate type"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
