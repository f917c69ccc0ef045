# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexIncoterm(models.Model):
    """Invoicing term, Anexo 22, Appendix 14, with Odoo's incoterm."""

    _name = "immex.incoterm"
    _inherit = "immex.catalog.mixin"
    _description = "Incoterm"

    incoterm_id = fields.Many2one("account.incoterms", "Incoterm in Odoo")

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
