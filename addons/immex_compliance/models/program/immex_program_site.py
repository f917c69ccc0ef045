# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexProgramSite(models.Model):
    """A plant or warehouse registered in the programme (Anexo 24, A-I-a-4)."""

    _name = "immex.program.site"
    _description = "Registered site of a programme"
    _order = "program_id, kind, id"
    _check_company_auto = True

    program_id = fields.Many2one(
        "immex.program", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("fiscal", "Fiscal domicile"),
            ("plant", "Plant"),
            ("warehouse", "Warehouse"),
            ("submaquila", "Sub-manufacturer"),
        ],
        required=True,
        default="plant",
    )
    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Address",
        required=True,
        help="Street, number, postal code, colonia and state, as Anexo 24 asks.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, help="Odoo warehouse at this site."
    )
    authorization = fields.Char(
        help="Number of the Economy Ministry's registration or of the "
        "sub-manufacture notice (Decreto IMMEX, art. 21)."
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
