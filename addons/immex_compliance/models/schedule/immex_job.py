# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    def _finish(self, state, error=False, exception=None):
        """Work that a scheduled action asked for tells its end in that one's log."""
        result = super()._finish(state, error, exception)
        for job in self.sudo().filtered(lambda job: job.user_id._is_superuser()):
            cron = job._scheduled_by()
            if cron:
                job._tell_schedule(cron, error)
        return result

    def _scheduled_by(self):
        names = {"reconcile": "ir_cron_reconcile"}
        names["discharge"] = "ir_cron_sweep" if self.full else "ir_cron_discharge"
        name = names.get(self.kind)
        return name and self.env.ref(f"immex_compliance.{name}", False)

    def _tell_schedule(self, cron, error):
        theirs = self.with_context(lang=self.company_id.partner_id.lang).env
        values = {"company_id": self.company_id.id, "words": self.name}
        if self.state == "done" and self.run_id:
            run = self.run_id
            values["words"] = theirs._(
                "%(work)s: discharges added: %(added)s; superseded: %(superseded)s; "
                "open findings: %(findings)s.",
                work=self.name,
                added=run.discharges_added,
                superseded=run.discharges_superseded,
                findings=run.findings_open,
            )
        elif self.state == "cancelled":
            values["words"] = theirs._("%(work)s: cancelled.", work=self.name)
        elif self.state == "failed":
            values["error"] = error or ""
        self.env["immex.schedule.log"]._record(
            cron,
            self.started_at or fields.Datetime.now(),
            "failed" if self.state == "failed" else "done",
            **values,
        )
