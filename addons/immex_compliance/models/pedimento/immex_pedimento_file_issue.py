# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoFileIssue(models.Model):
    """One thing wrong or doubtful in a file: where, what, and how serious."""

    _name = "immex.pedimento.file.issue"
    _description = "Issue in a customs file"
    _order = "file_id, line, id"

    file_id = fields.Many2one(
        "immex.pedimento.file", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    severity = fields.Selection(
        [("error", "Error"), ("warning", "Warning")], required=True
    )
    code = fields.Char(required=True)
    line = fields.Integer()
    record_type = fields.Char()
    field_number = fields.Integer("Field")
    field_name = fields.Char()
    message = fields.Text(required=True)
