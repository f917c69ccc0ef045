# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models, modules

from ...engine import run as engine

_logger = logging.getLogger(__name__)


class ImmexDischargeRun(models.Model):
    """One computation of the ledger: who, when, why, and what it changed.

    A run reads facts (documents, done stock moves, done orders), computes what the
    ledger should say and writes the differences. Two runs over the same facts
    differ in nothing.
    """

    _name = "immex.discharge.run"
    _description = "Discharge run"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    reason = fields.Char()
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

    @api.model
    def _run_company(self, company, reason, full=False):
        """Run the discharge of ``company`` and return the run.

        Works on a cursor of its own, opened once the company's lock is held, so that
        two workers never compute over each other. A run that dies leaves the ledger
        as it was. The caller sees the run's rows in its next transaction. In tests
        there is one transaction: the run works in it.

        :param bool full: compute everything again, not only what has changed
        """
        uid = self.env.uid
        run_id = self._on_own_cursor(
            company, lambda cr: engine.run(cr, company.id, uid, reason, full)
        )
        _logger.info("IMMEX discharge run %s of %s done", run_id, company.name)
        return self.browse(run_id)

    @api.private
    def _on_own_cursor(self, company, work):
        """``work(cr)`` on a cursor of its own, opened once the company's lock is held.

        Committed if it ends well, undone if not. In tests there is one transaction.
        """
        self.env.flush_all()
        if modules.module.current_test:
            result = work(self.env.cr)
        else:
            with self.pool.cursor() as lock:
                engine.lock_company(lock, company.id)
                with self.pool.cursor() as cr:
                    result = work(cr)
        self.env.invalidate_all()
        return result

    @api.model
    def _cron_run(self):
        """Scheduled action: one run per company that has a programme."""
        companies = (
            self.env["immex.program"].search([("kind", "=", "immex")]).company_id
        )
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._run_company(company, self.env._("Scheduled"))
            self.env["ir.cron"]._commit_progress(1)
