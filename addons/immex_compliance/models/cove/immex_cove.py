# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...formats import cove as codec
from ...formats.cove import EXPORT, IMPORT
from ...formats.cove.document import clean
from .comprobante import comprobante, problems
from .cove_source import from_invoices, from_transfers
from .cove_values import refresh_rate, refresh_values

# What the signature covers: fixed once it is signed.
CONTENT = frozenset(
    (
        "company_id",
        "operation_type",
        "number",
        "date",
        "issuer_id",
        "recipient_id",
        "is_list",
        "is_automotive",
        "patents",
        "query_rfcs",
        "email",
        "remarks",
        "certificate_of_origin",
        "subdivision",
        "exporter_number",
        "currency_id",
        "usd_factor",
        "corrects_id",
        "corrected_edocument",
        "line_ids",
    )
)


class ImmexCove(models.Model):
    """Acuse de valor (COVE): what an invoice, or a list of them, is worth, told to
    VUCEM before the pedimento (Ley Aduanera 36-A; RGCE 1.9.18)."""

    _name = "immex.cove"
    _description = "Acuse de valor (COVE)"
    _inherit = ["mail.thread", "mail.activity.mixin", "immex.signed.document"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "edocument"]
    _check_company_auto = True

    operation_type = fields.Selection(
        [(IMPORT, "Import"), (EXPORT, "Export")],
        "Operation",
        required=True,
        default=IMPORT,
        help="Who signs is the importer of an import and the exporter of an export.",
    )
    number = fields.Char(
        "Invoice Number",
        tracking=True,
        help="Number of the invoice, or of the list of invoices; 25 characters.",
    )
    date = fields.Date("Issued on", default=fields.Date.context_today)
    issuer_id = fields.Many2one("res.partner")
    recipient_id = fields.Many2one("res.partner")
    is_list = fields.Boolean(
        "List of Invoices",
        help="Several invoices of the same parties in one COVE (relación de facturas).",
    )
    is_automotive = fields.Boolean(
        "Automotive Industry",
        help="The list is one of a company of the automotive industry: VUCEM refuses "
        "it from others.",
    )
    patents = fields.Char(
        "Customs Patents",
        help="Patents of the brokers who will use this COVE: 4 digits each, separated "
        "by commas.",
    )
    query_rfcs = fields.Char(
        "May Consult (RFC)",
        help="RFC of who else may consult this COVE, the broker's first; separated by "
        "commas.",
    )
    remarks = fields.Char(size=300)
    certificate_of_origin = fields.Boolean(
        help="The invoice also serves as certificate of origin of a treaty."
    )
    subdivision = fields.Boolean(
        help="The goods of the invoice are declared in several pedimentos."
    )
    exporter_number = fields.Char("Authorised Exporter Number", size=50)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    usd_factor = fields.Float(
        "Dollars per Unit",
        digits=(18, 8),
        help="How many dollars one unit of the currency is worth.",
    )
    rate_date = fields.Date("Date of the Rate", readonly=True)
    rate_source = fields.Selection(
        [
            ("same", "The values are in dollars"),
            ("odoo", "Rate recorded in Odoo"),
            ("manual", "Entered by hand"),
        ],
        "Source of the Rate",
        readonly=True,
    )
    line_ids = fields.One2many("immex.cove.line", "cove_id", "Goods", copy=True)
    move_ids = fields.Many2many("account.move", string="Invoices", copy=False)
    picking_ids = fields.Many2many("stock.picking", string="Transfers", copy=False)
    corrects_id = fields.Many2one(
        "immex.cove",
        "Addendum to",
        check_company=True,
        copy=False,
        index="btree_not_null",
        help="The accepted COVE to which this one is an addendum (adenda).",
    )
    corrected_edocument = fields.Char(
        "Corrected E-document",
        size=13,
        copy=False,
        help="E-document of the COVE that this one corrects (adenda), also of one that "
        "was not made here.",
    )
    correction_ids = fields.One2many("immex.cove", "corrects_id", "Addenda")
    legend = fields.Char("Note of VUCEM", readonly=True, copy=False)
    problem_html = fields.Html("To Correct", compute="_compute_problem_html")

    _edocument_unique = models.Constraint(
        "UNIQUE (company_id, edocument)", "This e-document belongs to another COVE."
    )

    @api.depends("number", "edocument")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.edocument or record.number or ""

    @api.depends(
        "operation_type",
        "number",
        "date",
        "issuer_id",
        "recipient_id",
        "patents",
        "query_rfcs",
        "email",
        "remarks",
        "line_ids.total",
        "state",
    )
    def _compute_problem_html(self):
        """What stands against sending, as a list, while it can be corrected."""
        for record in self:
            texts = ()
            if record.id and record.state == "draft":
                texts = problems(record)
            record.problem_html = (
                Markup("<ul>%s</ul>")
                % Markup("").join(Markup("<li>%s</li>") % text for text in texts)
                if texts
                else False
            )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            if not record.usd_factor:
                refresh_rate(record)
        refresh_values(records)
        return records

    def write(self, vals):
        if CONTENT & set(vals):
            self._check_draft()
        if "usd_factor" in vals and "rate_source" not in vals:
            vals = {**vals, "rate_source": "manual", "rate_date": False}
        result = super().write(vals)
        if "currency_id" in vals and "usd_factor" not in vals:
            for record in self:
                refresh_rate(record)
        if {"usd_factor", "currency_id", "line_ids"} & set(vals):
            refresh_values(self)
        return result

    @api.model
    def _from_invoices(self, moves):
        """A draft of one COVE for these invoices."""
        return from_invoices(moves)

    @api.model
    def _from_transfers(self, pickings):
        """A draft of one COVE for these transfers."""
        return from_transfers(pickings)

    def action_rate(self):
        """Take the rate that Odoo knows for the day of issue."""
        self._check_draft()
        for record in self:
            refresh_rate(record)
        refresh_values(self)
        return True

    def action_correct(self):
        """A draft that corrects this accepted COVE (adenda), with its goods."""
        self.ensure_one()
        if self.state != "accepted":
            raise UserError(self.env._("Only an accepted COVE can be corrected."))
        draft = self.copy(
            {
                "corrects_id": self.id,
                "corrected_edocument": self.edocument,
                "number": self.number,
                "move_ids": [(6, 0, self.move_ids.ids)],
                "picking_ids": [(6, 0, self.picking_ids.ids)],
            }
        )
        return draft._open()

    def _open(self):
        """Action that shows these records."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("COVE"),
            "res_model": self._name,
        }
        if len(self) == 1:
            return action | {"view_mode": "form", "res_id": self.id}
        return action | {"view_mode": "list,form", "domain": [("id", "in", self.ids)]}

    @api.private
    def _comprobante(self):
        """The COVE as the codec takes it; an error lists what is to be corrected."""
        self.ensure_one()
        if texts := problems(self):
            raise UserError("\n".join(texts))
        return comprobante(self)

    def _request(self, efirma):
        document = self._comprobante()

        def body(certificate, text, signature):
            return codec.build(document, codec.SignedPart(certificate, text, signature))

        service = "RecibirCoveService"
        text = codec.original(document)
        return service, codec.operation(document), text, "utf-8", body

    def _query(self, efirma):
        number = self.operation_number

        def body(certificate, text, signature):
            return codec.build_query(
                number, codec.SignedPart(certificate, text, signature)
            )

        return (
            "ConsultarRespuestaCoveService",
            "ConsultarRespuestaCove",
            codec.query_original(number, efirma.rfc),
            "utf-8",
            body,
        )

    def _read_receipt(self, answer):
        return codec.read_receipt(answer)

    def _read_answer(self, answer):
        result = codec.read_answer(answer, clean(self.number))
        values = {"legend": result.legend, "answer": result.remark}
        return result.edocument, result.reason, values
