# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...formats import digitization
from ...formats.cove import SignedPart
from ...formats.cove.checks import EMAIL, RFC
from ...formats.issues import FormatError
from ..pedimento.file_issues import text_of


class ImmexEdocument(models.Model):
    """A digitised document of VUCEM (e-document): a PDF that pedimentos name with the
    identifier ED (Ley Aduanera 36-A; RGCE 3.1.31)."""

    _name = "immex.edocument"
    _description = "Digitised document (e-document)"
    _inherit = ["mail.thread", "mail.activity.mixin", "immex.signed.document"]
    _order = "id desc"
    _rec_names_search = ["name", "edocument"]
    _check_company_auto = True

    name = fields.Char(
        required=True,
        tracking=True,
        help="Name under which VUCEM keeps it: letters without accents, digits, "
        "spaces, hyphens and points, 50 at most.",
    )
    document_type = fields.Integer(
        "Type of Document",
        default=170,
        help="Key of VUCEM's catalogue of documents; 170 is an invoice.",
    )
    pdf = fields.Binary(
        "PDF", help="Up to 3 MB, in grey at 300 dots per inch, not protected."
    )
    sha1 = fields.Char("SHA-1", readonly=True, copy=False)
    query_rfc = fields.Char(
        "May Consult (RFC)", size=13, help="RFC of who else may consult it: the broker."
    )
    move_id = fields.Many2one("account.move", "Invoice", check_company=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", check_company=True)
    pedimento_id = fields.Many2one("immex.pedimento", check_company=True)

    _edocument_unique = models.Constraint(
        "UNIQUE (company_id, edocument)", "This e-document belongs to another document."
    )

    @api.depends("name", "edocument")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.edocument or record.name or ""

    def write(self, vals):
        if {"name", "document_type", "pdf", "query_rfc", "email", "company_id"} & set(
            vals
        ):
            self._check_draft()
        return super().write(vals)

    @api.constrains("pdf", "name")
    def _check_pdf(self):
        for record in self.filtered("pdf"):
            try:
                digitization.check(record._file(), record.name)
            except FormatError as error:
                raise ValidationError(text_of(self.env, error.issue)) from None

    def _file(self):
        self.ensure_one()
        try:
            return base64.b64decode(self.with_context(bin_size=False).pdf or b"")
        except ValueError:
            raise ValidationError(self.env._("The file arrived broken.")) from None

    def _request(self, efirma):
        email, rfc = (self.email or "").strip(), (self.query_rfc or "").strip().upper()
        if not self.pdf:
            raise UserError(self.env._("Choose the PDF first."))
        if not EMAIL.fullmatch(email):
            raise UserError(self.env._("Enter the e-mail that VUCEM writes to."))
        if rfc and not RFC.fullmatch(rfc):
            raise UserError(
                self.env._("%(value)s is no RFC: correct who may consult.", value=rfc)
            )
        pdf, name, kind = self._file(), self.name.strip(), self.document_type
        text = digitization.original(efirma.rfc, email, kind, name, pdf, rfc)
        self.sha1 = digitization.digest(pdf)

        def body(certificate, signed_text, signature):
            signed = SignedPart(certificate, signed_text, signature)
            return digitization.build(email, kind, name, pdf, signed, rfc)

        return (
            "DigitalizarDocumentoService",
            "RegistroDigitalizarDocumento",
            text,
            digitization.ENCODING,
            body,
        )

    def _query(self, efirma):
        number = self.operation_number

        def body(certificate, text, signature):
            return digitization.build_query(
                number, SignedPart(certificate, text, signature)
            )

        return (
            "DigitalizarDocumentoService",
            "ConsultaEDocumentDigitalizarDocumento",
            digitization.query_original(number, efirma.rfc),
            digitization.ENCODING,
            body,
        )

    def _read_receipt(self, answer):
        return digitization.read_receipt(answer)

    def _read_answer(self, answer):
        edocument, reason = digitization.read_answer(answer)
        return edocument, reason, {"answer": False}
