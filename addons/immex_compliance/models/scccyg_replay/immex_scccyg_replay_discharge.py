# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .words import ACCOUNTS, MONEY


class ImmexScccygReplayDischarge(models.Model):
    """A tariff item of a discharge report, as the authority applied it."""

    _name = "immex.scccyg.replay.discharge"
    _description = "Authority's view: reported discharge"
    _order = "replay_id desc, step, date_to, report_id, fraccion, fixed_asset, id"
    _rec_name = "report_id"
    _log_access = False

    replay_id = fields.Many2one(
        "immex.scccyg.replay", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    account = fields.Selection(ACCOUNTS)
    report_id = fields.Many2one(
        "immex.scccyg.report", required=True, ondelete="cascade", index=True
    )
    destination = fields.Selection(
        selection=lambda self: (
            self.env["immex.operation.rule"]
            ._fields["destination"]
            ._description_selection(self.env)
        ),
        string="Customs Destination",
    )
    date_to = fields.Date("Period Until")
    fraccion = fields.Char("Tariff Item", size=8)
    fixed_asset = fields.Boolean()
    value = fields.Float("Reported (MXN)", digits=MONEY)
    step = fields.Date("Fortnight", help="At whose end it is applied.")
    pending = fields.Boolean("To Be Applied", help="The fortnight had not ended yet.")
    applied = fields.Float("Applied (MXN)", digits=MONEY)
    over = fields.Float("Over-discharged (MXN)", digits=MONEY)
    reason = fields.Selection(
        [
            ("exhausted", "All that was charged is discharged"),
            ("charged_later", "Charged after the fortnight only"),
            ("other_class", "Charged as fixed asset, reported as material, or so"),
            ("never_charged", "The tariff item was never charged"),
        ],
        "Why Too Much",
    )
    piece_ids = fields.One2many("immex.scccyg.replay.piece", "discharge_id")
