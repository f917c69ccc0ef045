# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexReportRun(models.Model):
    _inherit = "immex.report.run"  # pylint: disable=consider-merging-classes-inherited

    def _job_ended(self, state):
        """A report that a delivery waits for is ready, or failed: look at it."""
        result = super()._job_ended(state)
        lines = self.env["immex.report.delivery.line"].sudo()
        if lines.search_count(
            [("report_run_id", "in", self.ids), ("state", "=", "waiting")], limit=1
        ):
            self.env["immex.report.delivery"]._wake()
        return result
