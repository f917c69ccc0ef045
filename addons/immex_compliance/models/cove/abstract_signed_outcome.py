# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError


class ImmexSignedDocument(models.AbstractModel):
    """What became of a document that was sent: by VUCEM's answers, or by a person who
    looked."""

    _inherit = "immex.signed.document"

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
            self._keep({"state": "rejected", "answer": reason})
            return
        self._keep(
            {
                "state": "sent",
                "operation_number": number,
                "answer": False,
                "queries": 0,
            }
        )
        self._wait()

    def _answered(self, result):
        """``result``: (e-document, reason of a rejection, other values); both empty:
        not answered yet."""
        edocument, reason, values = result
        if edocument:
            self._keep(
                {
                    "state": "accepted",
                    "edocument": edocument,
                    "next_query": False,
                    **values,
                }
            )
        elif reason:
            self._keep({"state": "rejected", "answer": reason, "next_query": False})
        else:
            # not answered yet, or something is wrong with the question
            self._keep(values)

    @api.private
    def _exchange_failed(self, exchange, reason):
        """Nothing was received: VUCEM refused the message, or was never reached. What
        was not sent becomes a draft again; a question is asked again later."""
        for record in self:
            if record.state in ("signed", "unclear") and not exchange.repeatable:
                record._keep({"state": "draft", "answer": reason})
            elif record.state == "sent":
                record._keep({"answer": reason})

    @api.private
    def _exchange_unclear(self, exchange, reason):
        """The connection broke after the message left: it may have arrived. It is not
        sent again before a person has looked."""
        for record in self:
            if record.state == "signed" and not exchange.repeatable:
                record._keep({"state": "unclear", "answer": reason})
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=record.signer_id.id,
                    summary=self.env._("Look in VUCEM whether this document arrived."),
                )
            elif record.state == "sent":
                # an answer that cannot be read: it is asked for again later
                record._keep({"answer": reason})

    def action_not_arrived(self):
        """A person looked: VUCEM did not receive it. It becomes a draft again."""
        if any(record.state != "unclear" for record in self):
            raise UserError(self.env._("The sending of this document is not unclear."))
        self.check_access("write")
        self._keep({"state": "draft", "answer": False})
        self.activity_ids.unlink()
        return True

    def action_arrived(self):
        """A person looked: VUCEM received it under the operation number entered."""
        self.check_access("write")
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
        self._keep({"state": "rejected", "next_query": False})
        return True
