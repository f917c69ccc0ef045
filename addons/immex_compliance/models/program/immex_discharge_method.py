# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

SECTORS = [
    ("electrical", "OEA, electrical"),
    ("electronic", "OEA, electronic"),
    ("auto_parts", "OEA, auto parts"),
    ("automotive", "OEA, automotive"),
    ("aerospace", "OEA, aerospace"),
    ("seciit", "OEA, SECIIT"),
]
METHODS = [
    ("part", "By part number"),
    ("fraction_value", "By value, per tariff item"),
    ("pedimento_value", "By value, per pedimento"),
]


class ImmexDischargeMethod(models.Model):
    """How a company discharges in a calendar year; a year without one goes by part.

    By value is open to OEA companies of five sectors (RGCE Anexo 24, apartado A) and
    to SECIIT companies, these also per pedimento (apartado B, IV-d-4). All by-value
    years of a company are in one currency. Raises ``ValidationError`` where no record
    permits the method on every day of the year, or where the year was sealed in part.
    """

    _name = "immex.discharge.method"
    _description = "Discharge method of a year"
    _inherit = ["mail.thread"]
    _order = "company_id, year desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    year = fields.Integer(
        "Fiscal Year",
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        tracking=True,
    )
    method = fields.Selection(METHODS, required=True, default="part", tracking=True)
    basis = fields.Selection(
        SECTORS,
        "Permitted As",
        tracking=True,
        help="Sector of the OEA record, or SECIIT, that permits discharge by value.",
    )
    currency = fields.Selection(
        [("usd", "Value in USD"), ("mxn", "Customs value in MXN")],
        required=True,
        default="usd",
        tracking=True,
    )
    value_rule = fields.Selection(
        [
            ("layer", "Value that discharge by part gives"),
            ("entry_average", "Average entry value of the part"),
        ],
        "Value of What Left",
        required=True,
        default="layer",
        tracking=True,
        help="What no layer of the part covers is valued at the average entry value "
        "of the part under either rule.",
    )
    note = fields.Text()

    _year_unique = models.Constraint(
        "UNIQUE (company_id, year)", "This year already has its method."
    )
    _year_range = models.Constraint(
        "CHECK (year BETWEEN 1990 AND 2200)", "The fiscal year has four digits."
    )

    @api.depends("year", "method")
    def _compute_display_name(self):
        words = dict(self._fields["method"]._description_selection(self.env))
        for method in self:
            method.display_name = f"{method.year}: {words.get(method.method, '')}"

    @api.constrains("company_id", "year", "method", "basis")
    def _check_permitted(self):
        for method in self:
            if method.method == "part":
                continue
            if method.method == "pedimento_value" and method.basis != "seciit":
                raise ValidationError(
                    self.env._(
                        "Only SECIIT companies discharge by value per pedimento "
                        "(Anexo 24, B-IV-d-4)."
                    )
                )
            gap = method._first_day_without_record()
            if gap:
                raise ValidationError(
                    self.env._(
                        "Discharge by value in %(year)s needs an OEA record of the "
                        "sector on every day of the year; none covers %(day)s. Enter "
                        "the certification under Programmes.",
                        year=str(method.year),
                        day=str(gap),
                    )
                )

    @api.constrains("company_id", "method", "currency")
    def _check_currency(self):
        for method in self:
            others = self.search(
                [
                    ("company_id", "=", method.company_id.id),
                    ("method", "!=", "part"),
                    ("currency", "!=", method.currency),
                ],
                limit=1,
            )
            if method.method != "part" and others:
                raise ValidationError(
                    self.env._("All by-value years of a company are in one currency.")
                )

    def _first_day_without_record(self, without=None):
        """First day of the year that no certification record permits; None if all."""
        self.ensure_one()
        kinds = {
            "seciit": ["oea_seciit"],
            "aerospace": ["oea", "oea_aeronaves"],
        }.get(self.basis, ["oea"] if self.basis else [])
        records = self.env["immex.program"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "certification"),
                ("certification", "in", kinds),
                ("id", "not in", without.ids if without else []),
            ],
            order="valid_from",
        )
        day, last = date(self.year, 1, 1), date(self.year, 12, 31)
        for record in records:
            if record.valid_from > day:
                break
            end = record.valid_to or last
            if end >= day:
                day = end + timedelta(days=1)
            if day > last:
                return None
        return day

    def _check_open(self):
        """Refuse a change of a year in which a period is closed."""
        for method in self:
            if self.env["immex.period.seal"].search_count(
                [
                    ("company_id", "=", method.company_id.id),
                    ("state", "=", "closed"),
                    ("date_to", ">=", date(method.year, 1, 1)),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "A period of %(year)s or later is closed: reopen it to change "
                        "the method of that year.",
                        year=str(method.year),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        methods = super().create(vals_list)
        methods.filtered(lambda method: method.method != "part")._check_open()
        return methods

    def write(self, vals):
        decisive = {"company_id", "year", "method", "currency", "value_rule"}
        if decisive & set(vals):
            self._check_open()
        result = super().write(vals)
        if decisive & set(vals):
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self.filtered(lambda method: method.method != "part")._check_open()
