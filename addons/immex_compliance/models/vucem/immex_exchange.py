# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from contextlib import contextmanager
from datetime import timedelta

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...formats.issues import FormatError
from ...services import vucem
from ..pedimento.file_issues import text_of

_logger = logging.getLogger(__name__)

# Minutes until the next try, then the last; about three days in all.
WAITS = (1, 2, 5, 15, 30, 60, 120, 240)
MAX_TRIES = 24
# Key space of the advisory locks that connections hold while they send.
LOCK_SPACE = 240_061
CONFLICTS = (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)


class ImmexExchange(models.Model):
    """One request to VUCEM with its answer: waits in a queue, is sent by a cron, and
    says what became of it.

    What must not be repeated is marked as being sent, and that is committed, before
    the first byte leaves: whatever breaks afterwards, it is not sent again by itself.
    What became of it is committed before anything is made of it, so that an answer
    outlives the worker that it came to. The stored request has no security header,
    hence no secret.
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
        copy=False,
        help="Unclear: it left, and whether it was received is not known.",
    )
    request = fields.Text(required=True, help="Body as sent, without its login.")
    outcome = fields.Selection(
        [
            (vucem.ANSWERED, "Answered"),
            (vucem.REFUSED, "Refused"),
            (vucem.UNREACHED, "Not Reached"),
            (vucem.UNCLEAR, "Unclear"),
        ],
        copy=False,
        help="What became of the last try, before anything was made of its answer.",
    )
    answer = fields.Text(copy=False)
    reason = fields.Char(copy=False)
    tries = fields.Integer(copy=False)
    next_try = fields.Datetime(required=True, default=fields.Datetime.now, copy=False)
    sent_on = fields.Datetime(copy=False)
    seconds = fields.Float(digits=(10, 3), copy=False)
    user_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, copy=False
    )

    _queue_index = models.Index("(next_try) WHERE state IN ('waiting', 'sending')")
    _once = models.UniqueIndex(
        "(res_model, res_id) WHERE res_id IS NOT NULL AND repeatable IS NOT TRUE"
        " AND state IN ('waiting', 'sending')",
        "This document is already on its way to VUCEM.",
    )

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

    @api.model
    def _cron_send(self):
        """Send what is due, one by one, committing before and after each."""
        progress = self.env["ir.cron"]._commit_progress
        self._settle_broken(progress)
        domain = [
            ("state", "=", "waiting"),
            ("next_try", "<=", fields.Datetime.now()),
        ]
        ids = self.search(domain, order="next_try, id", limit=500).ids
        progress(remaining=len(ids))
        for exchange in self.browse(ids):
            exchange = exchange._claim()
            try:
                if exchange:
                    with exchange._held() as held:
                        if held:
                            exchange._send(progress)
            except Exception as error:
                # undone up to its last commit; those of other companies are sent
                exchange._not_sent(error)
            if not progress(1):
                break

    def _not_sent(self, error):
        """What nobody expected kept it from being sent: later again. One in the act of
        sending is settled by the next run; one that another transaction writes is
        tried by it as it stands."""
        _logger.exception("exchange %s was not sent", self.id)
        self.env.invalidate_all()
        if not isinstance(error, CONFLICTS) and self.state == "waiting":
            self._later(f"{type(error).__name__}: {error}"[:500])

    def _claim(self):
        """This one, its row locked, if it still waits and nobody else is at it."""
        try:
            return self.try_lock_for_update().filtered(
                lambda exchange: exchange.state == "waiting"
            )
        except CONFLICTS:
            self.env.cr.rollback()
            return self.browse()

    @contextmanager
    def _held(self):
        """Whether nobody else is sending this one. The lock is the connection's, over
        its commits, and ends with its worker, however that dies."""
        key = (LOCK_SPACE, self.id)
        self.env.cr.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        held = self.env.cr.fetchone()[0]
        try:
            yield held
        except Exception:
            self.env.cr.rollback()
            raise
        finally:
            if held:
                self.env.cr.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    @api.model
    def _settle_broken(self, progress):
        """What a dead worker left in the act of sending: its answer, if it came to be
        kept; else nobody knows whether it was received."""
        for exchange in self.search([("state", "=", "sending")]):
            with exchange._held() as held:
                progress()  # what the other did until it let go is seen only from here
                if not held or exchange.state != "sending":
                    continue
                if not exchange.outcome:
                    exchange._keep(
                        vucem.Outcome(
                            vucem.UNCLEAR,
                            reason=self.env._("The sending was interrupted."),
                        )
                    )
                exchange._finish(progress)

    def _send(self, progress):
        try:
            address, rfc, key = self.env["immex.vucem.access"]._login(self.company_id)
        except UserError as error:
            self._later(str(error))
            return
        self.write(
            {
                "state": "sending",
                "outcome": False,
                "tries": self.tries + 1,
                "sent_on": fields.Datetime.now(),
            }
        )
        transport = self.env["immex.vucem.access"]._transport(self.company_id)
        path, action = vucem.locate(self.service, self.operation)
        body = etree.fromstring(self.request, vucem.parser(huge=True))
        # nothing is read between this commit and the answer: no transaction stays open
        progress()
        begun = time.monotonic()
        outcome = vucem.send(address + path, action, body, rfc, key, **transport)
        self.seconds = time.monotonic() - begun
        self._keep(outcome)
        progress()
        self._finish(progress)
        _logger.info("VUCEM %s %s: %s", self.operation, self.id, outcome.kind)

    def _keep(self, outcome):
        self.write(
            {
                "outcome": outcome.kind,
                "answer": outcome.text or False,
                "reason": outcome.reason or False,
            }
        )

    def _finish(self, progress):
        """Conclude; where that fails, what is kept is concluded by the next run. One
        that cannot be concluded must not keep the others from being sent."""
        try:
            self._conclude()
            progress()
        except CONFLICTS:
            self.env.cr.rollback()
            _logger.info("exchange %s: its document is being changed", self.id)
            self.env.ref("immex_compliance.ir_cron_exchange")._trigger()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("exchange %s is not concluded", self.id)

    def _conclude(self):
        """Make of the kept outcome what it means, for this record and its document."""
        if self.outcome == vucem.ANSWERED:
            self.state = "done"
            try:
                with self.env.cr.savepoint():
                    self._tell("_exchange_done", vucem.answer_of(self.answer))
            except FormatError as error:
                self._unreadable(text_of(self.env, error.issue))
            except CONFLICTS:
                raise
            except Exception as error:
                _logger.exception("answer of exchange %s", self.id)
                self._unreadable(str(error))
        elif self.outcome == vucem.REFUSED:
            self.state = "failed"
            self._tell("_exchange_failed", self.reason)
        elif self.outcome == vucem.UNREACHED or self.repeatable:
            self._later(self.reason)
        else:
            self.state = "unclear"
            self._tell("_exchange_unclear", self.reason)

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
