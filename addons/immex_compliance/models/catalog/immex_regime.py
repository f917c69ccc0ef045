# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexRegime(models.Model):
    """Customs regime, Anexo 22, Appendix 16."""

    _name = "immex.regime"
    _inherit = "immex.catalog.mixin"
    _description = "Customs regime"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
