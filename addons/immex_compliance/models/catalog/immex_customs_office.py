# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexCustomsOffice(models.Model):
    """Customs office and section, Anexo 22, Appendix 1.

    ``code`` is office plus section (3 digits); some offices have no section digit in
    the official text, then ``section`` is empty and ``code`` is the office alone.
    """

    _name = "immex.customs.office"
    _inherit = "immex.catalog.mixin"
    _description = "Customs office and section"
    _natural_key = ("code", "name", "valid_from")

    office = fields.Char(size=2, required=True, index=True)
    section = fields.Char(size=1)

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, name, valid_from)",
        "This customs office already exists.",
    )
