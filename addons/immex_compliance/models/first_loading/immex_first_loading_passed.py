# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexFirstLoadingPassed(models.Model):
    """A pedimento of Data Stage that was not recorded, or with a warning, and why."""

    _name = "immex.first.loading.passed"
    _description = "First loading: passed over"
    _order = "loading_id, id"
    _rec_name = "datastage_id"
    _log_access = False

    loading_id = fields.Many2one(
        "immex.first.loading", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="loading_id.company_id")
    datastage_id = fields.Many2one(
        "immex.datastage.pedimento",
        "Pedimento",
        required=True,
        ondelete="cascade",
        index=True,
    )
    kind = fields.Selection(
        [("passed", "Not recorded"), ("warning", "Recorded with a warning")],
        "What Became of It",
        required=True,
    )
    key_code = fields.Char(related="datastage_id.key_code")
    payment_date = fields.Date(related="datastage_id.payment_date")
    reason = fields.Text(
        required=True,
        help="Record and field as the broker's file has them. Mend the cause (a key or "
        "unit that the catalogues lack, the RFC of the company) and record again, or "
        "load the broker's file of this pedimento.",
    )
