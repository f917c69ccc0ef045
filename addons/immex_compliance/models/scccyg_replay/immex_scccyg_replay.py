# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.context import without_defaults
from . import replay_sql
from .words import MONEY

KEEP_DAYS = 30  # of a replay that a report made
INLINE = 20_000  # layers, and rows of the ledger, that a request replays by itself


class ImmexScccygReplay(models.Model):
    """The authority's view at the end of a day: a replay of what the SCCCyG does with
    what was charged and reported (RGCE Anexo 30, V), next to our own ledger by value.

    It is kept as it was made, with the settings that it took; another one is made for
    another day or after a change.
    """

    _name = "immex.scccyg.replay"
    _description = "Authority's view (SCCCyG)"
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(
        "At the End Of",
        required=True,
        default=fields.Date.context_today,
        help="Charges that were paid, and reports that were applied, by then.",
    )
    state = fields.Selection(
        [
            ("draft", "Not made yet"),
            ("waiting", "Being made"),
            ("done", "Made"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    user_id = fields.Many2one("res.users", "Made By", readonly=True, copy=False)
    done_at = fields.Datetime("Made At", readonly=True, copy=False)
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, copy=False, ondelete="set null"
    )
    for_report = fields.Boolean(
        "Made for a Report",
        readonly=True,
        copy=False,
        help="It goes after 30 days, as the rows of the report do.",
    )
    # settings, as they were taken
    account = fields.Selection(
        [
            ("credit", "Credit (form of payment 21)"),
            ("guarantee", "Guarantee (form of payment 22)"),
            ("both", "Credit and guarantee"),
        ],
        "Account Reported On",
        readonly=True,
        copy=False,
    )
    start_date = fields.Date("Certification in Force Since", readonly=True, copy=False)
    expiring = fields.Selection(
        [("out", "Left out, and told apart"), ("in", "In the report")],
        "Term Ends Within the Period",
        readonly=True,
        copy=False,
    )
    charge_date = fields.Selection(
        [("payment", "Date of payment"), ("entry", "Date of entry")],
        "Order of Charges",
        readonly=True,
        copy=False,
    )
    applied_by = fields.Selection(
        [("sent", "The day it was sent"), ("period", "The end of its period")],
        "A Report Counts From",
        readonly=True,
        copy=False,
    )
    presumed_months = fields.Integer(
        "Presumed Term (months)", readonly=True, copy=False
    )
    presumed_months_asset = fields.Integer(
        "Presumed Term of Fixed Assets (months)", readonly=True, copy=False
    )
    initial_account = fields.Selection(
        [("credit", "Credit"), ("guarantee", "Guarantee")],
        "Initial Inventory Counts As",
        readonly=True,
        copy=False,
    )
    # figures
    charged = fields.Float("Charged (MXN)", digits=MONEY, readonly=True, copy=False)
    discharged = fields.Float("Applied (MXN)", digits=MONEY, readonly=True, copy=False)
    remaining = fields.Float("Remaining (MXN)", digits=MONEY, readonly=True, copy=False)
    tax_remaining = fields.Float(
        "VAT and IEPS Pending (MXN)", digits=MONEY, readonly=True, copy=False
    )
    expired = fields.Float("Expired (MXN)", digits=MONEY, readonly=True, copy=False)
    over = fields.Float(
        "Over-discharged (MXN)", digits=MONEY, readonly=True, copy=False
    )
    our_balance = fields.Float(
        "Balance, Anexo 24 (MXN)", digits=MONEY, readonly=True, copy=False
    )
    difference = fields.Float(
        "Difference (MXN)",
        digits=MONEY,
        readonly=True,
        copy=False,
        help="Remaining less over-discharged, less the balance of Anexo 24.",
    )
    over_count = fields.Integer(
        "Over-discharged Tariff Items", readonly=True, copy=False
    )
    differing_count = fields.Integer(
        "Tariff Items That Differ", readonly=True, copy=False
    )
    line_ids = fields.One2many("immex.scccyg.replay.line", "replay_id", copy=False)
    step_ids = fields.One2many("immex.scccyg.replay.step", "replay_id", copy=False)

    @api.depends("date")
    def _compute_display_name(self):
        for replay in self:
            replay.display_name = self.env._(
                "Authority's view of %(date)s",
                date=format_date(self.env, replay.date) or "",
            )

    # who may write what --------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_replay_values(vals, {"company_id", "date"})
        asked = without_defaults(self, ("company_id", "date"))
        return super(ImmexScccygReplay, asked).create(vals_list)

    def write(self, vals):
        self._check_replay_values(vals, {"date"})
        if not self.env.su and any(replay.state != "draft" for replay in self):
            raise UserError(
                self.env._(
                    "A replay is kept as it was made. Make another one for another day."
                )
            )
        return super().write(vals)

    def _check_replay_values(self, vals, allowed):
        if not self.env.su and set(vals) - allowed:
            raise AccessError(self.env._("Of a replay, only the date can be written."))

    # making --------------------------------------------------------------------
    def action_replay(self):
        """Button: replay, in the background where there is much to read."""
        self.ensure_one()
        self.check_access("write")
        replay = self.sudo()
        if replay.state not in ("draft", "failed"):
            raise UserError(self.env._("It is made already, or being made."))
        self._replay_parameters()  # settings that are missing are told at once
        replay.user_id = self.env.user
        domain = [("company_id", "=", self.company_id.id)]
        if all(
            self.env[model].sudo().search_count(domain, limit=INLINE + 1) <= INLINE
            for model in ("immex.layer", "immex.discharge", "immex.datastage.pedimento")
        ):
            replay._make()
            return True
        replay.state = "waiting"
        replay.job_id = self.env["immex.job"]._enqueue(
            replay.company_id,
            "scccyg_replay",
            replay.display_name,
            scccyg_replay_id=replay.id,
        )
        return replay.job_id._action_open()

    def _replay_parameters(self):
        layouts = self.env["immex.scccyg.layout"].sudo()
        return layouts._at(self.company_id, self.date)._replay_settings()

    @api.private
    def _make(self):
        """Write the tables of this replay, in this transaction."""
        self.ensure_one()
        settings = self._replay_parameters()
        self.env.flush_all()
        replay_sql.make(
            self.env.cr,
            {
                **settings,
                "replay_id": self.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "start": settings["start_date"],
                "months": settings["presumed_months"],
                "months_asset": settings["presumed_months_asset"],
                "expiring": settings["expiring"] == "in",
            },
        )
        self.env.invalidate_all()
        self.sudo().write(
            {**settings, "state": "done", "done_at": fields.Datetime.now()}
        )

    @api.private
    def _replay_failed(self):
        self.write({"state": "failed"})

    @api.model
    def _of(self, company, date):
        """A new replay of ``company`` at the end of ``date``, made in this
        transaction. For reports, which show it."""
        replay = self.sudo().create(
            {"company_id": company.id, "date": date, "for_report": True}
        )
        replay.user_id = self.env.user
        replay._make()
        return replay

    @api.autovacuum
    def _gc_scccyg_replays(self):
        """Those that reports made are remade at will; the others are kept."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        domain = [("for_report", "=", True), ("create_date", "<", limit)]
        self.search(domain, limit=100).unlink()

    # looking -------------------------------------------------------------------
    def _open(self, model, name, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("replay_id", "=", self.id)],
            "context": context,
        }

    def action_lines(self):
        """Button: the tariff items."""
        return self._open("immex.scccyg.replay.line", self.env._("Tariff Items"))

    def action_charges(self):
        """Button: every charge, and what remains of it."""
        return self._open("immex.scccyg.replay.charge", self.env._("Charges"))

    def action_over(self):
        """Button: reported above what was charged."""
        return self._open(
            "immex.scccyg.replay.discharge",
            self.env._("Reported"),
            search_default_over=1,
        )

    def action_differences(self):
        """Button: what differs and why."""
        return self._open(
            "immex.scccyg.replay.difference",
            self.env._("What Differs and Why"),
            search_default_by_cause=1,
        )

    def action_steps(self):
        """Button: fortnight by fortnight."""
        return self._open("immex.scccyg.replay.step", self.env._("By Fortnight")) | {
            "view_mode": "list,graph"
        }
