# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError


class ImmexReportRun(models.Model):
    _inherit = "immex.report.run"  # pylint: disable=consider-merging-classes-inherited

    @api.ondelete(at_uninstall=False)
    def _unlink_undelivered(self):
        lines = self.env["immex.report.delivery.line"].sudo()
        if lines.search_count(
            [("report_run_id", "in", self.ids), ("state", "=", "done")], limit=1
        ):
            raise UserError(
                self.env._("What was delivered stays: archive the delivery instead.")
            )

    def _job_ended(self, state):
        """A report that a delivery waits for is ready, or failed: look at it."""
        result = super()._job_ended(state)
        lines = self.env["immex.report.delivery.line"].sudo()
        if lines.search_count(
            [("report_run_id", "in", self.ids), ("state", "=", "waiting")], limit=1
        ):
            self.env["immex.report.delivery"]._wake()
        return result
