# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
import os
import socket
import subprocess
import sys
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path

import psutil
from psycopg2.errors import QueryCanceled

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError
from odoo.tools import config
from odoo.tools.translate import LazyTranslate

from ...engine import run as engine
from ..pedimento.file_issues import FileRefused
from .estimate import progress
from .reporting import Cancelled, listening
from .watch import Watch

_lt = LazyTranslate(__name__)

CHILD = Path(__file__).resolve().parents[2] / "tools" / "child.py"
PARALLEL = "immex_compliance.parallel_jobs"
LOST_AFTER = timedelta(minutes=15)  # without a sign of life
POLL = timedelta(seconds=20)
# what a child needs of the server's configuration
OPTIONS = (
    "addons_path",
    "data_dir",
    "db_host",
    "db_port",
    "db_user",
    "db_password",
    "db_sslmode",
    "db_template",
    "limit_memory_soft",
    "syslog",
    "logfile",
    "log_level",
)
WAITS = "waits"
LEDGER = ("discharge", "close")  # kinds that run the discharge
# what the work calls its steps, in words
STEPS = {
    WAITS: _lt("Waits for another run of the company"),
    "movements": _lt("Reads the stock movements"),
    "production": _lt("Reads the production orders"),
    "links": _lt("Joins movements with pedimentos"),
    "layers": _lt("Makes the layers"),
    "exits": _lt("Makes the exits"),
    "use of production": _lt("Finds which production each exit took"),
    "explosion": _lt("Explodes exits into materials"),
    "discharge": _lt("Discharges by PEPS"),
    "findings": _lt("Looks for what does not add up"),
    "seal": _lt("Seals the months"),
}


class ImmexJob(models.Model):
    """Work that takes longer than a request or a scheduled action may.

    A cron worker has 60 s of processor time, a request 120 s, so the scheduled action
    only starts a process of its own for each job, and looks after it. The work is one
    transaction: a job that dies, or is cancelled, leaves everything as it was. Progress
    is written on a second connection.
    """

    _name = "immex.job"
    _description = "Work in the background"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    name = fields.Char(required=True)
    title = fields.Char(
        "Work", compute="_compute_title", help="What it does, in the reader's language."
    )
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    kind = fields.Selection(
        [
            ("file", "Load a customs file"),
            ("discharge", "Run the discharge"),
            ("first_loading", "Record pedimentos of Data Stage"),
        ],
        required=True,
    )
    file_id = fields.Many2one("immex.pedimento.file", ondelete="cascade")
    run_id = fields.Many2one("immex.discharge.run", ondelete="set null")
    first_loading_id = fields.Many2one("immex.first.loading", ondelete="cascade")
    full = fields.Boolean("Everything", help="Compute everything again.")
    reason = fields.Char()
    recompute = fields.Boolean(
        help="Facts of the products are read again and discharged anew."
    )
    date_from = fields.Date("From")
    product_ids = fields.Many2many("product.product", string="Products")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        index=True,
    )
    done = fields.Float(digits=(18, 0))
    total = fields.Float(digits=(18, 0))
    rows = fields.Float("Rows Handled", digits=(18, 0), help="Read or written.")
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    rate = fields.Float("Rows per Second", digits=(18, 0), compute="_compute_progress")
    elapsed = fields.Float("Minutes So Far", compute="_compute_progress")
    time_left = fields.Float(
        "Minutes Left",
        compute="_compute_progress",
        help="By the stages of the company's former run of this kind, else at the pace "
        "so far.",
    )
    step = fields.Char()
    stage = fields.Char(compute="_compute_stage")
    stage_at = fields.Datetime("Stage Since")
    stage_seconds = fields.Json("Seconds of Each Stage")
    error = fields.Text()
    started_at = fields.Datetime()
    finished_at = fields.Datetime()
    heartbeat = fields.Datetime("Last Sign of Life")
    cancel_asked = fields.Boolean()
    pid = fields.Integer("Process", groups="immex_compliance.group_administrator")
    host = fields.Char(groups="immex_compliance.group_administrator")

    _open = models.Index("(state) WHERE state IN ('waiting', 'running')")

    @api.depends("name", "kind", "company_id")
    @api.depends_context("lang")
    def _compute_title(self):
        for job in self:
            job.title = job.name
            if job.kind == "discharge":
                # its name is in the language of who asked, or of the company
                job.title = job.env._(
                    "Discharge of %(company)s", company=job.company_id.sudo().name
                )

    @api.depends("title")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for job in self:
            job.display_name = job.title

    @api.depends("done", "total", "state", "started_at", "finished_at", "rows")
    def _compute_progress(self):
        now = fields.Datetime.now()
        for job in self:
            end = job.finished_at or (now if job.state == "running" else False)
            spent = end - job.started_at if end and job.started_at else None
            seconds = max(spent.total_seconds(), 0.0) if spent else 0.0
            job.elapsed = seconds / 60
            job.rate = job.rows / seconds if seconds else 0
            share = job.done / job.total if job.total else 0
            job.progress = 100 if job.state == "done" else 100 * min(share, 1)
            job.time_left = 0
            told = job._estimate(seconds) if job.state == "running" else None
            if told:
                job.progress = min(100 * told[0], 99)
                job.time_left = told[1] / 60

    def _estimate(self, elapsed):
        """``(share done, seconds left)`` of this running job, or None."""
        self.ensure_one()
        now = fields.Datetime.now()
        since = self.stage_at or self.started_at or now
        former = {}
        if self.kind in LEDGER:
            former = self.sudo().search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind", "=", self.kind),
                    ("full", "=", self.full),
                    ("state", "=", "done"),
                    ("stage_seconds", "!=", False),
                ],
                limit=1,
            )
            former = former.stage_seconds or {}
        return progress(
            former,
            self.done,
            self.total,
            elapsed,
            max((now - since).total_seconds(), 0.0),
        )

    @api.depends("step", "done", "total", "kind")
    @api.depends_context("lang")
    def _compute_stage(self):
        for job in self:
            words = STEPS.get(job.step)
            words = self.env._(words) if words else job.step
            if words and job.kind in LEDGER and job.total:
                job.stage = self.env._(
                    "%(number)s of %(total)s: %(stage)s",
                    number=int(job.done) + 1,
                    total=int(job.total),
                    stage=words,
                )
            else:
                job.stage = words

    # asking --------------------------------------------------------------------
    @api.model
    def _enqueue(self, company, kind, name, **values):
        """Make a waiting job, as the current user, and wake the scheduled action."""
        job = self.sudo().create(
            {
                "company_id": company.id,
                "kind": kind,
                "name": name,
                "user_id": self.env.uid,
                **values,
            }
        )
        self._wake()
        return job

    @api.model
    def _wake(self, delay=None):
        cron = self.env.ref("immex_compliance.ir_cron_job", raise_if_not_found=False)
        if cron:
            at = fields.Datetime.now() + delay if delay else None
            cron.sudo()._trigger(at)

    def _check_own(self):
        """Who asked for the work, or an administrator, may stop or repeat it."""
        administrator = self.env.user.has_group("immex_compliance.group_administrator")
        if not administrator and any(job.user_id != self.env.user for job in self):
            raise AccessError(self.env._("This work was asked for by somebody else."))

    def action_cancel(self):
        """Button: the work stops at its next step and is undone."""
        self.check_access("read")
        self._check_own()
        for job in self.sudo():
            if job.state == "waiting":
                job._finish("cancelled")
            elif job.state == "running":
                job.cancel_asked = True
        return True

    def action_retry(self):
        """Button: once more, after a failure or a cancellation."""
        self.check_access("read")
        self._check_own()
        for job in self.sudo():
            if job.state not in ("failed", "cancelled"):
                raise UserError(self.env._("Only what ended badly can be repeated."))
            job.write(
                {
                    "state": "waiting",
                    "cancel_asked": False,
                    "error": False,
                    "done": 0,
                    "total": 0,
                    "rows": 0,
                    "step": False,
                    "stage_at": False,
                    "finished_at": False,
                }
            )
            job.file_id._set_waiting()
        self._wake()
        return True

    def action_refresh(self):
        """Button: look again."""
        return True

    def action_open_run(self):
        """Button: what the run did."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.discharge.run",
            "view_mode": "form",
            "res_id": self.run_id.id,
        }

    def _action_open(self):
        """Action that shows these jobs and how far they are."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Background Work"),
            "res_model": self._name,
        }
        if len(self) == 1:
            return action | {"view_mode": "form", "res_id": self.id}
        return action | {"view_mode": "list,form", "domain": [("id", "in", self.ids)]}

    # looking after -------------------------------------------------------------
    @api.model
    def _cron_work(self):
        """Scheduled action: start waiting jobs, notice dead ones; short by itself."""
        jobs = self.sudo()
        for job in jobs.search([("state", "=", "running")]):
            if job._is_lost():
                self.env["ir.cron"]._immex_try(
                    job.company_id,
                    job._finish,
                    "failed",
                    self.env._(
                        "The process ended without a word: the machine was "
                        "restarted, or it ran out of memory. Nothing was changed; "
                        "try again."
                    ),
                )
        limit = self.env["ir.config_parameter"].sudo().get_param(PARALLEL, "")
        limit = int(limit) if limit.isdigit() else 2
        running = jobs.search([("state", "=", "running")])
        busy = {(job.company_id.id, job.kind) for job in running}
        free = limit - len(running)
        for job in jobs.search([("state", "=", "waiting")], order="id"):
            if free <= 0:
                break
            if (job.company_id.id, job.kind) in busy:
                continue
            busy.add((job.company_id.id, job.kind))
            free -= 1
            try:
                job._start()
            except OSError as error:
                # no process could be made; another one may be smaller
                job._finish("failed", str(error), error)
        if jobs.search_count([("state", "in", ("waiting", "running"))], limit=1):
            self._wake(POLL)

    def _is_lost(self):
        self.ensure_one()
        now = fields.Datetime.now()
        if self.heartbeat and now - self.heartbeat > LOST_AFTER:
            return True
        if self.host != socket.gethostname() or not self.pid:
            return False
        with suppress(ChildProcessError):
            # a child of ours that ended is a zombie until it is asked for
            os.waitpid(self.pid, os.WNOHANG)
        try:
            status = psutil.Process(self.pid).status()
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False
        # of a worker that is gone: nobody may ever ask for its end
        return status == psutil.STATUS_ZOMBIE

    def _start(self):
        """Start the process; the configuration goes in by its standard input."""
        self.ensure_one()
        now = fields.Datetime.now()
        self.write(
            {
                "state": "running",
                "started_at": now,
                "stage_at": now,
                "heartbeat": now,
                "host": socket.gethostname(),
            }
        )
        if modules.module.current_test:
            return
        # the child must find the job running
        self.env.cr.commit()  # pylint: disable=invalid-commit
        message = {
            "path": sys.path,
            "options": {name: config[name] for name in OPTIONS},
            "database": self.env.cr.dbname,
            "job": self.id,
        }
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(CHILD)],
            stdin=subprocess.PIPE,
            # it outlives the worker, whose terminal or pipe may be gone by then
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            close_fds=True,
        )
        child.stdin.write(json.dumps(message).encode())
        child.stdin.close()
        self.pid = child.pid
        self.env.cr.commit()  # pylint: disable=invalid-commit

    # working -------------------------------------------------------------------
    def _perform(self):
        """Do the work in this transaction, as who asked for it.

        What it raises undoes it: :class:`Cancelled`, or what went wrong. Returns values
        for the job. The job's own row is left alone: progress is written to it on
        another connection meanwhile.
        """
        self.ensure_one()
        job = self.sudo()
        # the scheduler has no readers of its own: the company's language
        asker = (
            job.company_id.partner_id if job.user_id._is_superuser() else job.user_id
        )
        environment = self.env(
            user=job.user_id.id,
            su=False,
            context={
                "lang": asker.lang,
                "tz": job.user_id.tz,
                "allowed_company_ids": job.company_id.ids,
            },
        )
        work = getattr(self, f"_work_{job.kind}")
        listener = self._listener()
        with listening(listener), self._watched(listener):
            values = work(environment)
        if isinstance(listener, Watch):
            values |= listener.values()
        return values

    def _end(self, error=None, values=None):
        """Write how the work ended."""
        self.ensure_one()
        self.write(values or {})
        stopped = isinstance(error, QueryCanceled) and self.cancel_asked
        if error is None:
            self._finish("done")
        elif stopped or isinstance(error, Cancelled):
            self._finish("cancelled")
        else:
            self._finish("failed", (str(error) or type(error).__name__)[:2000], error)

    def _run_now(self):
        """The work in this very process and transaction (tests, a shell)."""
        self.ensure_one()
        self.state = "running"
        self.flush_recordset()
        error, values = None, None
        try:
            with self.env.cr.savepoint():
                values = self._perform()
        except (Cancelled, UserError, FileRefused) as caught:
            error = caught
        self.env.invalidate_all()
        self._end(error, values)

    def _listener(self):
        """What the work tells its progress to."""
        return Watch(self.pool, self.id)

    def _watched(self, listener):
        """While this lasts, what this cursor does is written, and can be stopped."""
        if modules.module.current_test or not isinstance(listener, Watch):
            return nullcontext()
        return listener.over(self.env.cr)

    def _finish(self, state, error=False, exception=None):
        self.write(
            {"state": state, "error": error, "finished_at": fields.Datetime.now()}
        )
        for job in self:
            job.file_id._job_ended(state, error, exception)
            job._tell()

    def _tell(self):
        """A word to who asked for it, wherever they are in Odoo."""
        self.ensure_one()
        theirs = self.with_context(lang=self.user_id.lang).env
        labels = dict(self._fields["state"]._description_selection(theirs))
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": {"done": "success", "failed": "danger"}.get(
                    self.state, "warning"
                ),
                "title": self.name,
                "message": labels[self.state],
                "sticky": self.state == "failed",
            },
        )

    def _lock_for_work(self):
        """Hold what the work must not share until this transaction ends."""
        self.ensure_one()
        if self.kind in LEDGER:
            listener = self._listener()
            listener(0, 0, WAITS)
            with self._watched(listener):
                engine.lock_company(self.env.cr, self.company_id.id)

    def _work_file(self, environment):
        self.file_id.with_env(environment)._load_waiting()
        return {}

    def _work_first_loading(self, environment):
        self.first_loading_id.with_env(environment)._record_here()
        return {}

    def _work_discharge(self, environment):
        job = self.sudo()
        run = environment["immex.discharge.run"]._run_here(
            job.company_id,
            job.reason or None,
            job.full,
            job._recompute_scope(),
        )
        return {"run_id": run.id}

    def _recompute_scope(self):
        """``(product ids or None, first day or None)`` of a recompute, else None."""
        self.ensure_one()
        if not self.recompute:
            return None
        return self.product_ids.ids or None, self.date_from or None
