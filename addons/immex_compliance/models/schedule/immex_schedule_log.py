# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models

DAYS_PARAMETER = "immex_compliance.schedule_log_days"
DAYS = 90
BATCH = 10_000


class ImmexScheduleLog(models.Model):
    """What a scheduled action did, in words that a user understands.

    Written for each run of each scheduled action of these add-ons, also where it
    failed, in which case it is all that is left of the run. Runs with nothing to
    report follow each other in one line. Old lines go.
    """

    _name = "immex.schedule.log"
    _description = "Log of Scheduled Work"
    _order = "finished_at desc, id desc"
    _rec_name = "result"

    cron_id = fields.Many2one(
        "ir.cron", required=True, index=True, ondelete="cascade", readonly=True
    )
    schedule_id = fields.Many2one(
        "immex.schedule", "Scheduled Work", compute="_compute_schedule_id"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    started_at = fields.Datetime("Started", required=True, readonly=True)
    finished_at = fields.Datetime("Ended", required=True, readonly=True)
    state = fields.Selection(
        [
            ("done", "Done"),
            ("idle", "Nothing to Report"),
            ("partial", "Goes On Later"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    times = fields.Integer(
        default=1, readonly=True, help="Runs in a row with nothing to report."
    )
    done = fields.Integer("Handled", readonly=True)
    remaining = fields.Integer("Left", readonly=True)
    words = fields.Text(readonly=True)
    error = fields.Text("What Went Wrong", readonly=True)
    result = fields.Text(compute="_compute_result")

    _last = models.Index("(cron_id, finished_at DESC, id DESC)")

    @api.depends("cron_id")
    def _compute_schedule_id(self):
        for log in self:
            log.schedule_id = self.env["immex.schedule"].browse(log.sudo().cron_id.id)

    @api.depends("state", "times", "done", "remaining", "words", "error")
    @api.depends_context("lang")
    def _compute_result(self):
        for log in self:
            log.result = log._told()

    def _told(self):
        self.ensure_one()
        if self.state == "failed" and not self.error:
            said = ""
        elif self.state == "failed":
            said = self.env._(
                "Failed: %(why)s. What was committed before stays; the next run goes "
                "on from there.",
                why=(self.error or "").rstrip("."),
            )
        elif self.state == "idle":
            said = (
                self.env._(
                    "Ran %(times)s times with nothing to report.", times=self.times
                )
                if self.times > 1
                else self.env._("Ran with nothing to report.")
            )
        elif self.remaining:
            said = self.env._(
                "%(done)s handled, %(remaining)s left for the next run.",
                done=self.done,
                remaining=self.remaining,
            )
        elif self.done:
            said = self.env._("%(done)s handled.", done=self.done)
        else:
            said = self.env._("Done.") if not self.words else ""
        return "\n".join(filter(None, (self.words, said)))

    # writing -----------------------------------------------------------------------
    @api.model
    @api.private
    def _say(self, company, words, failed=False):
        """What the scheduled action that runs now did for a company; in its language,
        one line of the log for each. Outside of a scheduled action, nothing."""
        cron = self.env.context.get("cron_id")
        if not cron:
            return self.browse()
        now = fields.Datetime.now()
        return self.sudo().create(
            {
                "cron_id": cron,
                "company_id": company.id,
                "started_at": now,
                "finished_at": now,
                "state": "failed" if failed else "done",
                "words": words,
            }
        )

    @api.model
    @api.private
    def _record(self, cron, started, state, **values):
        """Write how a run ended; idle ones into the line of the idle one before."""
        logs = self.sudo()
        now = fields.Datetime.now()
        if state == "idle":
            last = logs.search([("cron_id", "=", cron.id)], limit=1)
            if last.state == "idle":
                last.write({"finished_at": now, "times": last.times + 1})
                return last
        return logs.create(
            {
                "cron_id": cron.id,
                "started_at": started,
                "finished_at": now,
                "state": state,
                **values,
            }
        )

    @api.autovacuum
    def _gc_logs(self):
        """Old lines go, after the days of the system parameter."""
        value = self.env["ir.config_parameter"].sudo().get_param(DAYS_PARAMETER, "")
        days = int(value) if value.isdigit() and int(value) else DAYS
        limit = fields.Datetime.now() - timedelta(days=days)
        domain = [("finished_at", "<", limit)]
        self.sudo().search(domain, limit=BATCH).unlink()
