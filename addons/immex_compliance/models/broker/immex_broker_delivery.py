# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...formats.number import display

# state of a loaded file -> of its delivery
OF_FILE = {
    "waiting": "received",
    "loaded": "loaded",
    "refused": "refused",
    "known": "known",
    "stopped": "refused",
}
SHOWN = 200
KEEP_REFUSED = timedelta(days=90)


class ImmexBrokerDelivery(models.Model):
    """What a broker's system delivered, and what became of it.

    One delivery of a broker is one content for one company (and, of a document, for one
    pedimento) and bears one id: calling again answers the earlier one. A refused one
    keeps its bytes and its issues; delivered again, it is tried again.
    """

    _name = "immex.broker.delivery"
    _description = "Delivery of a customs broker"
    _order = "received_at desc, id desc"
    _rec_name = "filename"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    broker_id = fields.Many2one(
        "immex.broker", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "Delivered By", readonly=True)
    delivery_key = fields.Char(
        "Delivery Id",
        required=True,
        readonly=True,
        help="Chosen by the broker's system, or by us where it gave none.",
    )
    kind = fields.Selection(
        [
            ("m3", "Broker file (SAAI M3)"),
            ("xml", "Pedimento XML"),
            ("parts", "Part file (CSV)"),
            ("document", "Document of a pedimento"),
        ],
        required=True,
        readonly=True,
    )
    filename = fields.Char("File Name", required=True, readonly=True)
    sha256 = fields.Char("SHA-256", required=True, readonly=True, index=True)
    size = fields.Integer("Bytes", readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True)
    tried_at = fields.Datetime("Last Try", readonly=True)
    attempts = fields.Integer(
        readonly=True, default=1, help="How often it was tried: again after a refusal."
    )
    pedimento_number = fields.Char(
        readonly=True, required=True, default="", help="Of a document: its pedimento."
    )
    outcome = fields.Selection(
        [("file", "As the file"), ("loaded", "Kept"), ("known", "Known")]
        + [("refused", "Refused")],
        readonly=True,
        help="What the call ended in; the state follows the file from then on.",
    )
    state = fields.Selection(
        [
            ("received", "Received"),
            ("loaded", "Loaded"),
            ("refused", "Refused"),
            ("known", "Recorded already"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="Received: kept, and loaded in the background, since it is large. "
        "Refused: it changed nothing; the issues tell why. Recorded already: all of "
        "it was in the books before.",
    )
    file_id = fields.Many2one(
        "immex.pedimento.file", "Loaded File", readonly=True, index="btree_not_null"
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento", "Document Of", readonly=True, index="btree_not_null"
    )
    pedimento_ids = fields.One2many(
        related="file_id.pedimento_ids", string="Pedimentos"
    )
    number_ids = fields.One2many(
        "immex.broker.delivery.number", "delivery_id", "Numbers", readonly=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment", "Content", readonly=True, ondelete="set null"
    )
    issues = fields.Json(readonly=True)
    issue_count = fields.Integer(readonly=True)
    issue_text = fields.Text("What Was Wrong", compute="_compute_issue_text")

    appointed = fields.Boolean(
        compute="_compute_appointed",
        search="_search_appointed",
        help="The company's appointment of the broker lasts.",
    )

    _key_unique = models.Constraint(
        "UNIQUE (broker_id, delivery_key)", "The broker gave this delivery id before."
    )
    _content_unique = models.Constraint(
        "UNIQUE (broker_id, company_id, kind, sha256, pedimento_number)",
        "The broker delivered this content before.",
    )

    @api.depends("outcome", "file_id.state")
    def _compute_state(self):
        for delivery in self:
            if delivery.outcome == "file":
                delivery.state = OF_FILE.get(delivery.file_id.state, "received")
            else:
                delivery.state = delivery.outcome or "received"

    @api.depends("broker_id", "company_id")
    def _compute_appointed(self):
        for delivery in self:
            companies = delivery.sudo().broker_id._appointing_companies()
            delivery.appointed = delivery.sudo().company_id in companies

    def _search_appointed(self, operator, value):
        if operator != "in":
            return NotImplemented
        appointments = self.env["immex.broker.appointment"].sudo()
        brokers = appointments.search([("broker_id.active", "=", True)]).broker_id
        appointed = Domain.OR(
            Domain("broker_id", "=", broker.id)
            & Domain("company_id", "in", broker._appointing_companies().ids)
            for broker in brokers
        )
        if True in value:
            return Domain.TRUE if False in value else appointed
        return ~appointed

    @api.autovacuum
    def _gc_refused(self):
        """The bytes of what was refused stay three months; the record stays."""
        old = self.sudo().search(
            [
                ("state", "=", "refused"),
                ("attachment_id", "!=", False),
                ("tried_at", "<", fields.Datetime.now() - KEEP_REFUSED),
            ],
            limit=1000,
        )
        old.attachment_id.unlink()

    def _issues_now(self):
        """Issues as dicts: of the refusal, or of the file that was loaded later."""
        self.ensure_one()
        if self.issues:
            return self.issues
        if self.file_id.state == "stopped":
            return [
                {
                    "severity": "error",
                    "code": "stopped",
                    "message": self.env._(
                        "The loading broke off and changed nothing: deliver it again."
                    ),
                    "file": self.filename,
                    "line": 0,
                    "record": "",
                    "field_number": 0,
                    "field": "",
                }
            ]
        return [
            {
                "severity": issue.severity,
                "code": issue.code,
                "message": issue.message,
                "file": self.filename,
                "line": issue.line,
                "record": issue.record_type,
                "field_number": issue.field_number,
                "field": issue.field_name,
            }
            for issue in self.file_id.issue_ids[:SHOWN]
        ]

    @api.depends("issues", "file_id.issue_ids", "file_id.state")
    def _compute_issue_text(self):
        for delivery in self:
            delivery.issue_text = "\n".join(
                delivery._one_line(issue) for issue in delivery._issues_now()
            )

    def _one_line(self, issue):
        if issue.get("line") and issue.get("field"):
            return self.env._(
                "Line %(line)s, record %(record)s, %(field)s: %(message)s",
                line=issue["line"],
                record=issue.get("record") or "-",
                field=issue["field"],
                message=issue["message"],
            )
        if issue.get("line"):
            return self.env._(
                "Line %(line)s: %(message)s",
                line=issue["line"],
                message=issue["message"],
            )
        return issue["message"]

    def _describe(self, repeated):
        """What the service tells of a delivery."""
        self.ensure_one()
        return {
            "deliveryId": self.delivery_key,
            "companyRfc": self.company_id.vat or "",
            "kind": self.kind,
            "fileName": self.filename,
            "sha256": self.sha256,
            "size": self.size,
            "receivedAt": self.received_at.isoformat() + "Z",
            "state": self.state,
            "repeated": repeated,
            "pedimentos": self.number_ids.mapped("name"),
            "issues": self._issues_now(),
        }

    @api.depends("filename", "number_ids")
    def _compute_display_name(self):
        for delivery in self:
            numbers = delivery.number_ids[:1].mapped("name")
            name = delivery.filename or ""
            delivery.display_name = (
                f"{name} ({display(numbers[0])})" if numbers else name
            )
