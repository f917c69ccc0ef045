# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPeriodReopen(models.TransientModel):
    """Reopen a closed month, and all later ones, for a reason."""

    _name = "immex.period.reopen"
    _description = "Reopen a period"

    seal_id = fields.Many2one("immex.period.seal", required=True)
    reason = fields.Char(required=True)

    def action_reopen(self):
        self.ensure_one()
        self.seal_id._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
