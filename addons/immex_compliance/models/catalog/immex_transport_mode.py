# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexTransportMode(models.Model):
    """Means of transport, Anexo 22, Appendix 3."""

    _name = "immex.transport.mode"
    _inherit = "immex.catalog.mixin"
    _description = "Means of transport"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
