# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

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

    @api.model
    def _immex_each(self, items, work, company=None):
        """Do ``work(item)`` for each item of a scheduled action, each committed; see
        :meth:`_immex_try`.

        :param company: gives the company of an item; else the item is one
        :return: whether nothing went wrong, as far as there was time
        """
        self._commit_progress(remaining=len(items))
        well = True
        for item in items:
            well &= self._immex_try(company(item) if company else item, work, item)
            if not self._commit_progress(1):
                break
        return well

    @api.model
    def _immex_try(self, company, work, *arguments):
        """Do ``work(*arguments)`` for a company. What goes wrong is undone and told in
        the log: it must not keep the work of the other companies from being done.

        :return: whether it was done
        """
        try:
            with self.env.cr.savepoint():
                work(*arguments)
        except Exception as error:
            _logger.exception("IMMEX: scheduled work of company %s", company.id)
            self.env.invalidate_all()
            self._immex_failed(company, error)
            return False
        return True

    @api.model
    def _immex_failed(self, company, error):
        reader = self.with_context(lang=company.sudo().partner_id.lang)
        words = reader.env._(
            "%(company)s: failed: %(why)s. The others went on; the next run tries it "
            "again.",
            company=company.sudo().name,
            why=f"{type(error).__name__}: {error}"[:500].rstrip("."),
        )
        self.env["immex.schedule.log"]._say(company, words, failed=True)

    def _is_immex(self):
        names = self.sudo()._get_external_ids()[self.id]
        return any(name.split(".")[0] in OURS for name in names)

    def _immex_progress(self):
        """What the run told Odoo of its progress."""
        progress = self.env["ir.cron.progress"].sudo()
        progress = progress.browse(self.env.context.get("ir_cron_progress_id"))
        return {"done": progress.done or 0, "remaining": progress.remaining or 0}
