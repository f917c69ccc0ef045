# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from datetime import timedelta

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...formats.issues import FormatError
from ...services import vucem
from ..pedimento.file_issues import text_of

_logger = logging.getLogger(__name__)

# Minutes until the next try, then the last; about three days in all.
WAITS = (1, 2, 5, 15, 30, 60, 120, 240)
MAX_TRIES = 24


class ImmexExchange(models.Model):
    """One request to VUCEM with its answer: waits in a queue, is sent by a cron, and
    says what became of it.

    What must not be repeated is marked as being sent, and that is committed, before
    the first byte leaves: whatever breaks afterwards, it is not sent again by itself.
    The stored request has no security header, hence no secret.
    """

    _name = "immex.exchange"
    _description = "Exchange with VUCEM"
    _order = "id desc"
    _rec_name = "operation"

    company_id = fields.Many2one("res.company", required=True, index=True)
    service = fields.Char(required=True)
    operation = fields.Char(required=True)
    res_model = fields.Char("Document Model")
    res_id = fields.Many2oneReference("Document", model_field="res_model", index=True)
    repeatable = fields.Boolean(help="Sending it twice does no harm: a question.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sending", "Sending"),
            ("done", "Answered"),
            ("failed", "Refused"),
            ("unclear", "Unclear"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        index=True,
        help="Unclear: it left, and whether it was received is not known.",
    )
    request = fields.Text(required=True, help="Body as sent, without its login.")
    answer = fields.Text()
    reason = fields.Char()
    tries = fields.Integer()
    next_try = fields.Datetime(required=True, default=fields.Datetime.now)
    sent_on = fields.Datetime()
    seconds = fields.Float(digits=(10, 3))
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)

    _queue_index = models.Index("(next_try) WHERE state IN ('waiting', 'sending')")

    @api.private
    def _queue(self, company, service, operation, body, record=None, repeatable=True):
        """Put a request into the queue.

        :param body: lxml element, valid by the schema of the service
        :param record: document that hears of the outcome: ``_exchange_done``,
            ``_exchange_failed`` and ``_exchange_unclear``
        :param bool repeatable: whether sending it twice does no harm
        """
        exchange = self.sudo().create(
            {
                "company_id": company.id,
                "service": service,
                "operation": operation,
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                "repeatable": repeatable,
                "request": etree.tostring(body, encoding="unicode"),
                "user_id": self.env.uid,
            }
        )
        self.env.ref("immex_compliance.ir_cron_exchange")._trigger()
        return exchange.sudo(False)

    @api.private
    def _cancel(self):
        """Take it out of the queue; whether that came in time."""
        self.ensure_one()
        exchange = self.sudo().try_lock_for_update()
        exchange.invalidate_recordset(["state"])
        if not exchange or exchange.state != "waiting":
            return False
        exchange.state = "cancelled"
        return True

    def action_replay(self):
        """Ask the same question again; what registers something is not repeated."""
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise UserError(self.env._("Only customs managers may."))
        for exchange in self.sudo():
            if not exchange.repeatable or exchange.state in ("waiting", "sending"):
                raise UserError(
                    self.env._("Only an answered or refused question is repeated.")
                )
            exchange.copy(
                {"state": "waiting", "tries": 0, "answer": False, "reason": False}
            )
        self.env.ref("immex_compliance.ir_cron_exchange")._trigger()
        return True

    @api.model
    def _cron_send(self):
        """Send what is due, one by one, committing before and after each."""
        progress = self.env["ir.cron"]._commit_progress
        self._settle_broken()
        domain = [
            ("state", "=", "waiting"),
            ("next_try", "<=", fields.Datetime.now()),
        ]
        ids = self.search(domain, order="next_try, id", limit=500).ids
        progress(remaining=len(ids))
        for exchange in self.browse(ids):
            exchange = exchange.try_lock_for_update().filtered(
                lambda exchange: exchange.state == "waiting"
            )
            if exchange:
                exchange._send(progress)
            if not progress(1):
                break

    @api.model
    def _settle_broken(self):
        """What a dead worker left in the act of sending: only one cron sends at a time,
        so nobody is sending it now."""
        for exchange in self.search([("state", "=", "sending")]):
            exchange._conclude(
                vucem.Outcome(
                    vucem.UNCLEAR, reason=self.env._("The sending was interrupted.")
                )
            )

    def _send(self, progress):
        try:
            address, rfc, key = self.env["immex.vucem.access"]._login(self.company_id)
        except UserError as error:
            self._later(str(error))
            return
        self.write(
            {
                "state": "sending",
                "tries": self.tries + 1,
                "sent_on": fields.Datetime.now(),
            }
        )
        progress()
        path, action = vucem.locate(self.service, self.operation)
        begun = time.monotonic()
        outcome = vucem.send(
            address + path,
            action,
            etree.fromstring(self.request, vucem.parser(huge=True)),
            rfc,
            key,
            **self.env["immex.vucem.access"]._transport(self.company_id),
        )
        self.seconds = time.monotonic() - begun
        self._conclude(outcome)
        _logger.info("VUCEM %s %s: %s", self.operation, self.id, outcome.kind)

    def _conclude(self, outcome):
        self.answer = outcome.text or False
        self.reason = outcome.reason or False
        if outcome.kind == vucem.ANSWERED:
            self.state = "done"
            try:
                with self.env.cr.savepoint():
                    self._tell("_exchange_done", outcome.answer)
            except FormatError as error:
                self._unreadable(text_of(self.env, error.issue))
            except Exception as error:
                _logger.exception("answer of exchange %s", self.id)
                self._unreadable(str(error))
        elif outcome.kind == vucem.REFUSED:
            self.state = "failed"
            self._tell("_exchange_failed", outcome.reason)
        elif outcome.kind == vucem.UNREACHED or self.repeatable:
            self._later(outcome.reason)
        else:
            self.state = "unclear"
            self._tell("_exchange_unclear", outcome.reason)

    def _unreadable(self, reason):
        """An answer that could not be used; it is kept whole, for a look."""
        _logger.warning("unreadable answer of exchange %s: %s", self.id, reason)
        self.write({"state": "unclear", "reason": reason})
        self._tell("_exchange_unclear", reason)

    def _later(self, reason):
        """Try again with growing patience, three days long."""
        if self.tries >= MAX_TRIES:
            self.write({"state": "failed", "reason": reason})
            self._tell("_exchange_failed", reason)
            return
        wait = WAITS[min(self.tries, len(WAITS) - 1)]
        self.write(
            {
                "state": "waiting",
                "reason": reason,
                "tries": self.tries + (self.state == "waiting"),
                "next_try": fields.Datetime.now() + timedelta(minutes=wait),
            }
        )

    def _tell(self, hook, what):
        if not self.res_model or self.res_model not in self.env:
            return
        record = self.env[self.res_model].browse(self.res_id).exists()
        if record and hasattr(record, hook):
            # in the name of who asked, so that the document's history says so
            getattr(record.with_user(self.user_id).sudo(), hook)(self, what)
