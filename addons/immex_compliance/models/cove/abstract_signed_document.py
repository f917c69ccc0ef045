# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

# Minutes until the answer is asked for again, by how often it was; then the last.
WAITS = (2, 5, 10, 30, 60, 180)


class ImmexSignedDocument(models.AbstractModel):
    """A document that is signed with the e.firma, sent to VUCEM once, and answered
    later under an operation number.

    Subclasses say what is sent (:meth:`_request`) and asked (:meth:`_query`), and read
    the answers (:meth:`_read_receipt`, :meth:`_read_answer`).
    """

    _name = "immex.signed.document"
    _description = "Document signed for VUCEM"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("signed", "Signed"),
            ("unclear", "Sending Unclear"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        help="Signed: waits to be sent. Sending Unclear: the connection broke while it "
        "was sent; it is not sent again before a person says so. Sent: VUCEM gave an "
        "operation number and has not answered yet.",
    )
    edocument = fields.Char(
        "E-document",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Number that VUCEM gave to the registered document.",
    )
    operation_number = fields.Char(readonly=True, copy=False, tracking=True)
    original_string = fields.Text(
        readonly=True, copy=False, help="What the signature covers."
    )
    certificate_serial = fields.Char("Signed with", readonly=True, copy=False)
    signer_id = fields.Many2one("res.users", "Signed by", readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    answer = fields.Text(
        readonly=True, copy=False, help="What VUCEM said, or why nothing was sent."
    )
    next_query = fields.Datetime("Ask Again", readonly=True, copy=False)
    queries = fields.Integer("Times Asked", readonly=True, copy=False)
    found_number = fields.Char(
        "Operation Number Found",
        copy=False,
        help="What VUCEM's pages show for a document whose sending was unclear.",
    )
    exchange_id = fields.Many2one(
        "immex.exchange",
        "Last Exchange",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    unattended = fields.Boolean(compute="_compute_unattended")

    @api.depends("company_id")
    def _compute_unattended(self):
        able = self._efirma_by_company()
        for record in self:
            record.unattended = record.company_id in able

    def _efirma_by_company(self):
        """The e.firma that sign by themselves, by company."""
        keys = self.env["immex.efirma"].search(
            [("company_id", "in", self.company_id.ids)]
        )
        return keys.filtered("unattended").grouped("company_id")

    def _check_draft(self):
        if any(record.state != "draft" for record in self):
            raise UserError(
                self.env._(
                    "What was signed is not changed any more. Put a rejected document "
                    "back to draft, or correct an accepted one."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsent(self):
        if any(record.state not in ("draft", "rejected") for record in self):
            raise UserError(
                self.env._("A document that VUCEM knows of is not deleted.")
            )

    def action_send(self):
        """Sign and send; asks for the passphrase where it is not kept."""
        self._check_draft()
        return self._with_passphrase("send")

    def action_query(self):
        """Ask VUCEM for the answer now."""
        if any(record.state != "sent" for record in self):
            raise UserError(self.env._("Only what was sent can be answered."))
        return self._with_passphrase("query")

    def action_draft(self):
        """A rejected document, or one that was not sent, becomes a draft again."""
        for record in self:
            waiting = record.state == "signed" and record.exchange_id._cancel()
            if record.state != "rejected" and not waiting:
                raise UserError(
                    self.env._(
                        "Only a rejected document, or a signed one that was not sent "
                        "yet, goes back to draft."
                    )
                )
        self.write({"state": "draft", "operation_number": False, "next_query": False})
        return True

    def _with_passphrase(self, task):
        if all(self.mapped("unattended")):
            self._sign(task)
            return True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Passphrase of the e.firma"),
            "res_model": "immex.efirma.signing",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_task": task,
                "default_model": self._name,
                "default_record_ids": ",".join(map(str, self.ids)),
            },
        }

    @api.private
    def _sign(self, task, passphrase=None):
        """Sign and queue: the document itself ("send") or the question ("query").

        The row is locked and its state looked at again: of two users, or of a user and
        a cron, one sends.
        """
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError:
            raise UserError(
                self.env._("Somebody else is just sending this document.")
            ) from None
        self.invalidate_recordset()
        for record in self:
            if task == "send":
                record._check_draft()
                record._send(passphrase)
            elif record.state == "sent":
                record._ask(passphrase)

    def _send(self, passphrase):
        """Sign this document and queue it, to be sent once."""
        efirma = self.env["immex.efirma"]._of(self.company_id)
        service, operation, text, encoding, build = self._request(efirma)
        certificate, signature = efirma._sign(text, passphrase, encoding)
        exchange = self.env["immex.exchange"]._queue(
            self.company_id,
            service,
            operation,
            build(certificate, text, signature),
            record=self,
            repeatable=False,
        )
        self.write(
            {
                "state": "signed",
                "original_string": text,
                "certificate_serial": efirma.serial,
                "signer_id": self.env.uid,
                "signed_on": fields.Datetime.now(),
                "exchange_id": exchange.id,
                "operation_number": False,
                "answer": False,
                "queries": 0,
            }
        )

    def _ask(self, passphrase):
        """Sign the question for the answer and queue it; it may be repeated."""
        efirma = self.env["immex.efirma"]._of(self.company_id)
        service, operation, text, encoding, build = self._query(efirma)
        certificate, signature = efirma._sign(text, passphrase, encoding)
        self.exchange_id = self.env["immex.exchange"]._queue(
            self.company_id,
            service,
            operation,
            build(certificate, text, signature),
            record=self,
            repeatable=True,
        )
        self._wait()

    def _wait(self):
        wait = WAITS[min(self.queries, len(WAITS) - 1)]
        self.write(
            {
                "queries": self.queries + 1,
                "next_query": fields.Datetime.now() + timedelta(minutes=wait),
            }
        )

    @api.private
    def _exchange_done(self, exchange, answer):
        """VUCEM answered: the receipt of a document, or the answer to a question.

        :param answer: root element of the answer, without its envelope
        """
        for record in self:
            if record.state in ("signed", "unclear") and not exchange.repeatable:
                record._received(record._read_receipt(answer))
            elif record.state == "sent" and exchange.repeatable:
                record._answered(record._read_answer(answer))

    def _received(self, receipt):
        """``receipt``: (operation number or False, reason of a refusal)."""
        number, reason = receipt
        if not number:
            self.write({"state": "rejected", "answer": reason})
            return
        self.write({"state": "sent", "operation_number": number, "answer": False})
        self.queries = 0
        self._wait()

    def _answered(self, result):
        """``result``: (e-document, reason of a rejection, other values); both empty:
        not answered yet."""
        edocument, reason, values = result
        if edocument:
            self.write(
                {
                    "state": "accepted",
                    "edocument": edocument,
                    "next_query": False,
                    **values,
                }
            )
        elif reason:
            self.write({"state": "rejected", "answer": reason, "next_query": False})
        else:
            # not answered yet, or something is wrong with the question
            self.write(values)

    @api.private
    def _exchange_failed(self, exchange, reason):
        """Nothing was received: VUCEM refused the message, or was never reached. What
        was not sent becomes a draft again; a question is asked again later."""
        for record in self:
            if record.state in ("signed", "unclear") and not exchange.repeatable:
                record.write({"state": "draft", "answer": reason})
            elif record.state == "sent":
                record.answer = reason

    @api.private
    def _exchange_unclear(self, exchange, reason):
        """The connection broke after the message left: it may have arrived. It is not
        sent again before a person has looked."""
        for record in self:
            if record.state == "signed" and not exchange.repeatable:
                record.write({"state": "unclear", "answer": reason})
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=record.signer_id.id,
                    summary=self.env._("Look in VUCEM whether this document arrived."),
                )

    def action_not_arrived(self):
        """A person looked: VUCEM did not receive it. It becomes a draft again."""
        if any(record.state != "unclear" for record in self):
            raise UserError(self.env._("The sending of this document is not unclear."))
        self.check_access("write")
        self.write({"state": "draft", "answer": False})
        self.activity_ids.unlink()
        return True

    def action_arrived(self):
        """A person looked: VUCEM received it under the operation number entered."""
        for record in self:
            if record.state != "unclear" or not record.found_number:
                raise UserError(
                    self.env._("Enter the operation number that VUCEM shows first.")
                )
            record._received((record.found_number, False))
        self.activity_ids.unlink()
        return True

    def action_rejected(self):
        """A person looked: VUCEM rejected it, though its answer does not say so."""
        if any(record.state != "sent" for record in self):
            raise UserError(self.env._("Only what was sent can be rejected."))
        self.check_access("write")
        self.write({"state": "rejected", "next_query": False})
        return True

    @api.model
    def _cron_query(self):
        """Ask for what is due, for the companies whose e.firma signs by itself."""
        due = self.search(
            [("state", "=", "sent"), ("next_query", "<=", fields.Datetime.now())],
            order="next_query",
            limit=200,
        )
        due = due.filtered("unattended")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(due))
        for record in due:
            record = record.try_lock_for_update().filtered(
                lambda record: record.state == "sent"
            )
            if not record:
                continue
            try:
                with self.env.cr.savepoint():
                    record._ask(None)
            except UserError as error:
                # an expired certificate, say: seen on the document, asked again later
                record.answer = str(error)
                record._wait()
            if not progress(1):
                break
