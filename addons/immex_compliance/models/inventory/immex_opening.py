# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ...tools.context import without_defaults
from ..pedimento.discharge_action import ask_discharge
from ..pedimento.file_issues import FileRefused, make_issue
from ..pedimento.source_file import SourceFile, SourceTooLarge, max_bytes
from . import opening_sql
from .opening_left_out import tell_left_out
from .opening_loader import OpeningLoader
from .opening_stock_loader import OpeningStockLoader

# What only the buttons write.
GUARDED = {"state", "sha256", "stock_sha256", "posted_by", "posted_at"}
FACTS = {"company_id", "cutoff_date"}
FILES = {"data", "stock_data"}


class ImmexOpening(models.Model):
    """Initial balances taken over from another system, as of a day (the cut-off).

    What left until that day was discharged there: this system discharges what leaves
    after it, from the pedimentos that still have a balance. A posted opening makes
    these pedimentos with their original numbers, dates and terms, and with what
    remains of their parts as their quantities and values. Products on hand that no
    order in Odoo made, finished or made so far, come with the materials in them.
    """

    _name = "immex.opening"
    _description = "Initial balances"
    _inherit = ["mail.thread"]
    _order = "cutoff_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    cutoff_date = fields.Date(
        "Cut-off",
        required=True,
        tracking=True,
        help="Last day of the other system. What left until then is in its books; "
        "what leaves after it discharges these balances.",
    )
    data = fields.Binary("File", attachment=True, copy=False)
    filename = fields.Char(copy=False)
    sha256 = fields.Char("SHA-256 of the File", readonly=True, copy=False)
    stock_data = fields.Binary(
        "Products on Hand",
        attachment=True,
        copy=False,
        help="Optional file: finished products and parts made so far that were on hand "
        "at the cut-off and have no order in Odoo, with the materials in them. The "
        "balances above contain these materials.",
    )
    stock_filename = fields.Char(copy=False)
    stock_sha256 = fields.Char(
        "SHA-256 of the Products' File", readonly=True, copy=False
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    posted_by = fields.Many2one("res.users", readonly=True, copy=False)
    posted_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("immex.opening.line", "opening_id", readonly=True)
    stock_ids = fields.One2many("immex.opening.stock", "opening_id", readonly=True)
    stock_count = fields.Integer("Materials in Products", readonly=True, copy=False)
    pedimento_ids = fields.One2many("immex.pedimento", "opening_id", readonly=True)
    line_count = fields.Integer("Lines", readonly=True, copy=False)
    pedimento_count = fields.Integer("Pedimentos", readonly=True, copy=False)
    total_balance = fields.Float(
        "Balance", digits=(18, 6), readonly=True, copy=False, help="Sum of all parts."
    )
    total_usd = fields.Float("Value (USD)", digits=(18, 2), readonly=True, copy=False)
    total_customs_value = fields.Float(
        "Customs Value (MXN)", digits=(18, 2), readonly=True, copy=False
    )

    _one_posted = models.UniqueIndex(
        "(company_id) WHERE state = 'posted'",
        "The company has posted initial balances already.",
    )

    @api.depends("cutoff_date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Initial balances of %(date)s",
                date=format_date(self.env, record.cutoff_date) or "",
            )

    # guards ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if any(GUARDED & vals.keys() for vals in vals_list):
            raise UserError(self.env._("Post or cancel with the buttons."))
        draft = without_defaults(self, self._fields.keys() - GUARDED)
        return super(ImmexOpening, draft).create(vals_list)

    def write(self, vals):
        if GUARDED & vals.keys():
            raise UserError(self.env._("Post or cancel with the buttons."))
        if (FACTS | FILES) & vals.keys():
            self._check_draft()
            # the lines were read from these files and checked against these facts
            self._clear()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()

    def _check_draft(self):
        if any(record.state != "draft" for record in self):
            raise UserError(
                self.env._("Posted balances are not changed: cancel them, load anew.")
            )

    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers take over balances."))
        self.check_access("write")

    def _write_guarded(self, **values):
        # past the guard of write(), which is for everybody else
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _clear(self):
        # as many as the files had lines
        self.env.flush_all()
        for table in ("immex_opening_line", "immex_opening_stock"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE opening_id IN %s",
                    SQL.identifier(table),
                    tuple(self.ids) or (0,),
                )
            )
        self.env.invalidate_all()
        self._write_guarded(
            sha256=False,
            stock_sha256=False,
            stock_count=0,
            line_count=0,
            pedimento_count=0,
            total_balance=0,
            total_usd=0,
            total_customs_value=0,
        )

    # buttons ---------------------------------------------------------------------
    def action_load(self):
        """Button: read the chosen files; all of their lines, or nothing and what is
        wrong with them."""
        self.ensure_one()
        self._check_manager()
        self._check_draft()
        if not self.data:
            raise UserError(self.env._("Choose a file first."))
        self._clear()
        totals, sha256 = self._read(OpeningLoader, self.data, self.filename)
        self._write_guarded(
            sha256=sha256,
            line_count=totals["lines"],
            pedimento_count=self._count_pedimentos(),
        )
        # exact: the sums never become floats
        self.flush_recordset()
        self.env.cr.execute(
            """UPDATE immex_opening SET total_balance = %s, total_usd = %s,
                      total_customs_value = %s WHERE id = %s""",
            (totals["saldo"], totals["valor_usd"], totals["valor_aduana"], self.id),
        )
        self.invalidate_recordset()
        if self.stock_data:
            totals, sha256 = self._read(
                OpeningStockLoader, self.stock_data, self.stock_filename
            )
            self._write_guarded(stock_sha256=sha256, stock_count=totals["lines"])
        return True

    def _count_pedimentos(self):
        ((count,),) = self.env["immex.opening.line"]._read_group(
            [("opening_id", "=", self.id)], aggregates=["number15:count_distinct"]
        )
        return count

    def _read(self, loader_class, data, name):
        """Load one file; return its totals and its SHA-256."""
        name = name or self.env._("File")
        try:
            source = SourceFile(io.BytesIO(base64.b64decode(data)), max_bytes(self.env))
        except SourceTooLarge as error:
            issue = make_issue(
                "error", "too_large", self.env._("The file is too large.")
            )
            raise UserError(str(FileRefused(self.env, name, [issue]))) from error
        try:
            with source:
                return loader_class(self, source, name).load(), source.sha256
        except FileRefused as refused:
            # the web client shows the text of Odoo's own exceptions only
            raise UserError(str(refused)) from refused

    def action_post(self):
        """Button: make the pedimentos of the balances."""
        self.ensure_one()
        self._check_manager()
        self._check_draft()
        if not self.line_count:
            raise UserError(self.env._("Load a file of balances first."))
        self.env.flush_all()
        params = {"opening_id": self.id, "uid": self.env.uid}
        self.env.cr.execute(opening_sql.KNOWN, params)
        known = self.env.cr.fetchall()
        if known:
            raise UserError(
                self.env._(
                    "Pedimento %(number)s (line %(line)s of the file) is recorded "
                    "already, and %(count)s more: a pedimento comes either by its own "
                    "file or by its balance.",
                    number=known[0][0],
                    line=known[0][1],
                    count=len(known) - 1,
                )
            )
        for statement in (
            opening_sql.PEDIMENTO,
            opening_sql.PARTIDA,
            opening_sql.GOODS,
            opening_sql.STALE,
        ):
            self.env.cr.execute(statement, params)
        self.env.invalidate_all()
        self._write_guarded(
            state="posted",
            posted_by=self.env.uid,
            posted_at=fields.Datetime.now(),
        )
        tell_left_out(self)
        return True

    def action_run_discharge(self):
        """Button: ask for the run that these balances wait for."""
        return ask_discharge(self.env, self.company_id)

    def action_cancel(self):
        """Button: the next run takes back what these balances served."""
        self.ensure_one()
        self._check_manager()
        if self.state == "posted":
            closed = self.env["immex.period.seal"].search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "closed"),
                    ("date_to", ">", self.cutoff_date),
                ],
                limit=1,
            )
            if closed:
                raise UserError(
                    self.env._("A period after the cut-off is closed: reopen it first.")
                )
            self.env.flush_all()
            self.env.cr.execute(
                """UPDATE immex_pedimento SET state = 'cancelled', write_uid = %s,
                          write_date = now() AT TIME ZONE 'UTC'
                    WHERE opening_id = %s""",
                (self.env.uid, self.id),
            )
            self.env.invalidate_all()
        self._write_guarded(state="cancelled")
        return True

    def action_pedimentos(self):
        """Open the pedimentos that these balances made."""
        self.ensure_one()
        values = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_pedimento"
        )
        return values | {"domain": [("opening_id", "=", self.id)], "context": {}}
