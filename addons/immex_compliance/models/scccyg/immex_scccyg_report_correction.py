# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import scccyg_sql as sql

CORRECTIONS = 2  # of an initial inventory, without a writ (Anexo 30, I-d)
MONTHS = 3  # after it was sent


class ImmexScccygReport(models.Model):
    """Corrections: when one is due, and when it may be sent."""

    _inherit = "immex.scccyg.report"

    sent_on = fields.Date(
        readonly=True,
        tracking=True,
        copy=False,
        help="Day on which it was transmitted.",
    )
    writ = fields.Char(
        "Writ to AGACE",
        tracking=True,
        copy=False,
        help="Of the request (escrito libre) to correct an initial inventory a third "
        "time, after three months, or where it was not sent in time (Anexo 30, I-d).",
    )
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated",
        help="The ledger says something else now: documents were rectified, or came "
        "late. A correction is due (Anexo 30, III-f).",
    )

    @api.depends("state", "kind", "destination", "date_from", "date_to")
    def _compute_is_outdated(self):
        for record in self:
            sent = record.kind == "discharge" and record.state in ("sent", "valid")
            record.is_outdated = sent and record._differs_from_ledger()

    def _differs_from_ledger(self):
        self.env.flush_all()
        self.env.cr.execute(sql.CHANGED, self._params())
        return self.env.cr.fetchone()[0]

    def action_correct(self):
        """Button: a new report that replaces this one."""
        self.ensure_one()
        self._check_manager()
        if self.state not in ("sent", "valid"):
            raise UserError(self.env._("Only what was sent is corrected."))
        if not self.folio:
            raise UserError(
                self.env._("Enter the folio that the SCCCyG gave to this report first.")
            )
        if self.kind == "initial":
            self._check_correctable()
        correction = self.copy({"replaces_id": self.id})
        correction.action_compute()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": correction.id,
        }

    def _check_correctable(self):
        """An initial inventory may be corrected twice, within three months, where the
        first one was in time and is valid; else by writ (Anexo 30, I-d)."""
        first, corrections = self, 0
        while first.replaces_id:
            first, corrections = first.replaces_id, corrections + 1
        latest = first.sent_on and first.sent_on + relativedelta(months=MONTHS)
        allowed = (
            self.state == "valid"
            and corrections < CORRECTIONS
            and first.sent_on
            and first.sent_on <= (first.due_date or first.sent_on)
            and fields.Date.context_today(self) <= latest
        )
        if not allowed and not (self.writ or "").strip():
            raise UserError(
                self.env._(
                    "An initial inventory is corrected twice at most, within three "
                    "months of being sent, and only where it was sent in time and is "
                    "valid. Otherwise ask AGACE by writ and enter its number first."
                )
            )
