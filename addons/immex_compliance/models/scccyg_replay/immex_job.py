# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    kind = fields.Selection(
        selection_add=[
            ("scccyg_replay", "Replay the authority's view"),
            ("scccyg_xlsx", "Write the authority's view as a workbook"),
        ],
        ondelete={"scccyg_replay": "cascade", "scccyg_xlsx": "cascade"},
    )
    scccyg_replay_id = fields.Many2one("immex.scccyg.replay", ondelete="cascade")

    def _work_scccyg_replay(self, environment):
        replay = self.sudo().scccyg_replay_id.with_env(environment)
        replay.check_access("write")
        replay._make()
        return {}

    def _work_scccyg_xlsx(self, environment):
        self.sudo().scccyg_replay_id.with_env(environment)._make_xlsx()
        return {}

    def _finish(self, state, error=False, exception=None):
        result = super()._finish(state, error, exception)
        if state != "done":
            made = self.filtered(lambda job: job.kind == "scccyg_replay")
            made.sudo().scccyg_replay_id._replay_failed()
        return result
