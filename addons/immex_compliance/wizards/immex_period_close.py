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
        """Run the discharge, seal the months, and show the seals."""
        self.ensure_one()
        self.env["immex.period.seal"]._close(self.company_id, self.date_to)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_period_seal"
        )
