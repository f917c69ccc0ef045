# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    # a topic a folder
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    kind = fields.Selection(
        selection_add=[("trace", "Make a traceability file")],
        ondelete={"trace": "cascade"},
    )
    trace_file_id = fields.Many2one(
        "immex.trace.file", "Traceability File", ondelete="cascade"
    )

    def _work_trace(self, environment):
        self.sudo().trace_file_id.with_env(environment)._make_here()
        return {}

    def _finish(self, state, error=False, exception=None):
        result = super()._finish(state, error, exception)
        self.sudo().trace_file_id._job_ended(state)
        return result

    def action_open_trace(self):
        """Button: the file that was made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.trace.file",
            "view_mode": "form",
            "res_id": self.trace_file_id.id,
        }
