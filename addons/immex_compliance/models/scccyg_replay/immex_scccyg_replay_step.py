# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_date

from .words import ACCOUNTS, MONEY


class ImmexScccygReplayStep(models.Model):
    """An account at the end of a fortnight, fixed assets apart (Anexo 30, V-a-4)."""

    _name = "immex.scccyg.replay.step"
    _description = "Authority's view: fortnight"
    _order = "replay_id desc, step, account, fixed_asset, id"
    _rec_name = "step"
    _log_access = False

    replay_id = fields.Many2one(
        "immex.scccyg.replay", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    account = fields.Selection(ACCOUNTS)
    fixed_asset = fields.Boolean()
    step = fields.Date("Fortnight", help="Its last day, or the cut-off.")
    charged = fields.Float("Charged (MXN)", digits=MONEY)
    discharged = fields.Float("Applied (MXN)", digits=MONEY)
    over = fields.Float("Over-discharged (MXN)", digits=MONEY)
    remaining = fields.Float(
        "Remaining (MXN)",
        digits=MONEY,
        aggregator=None,
        help="All that is charged by then, less all that was applied.",
    )
    over_so_far = fields.Float(
        "Over-discharged So Far (MXN)", digits=MONEY, aggregator=None
    )
    expired = fields.Float(
        "Expired (MXN)",
        digits=MONEY,
        aggregator=None,
        help="Of what remains, that of charges past the presumed term.",
    )

    @api.depends("step")
    def _compute_display_name(self):
        for row in self:
            row.display_name = format_date(self.env, row.step)
