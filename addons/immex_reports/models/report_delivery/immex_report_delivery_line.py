# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..report_choice import choices


class ImmexReportDeliveryLine(models.Model):
    """One period of a delivery: what became of it, in words, and its files."""

    _name = "immex.report.delivery.line"
    _description = "Delivered Period"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    delivery_id = fields.Many2one(
        "immex.report.delivery", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="delivery_id.company_id", store=True, index=True
    )
    code = fields.Selection(
        selection=lambda self: choices(),
        string="Report",
        required=True,
        readonly=True,
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    state = fields.Selection(
        [
            ("new", "To Do"),
            ("waiting", "Being Made"),
            ("done", "Delivered"),
            ("failed", "Failed"),
        ],
        required=True,
        default="new",
        readonly=True,
        index=True,
    )
    report_run_id = fields.Many2one(
        "immex.report.run", "Made As", readonly=True, ondelete="set null"
    )
    attachment_ids = fields.One2many(related="report_run_id.attachment_ids")
    message = fields.Text("What Happened", readonly=True)
    delivered_at = fields.Datetime(readonly=True)

    _once = models.Constraint(
        "UNIQUE (delivery_id, code, date_to)", "This period was delivered already."
    )

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            days = (line.date_from, line.date_to)
            line.display_name = " - ".join(
                format_date(self.env, day) for day in dict.fromkeys(days) if day
            )

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A delivered period is not written by hand."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_undelivered(self):
        if any(line.state == "done" for line in self):
            raise UserError(
                self.env._("What was delivered stays: archive the delivery instead.")
            )

    def action_retry(self):
        """Button: once more, after a failure."""
        self.check_access("write")
        if any(line.state != "failed" for line in self):
            raise UserError(self.env._("Only what failed is tried again."))
        self.sudo().write({"state": "new", "message": False})
        self.delivery_id._wake()
        return True
