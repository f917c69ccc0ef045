# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...formats.scccyg import DATE_FORMATS, DESTINATIONS, PERIODS, Layout

ORDERS = {
    "gpf": ("goods", "pedimentos", "folios"),
    "pfg": ("pedimentos", "folios", "goods"),
    "pgf": ("pedimentos", "goods", "folios"),
    "gfp": ("goods", "folios", "pedimentos"),
    "fgp": ("folios", "goods", "pedimentos"),
    "fpg": ("folios", "pedimentos", "goods"),
}
SAME = ("trailing", "encoding", "eol", "dates", "decimals", "yes", "no", "initial")
SAME += (
    "period_digits",
    "correction",
    "header",
    "goods",
    "pedimentos",
    "folios",
    "zero",
)
SEPARATOR = {"pipe": "|", "comma": ",", "semicolon": ";", "tab": "\t"}


class ImmexScccygLayout(models.Model):
    """How a company's SCCCyG files are written, from a day on, and its account.

    The technical manual of these files is published on SAT's portal alone and changes:
    whatever it decides is a setting. The defaults are those of a public reader of such
    files; compare them with the manual before the first transmission.
    """

    _name = "immex.scccyg.layout"
    _description = "SCCCyG settings"
    _inherit = ["mail.thread"]
    _order = "company_id, valid_from desc"
    _rec_name = "valid_from"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    valid_from = fields.Date(
        required=True,
        tracking=True,
        help="Files made from this day on are written so.",
    )
    start_date = fields.Date(
        "Certification in Force Since",
        required=True,
        tracking=True,
        help="First day of the VAT and IEPS certification, or of the accepted "
        "guarantee. The initial inventory is that of the day before.",
    )
    account = fields.Selection(
        [
            ("credit", "Credit (form of payment 21)"),
            ("guarantee", "Guarantee (form of payment 22)"),
            ("both", "Credit and guarantee"),
        ],
        required=True,
        default="credit",
        tracking=True,
        help="Imports that were charged to it, and what the initial inventory holds, "
        "are in the discharge reports, no others (Anexo 30, II and III-i).",
    )
    expiring = fields.Selection(
        [
            ("out", "Left out, and told apart"),
            ("in", "In the report"),
        ],
        "Term Ends Within the Period",
        required=True,
        default="out",
        tracking=True,
        help="Discharges of imports whose term of return ends within the period of a "
        "report. Anexo 30, III-d, says that the report is not for them.",
    )
    initial_name = fields.Char(
        "File Name of an Inventory",
        required=True,
        default="{rfc}_inventario_inicial.txt",
        help="May hold {rfc} and {number}, the report's own number.",
    )
    report_name = fields.Char(
        "File Name of a Report",
        required=True,
        default="{rfc}_{destination}_{year}_{period}_{code}.txt",
        help="May hold {rfc}, {destination} and {period} (their names), "
        "{destination_code}, {code} (of the period), {year} and {number}, the report's "
        "own number.",
    )
    period_digits = fields.Integer(
        "Digits of a Period's Code",
        required=True,
        default=1,
        help="At least so many, with zeros before them: 2 makes 01 of January.",
    )
    separator = fields.Selection(
        [
            ("pipe", "Vertical bar"),
            ("comma", "Comma"),
            ("semicolon", "Semicolon"),
            ("tab", "Tabulator"),
        ],
        required=True,
        default="pipe",
    )
    trailing = fields.Boolean("Separator at the End of a Line")
    eol = fields.Selection(
        [("crlf", "CR LF (Windows)"), ("lf", "LF")],
        "Line Ending",
        required=True,
        default="crlf",
    )
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "ISO 8859-1")],
        required=True,
        default="utf-8",
    )
    dates = fields.Selection(
        [(name, name) for name in DATE_FORMATS],
        "Date Format",
        required=True,
        default="DDMMAAAA",
    )
    decimals = fields.Integer("Decimals of Values", required=True, default=2)
    yes = fields.Char("Fixed Asset: Yes", required=True, default="S", size=3)
    no = fields.Char("Fixed Asset: No", required=True, default="N", size=3)
    initial = fields.Char("Initial Inventory", required=True, default="01", size=3)
    correction = fields.Char(
        "Correction of the Initial Inventory", required=True, default="09", size=3
    )
    header = fields.Char("Discharge Report", required=True, default="02", size=3)
    goods = fields.Char("Tariff Item", required=True, default="03", size=3)
    pedimentos = fields.Char("Pedimento", required=True, default="04", size=3)
    folios = fields.Char("Folio", required=True, default="05", size=3)
    order = fields.Selection(
        [
            ("gpf", "Tariff items, pedimentos, folios"),
            ("pfg", "Pedimentos, folios, tariff items"),
            ("pgf", "Pedimentos, tariff items, folios"),
            ("gfp", "Tariff items, folios, pedimentos"),
            ("fgp", "Folios, tariff items, pedimentos"),
            ("fpg", "Folios, pedimentos, tariff items"),
        ],
        "Order of a Report's Lines",
        required=True,
        default="gpf",
    )
    zero = fields.Text(
        "Inventory in Zeros",
        required=True,
        default=Layout.zero,
        help="Lines of an initial inventory without anything pending (Anexo 30, I-b).",
    )
    code_return = fields.Char("Retorno", required=True, default="1", size=3)
    code_regime_change = fields.Char(
        "Cambio de régimen", required=True, default="2", size=3
    )
    code_transfer = fields.Char(
        "Transferencias virtuales", required=True, default="3", size=3
    )
    code_extraction = fields.Char("Extracciones", required=True, default="4", size=3)
    code_regularization = fields.Char(
        "Regularización", required=True, default="5", size=3
    )
    code_ctm = fields.Char(
        "Constancia de transferencia de mercancías", required=True, default="6", size=3
    )
    code_cfdi = fields.Char("CFDI", required=True, default="7", size=3)
    code_donation = fields.Char("Aviso de donación", required=True, default="8", size=3)
    code_destruction = fields.Char(
        "Aviso de destrucción", required=True, default="9", size=3
    )
    first_month = fields.Integer("Code of January", required=True, default=1)
    first_fortnight = fields.Integer(
        "Code of the First Fortnight", required=True, default=13
    )
    first_bimester = fields.Integer(
        "Code of the First Bimester", required=True, default=37
    )

    codes_month = fields.Char(
        "Codes of the Months",
        help="Twelve codes with blanks between them, where they do not count on.",
    )
    codes_fortnight = fields.Char(
        "Codes of the Fortnights", help="Twenty-four codes with blanks between them."
    )
    codes_bimester = fields.Char(
        "Codes of the Bimesters", help="Six codes with blanks between them."
    )

    _from_unique = models.Constraint(
        "UNIQUE (company_id, valid_from)", "There are settings from this day already."
    )

    @api.constrains(
        *SAME,
        "order",
        "separator",
        *(f"code_{name}" for name in DESTINATIONS),
        *(f"first_{name}" for name in PERIODS),
        *(f"codes_{name}" for name in PERIODS),
    )
    def _check_layout(self):
        for record in self:
            try:
                record._layout()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Two things would be written alike: codes of lines, of "
                        "destinations and of periods must differ from each other, in "
                        "letters and digits, and a year has 12 months, 24 fortnights "
                        "and 6 bimesters; values take up to six decimals."
                    )
                ) from error

    def _layout(self):
        """The settings as the codec takes them."""
        self.ensure_one()
        return Layout(
            **{name: self[name] for name in SAME},
            separator=SEPARATOR[self.separator],
            order=ORDERS[self.order],
            destinations={name: self[f"code_{name}"] for name in DESTINATIONS},
            periods={name: self[f"first_{name}"] for name in PERIODS},
            period_codes={
                name: tuple(codes.split())
                for name in PERIODS
                if (codes := self[f"codes_{name}"]) and codes.strip()
            },
        )

    @api.model
    def _at(self, company, day):
        """Settings of ``company`` on ``day``.

        :raise UserError: there are none
        """
        found = self.search(
            [("company_id", "=", company.id), ("valid_from", "<=", day)],
            order="valid_from desc",
            limit=1,
        )
        if not found:
            raise UserError(
                self.env._(
                    "%(company)s has no SCCCyG settings on %(date)s: an administrator "
                    "makes them in Configuration > SCCCyG Settings.",
                    company=company.name,
                    date=fields.Date.to_string(day),
                )
            )
        return found
