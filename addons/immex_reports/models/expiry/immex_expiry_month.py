# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from odoo.addons.immex_compliance.models.wording import by_count

from ..known_float import KnownFloat

AHEAD = 90  # days


class ImmexExpiryMonth(models.Model):
    """Temporary imports whose term ends in a month, with what is at stake.

    Written each night, by month and not by layer: as many rows as months, and one
    activity for each responsible, however many layers expire. A month that has nothing
    left is archived and its activities are closed.
    """

    _name = "immex.expiry.month"
    _description = "Expiry by Month"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month, company_id"
    _check_company_auto = True

    active = fields.Boolean(default=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    month = fields.Date(
        required=True, readonly=True, help="First day of the month of the term's end."
    )
    first_date = fields.Date(
        "First Safe Date",
        readonly=True,
        help="The earliest day on which one of them has to have left.",
    )
    layer_count = fields.Integer("Layers", readonly=True)
    customs_value = fields.Float("Customs Value (MXN)", digits=(20, 2), readonly=True)
    igi = KnownFloat("IGI", digits=(20, 2), readonly=True)
    iva = KnownFloat("IVA", digits=(20, 2), readonly=True)
    countervailing = KnownFloat("Countervailing Duty", digits=(20, 2), readonly=True)
    other = KnownFloat("Others", digits=(20, 2), readonly=True)
    stake = KnownFloat(
        "At Stake (MXN)",
        digits=(20, 2),
        readonly=True,
        help="Contributions that fall due when the goods stay, as deferred at entry; "
        "without surcharges and fines. Empty: unknown, since no layer's partida "
        "declares any contribution.",
    )
    unknown_count = fields.Integer(
        "Layers of Unknown Stake",
        readonly=True,
        help="Layers whose partida declares no contribution at all: what falls due for "
        "them is unknown, not zero.",
    )
    stage = fields.Selection(
        [("later", "Later"), ("soon", "Expires Soon"), ("expired", "Expired")],
        required=True,
        default="later",
        readonly=True,
    )
    told_ids = fields.Many2many(
        "res.users",
        "immex_expiry_month_told",
        "month_id",
        "user_id",
        readonly=True,
        help="Who had an activity at this stage.",
    )
    scanned_at = fields.Datetime(readonly=True)

    _month_unique = models.Constraint(
        "UNIQUE (company_id, month)", "This month is already there."
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.month and format_date(
                self.env, record.month, date_format="MMMM y"
            )

    def action_layers(self):
        """Button: the layers with balance of this month."""
        self.ensure_one()
        home = self.env["immex.home"]
        month = self.month
        following = (month + timedelta(days=31)).replace(day=1)
        domain = home._open_layers(self.company_id)
        domain &= Domain("term_end", ">=", month) & Domain("term_end", "<", following)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "immex.layer",
            "views": [[False, "list"], [False, "form"]],
            "domain": list(domain),
        }

    def action_ways_out(self):
        """Button: the month's layers with what they cost, as a report of today."""
        self.ensure_one()
        home = self.env["immex.home"].with_company(self.company_id)
        run = self.env["immex.report.run"].create(
            {
                "company_id": self.company_id.id,
                "code": "vencimientos",
                "date_to": home._today(),
            }
        )
        action = run.action_screen()
        if action["res_model"] == "immex.report.vencimientos":
            action["domain"] += [("mes", "=", f"{self.month:%Y-%m}")]
        return action

    # by night ------------------------------------------------------------------------
    @api.model
    def _cron_scan(self):
        """Scheduled action: what expires, company by company, each committed."""
        programs = self.env["immex.program"].search([("kind", "=", "immex")])
        self.env["ir.cron"]._immex_each(programs.company_id, self._scan_company)

    @api.model
    def _scan_company(self, company):
        reader = self.with_company(company).with_context(
            allowed_company_ids=company.ids, lang=company.partner_id.lang
        )
        reader._scan(company.with_env(reader.env))

    def _scan(self, company):
        """Bring the company's months to what the layers say today."""
        today = self.env["immex.home"]._today()
        found = self._found(company, today)
        months = self.with_context(active_test=False).search(
            [("company_id", "=", company.id)]
        )
        known = {record.month: record for record in months}
        now = fields.Datetime.now()
        soon = today + timedelta(days=company.immex_expiring_days)
        for month, values in found.items():
            stage = "later"
            if values.pop("ended"):
                stage = "expired"
            elif values["first_date"] <= soon:
                stage = "soon"
            values |= {"stage": stage, "scanned_at": now, "active": True}
            record = known.get(month)
            if record:
                if record.stage != stage or not record.active:
                    values["told_ids"] = [(5, 0, 0)]
                record.write(values)
            else:
                self.create({"company_id": company.id, "month": month, **values})
        gone = months.filtered(lambda m: m.active and m.month not in found)
        gone._settle()
        open_months = self.search(
            [("company_id", "=", company.id), ("stage", "!=", "later")]
        )
        made = open_months._tell(company._immex_responsible())
        self._log(company, open_months, made)

    def _found(self, company, today):
        """Figures by month of the term's end: few, however many layers."""
        home = self.env["immex.home"]
        until = today + timedelta(days=max(AHEAD, company.immex_expiring_days))
        domain = home._open_layers(company) & home._safe_until(until)
        names = {
            "igi": "igi",
            "iva": "iva",
            "cc": "countervailing",
            "other": "other",
        }
        found = defaultdict(
            lambda: {"layers": 0, "unknown": 0, "stake": Counter(), "days": []}
        )
        for end, safe, count, value, stake, unknown in home._left(domain):
            month = found[end.replace(day=1)]
            month["layers"] += count
            month["unknown"] += unknown
            month["value"] = month.get("value", Decimal(0)) + value
            month["stake"].update(stake)
            month["days"].append((safe, end))
        return {
            month: {
                "first_date": min(safe for safe, _end in told["days"]),
                "ended": min(end for _safe, end in told["days"]) < today,
                "layer_count": told["layers"],
                "customs_value": told["value"],
                "unknown_count": told["unknown"],
                **(
                    dict.fromkeys(["stake", *names.values()])
                    if told["unknown"] == told["layers"]
                    else {"stake": sum(told["stake"].values(), Decimal(0))}
                    | {field: told["stake"][tax] for tax, field in names.items()}
                ),
            }
            for month, told in found.items()
        }

    def _settle(self):
        """Nothing is left of these months: their activities are closed."""
        for record in self:
            record.activity_ids.action_feedback(
                feedback=record.env._("Nothing is left with a term in this month.")
            )
        self.write(
            {
                "active": False,
                "layer_count": 0,
                "customs_value": 0,
                "unknown_count": 0,
                "stake": 0,
                "igi": 0,
                "iva": 0,
                "countervailing": 0,
                "other": 0,
            }
        )

    def _tell(self, users):
        """One activity for each responsible and month: made once at each stage, and
        kept up to date while it is open. Return how many were made."""
        made = 0
        kind = self.env.ref("mail.mail_activity_data_todo")
        for record in self:
            for user in users:
                summary = record.with_context(lang=user.lang)._summary()
                theirs = record.activity_ids.filtered(
                    lambda activity, user=user: (
                        activity.user_id == user and activity.activity_type_id == kind
                    )
                )
                if theirs:
                    changed = theirs.filtered(lambda a, s=summary: a.summary != s)
                    changed.write({"summary": summary})
                elif user not in record.told_ids:
                    record.activity_schedule(
                        "mail.mail_activity_data_todo",
                        date_deadline=record.first_date,
                        user_id=user.id,
                        summary=summary,
                    )
                    made += 1
            record.told_ids |= users
        return made

    def _summary(self):
        stake = self.env._("what is at stake is unknown")
        if self.stake is not False:
            amount = formatLang(self.env, self.stake)
            stake = self.env._("MXN %(amount)s at stake", amount=amount)
        values = {
            "month": self.display_name,
            "count": formatLang(self.env, self.layer_count, digits=0),
            "stake": stake,
        }
        if self.stage == "expired":
            return by_count(
                self.layer_count,
                self.env._(
                    "1 layer of %(month)s has expired or expires: %(stake)s", **values
                ),
                self.env._(
                    "%(count)s layers of %(month)s have expired or expire: %(stake)s",
                    **values,
                ),
            )
        return by_count(
            self.layer_count,
            self.env._("1 layer expires in %(month)s: %(stake)s", **values),
            self.env._("%(count)s layers expire in %(month)s: %(stake)s", **values),
        )

    def _log(self, company, months, made):
        if not months:
            words = self.env._(
                "%(company)s: nothing expires soon.", company=company.name
            )
        else:
            words = self.env._(
                "%(company)s: expire soon or have expired: layers %(count)s, months "
                "%(months)s, MXN %(amount)s at stake; new activities: %(made)s.",
                company=company.name,
                count=formatLang(self.env, sum(months.mapped("layer_count")), digits=0),
                months=len(months),
                amount=formatLang(self.env, sum(months.mapped("stake"))),
                made=made,
            )
            if not company._immex_responsible():
                words += " " + self.env._(
                    "Nobody is responsible: choose who in the settings."
                )
        self.env["immex.schedule.log"]._say(company, words)
