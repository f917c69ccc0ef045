# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexFileImportIssue(models.TransientModel):
    """One issue of the file that was just refused; not kept with the books."""

    _name = "immex.file.import.issue"
    _description = "Issue of a refused file"
    _order = "severity, line, id"

    import_id = fields.Many2one("immex.file.import", required=True, ondelete="cascade")
    severity = fields.Selection(
        [("error", "Error"), ("warning", "Warning")], required=True
    )
    code = fields.Char(required=True)
    line = fields.Integer()
    record_type = fields.Char("Record")
    field_number = fields.Integer("Field")
    field_name = fields.Char()
    message = fields.Text(required=True)
