# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .steps import STEPS

WORKING = ("waiting", "running")  # states of the work that closes it
# the form sends the steps with it; they say themselves who writes what of them
PERSONS = {"date_to", "company_id", "user_id", "reason", "step_ids"}


class ImmexMonthEnd(models.Model):
    """The end of a month of one company: a checklist, then the close, which seals it.

    What can be looked up is looked up; a person confirms the rest, by name. The close
    is that of :class:`immex.period.seal`: it locks the month and seals it. A step that
    blocks and is open refuses it, unless a customs manager writes a reason, which stays
    here with the steps that were open.
    """

    _name = "immex.month.end"
    _description = "Month-End"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_to = fields.Date(
        "Last Day",
        required=True,
        default=lambda self: self._month_before(self.env.company),
        help="Last day of the month that is closed.",
    )
    date_from = fields.Date("First Day", compute="_compute_date_from", store=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: not self.env.user._is_superuser() and self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    twin_id = fields.Many2one(
        "immex.month.end", "Its Checklist", compute="_compute_twin_id"
    )
    step_ids = fields.One2many("immex.month.end.step", "month_end_id", "Checklist")
    open_count = fields.Integer("Open Steps", compute="_compute_counts")
    blocking_count = fields.Integer("Blocking Steps", compute="_compute_counts")
    checked_at = fields.Datetime("Last Checked", readonly=True, copy=False)
    # a period is closed and reopened elsewhere too: seals are looked up, not pointed at
    seal_id = fields.Many2one("immex.period.seal", compute="_compute_seal")
    sha256 = fields.Char(compute="_compute_seal")
    state = fields.Selection(
        [("open", "Open"), ("closing", "Being Closed"), ("closed", "Closed")],
        compute="_compute_seal",
        search="_search_state",
    )
    reason = fields.Text(
        "Reason to Close All the Same",
        copy=False,
        tracking=True,
        help="Needed where steps that block are open. It stays with the month.",
    )
    open_at_close = fields.Text(
        "Steps Open at the Close", readonly=True, copy=False, tracking=True
    )

    _month_unique = models.Constraint(
        "UNIQUE (company_id, date_to)", "This month already has its checklist."
    )

    @api.model
    def _month_before(self, company):
        """Last day of the month before, in the plant's time zone."""
        zone = company.sudo()._immex_timezone()
        today = fields.Date.context_today(self.with_context(tz=zone))
        return today + relativedelta(day=1, days=-1)

    @api.depends("date_to")
    def _compute_date_from(self):
        for month in self:
            month.date_from = month.date_to and month.date_to + relativedelta(day=1)

    @api.depends("date_to")
    def _compute_display_name(self):
        for month in self:
            month.display_name = month.date_to and month.date_to.strftime("%Y-%m")

    @api.depends("company_id", "date_to")
    def _compute_twin_id(self):
        """Of a month that is being made: the checklist that it has already."""
        for month in self:
            twin = month.browse()
            if not month._origin and month.date_to and month.company_id:
                twin = self._made(month.company_id, month.date_to)
            month.twin_id = twin

    @api.depends("company_id", "date_to", "job_id.state")
    def _compute_seal(self):
        seals = self.env["immex.period.seal"].search(
            [("company_id", "in", self.company_id.ids), ("state", "=", "closed")]
            + [("date_to", "in", self.mapped("date_to"))]
        )
        of = {(seal.company_id, seal.date_to): seal for seal in seals}
        for month in self:
            seal = of.get((month.company_id, month.date_to), seals.browse())
            month.seal_id, month.sha256 = seal, seal.sha256
            closing = month.sudo().job_id.state in WORKING
            month.state = "closed" if seal else "closing" if closing else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["immex.period.seal"].flush_model(["company_id", "date_to", "state"])
        self.flush_model(["company_id", "date_to", "job_id"])
        self.env["immex.job"].flush_model(["state"])
        closed = SQL(
            """(SELECT m.id FROM immex_month_end m JOIN immex_period_seal s
                    ON s.company_id = m.company_id AND s.date_to = m.date_to
                   AND s.state = 'closed')"""
        )
        closing = SQL(
            """(SELECT m.id FROM immex_month_end m JOIN immex_job j ON j.id = m.job_id
                 WHERE j.state IN %s)""",
            WORKING,
        )
        unsealed = Domain("id", "not in", closed)
        of = {
            "closed": Domain("id", "in", closed),
            "closing": unsealed & Domain("id", "in", closing),
            "open": unsealed & Domain("id", "not in", closing),
        }
        return Domain.OR(of[state] for state in value if state in of)

    @api.depends("step_ids.state")
    def _compute_counts(self):
        for month in self:
            pending = month.step_ids.filtered("is_open")
            month.open_count = len(pending)
            month.blocking_count = len(pending.filtered("blocks"))

    @api.constrains("date_to")
    def _check_date_to(self):
        for month in self:
            if (month.date_to + relativedelta(days=1)).day != 1:
                raise ValidationError(
                    self.env._("A period ends with the last day of a month.")
                )

    # writing ---------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals)
        months = super().create(vals_list)
        months.sudo()._add_steps()
        return months

    def write(self, vals):
        self._check_written(vals)
        if {"date_to", "company_id"} & vals.keys():
            raise UserError(self.env._("Make a checklist for the other month."))
        if "reason" in vals and "closed" in self.mapped("state"):
            raise UserError(self.env._("The month is closed: its reason stays."))
        if not self.env.su and PERSONS & vals.keys():
            self._check_not_closing()
        return super().write(vals)

    def _check_written(self, vals):
        theirs = PERSONS.union(self.env["mail.thread"]._fields)
        theirs = theirs.union(self.env["mail.activity.mixin"]._fields)
        if not self.env.su and set(vals) - theirs:
            raise AccessError(
                self.env._(
                    "Of a month-end, only the responsible and the reason are written."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_not_closing()
        seals = self.env["immex.period.seal"].search(
            [("company_id", "in", self.company_id.ids)]
            + [("date_to", "in", self.mapped("date_to"))]
        )
        kept = {(seal.company_id, seal.date_to) for seal in seals}
        if any((month.company_id, month.date_to) in kept for month in self):
            raise UserError(self.env._("A month that was closed keeps its checklist."))

    def _add_steps(self):
        steps = self.env["immex.month.end.step"]
        steps.create(
            [
                {"month_end_id": month.id, "code": code, "user_id": month.user_id.id}
                for month in self
                for code in STEPS
            ]
        )

    # checking --------------------------------------------------------------------
    def action_check(self):
        """Button: look up what can be looked up."""
        self.check_access("write")
        for month in self.filtered(lambda month: month.state != "closing"):
            month._check()
        return True

    def action_open_seal(self):
        """Button: the seal of the month."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.period.seal",
            "view_mode": "form",
            "res_id": self.seal_id.id,
        }

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Month-End"),
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
        }

    @api.model
    def _made(self, company, date_to):
        return self.search([("company_id", "=", company.id), ("date_to", "=", date_to)])

    @api.model
    def _of(self, company, date_to):
        """The checklist of a month, made where there is none."""
        values = {"company_id": company.id, "date_to": date_to}
        return self._made(company, date_to) or self.create(values)

    # by night --------------------------------------------------------------------
    @api.model
    def _cron_check(self):
        """Scheduled action: the month that ended gets its checklist, and open ones are
        looked up again, a company at a time."""
        programs = self.env["immex.program"].search([("kind", "=", "immex")])
        self.env["ir.cron"]._immex_each(programs.company_id, self._check_months_of)

    @api.model
    def _check_months_of(self, company):
        date_to = self._month_before(company)
        if not self._made(company, date_to):
            former = self.search([("company_id", "=", company.id)], limit=1)
            user = former.user_id
            self.create(
                {"company_id": company.id, "date_to": date_to, "user_id": user.id}
            )._remind()
        months = [("company_id", "=", company.id), ("state", "=", "open")]
        for month in self.search(months):
            month._check()
            month._log()

    def _log(self):
        """What is open in the month, for the log of the scheduled action."""
        reader = self.with_context(lang=self.company_id.partner_id.lang)
        self.env["immex.schedule.log"]._say(
            self.company_id,
            reader.env._(
                "%(company)s, %(month)s: open steps: %(count)s; of them, to be settled "
                "before the close: %(blocking)s.",
                company=self.company_id.name,
                month=self.display_name,
                count=self.open_count,
                blocking=self.blocking_count,
            ),
        )

    def _remind(self):
        """One activity for the month, for who closed the month before."""
        for month in self.filtered("user_id"):
            lang = month.user_id.lang
            month.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=month.date_to + relativedelta(days=15),
                user_id=month.user_id.id,
                summary=month.with_context(lang=lang).env._(
                    "Close %(month)s", month=month.display_name
                ),
            )
