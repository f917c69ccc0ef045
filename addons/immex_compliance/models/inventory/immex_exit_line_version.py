# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexExitLineVersion(models.Model):
    """The date of an exit's document until a run changed it; see
    ``engine/history.py``."""

    _name = "immex.exit.line.version"
    _description = "Exit as it was"
    _order = "exit_line_id, until_run, id"
    _rec_name = "exit_line_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    exit_line_id = fields.Many2one(
        "immex.exit.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    until_run = fields.Integer(
        required=True, readonly=True, help="Number of the run that changed it."
    )
    document_date = fields.Date(readonly=True)

    _run = models.Index("(company_id, until_run)")
