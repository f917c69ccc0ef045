# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoDate(models.Model):
    """A dated event of a pedimento (record 506), every type kept."""

    _name = "immex.pedimento.date"
    _description = "Date of a pedimento"
    _order = "pedimento_id, kind"
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Char("Type", size=2, required=True)
    date = fields.Date(required=True)
