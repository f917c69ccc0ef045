# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ...tools.context import without_defaults
from .abstract_meaning import MEANING

DUE = 200  # documents that are asked for in one run
# Minutes until the answer is asked for again, by how often it was; then the last.
WAITS = (2, 5, 10, 30, 60, 180)

# what happened to a document; people do not write it
KEPT = {
    "state",
    "edocument",
    "operation_number",
    "original_string",
    "certificate_serial",
    "signer_id",
    "signed_on",
    "answer",
    "next_query",
    "queries",
    "exchange_id",
}


class ImmexSignedDocument(models.AbstractModel):
    """A document that is signed with the e.firma, sent to VUCEM once, and answered
    later under an operation number.

    Subclasses say what is sent (:meth:`_request`) and asked (:meth:`_query`), and read
    the answers (:meth:`_read_receipt`, :meth:`_read_answer`).
    """

    _name = "immex.signed.document"
    _description = "Document signed for VUCEM"
    _inherit = MEANING
    _said = "answer"

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
    email = fields.Char(
        "E-mail",
        compute="_compute_email",
        store=True,
        readonly=False,
        help="Where VUCEM writes to about this document.",
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

    @api.depends("company_id")
    def _compute_email(self):
        for record in self:
            record.email = record.email or record.company_id.email

    def _efirma_by_company(self):
        """The e.firma that sign by themselves, by company."""
        keys = self.env["immex.efirma"].search(
            [("company_id", "in", self.company_id.ids)]
        )
        return keys.filtered("unattended").grouped("company_id")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_kept(vals)
        written = without_defaults(self, self._fields.keys() - KEPT)
        return super(ImmexSignedDocument, written).create(vals_list)

    def write(self, vals):
        self._check_kept(vals)
        return super().write(vals)

    def _check_kept(self, vals):
        if not (self.env.su or KEPT.isdisjoint(vals)):
            raise AccessError(
                self.env._(
                    "The status and the numbers of VUCEM are not written by hand."
                )
            )

    def _keep(self, values):
        """Write what happened to the document: nobody else may."""
        self.sudo().write(values)

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
        self.check_access("write")
        for record in self:
            waiting = record.state == "signed" and record.exchange_id._cancel()
            if record.state != "rejected" and not waiting:
                raise UserError(
                    self.env._(
                        "Only a rejected document, or a signed one that was not sent "
                        "yet, goes back to draft."
                    )
                )
        self._keep({"state": "draft", "operation_number": False, "next_query": False})
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

    def _queue(self, signable, passphrase, repeatable):
        """Sign and queue a request about this document: (exchange, e.firma, text).

        :param signable: :meth:`_request` or :meth:`_query`
        """
        efirma = self.env["immex.efirma"]._of(self.company_id)
        service, operation, text, encoding, build = signable(efirma)
        certificate, signature = efirma._sign(text, passphrase, encoding)
        exchange = self.env["immex.exchange"]._queue(
            self.company_id,
            service,
            operation,
            build(certificate, text, signature),
            record=self,
            repeatable=repeatable,
        )
        return exchange, efirma, text

    def _send(self, passphrase):
        """Sign this document and queue it, to be sent once."""
        exchange, efirma, text = self._queue(self._request, passphrase, False)
        self._keep(
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
        """Sign the question for the answer and queue it; it may be repeated. Where the
        last one has not even left, it is enough."""
        if self.exchange_id.sudo().state not in ("waiting", "sending"):
            exchange, *_more = self._queue(self._query, passphrase, True)
            self._keep({"exchange_id": exchange.id})
        self._wait()

    def _wait(self):
        wait = WAITS[min(self.queries, len(WAITS) - 1)]
        self._keep(
            {
                "queries": self.queries + 1,
                "next_query": fields.Datetime.now() + timedelta(minutes=wait),
            }
        )

    @api.model
    def _cron_query(self):
        """Ask for what is due, for the companies whose e.firma signs by itself."""
        kept = [("passphrase_token", "!=", False)]
        able = self.env["immex.efirma"].sudo().search(kept)
        able = able.filtered("unattended").company_id
        due = self.search(
            [
                ("state", "=", "sent"),
                ("next_query", "<=", fields.Datetime.now()),
                # those that nobody asks for must not keep the others out of the limit
                ("company_id", "in", able.ids),
            ],
            order="next_query",
            limit=DUE,
        )
        self.env["ir.cron"]._immex_each(
            due, lambda record: record._ask_due(), lambda record: record.company_id
        )

    def _ask_due(self):
        record = self.try_lock_for_update().filtered(
            lambda record: record.state == "sent"
        )
        if not record:
            return
        try:
            with self.env.cr.savepoint():
                record._ask(None)
        except UserError as error:
            # an expired certificate, say: seen on the document, asked again later
            record._keep({"answer": str(error)})
            record._wait()
