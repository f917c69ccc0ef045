# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .home_sql import FLOW

AHEAD = 18  # months: the ordinary term
BACK = 12


class ImmexHome(models.AbstractModel):
    """The charts of the home page."""

    _inherit = "immex.home"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def charts(self):
        """What the charts show, in pesos of customs value or of contributions.

        :return: list of charts: key, title, labels, stacked, empty (what to do where
            there is nothing) and datasets with label, values (floats, to draw), texts
            (worded) and actions, one a label
        """
        self._check_reader()
        company, today = self.env.company, self._today()
        months = self._months_of_expiry(company, today)
        value, stake = self._by_month(company, today)
        return [
            self._balance_chart(months, value),
            self._tax_chart(months, stake),
            self._flow_chart(company, today),
        ]

    # months ------------------------------------------------------------------------
    def _months_of_expiry(self, company, today):
        """``[(key, label, domain)]``: expired, by month, later, without term."""
        layers = self._open_layers(company)
        first = today.replace(day=1)
        horizon = first + relativedelta(months=AHEAD)
        months = [
            ("expired", self.env._("Expired"), layers & Domain("term_end", "<", today))
        ]
        for start in (first + relativedelta(months=n) for n in range(AHEAD)):
            months.append(
                (
                    f"{start:%Y-%m}",
                    self._month(start),
                    layers
                    & Domain("term_end", ">=", max(start, today))
                    & Domain("term_end", "<", start + relativedelta(months=1)),
                )
            )
        months.append(
            ("later", self.env._("Later"), layers & Domain("term_end", ">=", horizon))
        )
        months.append(
            ("none", self.env._("No term"), layers & Domain("term_end", "=", False))
        )
        return months

    def _by_month(self, company, today):
        """Customs value of the balance, ``{month: pesos}``, and its stake,
        ``{tax: {month: pesos}}``."""
        horizon = today.replace(day=1) + relativedelta(months=AHEAD)
        value = Counter()
        stake = {tax: Counter() for tax in self._tax_names()}
        for end, _safe, _count, pesos, amounts, _unknown in self._left(
            self._open_layers(company)
        ):
            month = (
                "none"
                if not end
                else "expired"
                if end < today
                else "later"
                if end >= horizon
                else f"{end:%Y-%m}"
            )
            value[month] += pesos
            for tax, amount in amounts.items():
                stake[tax][month] += amount
        return value, stake

    def _month(self, day):
        return format_date(self.env, day, date_format="MMM yy")

    def _dataset(self, label, keys, amounts, actions):
        values = [Decimal(amounts.get(key) or 0) for key in keys]
        return {
            "label": label,
            "values": [float(value) for value in values],
            "amounts": [str(value) for value in values],
            "texts": [formatLang(self.env, float(value)) for value in values],
            "actions": actions,
        }

    # charts ------------------------------------------------------------------------
    def _expiry_chart(self, key, title, months, found):
        """Of ``found``, ``[(label, {month: amount})]``; months at the ends that hold
        nothing are left out."""
        ends = {"expired", "later", "none"}
        used = {month for _label, amounts in found for month in amounts}
        months = [row for row in months if row[0] not in ends or row[0] in used]
        actions = [
            self._window(
                self.env._("Balance by expiry: %(month)s", month=label),
                "immex.layer",
                domain,
            )
            for _key, label, domain in months
        ]
        return {
            "key": key,
            "title": title,
            "labels": [label for _key, label, _domain in months],
            "stacked": True,
            "empty": not used
            and self.env._("No temporary balance: layers come with the discharge."),
            "datasets": [
                self._dataset(label, [row[0] for row in months], amounts, actions)
                for label, amounts in found
            ],
        }

    def _balance_chart(self, months, value):
        return self._expiry_chart(
            "balance",
            self.env._("Temporary balance by month of expiry (customs value, MXN)"),
            months,
            [(self.env._("Balance"), value)],
        )

    def _tax_chart(self, months, stake):
        names = self._tax_names()
        chart = self._expiry_chart(
            "taxes",
            self.env._("Deferred contributions by month of expiry (MXN)"),
            months,
            [
                (names[tax], amounts)
                for tax, amounts in stake.items()
                if amounts or tax != "other"
            ],
        )
        if chart["empty"]:
            chart["empty"] = self.env._(
                "No deferred contribution: the partidas of the balance declare none "
                "with forms of payment 5, 6, 21 or 22."
            )
        return chart

    def _flow_chart(self, company, today):
        first = today.replace(day=1) - relativedelta(months=BACK - 1)
        starts = [first + relativedelta(months=n) for n in range(BACK)]
        keys = [f"{start:%Y-%m}" for start in starts]
        end = first + relativedelta(months=BACK)
        sides = (
            (
                self.env._("Imports"),
                "immex.layer",
                "available_date",
                Domain("company_id", "=", company.id)
                & Domain("customs_status", "=", "temporary")
                & Domain("source", "in", ("import", "remesa")),
                Domain.TRUE,
            ),
            (
                self.env._("Returns and transfers"),
                "immex.discharge",
                "exit_date",
                Domain("company_id", "=", company.id)
                & Domain("superseded_run_id", "=", False)
                & Domain("exit_line_id.kind", "in", ("return", "transfer"))
                & Domain("layer_id.customs_status", "=", "temporary"),
                # says nothing new: what a discharge's date is. Fewer exits are read
                Domain("exit_line_id.date", ">=", first),
            ),
        )
        datasets, used = [], False
        for label, model, field, domain, hint in sides:
            period = Domain(field, ">=", first) & Domain(field, "<", end)
            amounts = Counter()
            for day, amount in self._rows(
                model, domain & period & hint, (field, "customs_value"), FLOW
            ):
                amounts[f"{day:%Y-%m}"] += Decimal(amount or 0)
            used = used or bool(amounts)
            actions = [
                self._window(
                    f"{label}: {self._month(start)}",
                    model,
                    domain
                    & Domain(field, ">=", start)
                    & Domain(field, "<", start + relativedelta(months=1)),
                )
                for start in starts
            ]
            datasets.append(self._dataset(label, keys, amounts, actions))
        return {
            "key": "flow",
            "title": self.env._(
                "Imports against returns, twelve months (customs value, MXN)"
            ),
            "labels": [self._month(start) for start in starts],
            "stacked": False,
            "empty": not used
            and self.env._("Nothing came in or left in the last twelve months."),
            "datasets": datasets,
        }
