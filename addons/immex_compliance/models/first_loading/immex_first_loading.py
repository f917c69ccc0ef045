# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from psycopg2.extras import execute_batch

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..datastage.store_loader import StoreLoader
from ..datastage.store_sql import link_recorded
from ..pedimento.discharge_action import ask_discharge
from ..pedimento.immex_pedimento_file_load import QUIET
from . import first_loading_sql as sql
from .first_loading_xlsx import write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImmexFirstLoading(models.Model):
    """From the government's record of a company's history to its first balance.

    Data Stage files fill the comparison store; this records its pedimentos in the
    company's books, as files of a broker would, says what waits for a person, and keeps
    what there was before and what there is after. Each step can be done again: what is
    recorded stays, only what is new comes.
    """

    _name = "immex.first.loading"
    _description = "First loading from Data Stage"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_from = fields.Date(
        "Paid From", help="Payment date. Empty: from the first that is known."
    )
    date_to = fields.Date("Paid Until", help="Payment date. Empty: all that is known.")
    state = fields.Selection(
        [
            ("draft", "Data Stage Files"),
            ("recorded", "Recorded"),
            ("reported", "Balance Reported"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    job_id = fields.Many2one("immex.job", readonly=True, copy=False)
    job_state = fields.Selection(related="job_id.state", string="Work")
    recorded_at = fields.Datetime(readonly=True, copy=False)
    reported_at = fields.Datetime(readonly=True, copy=False)
    # before and after
    government_count = fields.Integer(
        "In Data Stage", readonly=True, copy=False, help="Pedimentos of the period."
    )
    before_count = fields.Integer("Recorded Before", readonly=True, copy=False)
    after_count = fields.Integer("Recorded After", readonly=True, copy=False)
    passed_count = fields.Integer(
        "Passed Over",
        readonly=True,
        copy=False,
        help="Not recorded: each with its reason in the list.",
    )
    warning_count = fields.Integer(
        "Recorded With a Warning",
        readonly=True,
        copy=False,
        help="Recorded, since customs accepted them; what does not add up, or may not "
        "be imported temporarily today, is in the list.",
    )
    chain_count = fields.Integer(
        "Rectified Pedimentos",
        readonly=True,
        copy=False,
        help="Pedimentos of the period that a later rectification replaced.",
    )
    line_ids = fields.One2many("immex.first.loading.line", "loading_id")
    passed_ids = fields.One2many(
        "immex.first.loading.passed", "loading_id", domain=[("kind", "=", "passed")]
    )
    warning_ids = fields.One2many(
        "immex.first.loading.passed",
        "loading_id",
        "Warnings",
        domain=[("kind", "=", "warning")],
    )
    chain_ids = fields.One2many("immex.first.loading.chain", "loading_id")
    short_ids = fields.One2many("immex.first.loading.short", "loading_id")
    balance_ids = fields.One2many("immex.first.loading.balance", "loading_id")
    # as it is now
    covered = fields.Char(
        "Months Covered",
        compute="_compute_cover",
        help="First and last month of the Data Stage files that are loaded.",
    )
    gaps = fields.Char(
        "Months Without Pedimento",
        compute="_compute_cover",
        help="Months between them without any pedimento: nothing was paid, or the Data "
        "Stage of that month is still to be asked for.",
    )
    waiting_count = fields.Integer(
        "Partidas That Wait",
        compute="_compute_waiting",
        help="Partidas of these pedimentos whose parts, products or factors are "
        "missing: they make no layer and no exit until a person says what they are.",
    )
    unmapped_count = fields.Integer(
        "Parts Without Product",
        compute="_compute_waiting",
        help="Part numbers of these pedimentos that no product bears, or whose unit "
        "factor is missing.",
    )
    short_count = fields.Integer(
        "Shortages",
        compute="_compute_waiting",
        help="Materials that left and that no import covers.",
    )

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for record in self:
            until = record.date_to or record.create_date
            record.display_name = self.env._(
                "First loading until %(date)s",
                date=format_date(self.env, until) or "",
            )

    def _params(self):
        self.ensure_one()
        return {
            "loading_id": self.id or 0,
            "company_id": self.company_id.id,
            "date_from": self.date_from or None,
            "date_to": self.date_to or None,
        }

    @api.depends("company_id", "date_from", "date_to", "state")
    def _compute_cover(self):
        self.env.flush_all()
        for record in self:
            self.env.cr.execute(sql.MONTHS, record._params())
            months = [month for (month,) in self.env.cr.fetchall()]
            record.covered = f"{months[0]} - {months[-1]}" if months else False
            record.gaps = ", ".join(sql.gaps(months)) or False

    @api.depends("company_id", "state")
    def _compute_waiting(self):
        self.env.flush_all()
        for record in self:
            self.env.cr.execute(sql.WAITING, record._params())
            (
                record.waiting_count,
                record.unmapped_count,
                record.short_count,
            ) = self.env.cr.fetchone()

    # buttons ---------------------------------------------------------------------
    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers load pedimentos."))
        self.check_access("write")

    def action_load_file(self):
        """Button: load another Data Stage file."""
        self.ensure_one()
        self._check_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.immex_file_import_action"
        )
        return action | {
            "context": {
                "default_kind": "datastage",
                "default_company_id": self.company_id.id,
            }
        }

    def action_record(self):
        """Button: record what is not recorded yet, in the background."""
        self.ensure_one()
        self._check_manager()
        if self.job_state in ("waiting", "running"):
            return self.job_id._action_open()
        if not self.covered:
            raise UserError(
                self.env._("No Data Stage file is loaded yet: load one first.")
            )
        self.sudo().job_id = self.env["immex.job"]._enqueue(
            self.company_id,
            "first_loading",
            self.display_name,
            first_loading_id=self.id,
        )
        return self.job_id._action_open()

    def action_discharge(self):
        """Button: ask for the run that makes layers and discharges of it."""
        self.ensure_one()
        return ask_discharge(self.env, self.company_id)

    def action_report(self):
        """Button: keep the balance as it is now."""
        self.ensure_one()
        self._check_manager()
        if self.state == "draft":
            raise UserError(self.env._("Record the pedimentos first."))
        self._write_balance()
        return True

    def action_xlsx(self):
        """Button: before and after, and the balance, as a file."""
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        stream = io.BytesIO()
        write_xlsx(self, stream)
        # who reads the report may take it along; the file before it is of no use
        attachments = self.env["ir.attachment"].sudo()
        attachments.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("mimetype", "=", XLSX),
                ("create_uid", "=", self.env.uid),
            ]
        ).unlink()
        attachment = attachments.create(
            {
                "name": f"{self.display_name}.xlsx".replace("/", "-"),
                "raw": stream.getvalue(),
                "mimetype": XLSX,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    # working ---------------------------------------------------------------------
    @api.private
    def _record_here(self):
        """Record what the store has and the books have not; in this transaction."""
        self.ensure_one()
        self._check_manager()
        record = self.with_company(self.company_id).with_context(**QUIET).sudo()
        cr, params = self.env.cr, self._params()
        self.env.flush_all()
        link_recorded(cr, self.company_id.id)
        cr.execute(sql.CLEAR, params)
        cr.execute(sql.BEFORE, params)
        cr.execute(sql.UNPAID, params | {"reason": self.env._("It is not paid.")})
        cr.execute(sql.CHOSEN, params)
        loader = StoreLoader(
            record.env, record.company_id, [row[0] for row in cr.fetchall()]
        )
        loader.load()
        record.env.flush_all()
        link_recorded(cr, self.company_id.id)
        record.env["immex.pedimento"]._clearance_from_datastage(self.company_id)
        for kind, told in (("passed", loader.passed), ("warning", loader.doubts)):
            execute_batch(
                cr._obj,
                sql.PASSED,
                (
                    (self.id, store_id, kind, "\n".join(reasons))
                    for store_id, reasons in told.items()
                    if kind == "passed" or store_id not in loader.passed
                ),
            )
        cr.execute(sql.AFTER, params)
        cr.execute(sql.CHAINS, params)
        cr.execute(sql.COUNTS, params)
        record.invalidate_recordset()
        record.write({"state": "recorded", "recorded_at": fields.Datetime.now()})
        self.env.invalidate_all()

    def _write_balance(self):
        self.env.flush_all()
        self.env.cr.execute(sql.CLEAR_BALANCE, self._params())
        self.env.cr.execute(sql.BALANCE, self._params())
        self.env.cr.execute(sql.SHORT, self._params())
        self.env.invalidate_all()
        self.sudo().write({"state": "reported", "reported_at": fields.Datetime.now()})
