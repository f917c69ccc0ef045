# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..inventory.walk import window
from .words import ACCOUNTS, CAUSES, MONEY


class ImmexScccygReplayLine(models.Model):
    """A tariff item of an account, fixed assets apart: theirs, ours, what differs."""

    _name = "immex.scccyg.replay.line"
    _description = "Authority's view: tariff item"
    _order = "replay_id desc, account, fraccion, fixed_asset, id"
    _rec_name = "fraccion"
    _log_access = False

    replay_id = fields.Many2one(
        "immex.scccyg.replay", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    account = fields.Selection(
        ACCOUNTS,
        help="Not charged: temporary imports of our ledger that neither paid with "
        "forms 21 or 22 nor came before the certification.",
    )
    fraccion = fields.Char("Tariff Item", size=8)
    fixed_asset = fields.Boolean()
    charged = fields.Float(
        "Charged (MXN)", digits=MONEY, help="Initial inventory and imports, as charged."
    )
    discharged = fields.Float(
        "Applied (MXN)",
        digits=MONEY,
        help="What discharge reports took of these charges, by PEPS.",
    )
    remaining = fields.Float(
        "Remaining (MXN)", digits=MONEY, help="Charges less what was applied."
    )
    tax = fields.Float(
        "VAT and IEPS Charged (MXN)",
        digits=MONEY,
        help="Amounts with forms of payment 21 or 22 of these imports; the initial "
        "inventory tells none.",
    )
    tax_remaining = fields.Float(
        "VAT and IEPS Pending (MXN)",
        digits=MONEY,
        help="Of the tax, the share of the commercial value that remains.",
    )
    expired = fields.Float(
        "Expired (MXN)",
        digits=MONEY,
        help="Remaining of charges past the presumed term.",
    )
    over = fields.Float(
        "Over-discharged (MXN)",
        digits=MONEY,
        help="Sobredescargo: reported above what was charged by the end of that "
        "fortnight.",
    )
    balance = fields.Float(
        "Balance (MXN)", digits=MONEY, help="Remaining less over-discharged."
    )
    pending = fields.Float(
        "To Be Applied (MXN)",
        digits=MONEY,
        help="Sent, and applied at the end of the fortnight only.",
    )
    our_charged = fields.Float(
        "Charged, Ours (MXN)",
        digits=MONEY,
        help="Layers of temporary imports; of those before the certification what was "
        "pending then.",
    )
    our_discharged = fields.Float("Discharged, Ours (MXN)", digits=MONEY)
    our_balance = fields.Float(
        "Balance, Anexo 24 (MXN)",
        digits=MONEY,
        help="Our ledger by part, in commercial value.",
    )
    difference = fields.Float(
        "Difference (MXN)", digits=MONEY, help="Balance of the authority less ours."
    )
    unexplained = fields.Float(
        "Unexplained (MXN)",
        digits=MONEY,
        help="Difference less its causes: nothing, where the replay is right.",
    )
    cause = fields.Selection(
        CAUSES, "Main Cause", help="The one that weighs most of the causes below."
    )
    difference_ids = fields.One2many(
        "immex.scccyg.replay.difference", compute="_compute_difference_ids"
    )

    @api.depends("fraccion", "account", "fixed_asset")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.fraccion or self.env._("Without tariff item")

    def _same(self):
        """Domain of what belongs to this tariff item of its account."""
        self.ensure_one()
        return [
            ("replay_id", "=", self.replay_id.id),
            ("account", "=", self.account),
            ("fraccion", "=", self.fraccion or ""),
            ("fixed_asset", "=", self.fixed_asset),
        ]

    def _compute_difference_ids(self):
        differences = self.env["immex.scccyg.replay.difference"]
        for line in self:
            line.difference_ids = differences.search(line._same(), limit=200)

    def action_charges(self):
        """Button: the charges of this tariff item, and what is left of each."""
        return window(
            self.env,
            self.env._("Charges of %(item)s", item=self.display_name),
            "immex.scccyg.replay.charge",
            self._same(),
        )

    def action_discharges(self):
        """Button: what reports discharged of this tariff item."""
        return window(
            self.env,
            self.env._("Reports of %(item)s", item=self.display_name),
            "immex.scccyg.replay.discharge",
            self._same(),
        )

    def action_pieces(self):
        """Button: fortnight by fortnight, which report took which charge."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Applied to %(item)s", item=self.display_name),
            "res_model": "immex.scccyg.replay.piece",
            "view_mode": "list",
            "domain": [
                ("charge_id", "any", self._same()),
                ("replay_id", "=", self.replay_id.id),
            ],
            "context": {"search_default_by_step": 1},
        }
