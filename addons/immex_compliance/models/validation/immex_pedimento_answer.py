# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ...formats.m3.answer import ErrorKey
from ...formats.m3.layout import LAYOUTS

SIZES_PARAMETER = "immex_compliance.error_key_sizes"
DEFAULT_SIZES = (2, 2)


def key_sizes(env):
    """Digits of field and kind in an error key (system parameter, as "2,2").

    The catalogue of keys is not public: where a validator writes them otherwise, this
    is set and nothing has to be loaded again.
    """
    text = env["ir.config_parameter"].sudo().get_param(SIZES_PARAMETER) or ""
    parts = text.replace(" ", "").split(",")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts):
        field, kind = map(int, parts)
        if 1 <= field and field + kind <= 9:
            return field, kind
    return DEFAULT_SIZES


class ImmexPedimentoAnswer(models.Model):
    """What the validator or the bank said of a pedimento, as its line came.

    An answer may come before its pedimento: it waits under its number.
    """

    _name = "immex.pedimento.answer"
    _description = "Answer of validator or bank"
    _order = "file_id desc, line"
    _rec_name = "text"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    file_id = fields.Many2one(
        "immex.pedimento.file",
        "Answer File",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="Empty: no pedimento of this number is recorded yet; the answer waits.",
    )
    line = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("rejected", "Error"),
            ("warning", "Warning"),
            ("capture", "Capture line"),
            ("paid", "Paid"),
            ("unpaid", "Not paid"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    office = fields.Char("Customs Office", size=2, readonly=True)
    patente = fields.Char("Patent", size=4, readonly=True)
    document = fields.Char("Document Number", size=7, required=True, readonly=True)
    code = fields.Char(
        readonly=True,
        help="Acknowledgement of validation, error key of 12 digits, or capture line.",
    )
    note = fields.Char("Words", readonly=True)
    rfc = fields.Char("RFC", readonly=True)
    till = fields.Char(readonly=True)
    operation = fields.Char("Bank Operation", readonly=True)
    signature = fields.Char("Bank Signature", readonly=True)
    date = fields.Date("Paid On", readonly=True)
    hour = fields.Char(readonly=True)
    text = fields.Char("Line as It Came", required=True, readonly=True)
    meaning = fields.Char(
        compute="_compute_meaning",
        help="Where the error lies: record and field of the broker file. What its "
        "number means, only the validator's own catalogue tells.",
    )

    # the same line twice in a file says nothing new; in another one it may
    _once = models.UniqueIndex("(company_id, patente, document, kind, text, file_id)")

    @api.depends("kind", "code", "note")
    def _compute_meaning(self):
        sizes = key_sizes(self.env)
        for answer in self:
            if answer.kind == "rejected" and answer.code:
                answer.meaning = self._meaning(ErrorKey.split(answer.code, *sizes))
            else:
                answer.meaning = answer.note

    def _meaning(self, key):
        layout = LAYOUTS.get(key.record_type)
        names = {spec.number: spec.name for spec in layout.fields} if layout else {}
        if not key.field:
            return self.env._(
                "Record %(record)s: error of kind %(kind)s, number %(number)s",
                record=key.record_type,
                kind=key.kind,
                number=key.number,
            )
        return self.env._(
            "Record %(record)s, field %(field)s (%(name)s): error of kind %(kind)s, "
            "number %(number)s",
            record=key.record_type,
            field=key.field,
            name=names.get(key.field, "?"),
            kind=key.kind,
            number=key.number,
        )
