# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass, replace

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime, formatLang

from . import facts_sql as sql
from .immex_setup_part import TOLERANCE
from .steps import ATTENTION, DONE, NONE, STEPS, TODO


@dataclass(frozen=True)
class Fact:
    """What was looked up of a step: its state and the figures of its words."""

    state: str
    count: int = 0
    total: int = 0
    share: float = 0
    text: str = ""


def _listed(names):
    """The first names, to end a sentence: "S.A. de C.V." has its own full stop."""
    return ", ".join(names[:5]).rstrip(".")


class ImmexSetup(models.Model):
    """What the facts say of each step: one ``_fact_<step>`` each, by sets."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.setup"  # pylint: disable=consider-merging-classes-inherited

    def _facts(self):
        """``{code: Fact}`` of every step, as it is now.

        What stands on a step that has not begun has not begun either: a discharge of
        nothing is no discharge.
        """
        self.ensure_one()
        self.env.flush_all()
        facts = {}
        for code, step in STEPS.items():
            fact = getattr(self, f"_fact_{code}")()
            waits = any(facts[need].state == TODO for need in step.needs)
            if waits and fact.state in (DONE, ATTENTION):
                fact = replace(fact, state=TODO)
            facts[code] = fact
        return facts

    def _ours(self, *domain):
        return Domain("company_id", "=", self.company_id.id) & Domain(list(domain))

    def _one(self, statement, **params):
        params["company_id"] = self.company_id.id
        self.env.cr.execute(statement, params)
        return self.env.cr.fetchone()

    def _is_open(self, model):
        """``(open, all)`` of the proposals of a model."""
        proposals = self.env[model]
        count = proposals.search_count(self._ours(("state", "=", "open")))
        return count, proposals.search_count(self._ours())

    # one a step ----------------------------------------------------------------------
    def _fact_programme(self):
        program = self.env["immex.program"]._current(self.company_id)
        if not program:
            return Fact(TODO)
        today = fields.Date.context_today(self)
        wrong = []
        if not self.company_id.vat:
            wrong.append(self.env._("The company has no RFC."))
        if program.valid_to and program.valid_to < today:
            wrong.append(
                self.env._(
                    "Programme %(number)s ended on %(date)s.",
                    number=program.name,
                    date=format_date(self.env, program.valid_to),
                )
            )
        if wrong:
            return Fact(ATTENTION, text=" ".join(wrong))
        return Fact(
            DONE,
            text=self.env._(
                "%(number)s since %(date)s, RFC %(rfc)s",
                number=program.name,
                date=format_date(self.env, program.valid_from),
                rfc=self.company_id.vat,
            ),
        )

    def _missing_sites(self):
        """``(warehouses, subcontractors)`` that are no site, and sites without an
        address."""
        program = self.env["immex.program"]._current(self.company_id)
        self.env.cr.execute(
            sql.WAREHOUSES,
            {"company_id": self.company_id.id, "program_id": program.id or 0},
        )
        warehouses = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(
            sql.PROCESSORS,
            {"company_id": self.company_id.id, "program_id": program.id or 0},
        )
        processors = [row[0] for row in self.env.cr.fetchall()]
        bare = program.site_ids.filtered(
            lambda site: not (site.partner_id.street and site.partner_id.zip)
        )
        return (
            self.env["stock.warehouse"].browse(warehouses),
            self.env["res.partner"].browse(processors),
            bare,
        )

    def _fact_addresses(self):
        program = self.env["immex.program"]._current(self.company_id)
        warehouses, processors, bare = self._missing_sites()
        sites = len(program.site_ids)
        needed = len(warehouses) + len(processors)
        if not sites:
            return Fact(TODO, total=max(needed, 1))
        told = []
        if needed:
            names = _listed(
                [*warehouses.mapped("name"), *processors.mapped("display_name")]
            )
            told.append(self.env._("Without a site: %(names)s.", names=names))
        if bare:
            told.append(
                self.env._(
                    "Street or postal code is missing: %(names)s.",
                    names=_listed(bare.mapped("name")),
                )
            )
        unsigned = program.site_ids.filtered(
            lambda site: site.kind == "submaquila" and not site.authorization
        )
        if unsigned:
            told.append(
                self.env._(
                    "Registration of the sub-manufacturer is missing: %(names)s.",
                    names=_listed(unsigned.mapped("name")),
                )
            )
        if told:
            return Fact(ATTENTION, text=" ".join(told))
        return Fact(DONE, count=sites)

    def _fact_documents(self):
        count, first, last, stored, missing, refused = self._one(sql.DOCUMENTS)
        if not count and not stored:
            return Fact(TODO)
        if missing:
            return Fact(
                ATTENTION,
                text=self.env._(
                    "Pedimentos of Data Stage not recorded here: %(missing)s.",
                    missing=formatLang(self.env, missing, digits=0),
                ),
            )
        if refused:
            return Fact(
                ATTENTION,
                text=self.env._(
                    "Files refused or waiting: %(count)s.",
                    count=formatLang(self.env, refused, digits=0),
                ),
            )
        period = self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, first),
            last=format_date(self.env, last),
        )
        return Fact(DONE, count=count, text=period)

    def _fact_parts(self):
        pending, total = self._is_open("immex.setup.part")
        if not total and not self._only_balances():
            return Fact(TODO)
        fresh = self._one(sql.FRESH_CODES)[0] + self._one(sql.FRESH_DESCRIPTIONS)[0]
        if not total and not fresh:
            return Fact(NONE)
        pending, total = pending + fresh, total + fresh
        return Fact(ATTENTION if pending else DONE, count=pending, total=total)

    def _only_balances(self):
        """Whether every pedimento came by posted initial balances, which name their
        products."""
        pedimentos = self.env["immex.pedimento"]
        ours = self._ours(("state", "!=", "cancelled"))
        return bool(
            pedimentos.search_count(ours & Domain("origin", "=", "opening"), limit=1)
        ) and not pedimentos.search_count(
            ours & Domain("origin", "!=", "opening"), limit=1
        )

    def _domain_deviating(self):
        return self._ours(("state", "=", "confirmed"), ("deviation", ">", TOLERANCE))

    def _fact_units(self):
        parts = self.env["immex.setup.part"]
        if not parts.search_count(self._ours(("state", "=", "confirmed")), limit=1):
            return Fact(NONE if self._fact_parts().state == NONE else TODO)
        told = []
        missing, unsplit = self._unsettled()
        if missing:
            told.append(
                self.env._(
                    "Partidas without a factor, or that do not add up: %(count)s.",
                    count=formatLang(self.env, missing, digits=0),
                )
            )
        if unsplit:
            told.append(
                self.env._(
                    "Partidas without a part: %(count)s. Confirm what they describe, "
                    "load the broker's part file, or split them by hand.",
                    count=formatLang(self.env, unsplit, digits=0),
                )
            )
        deviating = parts.search_count(self._domain_deviating())
        if deviating and not self._step("units").note:
            told.append(
                self.env._(
                    "Codes more than %(share)s %% from what moved in Odoo: %(count)s. "
                    "Mend them, or write the reason in the note.",
                    count=formatLang(self.env, deviating, digits=0),
                    share=TOLERANCE,
                )
            )
        return Fact(ATTENTION, text=" ".join(told)) if told else Fact(DONE)

    def _unsettled(self):
        """Partidas without a quantity in the product's unit, and without any part."""
        return self._one(sql.WITHOUT_QUANTITY)

    def _step(self, code):
        return self.step_ids.filtered(lambda step: step.code == code)

    def _fact_status(self):
        company = self.company_id.sudo()
        words = dict(
            company._fields["immex_status_policy"]._description_selection(self.env)
        )
        places, lots = self._one(sql.MARKED)
        text = self.env._(
            "%(policy)s. Marked otherwise: locations %(places)s, lots %(lots)s.",
            policy=words[company.immex_status_policy],
            places=formatLang(self.env, places, digits=0),
            lots=formatLang(self.env, lots, digits=0),
        )
        confirmed = self._step("status").confirmed_at
        return Fact(DONE if confirmed else TODO, text=text)

    def _fact_transfers(self):
        pending, total = self._is_open("immex.setup.transfer")
        (fresh,) = self._one(sql.FRESH_TRANSFERS)
        if not total and (fresh or self._fact_parts().state == TODO):
            return Fact(TODO)
        pending, total = pending + fresh, total + fresh
        return Fact(ATTENTION if pending else DONE, count=pending, total=total)

    def _fact_opening(self):
        posted = self.env["immex.opening"].search(
            self._ours(("state", "=", "posted")), limit=1
        )
        if posted:
            return Fact(DONE, text=format_date(self.env, posted.cutoff_date))
        draft = self.env["immex.opening"].search(
            self._ours(("state", "=", "draft")), limit=1
        )
        if draft:
            return Fact(
                ATTENTION,
                text=self.env._(
                    "A draft as of %(date)s waits: complete its file, load it and "
                    "post it.",
                    date=format_date(self.env, draft.cutoff_date),
                ),
            )
        if self._fact_parts().state == TODO:
            return Fact(TODO)
        count, day = self._one(
            sql.BEFORE_FIRST, tz=self.company_id.sudo()._immex_timezone()
        )
        if not count or self._step("opening").note:
            return Fact(NONE)
        return Fact(
            ATTENTION,
            text=self.env._(
                "Parts that were on hand before the first pedimento of %(date)s: "
                "%(count)s.",
                date=format_date(self.env, day),
                count=formatLang(self.env, count, digits=0),
            ),
        )

    def _last_run(self):
        return self.env["immex.discharge.run"].search(
            self._ours(("state", "=", "done")), order="id desc", limit=1
        )

    def _discharge_job(self):
        """The discharge that waits or works."""
        return self.env["immex.job"].search(
            self._ours(
                ("kind", "=", "discharge"), ("state", "in", ["waiting", "running"])
            ),
            limit=1,
        )

    def _fact_discharge(self):
        if self._discharge_job():
            return Fact(ATTENTION, text=self.env._("It is running; look again soon."))
        run = self._last_run()
        if not run:
            return Fact(TODO)
        changes = self.env["immex.change"].sudo().search_count(self._ours())
        if changes:
            return Fact(
                ATTENTION,
                text=self.env._(
                    "Facts changed since the last run: %(count)s. Run it again.",
                    count=formatLang(self.env, changes, digits=0),
                ),
            )
        return Fact(DONE, text=format_datetime(self.env, run.started_at))

    def _since_run(self, model, moment):
        """The last comparison of a model that was made after the last run: during it,
        it would have seen the ledger as it was before."""
        run = self._last_run()
        if not run:
            return self.env[model]
        # moments of comparisons are in whole seconds
        ended = (run.finished_at or run.started_at).replace(microsecond=0)
        return self.env[model].search(
            self._ours(("state", "=", "done"), (moment, ">=", ended)),
            order=f"{moment} desc, id desc",
            limit=1,
        )

    def _fact_reconciliation(self):
        store = self.env["immex.datastage.pedimento"]
        if not store.search_count(self._ours(), limit=1):
            return Fact(NONE if self._fact_documents().state == DONE else TODO)
        made = self._since_run("immex.reconciliation", "run_at")
        if not made:
            return Fact(TODO)
        if made.open_count:
            return Fact(ATTENTION, count=made.open_count, share=made.share_settled)
        return Fact(DONE, share=made.share_settled)

    def _fact_stock(self):
        made = self._since_run("immex.stock.balance", "done_at")
        if not made:
            return Fact(TODO)
        state = ATTENTION if made.open_count else DONE
        return Fact(state, count=made.open_count, total=made.part_count)

    def _balance_figures(self):
        """Figures of the balance that the last run left."""
        today = fields.Date.context_today(
            self.with_context(tz=self.company_id.sudo()._immex_timezone())
        )
        names = (
            "layer_count",
            "part_count",
            "customs_value",
            "expired_count",
            "short_count",
        )
        return dict(zip(names, self._one(sql.BALANCE, today=today), strict=True))

    def _fact_balance(self):
        if not self._last_run():
            return Fact(TODO)
        figures = self._balance_figures()
        text = self.env._(
            "Imports with a balance: %(layers)s (parts: %(parts)s), customs value "
            "MXN %(value)s.",
            layers=formatLang(self.env, figures["layer_count"], digits=0),
            parts=formatLang(self.env, figures["part_count"], digits=0),
            value=formatLang(self.env, float(figures["customs_value"])),
        )
        if figures["short_count"]:
            short = self.env._(
                "Shortages, exits that no import covers: %(count)s.",
                count=formatLang(self.env, figures["short_count"], digits=0),
            )
            return Fact(ATTENTION, text=f"{text} {short}")
        return Fact(DONE, text=text)
