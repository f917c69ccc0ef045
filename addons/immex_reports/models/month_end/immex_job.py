# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    """A month that has its checklist is closed by it."""

    # a topic a folder
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    month_end_id = fields.Many2one(
        "immex.month.end", "Month-End", ondelete="set null", index="btree_not_null"
    )

    def _work_close(self, environment):
        month = self.sudo().month_end_id.with_env(environment)
        return month._close_here() if month else super()._work_close(environment)

    def _tell_close(self):
        words = super()._tell_close()
        if self.month_end_id:
            self.month_end_id.message_post(body=words)
        return words

    def action_open_month_end(self):
        """Button: the checklist of the month."""
        return self.month_end_id._action_open()
