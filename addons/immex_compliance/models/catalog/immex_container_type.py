# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexContainerType(models.Model):
    """Type of container, Anexo 22, Appendix 10."""

    _name = "immex.container.type"
    _inherit = "immex.catalog.mixin"
    _description = "Container type"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
