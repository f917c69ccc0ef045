# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...definitions import REPORTS
from ..report_choice import choices, set_subjects
from . import server_folder

CATCH_UP = 31  # periods of one delivery that one night makes up for


class ImmexReportDelivery(models.Model):
    """A report that is made by itself for each period, and delivered.

    Made with the rights of the responsible, once for each period, with its files kept
    in the database. What was not delivered because the server stood still is made up
    for.
    """

    _name = "immex.report.delivery"
    _description = "Report Delivery"
    _inherit = ["mail.thread"]
    _order = "company_id, code, id"
    _check_company_auto = True

    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    code = fields.Selection(
        selection=lambda self: choices(),
        string="Report",
        required=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        tracking=True,
        help="The report is made with this person's rights, who is told of failures.",
    )
    period = fields.Selection(
        [
            ("month", "Each month"),
            ("cutoff", "Each month, until a cut-off day"),
            ("day", "Each day"),
        ],
        required=True,
        default="month",
        tracking=True,
        help="Reports of balances are as of the last day of the period.",
    )
    cutoff_day = fields.Integer(
        "Cut-Off Day",
        default=25,
        tracking=True,
        help="The period goes from the day after it, in the month before, until it.",
    )
    wait_days = fields.Integer(
        "Days After",
        required=True,
        default=5,
        tracking=True,
        help="Days from the end of the period to the delivery: 5 is, for a month, the "
        "fifth of the next; 1 is the day after.",
    )
    as_xlsx = fields.Boolean("Excel", default=True, tracking=True)
    as_xml = fields.Boolean("XML", tracking=True)
    as_pdf = fields.Boolean(
        "PDF", tracking=True, help="Printed pages, of reports that are not too long."
    )
    way = fields.Selection(
        [("mail", "By mail"), ("folder", "To a folder of the server")],
        "How",
        required=True,
        default="mail",
        tracking=True,
    )
    partner_ids = fields.Many2many("res.partner", string="Recipients")
    subfolder = fields.Char(
        "Folder",
        tracking=True,
        help="Below the folder that the system parameter "
        "immex_reports.delivery_folder names; letters, digits, dots, dashes and "
        "underscores, with / between folders. Made where it is not there.",
    )
    line_ids = fields.One2many("immex.report.delivery.line", "delivery_id", "Periods")
    next_date = fields.Date(
        "Next Delivery",
        compute="_compute_next_date",
        help="Day on which the next period is due.",
    )

    _days = models.Constraint(
        "CHECK (wait_days BETWEEN 1 AND 60 AND cutoff_day BETWEEN 1 AND 28)",
        "Between 1 and 60 days after the period; a cut-off day is between 1 and 28.",
    )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        set_subjects(arch, self.env.lang)
        return arch, view

    @api.depends("code", "period")
    @api.depends_context("lang")
    def _compute_display_name(self):
        periods = dict(self._fields["period"]._description_selection(self.env))
        for delivery in self:
            report = REPORTS.get(delivery.code)
            delivery.display_name = (
                f"{report.title} · {periods.get(delivery.period, '')}"
                if report
                else self.env._("Report Delivery")
            )

    @api.depends("period", "cutoff_day", "wait_days", "line_ids")
    def _compute_next_date(self):
        for delivery in self:
            today = delivery._today()
            done = max(delivery.line_ids.mapped("date_to"), default=None)
            last = done or delivery._last_period(today)[1]
            following = delivery._following(last)[1]
            delivery.next_date = following + timedelta(days=delivery.wait_days)

    @api.constrains("way", "partner_ids", "subfolder", "as_xlsx", "as_xml", "as_pdf")
    def _check_way(self):
        for delivery in self:
            if not (delivery.as_xlsx or delivery.as_xml or delivery.as_pdf):
                raise ValidationError(
                    self.env._("Choose one of Excel, XML and PDF at least.")
                )
            if delivery.way == "mail":
                without = delivery.partner_ids.filtered(lambda p: not p.email)
                if not delivery.partner_ids or without:
                    raise ValidationError(
                        self.env._("Choose recipients who have a mail address.")
                    )
            elif server_folder.parts(delivery.subfolder) is None:
                raise ValidationError(
                    self.env._(
                        "A folder is made of letters, digits, dots, dashes and "
                        "underscores, and begins with a letter or a digit."
                    )
                )

    # who ---------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if vals.get("user_id", self.env.uid) != self.env.uid:
                    raise AccessError(
                        self.env._("Who makes a delivery is responsible for it.")
                    )
            # named, so that no default of the context names another
            vals_list = [vals | {"user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Who changes what is delivered, or to whom, answers for it from then on."""
        if not self.env.su:
            if vals.get("user_id", self.env.uid) != self.env.uid:
                raise AccessError(
                    self.env._("Who changes a delivery is responsible for it.")
                )
            if "company_id" in vals and any(self.mapped("line_ids")):
                raise UserError(self.env._("Make a new delivery for another company."))
            vals = vals | {"user_id": self.env.uid}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_undelivered(self):
        # the database deletes the lines by itself, and asks none of them
        if "done" in self.line_ids.mapped("state"):
            raise UserError(
                self.env._("What was delivered stays: archive the delivery instead.")
            )

    # when ----------------------------------------------------------------------------
    def _today(self):
        zone = self.company_id.sudo()._immex_timezone()
        return fields.Date.context_today(self.with_context(tz=zone))

    def _last_period(self, day):
        """First and last day of the last period that ended before ``day``."""
        if self.period == "day":
            return (day - timedelta(days=1),) * 2
        if self.period == "cutoff":
            last = day.replace(day=self.cutoff_day or 1)
            if last >= day:
                last -= relativedelta(months=1)
            return last - relativedelta(months=1) + timedelta(days=1), last
        last = day.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    def _following(self, last):
        """The period after the one that ends with ``last``."""
        if self.period == "day":
            return (last + timedelta(days=1),) * 2
        if self.period == "cutoff":
            end = (last + timedelta(days=1)).replace(day=self.cutoff_day or 1)
            if end <= last:
                end += relativedelta(months=1)
            return last + timedelta(days=1), end
        first = last + timedelta(days=1)
        return first, first + relativedelta(day=31)

    def _due(self, today):
        """Periods to deliver, as ``(first day, last day)``: those whose days have gone
        by since the last one that was delivered; of a new delivery, only the last."""
        self.ensure_one()
        ready = today - timedelta(days=self.wait_days - 1)
        newest = self._last_period(ready)
        # one whose report is another now begins anew
        mine = self.line_ids.filtered(lambda line: line.code == self.code)
        last = max(mine.mapped("date_to"), default=None)
        if not last:
            return [newest]
        due = []
        while (period := self._following(last))[1] <= newest[1]:
            due.append(period)
            last = period[1]
        return due[:CATCH_UP]  # the next night goes on from there

    def _add_due(self):
        """Lines for the periods that are due; those that are there stay."""
        lines = self.env["immex.report.delivery.line"]
        for delivery in self:
            known = set(
                delivery.line_ids.mapped(lambda line: (line.code, line.date_to))
            )
            for first, last in delivery._due(delivery._today()):
                if (delivery.code, last) not in known:
                    lines |= lines.sudo().create(
                        {
                            "delivery_id": delivery.id,
                            "code": delivery.code,
                            "date_from": first,
                            "date_to": last,
                        }
                    )
        return lines

    # at work -------------------------------------------------------------------------
    def action_now(self):
        """Button: deliver the last period that is over, where it was not yet."""
        self.ensure_one()
        self.check_access("write")
        first, last = self._last_period(self._today())
        known = self.line_ids.filtered(
            lambda line: (line.code, line.date_to) == (self.code, last)
        )
        if known:
            raise UserError(
                self.env._(
                    "%(period)s is there already: look at its line.",
                    period=known.display_name,
                )
            )
        self.env["immex.report.delivery.line"].sudo().create(
            {
                "delivery_id": self.id,
                "code": self.code,
                "date_from": first,
                "date_to": last,
            }
        )
        self._wake()
        return True

    @api.model
    def _wake(self):
        self.env.ref("immex_reports.ir_cron_delivery").sudo()._trigger()

    @api.model
    def _cron_deliver(self):
        """Scheduled action: what is due, one period at a time, each committed."""
        crons = self.env["ir.cron"]
        for delivery in self.search([("active", "=", True)]):
            crons._immex_try(delivery.company_id, delivery._add_due)
        lines = self.env["immex.report.delivery.line"]
        todo = lines.search(
            [("state", "in", ("new", "waiting")), ("delivery_id.active", "=", True)],
            order="date_to, id",
        )
        crons._immex_each(
            todo, lambda line: line._advance(), lambda line: line.company_id
        )
