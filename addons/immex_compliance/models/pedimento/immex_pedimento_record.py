# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from . import record_meaning


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
    meaning = fields.Char(compute="_compute_meaning")
    content = fields.Html(
        compute="_compute_content",
        help="Each field of the record by its name in the official layout.",
    )

    @api.depends("record_type")
    @api.depends_context("lang")
    def _compute_meaning(self):
        for record in self:
            record.meaning = record_meaning.meaning(self.env, record.record_type)

    @api.depends("text")
    @api.depends_context("lang")
    def _compute_content(self):
        heads = (self.env._("Field"), self.env._("Meaning"), self.env._("Value"))
        for record in self:
            rows = record_meaning.told(self.env, record.line, record.text or "")
            record.content = record_meaning.table(heads, rows)
