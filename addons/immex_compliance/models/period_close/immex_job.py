# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ImmexJob(models.Model):
    """Closing a period: the run and the seals are one transaction."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    kind = fields.Selection(
        selection_add=[("close", "Close a period")], ondelete={"close": "cascade"}
    )
    date_to = fields.Date("Up To", help="Last day of what is closed.")
    seal_id = fields.Many2one("immex.period.seal", ondelete="set null")

    _one_close = models.UniqueIndex(
        "(company_id) WHERE kind = 'close' AND state IN ('waiting', 'running')",
        "A period of this company is being closed already. Look at that work first.",
    )

    @api.depends("date_to")
    def _compute_title(self):
        result = super()._compute_title()
        for job in self.filtered("date_to"):
            job.title = job.env._(
                "Close of %(month)s, %(company)s",
                month=f"{job.date_to:%Y-%m}",
                company=job.company_id.sudo().name,
            )
        return result

    @api.model
    def _closing(self, company):
        """The work that closes a period of the company, where there is some."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "close"),
                ("state", "in", ("waiting", "running")),
            ],
            limit=1,
        )

    def action_open_seal(self):
        """Button: the seal of the last month that was closed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.period.seal",
            "view_mode": "form",
            "res_id": self.seal_id.id,
        }

    def _work_close(self, environment):
        """``{"run_id", "seal_id"}``. Work that ends well without closing gives
        ``{"run_id", "error"}``: its run is kept, and the job tells why."""
        job = self.sudo()
        seals = environment["immex.period.seal"]
        made = seals._close(job.company_id, job.date_to)
        return {"run_id": made.run_id.id, "seal_id": made[-1:].id}

    def _end(self, error=None, values=None):
        refused = (values or {}).get("error")
        if refused and error is None:
            error = UserError(refused)
        return super()._end(error, values)

    def _finish(self, state, error=False, exception=None):
        seal = self._sealed() if state == "failed" else self.seal_id.browse()
        if seal:
            # its process died between the commit of the work and that of its end
            self.write({"seal_id": seal.id, "run_id": seal.run_id.id})
            state, error, exception = "done", False, None
        result = super()._finish(state, error, exception)
        for job in self.filtered(lambda job: job.kind == "close"):
            job._tell_close()
        return result

    def _sealed(self):
        """The seal that this very work has made, looked for in the books."""
        seals = self.env["immex.period.seal"].sudo()
        if len(self) != 1 or self.kind != "close" or not self.started_at:
            return seals
        return seals.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_to", "=", self.date_to),
                ("state", "=", "closed"),
                ("closed_by", "=", self.user_id.id),
                ("closed_at", ">=", self.started_at),
            ],
            limit=1,
        )

    def _tell_close(self):
        """How it ended, for the log of the background work; return the words."""
        self.ensure_one()
        theirs = self.with_context(lang=self.company_id.partner_id.lang)
        told = {"work": theirs.title, "user": self.user_id.name}
        if self.state == "done":
            words = theirs.env._(
                "%(work)s, asked for by %(user)s: closed and sealed, %(rows)s ledger "
                "rows.",
                **told,
                rows=self.seal_id.row_count,
            )
        elif self.state == "cancelled":
            words = theirs.env._(
                "%(work)s, asked for by %(user)s: stopped. Nothing was closed.", **told
            )
        else:
            words = theirs.env._(
                "%(work)s, asked for by %(user)s: not closed. %(why)s",
                **told,
                why=self.error or "",
            )
        cron = self.env.ref("immex_compliance.ir_cron_job", raise_if_not_found=False)
        if cron:
            self.env["immex.schedule.log"]._record(
                cron,
                self.started_at or fields.Datetime.now(),
                "failed" if self.state == "failed" else "done",
                company_id=self.company_id.id,
                words=words,
            )
        _logger.info("IMMEX job %s: %s", self.id, words)
        return words
