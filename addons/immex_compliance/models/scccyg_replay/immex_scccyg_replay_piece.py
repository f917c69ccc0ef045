# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .words import MONEY


class ImmexScccygReplayPiece(models.Model):
    """What a line of a report took of a charge, at the end of a fortnight."""

    _name = "immex.scccyg.replay.piece"
    _description = "Authority's view: applied to a charge"
    _order = "replay_id desc, step, charge_id, id"
    _log_access = False

    replay_id = fields.Many2one(
        "immex.scccyg.replay", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    charge_id = fields.Many2one(
        "immex.scccyg.replay.charge", required=True, ondelete="cascade", index=True
    )
    discharge_id = fields.Many2one(
        "immex.scccyg.replay.discharge",
        "Reported",
        required=True,
        ondelete="cascade",
        index=True,
    )
    step = fields.Date("Fortnight")
    value = fields.Float("Applied (MXN)", digits=MONEY)
    pedimento_id = fields.Many2one(related="charge_id.pedimento_id")
    payment_date = fields.Date(related="charge_id.payment_date")
    report_id = fields.Many2one(related="discharge_id.report_id")

    @api.depends("charge_id", "discharge_id")
    def _compute_display_name(self):
        for piece in self:
            piece.display_name = piece.charge_id.number
