# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexValuationMethod(models.Model):
    """Customs valuation method, Anexo 22, Appendix 11."""

    _name = "immex.valuation.method"
    _inherit = "immex.catalog.mixin"
    _description = "Valuation method"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
