# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoDate(models.Model):
    """A dated event of a pedimento (record 506), every type kept."""

    _name = "immex.pedimento.date"
    _description = "Date of a pedimento"
    _order = "pedimento_id, kind"

    pedimento_id = fields.Many2one(
        "immex.pedimento", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Char("Type", size=2, required=True)
    date = fields.Date(required=True)
