# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexPedimentoKey(models.Model):
    """Key of a pedimento (clave de pedimento), Anexo 22, Appendix 2."""

    _name = "immex.pedimento.key"
    _inherit = "immex.catalog.mixin"
    _description = "Pedimento key"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
