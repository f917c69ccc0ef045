# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

SOON = timedelta(minutes=2)  # within which waiting work begins on a server at work


class ImmexMonthEnd(models.Model):
    """The close: a person asks for it, a process of its own does it.

    Run, last look at the checklist and seals are one transaction. Nobody writes the
    checklist meanwhile.
    """

    # a topic a file: the model itself is long enough
    _inherit = "immex.month.end"  # pylint: disable=consider-merging-classes-inherited

    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, copy=False, ondelete="set null"
    )
    job_progress = fields.Float(related="job_id.progress", string="Progress (%)")
    told = fields.Text("How Far the Close Is", compute="_compute_told")

    @api.depends("state", "job_id.state", "job_id.stage", "job_id.error")
    @api.depends_context("lang", "tz")
    def _compute_told(self):
        """What a person is to know of the close, and to do next."""
        for month in self:
            job = month.sudo().job_id.with_context(lang=self.env.lang)
            if month.state == "closing":
                month.told = month._told_closing(job)
            elif month.state == "open" and job.state in ("failed", "cancelled"):
                month.told = month._told_not_closed(job)
            else:
                month.told = False

    def _told_closing(self, job):
        if job.state == "running":
            return job.stage or self.env._("It has begun.")
        waited = fields.Datetime.now() - job.create_date
        if waited < SOON:
            return self.env._("It waits for the background work, which begins it.")
        return self.env._(
            "Nothing has begun it for %(minutes)s minutes: other work goes first, or "
            "the scheduled actions of this server do not run. Ask an administrator to "
            "look at Inventory > Scheduled Work > Background work. It stays in the "
            "queue until it is begun or stopped; nothing is closed before.",
            minutes=int(waited.total_seconds() // 60),
        )

    def _told_not_closed(self, job):
        at = format_datetime(self.env, job.finished_at, dt_format="yyyy-MM-dd HH:mm")
        if job.state == "cancelled":
            return self.env._(
                "%(at)s: the close was stopped. Nothing was closed. Close the month "
                "again when you want to.",
                at=at,
            )
        return self.env._(
            "%(at)s: it was not closed.\n%(why)s\n\nNothing is sealed. Settle what it "
            "names, then close the month again.",
            at=at,
            why=job.error or "",
        )

    def _check_not_closing(self):
        if "closing" in self.mapped("state"):
            raise UserError(
                self.env._(
                    "The month is being closed. Wait for the end, or stop that work."
                )
            )

    # asking ------------------------------------------------------------------------
    def action_close(self):
        """Button: check once more, then ask for the close, which seals the month.

        Raises ``UserError`` where steps that block are open and no reason is written.
        Asked for again meanwhile, it is the same work.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers close a period."))
        if self.state == "closing":
            return True
        self._check()
        pending = self._pending()
        if pending and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "These steps are open:\n%(steps)s\n\nSettle them, or write the "
                    "reason to close all the same.",
                    steps="\n".join(pending.mapped("name")),
                )
            )
        job = self.env["immex.period.seal"]._ask_close(
            self.company_id, self.date_to, month_end_id=self.id
        )
        self._closed_together().sudo().job_id = job
        return True

    def action_stop(self):
        """Button: the close ends within seconds, and nothing is closed."""
        self.ensure_one()
        self.check_access("write")
        return self.job_id.action_cancel()

    def action_job(self):
        """Button: the work of the close."""
        self.ensure_one()
        return self.job_id._action_open()

    def _pending(self):
        """Steps that are open and block the close."""
        return self.step_ids.filtered(lambda step: step.is_open and step.blocks)

    def _closed_together(self):
        """The checklists of all months that the close of this one seals."""
        last = self.env["immex.period.seal"]._last(self.company_id)
        domain = [
            ("company_id", "=", self.company_id.id),
            ("date_to", "<=", self.date_to),
        ]
        if last:
            domain.append(("date_to", ">", last.date_to))
        return self.search(domain)

    # in the background ---------------------------------------------------------------
    @api.private
    def _close_here(self):
        """The work of the job; values for it.

        The run may open a step that blocks and was in order when the close was asked
        for. Then the run is kept and nothing is sealed: whoever asks again knows.
        """
        self.ensure_one()
        months = self._closed_together()
        # held from here: what is written at the end can be kept
        months.sudo().lock_for_update(allow_referencing=True)
        months.sudo().step_ids.lock_for_update(allow_referencing=True)
        known = self._pending()
        seals = self.env["immex.period.seal"]
        run = seals._run_to_close(self.company_id, self.date_to)
        for month in months:
            month._check()
        opened = self._pending() - known
        if opened:
            return {"run_id": run.id, "error": self._refusal(opened)}
        for month in months:
            month.sudo().open_at_close = "\n".join(month._pending()._words()) or False
        made = seals._seal(self.company_id, self.date_to, run)
        return {"run_id": run.id, "seal_id": made[-1:].id}

    def _refusal(self, opened):
        return self.env._(
            "The run of the close opened these steps:\n%(steps)s\n\nThe run stays. "
            "Settle the steps, or write the reason, and close the month again.",
            steps="\n".join(opened._words()),
        )
