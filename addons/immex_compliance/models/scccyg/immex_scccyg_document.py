# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexScccygDocument(models.Model):
    """A document that a discharge report names: a pedimento, or a folio."""

    _name = "immex.scccyg.document"
    _description = "SCCCyG: documents"
    _order = "report_id, date, id"
    _log_access = False
    _rec_name = "folio"

    report_id = fields.Many2one(
        "immex.scccyg.report", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="report_id.company_id")
    pedimento_id = fields.Many2one("immex.pedimento", ondelete="restrict")
    destruction_id = fields.Many2one("immex.destruction", ondelete="restrict")
    folio = fields.Char(help="Of a notice, CTM or CFDI.")
    date = fields.Date(
        help="Of payment, issue or acknowledgement: it gives the period."
    )
