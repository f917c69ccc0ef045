# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.immex_compliance.models.inventory.immex_finding import OPEN_STATES

from .steps import PERSON, STEPS

FINE, WRONG, NONE = "fine", "wrong", "none"
KEPT = ("entradas", "salidas", "materiales", "saldos", "descargos")
KEPT_BY_VALUE = ("entradas", "salidas", "materiales", "saldos_valor", "descargos_valor")


class ImmexMonthEnd(models.Model):
    """What the machine looks up. Each ``_check_<step>`` gives a state and its figures,
    counted by the database."""

    _inherit = "immex.month.end"

    def _check(self):
        """Look up every step of an open month that a machine can."""
        self.ensure_one()
        self.env.flush_all()
        if self.state == "closed":
            return
        for step in self.step_ids:
            if STEPS[step.code].by != PERSON:
                step._found(*getattr(self, f"_check_{step.code}")())
        self.sudo().checked_at = fields.Datetime.now()

    def _ours(self, *domain):
        return Domain("company_id", "=", self.company_id.id) & Domain(list(domain))

    def _count(self, model, *domain):
        return self.env[model].search_count(self._ours(*domain))

    def _ended_at(self):
        """The moment at which the month was over at the plant, in UTC."""
        zone = ZoneInfo(self.company_id.sudo()._immex_timezone())
        end = datetime.combine(self.date_to + timedelta(days=1), time(), zone)
        return end.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    # one a step --------------------------------------------------------------------
    def _check_former(self):
        last = self.env["immex.period.seal"]._last(self.company_id)
        if not last:
            return NONE, 0
        former = self.date_from - timedelta(days=1)
        return (FINE if last.date_to >= former else WRONG), 0

    def _check_counts(self):
        within = (
            ("date_from", "<=", self.date_to),
            ("date_to", ">=", self.date_from),
        )
        model = "immex.period.consumption"
        if not self._count(model, ("state", "in", ("draft", "ratified"))):
            return NONE, 0  # consumption is by order, not by period
        drafts = self._count(model, ("state", "=", "draft"), *within)
        ratified = self._count(model, ("state", "=", "ratified"), *within)
        if drafts or not ratified:
            return WRONG, drafts
        return FINE, ratified

    def _check_discharge(self):
        changes = self._count("immex.change")
        run = self.env["immex.discharge.run"].search(
            self._ours(("state", "=", "done"), ("is_full", "=", True)), limit=1
        )
        after = run and run.started_at >= self._ended_at()
        # what is missing first: changes go with the whole run
        return (FINE if after and not changes else WRONG), changes if after else 0

    def _findings(self):
        dated = Domain("date", "=", False) | Domain("date", "<=", self.date_to)
        return self._ours(("state", "in", OPEN_STATES)) & dated

    def _domain_findings(self):
        return (
            self._findings()
            & Domain("severity", "=", "1_critical")
            & Domain("code", "!=", "exit_without_document")
        )

    def _domain_waiting(self):
        return self._findings() & Domain("code", "=", "exit_without_document")

    def _check_findings(self):
        count = self.env["immex.finding"].search_count(self._domain_findings())
        return (WRONG if count else FINE), count

    def _check_waiting(self):
        count = self.env["immex.finding"].search_count(self._domain_waiting())
        return (WRONG if count else FINE), count

    def _domain_late(self):
        return self._ours(
            ("payment_date", ">=", self.date_from),
            ("payment_date", "<=", self.date_to),
            ("state", "!=", "cancelled"),
            ("origin", "!=", "opening"),
            ("registered_late", "=", True),
        )

    def _check_late(self):
        count = self.env["immex.pedimento"].search_count(self._domain_late())
        return (WRONG if count else FINE), count

    def _reconciliation(self):
        """The last comparison that covers the whole month and was made after it."""
        return self.env["immex.reconciliation"].search(
            self._ours(
                ("date_from", "<=", self.date_from),
                ("date_to", ">=", self.date_to),
                ("state", "=", "done"),
                ("run_at", ">=", self._ended_at()),
            ),
            order="run_at desc, id desc",
            limit=1,
        )

    def _check_reconciliation(self):
        run = self._reconciliation()
        if not run:
            return WRONG, 0
        good = run.is_covered and not run.open_count
        return (FINE if good else WRONG), run.open_count, run.share_settled

    def _balance(self):
        return self.env["immex.stock.balance"].search(
            self._ours(("date", "=", self.date_to)), order="id desc", limit=1
        )

    def _check_stock(self):
        balance = self._balance()
        made = balance.state == "done" and balance.done_at >= self._ended_at()
        good = made and not balance.open_count
        return (FINE if good else WRONG), balance.open_count

    def _due(self):
        """Reports that fall due in the month: those of the period before it."""
        return self._ours(
            ("kind", "=", "discharge"),
            ("state", "!=", "replaced"),
            ("due_date", ">=", self.date_from),
            ("due_date", "<=", self.date_to),
        )

    def _check_scccyg(self):
        former = self.date_from - timedelta(days=1)
        settings = ("start_date", "<=", former)
        if not self._count("immex.scccyg.layout", settings):
            return NONE, 0
        reports = self.env["immex.scccyg.report"].search(self._due())
        sent = reports.filtered(lambda report: report.state in ("sent", "valid"))
        if reports:
            pending = len(reports - sent)
            return (WRONG, pending) if pending else (FINE, len(sent))
        # two months at a time: none ends in an odd one
        last = self.env["immex.scccyg.report"].search(
            self._ours(("kind", "=", "discharge"), ("date_to", "<=", former)),
            order="date_to desc",
            limit=1,
        )
        if last.period == "bimester" and former.month % 2:
            return NONE, 0
        return WRONG, 0

    def _missing_reports(self):
        method = self.env["immex.discharge.method"].search(
            self._ours(("year", "=", self.date_to.year)), limit=1
        )
        by_value = method and method.method != "part"
        codes = KEPT_BY_VALUE if by_value else KEPT
        kept = self.env["immex.report.run"].search(
            self._ours(("kept", "=", True), ("date_to", "=", self.date_to))
        )
        full = kept.filtered(
            lambda run: run.by_cutoff or run.date_from == self.date_from
        )
        made = set(full.mapped("code"))
        return [code for code in codes if code not in made]

    def _check_reports(self):
        missing = len(self._missing_reports())
        return (WRONG if missing else FINE), missing

    # where a step is looked at, and what settles it ---------------------------------
    def _window(self, name, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [[False, "list"], [False, "form"]],
            "domain": list(Domain(domain)),
        }

    def _step_action(self, code):
        """Action that opens what the step counts."""
        self.ensure_one()
        name = STEPS[code].label
        name = self.env._(name)
        month = (("date_from", "<=", self.date_to), ("date_to", ">=", self.date_from))
        paid = (
            ("payment_date", ">=", self.date_from),
            ("payment_date", "<=", self.date_to),
        )
        before = ("date_to", "<", self.date_from)
        model, domain = {
            "former": ("immex.month.end", self._ours(before)),
            "documents": ("immex.pedimento", self._ours(*paid)),
            "counts": ("immex.period.consumption", self._ours(*month)),
            "discharge": ("immex.discharge.run", self._ours()),
            "findings": ("immex.finding", self._domain_findings()),
            "waiting": ("immex.finding", self._domain_waiting()),
            "late": ("immex.pedimento", self._domain_late()),
            "reconciliation": ("immex.reconciliation", self._ours(*month)),
            "stock": ("immex.stock.balance", self._ours(("date", "=", self.date_to))),
            "scccyg": ("immex.scccyg.report", self._due()),
            "reports": (
                "immex.report.run",
                self._ours(("date_to", "=", self.date_to)),
            ),
            "review": (
                "immex.layer",
                self._ours(("has_balance", "=", True)),
            ),
        }[code]
        return self._window(name, model, domain)

    def _step_do(self, code):
        """Ask for the work of a step; an action that shows it."""
        self.ensure_one()
        work = getattr(self, f"_do_{code}", None)
        if not work:
            raise UserError(self.env._("This step is done by people."))
        return work() or self._step_action(code)

    def _do_discharge(self):
        action = self.env["immex.discharge.run"].action_run_discharge()
        # the month is closed on a run that computed everything
        scope = {"default_scope": "everything"}
        return action | {"context": dict(action.get("context") or {}, **scope)}

    def _do_reconciliation(self):
        runs = self.env["immex.reconciliation"]
        domain = self._ours(
            ("date_from", "=", self.date_from),
            ("date_to", "=", self.date_to),
            ("automatic", "=", False),
        )
        run = runs.search(domain, limit=1) or runs.create(
            {
                "company_id": self.company_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
        )
        run.action_run()

    def _do_stock(self):
        balance = self._balance() or self.env["immex.stock.balance"].create(
            {"company_id": self.company_id.id, "date": self.date_to}
        )
        balance.action_run()

    def _do_scccyg(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_scccyg_report"
        )

    def _do_reports(self):
        for code in self._missing_reports():
            self.env["immex.report.run"].create(
                {
                    "company_id": self.company_id.id,
                    "code": code,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                }
            ).action_keep()
