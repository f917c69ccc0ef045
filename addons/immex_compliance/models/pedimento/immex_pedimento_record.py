# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoRecord(models.Model):
    """A line of the broker's file, verbatim: nothing that came in is lost."""

    _name = "immex.pedimento.record"
    _description = "Line of a pedimento file"
    _order = "pedimento_id, line"
    _rec_name = "text"
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True)
    line = fields.Integer(required=True)
    record_type = fields.Char(size=3, required=True)
    text = fields.Char(required=True)
