# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import float_repr, format_date, formatLang
from odoo.tools.translate import LazyTranslate

from ..wording import by_count
from . import run_summary
from .immex_finding import OPEN_STATES
from .walk import part, spaced, window

_lt = LazyTranslate(__name__)

WHY = {
    "unexplained": _lt("No production tells what is in it"),
    "none": _lt("No import of this part"),
    "status": _lt("Imported in another customs status only"),
    "reserved": _lt("Reserved for documents that are filed"),
    "later": _lt("Imported after the exit's date"),
    "expired": _lt("Only expired layers are left"),
    "used": _lt("All layers are used up"),
}


class ImmexDischargeRun(models.Model):
    """The result page: what was discharged, what is short, what expires."""

    _inherit = "immex.discharge.run"

    job_ids = fields.One2many("immex.job", "run_id", "Background Work")
    # rights and company are those of the run, which is read by then
    summary = fields.Json(compute="_compute_summary", compute_sudo=True)

    @api.depends("state")
    @api.depends_context("lang", "tz")
    def _compute_summary(self):
        """Tables of the page, with words and numbers as they are shown.

        ``[{key, title, note, columns: [{label, number}], rows: [{cells, open}], empty,
        more, all}]``; ``open`` and ``all`` are what ``action_summary`` is asked for.
        """
        for run in self:
            if not run.id or run.state != "done":
                run.summary = False
                continue
            self.env.flush_all()
            run.summary = [
                run._summary_ledger("discharged", run_summary.DISCHARGED),
                run._summary_ledger("superseded", run_summary.SUPERSEDED),
                run._summary_short(),
                run._summary_expiring(),
                run._summary_findings(),
            ]

    def _ask(self, statement, **params):
        params = {"run_id": self.id, "company_id": self.company_id.id, **params}
        return run_summary.ask(self.env.cr, statement, params)

    def _labels(self, model, field):
        return dict(self.env[model]._fields[field]._description_selection(self.env))

    def _number(self, value):
        """An exact number without needless zeros, in the user's format."""
        text = float_repr(float(value), 6).rstrip("0").rstrip(".")
        digits = len(text.partition(".")[2])
        return formatLang(self.env, float(value), digits=digits)

    def _summary_ledger(self, key, statement):
        exits = self._labels("immex.exit.line", "kind")
        kinds = self._labels("immex.discharge", "kind")
        rows = [
            {
                "cells": [
                    exits.get(exit_kind, exit_kind),
                    kinds.get(kind, kind),
                    self._number(count),
                    self._number(lines),
                    formatLang(self.env, float(value), digits=2),
                ],
                "open": [key, exit_kind, kind],
            }
            for exit_kind, kind, count, lines, value in self._ask(statement)
        ]
        discharged = key == "discharged"
        return {
            "key": key,
            "title": self.env._("Discharged by This Run")
            if discharged
            else self.env._("Superseded by This Run"),
            "columns": [
                {"label": self.env._("Exit")},
                {"label": self.env._("As")},
                {"label": self.env._("Discharges"), "number": True},
                {"label": self.env._("Exit Lines"), "number": True},
                {"label": self.env._("Customs Value (MXN)"), "number": True},
            ],
            "rows": rows,
            "all": [key],
            "empty": self.env._("This run discharged nothing new.")
            if discharged
            else self.env._("Nothing: what was in the ledger stays."),
        }

    def _summary_short(self):
        found = self._ask(run_summary.SHORT)
        products = self.env["product.product"].browse([row[0] for row in found])
        rows = [
            {
                "cells": [
                    part(product),
                    self.env._(WHY[why]),
                    f"{self._number(quantity)} {product.uom_id.name}",
                    self._number(count),
                    self._number(mine),
                    format_date(self.env, first),
                ],
                "open": ["short", product.id],
            }
            for product, (_id, why, count, mine, quantity, first, _total) in zip(
                products, found, strict=True
            )
        ]
        return {
            "key": "short",
            "title": self.env._("Short Now"),
            "columns": [
                {"label": self.env._("Material")},
                {"label": self.env._("Why")},
                {"label": self.env._("Missing"), "number": True},
                {"label": self.env._("Requirements"), "number": True},
                {"label": self.env._("Of This Run"), "number": True},
                {"label": self.env._("First Day")},
            ],
            "rows": rows,
            "more": self._more(found),
            "all": ["short"],
            "empty": self.env._("Every exit is covered by layers."),
        }

    def _more(self, found):
        more = found[0][-1] - len(found) if found else 0
        return self.env._("and %(count)s more", count=more) if more else ""

    def _summary_expiring(self):
        days = self.company_id.immex_expiring_days
        today = fields.Date.context_today(self)
        found = self._ask(run_summary.EXPIRING, today=today, days=days)
        rows = []
        for layer, safe, pedimento, product, quantity, _total in found:
            product = self.env["product.product"].browse(product)
            pedimento = self.env["immex.pedimento"].browse(pedimento)
            rows.append(
                {
                    "cells": [
                        format_date(self.env, safe),
                        spaced(pedimento.number),
                        part(product),
                        f"{self._number(quantity)} {product.uom_id.name}",
                        self._number((safe - today).days),
                    ],
                    "open": ["layer", layer],
                }
            )
        expired = self._ask(run_summary.EXPIRED, today=today)[0][0]
        return {
            "key": "expiring",
            "title": by_count(
                days,
                self.env._("Expires Within 1 Day"),
                self.env._("Expires Within %(days)s Days", days=days),
            ),
            "note": by_count(
                expired,
                self.env._("1 layer with balance has expired already"),
                self.env._(
                    "%(count)s layers with balance have expired already", count=expired
                ),
            )
            if expired
            else "",
            "note_open": ["expired"],
            "columns": [
                {"label": self.env._("Safe Date")},
                {"label": self.env._("Pedimento")},
                {"label": self.env._("Material")},
                {"label": self.env._("Balance"), "number": True},
                {"label": self.env._("Days Left"), "number": True},
            ],
            "rows": rows,
            "more": self._more(found),
            "all": ["expiring"],
            "empty": self.env._("No layer with balance expires by then."),
        }

    def _summary_findings(self):
        severities = self._labels("immex.finding", "severity")
        codes = self._labels("immex.finding", "code")
        rows = [
            {
                "cells": [
                    severities.get(severity, severity),
                    codes.get(code, code),
                    self._number(count),
                    self._number(unassigned),
                    self._number(new),
                ],
                "open": ["findings", code, severity],
                "danger": severity == "1_critical",
            }
            for severity, code, count, unassigned, new in self._ask(
                run_summary.FINDINGS
            )
        ]
        return {
            "key": "findings",
            "title": self.env._("What Does Not Add Up Now"),
            "columns": [
                {"label": self.env._("Severity")},
                {"label": self.env._("Finding")},
                {"label": self.env._("Open"), "number": True},
                {"label": self.env._("Unassigned"), "number": True},
                {"label": self.env._("Seen by This Run"), "number": True},
            ],
            "rows": rows,
            "all": ["findings"],
            "empty": self.env._("Everything adds up."),
        }

    def action_summary(self, key, first=False, second=False):
        """Open the rows behind a line of the result page.

        :param str key: the table; ``first`` and ``second``: what the line is about
        """
        self.ensure_one()
        self.check_access("read")
        today = fields.Date.context_today(self)
        company = [("company_id", "=", self.company_id.id)]
        if key in ("discharged", "superseded"):
            field = "run_id" if key == "discharged" else "superseded_run_id"
            domain = [(field, "=", self.id)]
            domain += [("exit_line_id.kind", "=", first)] if first else []
            domain += [("kind", "=", second)] if second else []
            return window(self.env, self.env._("Discharges"), "immex.discharge", domain)
        if key == "short":
            domain = company + [
                ("superseded_run_id", "=", False),
                ("qty_shortage", ">", 0),
            ]
            domain += [("product_id", "=", first)] if first else []
            return window(
                self.env, self.env._("Short Requirements"), "immex.requirement", domain
            )
        if key == "layer":
            return window(
                self.env, self.env._("Layer"), "immex.layer", [("id", "=", first)]
            )
        if key == "expired":
            domain = company + [("has_balance", "=", True), ("term_end", "<", today)]
            return window(self.env, self.env._("Expired Layers"), "immex.layer", domain)
        if key == "expiring":
            domain = company + [("expires_soon", "=", True), ("term_end", ">=", today)]
            return window(
                self.env, self.env._("Expiring Layers"), "immex.layer", domain
            )
        domain = company + [("state", "in", OPEN_STATES)]
        domain += [("code", "=", first)] if first else []
        domain += [("severity", "=", second)] if second else []
        return window(self.env, self.env._("Findings"), "immex.finding", domain)
