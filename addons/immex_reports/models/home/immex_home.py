# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime, formatLang

from odoo.addons.immex_compliance.models.inventory.immex_finding import OPEN_STATES
from odoo.addons.immex_compliance.models.wording import by_count

from ...definitions.stake import DEFERRED_FORMS
from .home_sql import LAYER, LEFT

DAYS = (30, 60, 90)  # looks ahead
RECENT = 30  # days of the figure of the 48 hours
STALE = timedelta(hours=26)  # a night's run, and some


class ImmexHome(models.AbstractModel):
    """The home page: what is wrong, what expires and what it costs, for one company.

    Every figure is counted over Odoo's own search of its domain, with the rights of who
    looks, and opens that domain. The day is the plant's (context ``immex_at_date``,
    a date, shows another). Nothing is written.
    """

    _name = "immex.home"
    _description = "IMMEX home page"

    @api.model
    @api.readonly
    def figures(self):
        """What the cards show.

        :return: dict of company, date, notice (what is missing before anything can be
            shown, or False) and sections: lists of cards with key, title, count, value
            and details (worded), level (ok, warning, danger, none), status (the level
            in a word), action, and amounts (dict of decimal texts) where money is at
            stake
        """
        self._check_reader()
        company, today = self.env.company, self._today()
        return {
            "company": company.name,
            "date": format_date(self.env, today),
            "notice": self._notice(company),
            "sections": [
                {
                    "title": self.env._("To do"),
                    "cards": [
                        self._findings(company),
                        self._shortages(company),
                        self._late(company, today),
                        self._agreement(company),
                        self._last_run(company),
                    ],
                },
                {
                    "title": self.env._("Temporary imports that expire"),
                    "cards": self._expiring(company, today),
                },
            ],
        }

    # who, when ---------------------------------------------------------------------
    def _check_reader(self):
        if not self.env.user.has_group("immex_compliance.group_user"):
            raise AccessError(
                self.env._("The home page is for users of the customs books (IMMEX).")
            )

    def _today(self):
        told = fields.Date.to_date(self.env.context.get("immex_at_date"))
        zone = self.env.company.sudo()._immex_timezone()
        return told or fields.Date.context_today(self.with_context(tz=zone))

    def _notice(self, company):
        """What has to be done first, with the action that does it: for who may, the
        setup assistant."""
        notice = self._missing(company)
        if not self.env.user.has_group("immex_compliance.group_manager"):
            return notice
        setup = {
            "label": self.env._("Setup Assistant"),
            "action": "immex_compliance.action_immex_setup",
        }
        if self.env["immex.setup"]._is_pending(company):
            return setup | {
                "text": self.env._(
                    "The setup of this company is not finished: it goes on where it "
                    "was left."
                )
            }
        return notice and notice | setup

    def _missing(self, company):
        if not self.env["immex.program"]._current(company):
            return {
                "text": self.env._(
                    "This company has no IMMEX programme yet. An administrator enters "
                    "it under Configuration > Programmes."
                ),
                "label": self.env._("Programmes"),
                "action": "immex_compliance.action_immex_program",
            }
        pedimentos = self.env["immex.pedimento"]
        if not pedimentos.search_count([("company_id", "=", company.id)], limit=1):
            return {
                "text": self.env._(
                    "No pedimento yet. Load the broker's file or Data Stage under "
                    "Documents > Load a Customs File; the figures follow with the next "
                    "discharge."
                ),
                "label": self.env._("Pedimentos"),
                "action": "immex_compliance.action_immex_pedimento",
            }
        return False

    # building blocks ---------------------------------------------------------------
    def _card(self, key, title, count, level, details, action, value=None, **more):
        status = {
            "ok": self.env._("In order"),
            "warning": self.env._("Attention"),
            "danger": self.env._("Urgent"),
            "none": self.env._("No data"),
        }
        return {
            "key": key,
            "title": title,
            "count": count,
            "value": value or self._number(count),
            "level": level,
            "status": status[level],
            "details": [text for text in details if text],
            "action": action,
            **more,
        }

    def _window(self, name, model, domain, **context):
        """Action that lists exactly the rows of ``domain``."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [[False, "list"], [False, "form"]],
            "domain": list(Domain(domain)),
            # a figure lists what there is: nothing is made from it
            "context": {"create": False, **context},
            # the client takes the help of a handed-out action as text
            "help": self.env._("This figure is zero: there is nothing to list."),
        }

    def _number(self, number):
        return formatLang(self.env, float(number), digits=0)

    def _pesos(self, amount):
        return self.env._("MXN %(amount)s", amount=formatLang(self.env, float(amount)))

    def _rows(self, model, domain, columns, statement, **params):
        """Rows of a statement over what the user may see of a domain."""
        self.env.flush_all()
        query = self.env[model]._search(domain)
        names = (SQL.identifier(query.table, column) for column in columns)
        return self.env.execute_query(
            SQL(statement, rows=query.select(*names), **params)
        )

    # cards -------------------------------------------------------------------------
    def _findings(self, company):
        domain = [("company_id", "=", company.id), ("state", "in", OPEN_STATES)]
        groups = self.env["immex.finding"]._read_group(
            domain, ["severity"], ["__count", "user_id:count"]
        )
        count = sum(row[1] for row in groups)
        critical = sum(row[1] for row in groups if row[0] == "1_critical")
        ownerless = count - sum(row[2] for row in groups)
        title = self.env._("Open findings")
        return self._card(
            "findings",
            title,
            count,
            "danger" if critical else "warning" if count else "ok",
            [
                self.env._("Critical: %(count)s", count=self._number(critical)),
                self.env._("Unassigned: %(count)s", count=self._number(ownerless)),
            ]
            if count
            else [self.env._("Everything adds up.")],
            self._window(
                title,
                "immex.finding",
                domain,
                search_default_group_severity=1,
                search_default_group_code=2,
            ),
        )

    def _shortages(self, company):
        domain = [
            ("company_id", "=", company.id),
            ("superseded_run_id", "=", False),
            ("qty_shortage", ">", 0),
        ]
        ((count, parts),) = self.env["immex.requirement"]._read_group(
            domain, [], ["__count", "product_id:count_distinct"]
        )
        title = self.env._("Shortages")
        return self._card(
            "shortages",
            title,
            count,
            "danger" if count else "ok",
            [
                self.env._(
                    "Parts whose exits no import covers: %(count)s",
                    count=self._number(parts),
                )
                if count
                else self.env._("Every exit is covered by imports.")
            ],
            self._window(title, "immex.requirement", domain),
        )

    def _late(self, company, today):
        recent = Domain("company_id", "=", company.id) & Domain(
            "payment_date", ">=", today - timedelta(days=RECENT)
        )
        recent &= Domain("payment_date", "<=", today)
        recent &= Domain("state", "!=", "cancelled") & Domain("origin", "!=", "opening")
        domain = recent & Domain("registered_late", "=", True)
        pedimentos = self.env["immex.pedimento"]
        count, all_of_them = map(pedimentos.search_count, (domain, recent))
        hours = company.sudo().immex_update_hours
        title = self.env._("Registered after %(hours)s hours", hours=hours)
        return self._card(
            "late",
            title,
            count,
            "warning" if count else "ok" if all_of_them else "none",
            [
                by_count(
                    all_of_them,
                    self.env._(
                        "Of 1 pedimento paid in the last %(days)s days", days=RECENT
                    ),
                    self.env._(
                        "Of %(count)s pedimentos paid in the last %(days)s days",
                        count=self._number(all_of_them),
                        days=RECENT,
                    ),
                )
                if all_of_them
                else self.env._(
                    "No pedimento was paid in the last %(days)s days.", days=RECENT
                )
            ],
            self._window(title, "immex.pedimento", domain),
        )

    def _agreement(self, company):
        told = self.env["immex.reconciliation"]._latest_share(company)
        title = self.env._("Government records that agree")
        if not told:
            return self._card(
                "agreement",
                title,
                0,
                "none",
                [self.env._("Load Data Stage and compare it with the books.")],
                self._window(
                    title, "immex.reconciliation", [("company_id", "=", company.id)]
                ),
                value="–",
            )
        period = " – ".join(
            format_date(self.env, told[name]) for name in ("date_from", "date_to")
        )
        return self._card(
            "agreement",
            title,
            told["open_count"],
            "ok" if told["share"] == 100 else "warning",
            [
                self.env._(
                    "Open differences: %(count)s",
                    count=self._number(told["open_count"]),
                ),
                period,
            ],
            self._window(
                self.env._("Open differences"),
                "immex.reconciliation.line",
                [("reconciliation_id", "=", told["id"]), ("state", "=", "open")],
            ),
            value=f"{formatLang(self.env, told['share'])} %",
        )

    def _last_run(self, company):
        domain = [("company_id", "=", company.id)]
        run = self.env["immex.discharge.run"].search(domain, order="id desc", limit=1)
        title = self.env._("Last discharge")
        action = self._window(
            title, "immex.discharge.run", [("id", "=", run.id)] if run else domain
        )
        if not run:
            return self._card(
                "run",
                title,
                0,
                "none",
                [self.env._("The discharge has not run yet: it runs every night.")],
                action,
                value="–",
            )
        states = dict(run._fields["state"]._description_selection(self.env))
        old = fields.Datetime.now() - run.started_at > STALE
        return self._card(
            "run",
            title,
            1,
            "danger" if run.state == "failed" else "warning" if old else "ok",
            [
                states[run.state],
                self.env._(
                    "Discharges added: %(added)s; superseded: %(superseded)s",
                    added=self._number(run.discharges_added),
                    superseded=self._number(run.discharges_superseded),
                ),
            ],
            action | {"views": [[False, "form"]], "res_id": run.id},
            value=format_datetime(
                self.env,
                run.started_at,
                tz=company.sudo()._immex_timezone(),
                dt_format="short",
            ),
        )

    # expiry ------------------------------------------------------------------------
    def _open_layers(self, company):
        """Temporary layers with balance."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("customs_status", "=", "temporary")
            & Domain("has_balance", "=", True)
        )

    @staticmethod
    def _safe_until(day):
        """The safe date, which warns before the term of CFF art. 12 ends."""
        return Domain("term_safe_date", "<=", day) | (
            Domain("term_safe_date", "=", False) & Domain("term_end", "<=", day)
        )

    def _left(self, domain):
        """What is left of the layers of a domain, by day of expiry: rows of term end,
        safe date, number of layers, customs value, stake (pesos by contribution) and
        of how many layers the stake is unknown, since they declare no contribution.
        """
        for end, safe, count, value, *amounts, unknown in self._rows(
            "immex.layer", domain, LAYER, LEFT, forms=list(DEFERRED_FORMS)
        ):
            stake = zip(self._tax_names(), amounts, strict=True)
            yield (
                end,
                safe,
                count,
                Decimal(value or 0),
                Counter({tax: Decimal(amount) for tax, amount in stake if amount}),
                unknown,
            )

    def _expiring(self, company, today):
        """Expired layers, then those whose safe date comes within 30, 60 and 90 days,
        each look ahead with all of the ones before it."""
        layers = self._open_layers(company)
        horizon = today + timedelta(days=DAYS[-1])
        rows = list(self._left(layers & self._safe_until(horizon)))
        expired = [row for row in rows if row[0] < today]
        looks = [
            (
                "expired",
                self.env._("Expired with balance"),
                "danger",
                expired,
                layers & Domain("term_end", "<", today),
            )
        ]
        current = layers & Domain("term_end", ">=", today)
        for days in DAYS:
            until = today + timedelta(days=days)
            looks.append(
                (
                    f"within_{days}",
                    self.env._("Within %(days)s days", days=days),
                    "warning",
                    [row for row in rows if row[0] >= today and row[1] <= until],
                    current & self._safe_until(until),
                )
            )
        return [
            self._expiry_card(
                key,
                title,
                sum(row[2] for row in found),
                sum((row[4] for row in found), Counter()),
                sum(row[5] for row in found),
                domain,
                level,
            )
            for key, title, level, found, domain in looks
        ]

    def _expiry_card(self, key, title, count, amounts, unknown, domain, level):
        total = sum(amounts.values(), Decimal(0))
        untold = self.env._("Unknown for %(count)s", count=self._number(unknown))
        if unknown == count:
            untold = self.env._("At stake: unknown, no contribution is declared")
        names = self._tax_names()
        return self._card(
            key,
            title,
            count,
            level if count else "ok",
            [
                *(
                    [self.env._("%(amount)s at stake", amount=self._pesos(total))]
                    if total
                    else [self.env._("No deferred contribution declared")]
                    if unknown < count
                    else []
                ),
                *([untold] if unknown else []),
                *(
                    f"{names[tax]} {formatLang(self.env, float(amounts[tax]))}"
                    for tax in names
                    if amounts[tax]
                ),
            ]
            if count
            else [self.env._("None with temporary balance.")],
            self._window(title, "immex.layer", domain),
            amounts={"total": str(total)}
            | {tax: str(amount) for tax, amount in amounts.items()},
        )

    def _tax_names(self):
        return {
            "igi": self.env._("IGI"),
            "iva": self.env._("IVA"),
            "cc": self.env._("Countervailing duty"),
            "other": self.env._("Others"),
        }
