# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    _inherit = "immex.job"

    kind = fields.Selection(
        selection_add=[("report", "Make a report")], ondelete={"report": "cascade"}
    )
    report_run_id = fields.Many2one("immex.report.run", "Report", ondelete="cascade")

    def _work_report(self, environment):
        self.sudo().report_run_id.with_env(environment)._make_here()
        return {}

    def _finish(self, state, error=False, exception=None):
        result = super()._finish(state, error, exception)
        self.sudo().report_run_id._job_ended(state)
        return result

    def action_open_report(self):
        """Button: the report, with its files."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.report.run",
            "view_mode": "form",
            "res_id": self.report_run_id.id,
        }
