# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...engine import requeue
from ...engine import run as engine
from ..job.reporting import report
from ..pedimento.discharge_action import ask_discharge
from .immex_finding import OPEN_STATES
from .walk import title, window

_logger = logging.getLogger(__name__)


def _run(cr, company_id, uid, reason, full, recompute, report=None):
    planned = None
    if recompute:
        requeue.queue(cr, company_id, *recompute)
        planned = requeue.anew(*recompute)
    return engine.run(cr, company_id, uid, reason, full, report, planned)


class ImmexDischargeRun(models.Model):
    """One computation of the ledger: who, when, why, and what it changed.

    A run reads facts (documents, done stock moves, done orders), computes what the
    ledger should say and writes the differences. Two runs over the same facts
    differ in nothing.
    """

    _name = "immex.discharge.run"
    _description = "Discharge run"
    _order = "id desc"
    _rec_name = "reason"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    name = fields.Char("Number", compute="_compute_name")
    duration = fields.Float("Duration (s)", compute="_compute_duration")
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    reason = fields.Char(help="What a person wrote who asked for the run.")
    why = fields.Char(
        compute="_compute_why",
        help="The reason that a person gave; else which scheduled action it was.",
    )
    started_at = fields.Datetime(default=fields.Datetime.now, required=True)
    finished_at = fields.Datetime()
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        default="running",
    )
    is_full = fields.Boolean(
        "Everything Computed",
        help="Every fact was read and every exit discharged anew, which also proves "
        "that the runs before missed nothing. Otherwise the run took what had changed.",
    )
    movements_changed = fields.Integer()
    layers_changed = fields.Integer()
    exits_changed = fields.Integer()
    requirements_added = fields.Integer()
    requirements_superseded = fields.Integer()
    discharges_added = fields.Integer()
    discharges_superseded = fields.Integer()
    findings_open = fields.Integer("Open Findings")
    error = fields.Text()

    @api.depends("started_at")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.id:06d}" if run.id else ""

    @api.depends("reason", "is_full")
    @api.depends_context("lang")
    def _compute_why(self):
        for run in self:
            nightly = self.env._("Nightly: everything computed")
            run.why = run.reason or (
                nightly if run.is_full else self.env._("Scheduled: what had changed")
            )

    @api.depends("started_at", "why")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            started = run.started_at and format_datetime(
                self.env, run.started_at, dt_format="yyyy-MM-dd HH:mm"
            )
            run.display_name = title(started, run.why)

    @api.depends("started_at", "finished_at")
    def _compute_duration(self):
        for run in self:
            span = run.finished_at and run.finished_at - run.started_at
            run.duration = span.total_seconds() if span else 0.0

    def action_run_discharge(self):
        """Ask for a run: of the companies of these runs, or of those that the user
        works in."""
        return ask_discharge(self.env, self.company_id or self.env.companies)

    def action_job(self):
        """The background work that this run was part of."""
        return window(
            self.env,
            self.env._("Background Work"),
            "immex.job",
            [("run_id", "in", self.ids)],
        )

    def action_discharges_added(self):
        """Ledger rows that this run wrote, superseded since or not."""
        return self._open_rows(self.env._("Added Discharges"), "discharge", "run_id")

    def action_discharges_superseded(self):
        """Ledger rows that this run put out of force."""
        return self._open_rows(
            self.env._("Superseded Discharges"), "discharge", "superseded_run_id"
        )

    def action_requirements_added(self):
        """Requirements that this run wrote."""
        return self._open_rows(
            self.env._("Added Requirements"), "requirement", "run_id"
        )

    def action_requirements_superseded(self):
        """Requirements that this run put out of force."""
        return self._open_rows(
            self.env._("Superseded Requirements"), "requirement", "superseded_run_id"
        )

    def action_findings(self):
        """What does not add up now in the books of this company."""
        return window(
            self.env,
            self.env._("Findings"),
            "immex.finding",
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "in", OPEN_STATES),
            ],
        )

    def _open_rows(self, name, model, field):
        return window(self.env, name, f"immex.{model}", [(field, "in", self.ids)])

    @api.model
    def _run_company(self, company, reason, full=False, recompute=None):
        """Run the discharge of ``company`` and return the run.

        Works on a cursor of its own, opened once the company's lock is held, so that
        two workers never compute over each other. A run that dies leaves the ledger
        as it was. The caller sees the run's rows in its next transaction. In tests
        there is one transaction: the run works in it.

        :param bool full: compute everything again, not only what has changed
        :param recompute: ``(product ids or None, first day or None)``: what is computed
            again beside what has changed
        """
        uid = self.env.uid
        run_id = self._on_own_cursor(
            company, lambda cr: _run(cr, company.id, uid, reason, full, recompute)
        )
        _logger.info("IMMEX discharge run %s of %s done", run_id, company.name)
        self.env["immex.finding"]._close_activities()
        return self.browse(run_id)

    @api.private
    def _run_here(self, company, reason, full=False, recompute=None):
        """Run in this very transaction; the caller holds the company's lock."""
        self.env.flush_all()
        run_id = _run(
            self.env.cr, company.id, self.env.uid, reason, full, recompute, report
        )
        self.env.invalidate_all()
        self.env["immex.finding"]._close_activities()
        return self.browse(run_id)

    @api.private
    def _on_own_cursor(self, company, work, patience=None):
        """``work(cr)`` on a cursor of its own, opened once the company's lock is held.

        Committed if it ends well, undone if not. In tests there is one transaction.

        :param patience: seconds after which who waits for the lock is sent away
        """
        self.env.flush_all()
        if modules.module.current_test:
            result = work(self.env.cr)
        else:
            with self.pool.cursor() as lock:
                if patience is None:
                    engine.lock_company(lock, company.id)
                elif not engine.lock_company_within(lock, company.id, patience):
                    raise UserError(
                        self.env._(
                            "The discharge of %(company)s is being computed. Try again "
                            "when it has ended.",
                            company=company.name,
                        )
                    )
                with self.pool.cursor() as cr:
                    result = work(cr)
        self.env.invalidate_all()
        return result

    @api.model
    def _cron_run(self):
        """Scheduled action: what has changed, for each company that has a programme.

        In the background, since a scheduled action has a minute.
        """
        self._enqueue_runs(full=False)

    @api.model
    def _cron_sweep(self):
        """Scheduled action of the night: everything, which proves the runs before."""
        self._enqueue_runs(full=True)

    @api.model
    def _enqueue_runs(self, full):
        companies = (
            self.env["immex.program"].search([("kind", "=", "immex")]).company_id
        )
        for company in companies:
            self.env["ir.cron"]._immex_try(company, self._enqueue_run, company, full)

    @api.model
    def _enqueue_run(self, company, full):
        jobs = self.env["immex.job"]
        waiting = jobs.sudo().search_count(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "discharge"),
                ("state", "=", "waiting"),
                ("full", "=", full),
            ],
            limit=1,
        )
        if not waiting:
            # the scheduler has no language: the company's readers have one
            reader = self.with_context(lang=company.partner_id.lang)
            name = reader.env._("Discharge of %(company)s", company=company.name)
            jobs._enqueue(company, "discharge", name, full=full)
