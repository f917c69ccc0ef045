# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexDestinationZone(models.Model):
    """Destination or origin zone of the goods, Anexo 22, Appendix 15."""

    _name = "immex.destination.zone"
    _inherit = "immex.catalog.mixin"
    _description = "Destination zone"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
