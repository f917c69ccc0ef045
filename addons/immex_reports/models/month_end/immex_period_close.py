# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexPeriodClose(models.TransientModel):
    """A month goes through its checklist before it is closed."""

    _inherit = "immex.period.close"

    def action_close(self):
        """Close where nothing blocks; else show the checklist of the month."""
        self.ensure_one()
        month = self.env["immex.month.end"]._of(self.company_id, self.date_to)
        month.action_check()
        if not month.blocking_count:
            month.action_close()
        return month._action_open()
