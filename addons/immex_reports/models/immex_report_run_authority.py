# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

FRESH = timedelta(hours=24)  # how long a long report is shown as it was read
WAITING = 3  # long reports that the authority may wait for at once, of a company


class ImmexReportRun(models.Model):
    """Long reports that the authority asks for: the background reads them once, and
    its pages and files show what was read."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.report.run"  # pylint: disable=consider-merging-classes-inherited

    for_authority = fields.Boolean(
        "Asked For by the Authority", readonly=True, copy=False
    )

    @api.model
    def _asked_by_authority(self, company, report, period):
        return {
            "company_id": company.id,
            "code": report.code,
            "date_from": period[0] or False,
            "date_to": period[1],
            "for_authority": True,
        }

    @api.model
    def _of_authority(self, company, report, period, again=False):
        """The long report of a period: read, being read, or (again) asked for.

        It belongs to nobody in particular, and the company's managers see it.

        :raise UserError: too many are being made
        """
        runs = self.with_user(SUPERUSER_ID)
        asked = self._asked_by_authority(company, report, period)
        own = [(name, "=", value) for name, value in asked.items()]
        run = runs.search(own, limit=1)
        if run.state == "waiting":
            return run
        limit = fields.Datetime.now() - FRESH
        if run and not again and (run.state == "draft" or run.computed_at > limit):
            return run
        waiting = [
            ("company_id", "=", company.id),
            ("for_authority", "=", True),
            ("state", "=", "waiting"),
        ]
        if runs.search_count(waiting) >= WAITING:
            raise UserError(self.env._("Other long reports are being made already."))
        run = runs.create(asked)
        run._enqueue(files=True)
        return run
