# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

OURS = ("immex_compliance", "immex_reports", "immex_broker_sftp")


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """A scheduled action of these add-ons leaves a line in the log that its users
        read, whether it ended well or not."""
        self.ensure_one()
        if not self._is_immex():
            return super()._callback(cron_name, server_action_id)
        started = fields.Datetime.now()
        logs = self.env["immex.schedule.log"].sudo()
        last = logs.search([("cron_id", "=", self.id)], order="id desc", limit=1).id
        # what the run said of itself
        said = [("cron_id", "=", self.id), ("id", ">", last or 0)]
        try:
            result = super()._callback(cron_name, server_action_id)
        except Exception as error:
            # the transaction was rolled back: this is all that stays
            why = f"{type(error).__name__}: {error}"[:2000]
            logs._record(self, started, "failed", error=why, **self._immex_progress())
            self.env.cr.commit()  # pylint: disable=invalid-commit
            raise
        figures = self._immex_progress()
        if figures["remaining"]:
            logs._record(self, started, "partial", **figures)
        elif not logs.search_count(said, limit=1):
            state = "done" if figures["done"] else "idle"
            logs._record(self, started, state, **figures)
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return result

    def _is_immex(self):
        names = self.sudo()._get_external_ids()[self.id]
        return any(name.split(".")[0] in OURS for name in names)

    def _immex_progress(self):
        """What the run told Odoo of its progress."""
        progress = self.env["ir.cron.progress"].sudo()
        progress = progress.browse(self.env.context.get("ir_cron_progress_id"))
        return {"done": progress.done or 0, "remaining": progress.remaining or 0}
