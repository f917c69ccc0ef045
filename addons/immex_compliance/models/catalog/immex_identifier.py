# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexIdentifier(models.Model):
    """Identifier, Anexo 22, Appendix 8. Some keys exist at both levels."""

    _name = "immex.identifier"
    _inherit = "immex.catalog.mixin"
    _description = "Identifier"
    _natural_key = ("code", "level", "valid_from")

    level = fields.Selection(
        [("G", "Pedimento"), ("P", "Partida")],
        required=True,
        help="Where the identifier is declared: general or by partida.",
    )
    complement1 = fields.Text()
    complement2 = fields.Text()
    complement3 = fields.Text()

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, level, valid_from)",
        "This identifier already exists at this level.",
    )
