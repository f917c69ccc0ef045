# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import fields, models


class ImmexPeriodClose(models.TransientModel):
    """Close the months up to a day: the next run changes nothing there."""

    _name = "immex.period.close"
    _description = "Close a period"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_to = fields.Date(
        "Last Day",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(day=1, days=-1)
        ),
    )

    def action_close(self):
        """Ask for the close, in the background, and show how far it is."""
        self.ensure_one()
        seals = self.env["immex.period.seal"]
        return seals._ask_close(self.company_id, self.date_to)._action_open()
