# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...formats.scccyg import PERIODS
from ..inventory.walk import window
from . import scccyg_sql as sql
from .periods import due_day, period_days

FORMS = {"credit": ["21"], "guarantee": ["22"], "both": ["21", "22"]}


class ImmexScccygReport(models.Model):
    """A file for the SCCCyG: the initial inventory, or a discharge report of one
    destination and period (RGCE Anexo 30, I and III).

    The values come from the ledger by part and are kept here as they were computed. A
    correction is a record of its own that replaces the former one whole (III-h).
    """

    _name = "immex.scccyg.report"
    _description = "SCCCyG report"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind = fields.Selection(
        [("initial", "Initial inventory"), ("discharge", "Discharge report")],
        required=True,
        default="discharge",
        tracking=True,
    )
    destination = fields.Selection(
        selection=lambda self: (
            self.env["immex.operation.rule"]
            ._fields["destination"]
            ._description_selection(self.env)
        ),
        string="Customs Destination",
        tracking=True,
    )
    period = fields.Selection(
        [("month", "Month"), ("fortnight", "Fortnight"), ("bimester", "Bimester")],
        default="month",
        help="Fortnights are open to companies with a guarantee (Anexo 30, III-e).",
    )
    year = fields.Integer(default=lambda self: self._default_month()[0])
    number = fields.Integer(
        "Number of the Period",
        default=lambda self: self._default_month()[1],
        help="1 is January, its first fortnight, or January and February.",
    )
    date_from = fields.Date("From", compute="_compute_dates", store=True)
    date_to = fields.Date(
        "To",
        compute="_compute_dates",
        store=True,
        help="Of an initial inventory, the day before the certification began.",
    )
    due_date = fields.Date(
        "Send Until",
        compute="_compute_dates",
        store=True,
        help="End of the month after the period (Anexo 30, III-a); 30 days for the "
        "initial inventory (I-a).",
    )
    replaces_id = fields.Many2one(
        "immex.scccyg.report",
        check_company=True,
        copy=False,
        help="The report that this one corrects: it replaces the whole of it.",
    )
    folio = fields.Char(
        tracking=True, copy=False, help="Number that the SCCCyG gave to the file."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("written", "Written"),
            ("sent", "Sent"),
            ("valid", "Accepted as Valid"),
            ("rejected", "Rejected"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
        help="The obligation is met with the status Valid (rule 7.2.1).",
    )
    total = fields.Float(
        "Total (MXN)", digits=(20, 2), readonly=True, copy=False, tracking=True
    )
    left_out = fields.Float(
        "Left Out (MXN)",
        digits=(20, 2),
        readonly=True,
        copy=False,
        help="Discharged in the period, of imports whose term of return ends within "
        "it: the report is not for them (Anexo 30, III-d). A setting takes them in.",
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    goods_ids = fields.One2many("immex.scccyg.goods", "report_id", copy=False)
    document_ids = fields.One2many("immex.scccyg.document", "report_id", copy=False)

    @api.model
    def _default_month(self):
        before = fields.Date.context_today(self) - relativedelta(months=1)
        return before.year, before.month

    @api.depends("kind", "period", "year", "number", "company_id")
    def _compute_dates(self):
        layouts = self.env["immex.scccyg.layout"]
        for record in self:
            record.date_from = record.date_to = record.due_date = False
            if record.kind == "initial":
                settings = layouts.search(
                    [("company_id", "=", record.company_id.id)], limit=1
                )
                if settings:
                    record.date_to = settings.start_date - timedelta(days=1)
                    record.due_date = settings.start_date + timedelta(days=30)
            elif record._has_period():
                first, last = period_days(record.period, record.year, record.number)
                record.date_from, record.date_to = first, last
                record.due_date = due_day(last)

    def _has_period(self):
        count = PERIODS.get(self.period, 0)
        return 1990 <= self.year <= 2099 and 1 <= self.number <= count

    @api.depends("kind", "destination", "year", "number", "period")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        destinations = dict(
            self._fields["destination"]._description_selection(self.env)
        )
        for record in self:
            if record.kind == "initial":
                record.display_name = kinds["initial"]
            else:
                record.display_name = " ".join(
                    (
                        destinations.get(record.destination) or kinds["discharge"],
                        f"{record.year}-{record.number:02}",
                    )
                )

    @api.constrains("kind", "destination", "period", "year", "number")
    def _check_period(self):
        for record in self:
            if record.kind == "discharge" and not (
                record.destination and record._has_period()
            ):
                raise ValidationError(
                    self.env._(
                        "A discharge report has one destination and one period: months "
                        "1 to 12, fortnights 1 to 24, bimesters 1 to 6."
                    )
                )

    # buttons -------------------------------------------------------------------
    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers make these reports."))
        self.check_access("write")

    def _check_open(self):
        if any(record.state in ("sent", "valid", "replaced") for record in self):
            raise UserError(
                self.env._(
                    "What was sent is not changed: make a correction, which replaces "
                    "the whole report."
                )
            )

    def action_compute(self):
        """Button: take the values from the ledger as it is now."""
        self._check_manager()
        self._check_open()
        for record in self:
            params = record._params()
            self.env.flush_all()
            self.env.cr.execute(sql.CLEAR, params)
            if record.kind == "initial":
                self.env.cr.execute(sql.INVENTORY, params)
            else:
                self.env.cr.execute(sql.DISCHARGED, params)
                self.env.cr.execute(sql.DOCUMENTS, params)
            self.env.cr.execute(sql.TOTAL, params)
            self.env.invalidate_all()
            record.sudo().write(
                {
                    "computed_at": fields.Datetime.now(),
                    "state": "draft",
                    "left_out": record._left_out_value(params),
                }
            )
        return True

    def _params(self):
        """Parameters of the statements."""
        self.ensure_one()
        settings = self._settings()
        return {
            "report_id": self.id,
            "company_id": self.company_id.id,
            "start": settings.start_date,
            "forms": FORMS[settings.account],
            "expiring": settings.expiring == "in",
            "date_from": self.date_from,
            "date_to": self.date_to,
            "destination": self.destination,
        }

    def _left_out_value(self, params):
        """Discharged of imports whose term ends within the period, as ``Decimal``."""
        if self.kind == "initial":
            return Decimal(0)
        self.env.cr.execute(sql.LEFT_OUT_VALUE, params)
        return Decimal(self.env.cr.fetchone()[0])

    def action_left_out(self):
        """Button: the discharges that III-d leaves out."""
        self.ensure_one()
        self.env.flush_all()
        return window(
            self.env,
            self.env._("Left Out: the Term Ends Within the Period"),
            "immex.discharge",
            [("left_out_of_id", "=", self.id)],
        )

    def _settings(self):
        """The settings of the day on which the period ends, or of the first day."""
        self.ensure_one()
        layouts = self.env["immex.scccyg.layout"]
        if self.kind == "initial":
            found = layouts.search([("company_id", "=", self.company_id.id)], limit=1)
            return found or layouts._at(self.company_id, fields.Date.today())
        return layouts._at(self.company_id, self.date_to)

    def action_sent(self):
        """Button: it was transmitted on SAT's portal."""
        self._check_manager()
        if any(record.state != "written" for record in self):
            raise UserError(self.env._("Write the file first."))
        self._check_overlap()
        self.sudo().write({"state": "sent", "sent_on": fields.Date.context_today(self)})
        return True

    def action_valid(self):
        """Button: the SCCCyG shows it as valid; what it replaces is so no more."""
        self._check_manager()
        if any(record.state != "sent" for record in self):
            raise UserError(self.env._("Only what was sent becomes valid."))
        self.sudo().write({"state": "valid"})
        self.sudo().replaces_id.write({"state": "replaced"})
        return True

    def action_rejected(self):
        """Button: the SCCCyG rejected it; it can be computed and written again."""
        self._check_manager()
        if any(record.state != "sent" for record in self):
            raise UserError(self.env._("Only what was sent is rejected."))
        self.sudo().write({"state": "rejected"})
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_unsent(self):
        self._check_open()
