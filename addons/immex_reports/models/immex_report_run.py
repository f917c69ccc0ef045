# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
import re
from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.immex_compliance.tools.context import without_defaults

from ..definitions import REPORTS
from ..renderers import write_pdf, write_xlsx, write_xml
from . import reading
from .immex_report_result import MODELS, model_name
from .report_choice import choices, set_subjects

KEEP_DAYS = 30
RENDERERS = {"xlsx": write_xlsx, "xml": write_xml, "pdf": write_pdf}
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "pdf": "application/pdf",
}
PARAMETERS = {"company_id", "code", "date_from", "date_to", "known_run_id"}


class ImmexReportRun(models.Model):
    """A report asked for: which one, of which company and period.

    The query runs once and fills a result table; the screen and the files are that
    table, so they agree whatever happens in the meantime. Tables go after some
    days, unless their files were kept.
    """

    _name = "immex.report.run"
    _description = "Report"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    code = fields.Selection(selection="_selection_code", string="Report", required=True)
    date_from = fields.Date("From", default=lambda self: self._default_period()[0])
    date_to = fields.Date(
        "To", required=True, default=lambda self: self._default_period()[1]
    )
    known_run_id = fields.Many2one(
        "immex.discharge.run",
        "As Known at Run",
        check_company=True,
        domain="[('state', '=', 'done'), ('company_id', '=', company_id)]",
        help="Discharges as they stood when that run ended. Empty: those in force. "
        "Documents are read as they are now.",
    )
    by_cutoff = fields.Boolean(compute="_compute_definition")
    legal_source = fields.Char(compute="_compute_definition")
    rfc = fields.Char("RFC", compute="_compute_header")
    program = fields.Char("IMMEX Programme", compute="_compute_header")
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    computed_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "To run"), ("waiting", "In the background"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        "Files",
        domain=[("res_model", "=", "immex.report.run")],
        readonly=True,
    )
    kept = fields.Boolean(
        readonly=True,
        copy=False,
        help="The files stay as they are and are not cleaned away with old reports.",
    )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        set_subjects(arch, self.env.lang)
        return arch, view

    @api.model
    def _selection_code(self):
        return choices()

    @api.model
    def _default_period(self):
        """First and last day of the month before, in the user's time zone."""
        today = fields.Date.context_today(self)
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    @api.depends("code")
    def _compute_definition(self):
        for run in self:
            report = REPORTS.get(run.code)
            run.by_cutoff = bool(report) and report.period == "cutoff"
            run.legal_source = report.source if report else False

    @api.depends("company_id", "date_to", "code")
    def _compute_header(self):
        for run in self:
            head = run._header() if run.code and run.date_to else None
            run.rfc = head and head.rfc
            run.program = head and head.program

    @api.depends("code", "date_from", "date_to")
    def _compute_display_name(self):
        for run in self:
            report = REPORTS.get(run.code)
            run.display_name = (
                f"{report.title}. {run._header().period_text(report)}"
                if report and run.date_to
                else self.env._("Report")
            )

    @api.constrains("date_from", "date_to", "code")
    def _check_period(self):
        for run in self:
            if run.by_cutoff:
                continue
            if not run.date_from:
                raise ValidationError(run.env._("Enter the first day of the period."))
            if run.date_from > run.date_to:
                raise ValidationError(
                    run.env._("The period ends before it begins. Correct the dates.")
                )

    # writing ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_asked(vals)
        asked = without_defaults(self, PARAMETERS)
        return super(ImmexReportRun, asked).create(vals_list)

    def write(self, vals):
        self._check_asked(vals)
        if not PARAMETERS.isdisjoint(vals):
            if any(run.kept for run in self):
                raise UserError(
                    self.env._(
                        "The files of this report were kept. Make a new report for "
                        "another period."
                    )
                )
            self._check_not_waiting()
            self._drop_files()
            vals = {**vals, "state": "draft", "row_count": 0, "computed_at": False}
        return super().write(vals)

    def _check_asked(self, vals):
        """People say what is reported; what came of it is written by the work alone:
        the authority reads it, and the month-end counts it."""
        if not self.env.su and not PARAMETERS.issuperset(vals):
            raise AccessError(
                self.env._("Of a report, its kind, company and period are written.")
            )

    # computing --------------------------------------------------------------------
    def _report(self):
        self.ensure_one()
        return REPORTS[self.code]

    def _query(self):
        """The report's query with its parameters, as :class:`SQL`."""
        report = self._report()
        parameters = report.parameters(
            self.company_id.id,
            self.date_from,
            self.date_to,
            self.known_run_id.id or None,
        )
        return SQL(report.query, **parameters)

    def _header(self):
        self.ensure_one()
        return reading.header(
            self.company_id,
            REPORTS[self.code],
            self.date_from,
            self.date_to,
            self.known_run_id,
        )

    def _reads_own_writes(self):
        """Whether its rows are of what was written in this transaction."""
        return False

    def _fill(self):
        """Write the rows of the report into its table, inside the database."""
        self.ensure_one()
        self.check_access("read")
        report = self._report()
        model = self.env[MODELS[self.code]._name]
        names = [column.name for column in report.columns]
        targets = names + [f"{column.name}_ref" for column in report.records]
        sources = names + [column.record_column for column in report.records]
        self.env.flush_all()
        table = SQL.identifier(model._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE run_id = %s", table, self.id))
        columns = SQL(", ").join(
            map(SQL.identifier, ["run_id", "company_id", *targets])
        )
        rows = SQL(
            "SELECT %s, %s, %s FROM (%s) q",
            self.id,
            self.company_id.id,
            SQL(", ").join(map(SQL.identifier, sources)),
            self._query(),
        )
        count = reading.copy_rows(
            self.env.cr, self.pool, table, columns, rows, self._reads_own_writes()
        )
        model.invalidate_model()
        self.sudo().write(
            {
                "row_count": count,
                "state": "done",
                "computed_at": fields.Datetime.now(),
            }
        )

    def _rows(self):
        """Yield the rows of the result table as tuples of exact values."""
        report = self._report()
        model = self.env[MODELS[self.code]._name]
        self.env.flush_all()
        query = SQL(
            "SELECT %s FROM %s q WHERE run_id = %s ORDER BY id",
            SQL(report.fields_of("q")),
            SQL.identifier(model._table),
            self.id,
        )
        for row in reading.stream(self.env.cr, query):
            yield report.values(row)

    # outputs ----------------------------------------------------------------------
    def _screen(self):
        """Action that shows the rows."""
        self.ensure_one()
        report = self._report()
        context = {f"search_default_group_{name}": 1 for name in report.group_by}
        modes = ["list", "form", "pivot"] if report.totals else ["list", "form"]
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model_name(report),
            "view_mode": ",".join(modes),
            "views": [(False, mode) for mode in modes],
            "domain": [("run_id", "=", self.id)],
            "context": {**context, "create": False},
        }

    def _render(self, kind, stream, before=0):
        """Write the report as ``kind`` (of ``RENDERERS``) to a binary stream; return
        the number of rows.

        :param before: rows written before, by which work in the background tells how
            far it is
        """
        self.ensure_one()
        if kind not in RENDERERS:
            raise UserError(self.env._("There is no such format."))
        if not self.computed_at:
            raise UserError(self.env._("The report was not computed yet."))
        self._check_printed(kind)
        total = self.row_count * len(self._kinds())
        rows = self._told(self._rows(), before, total)
        head = reading.printed(self._header(), self.company_id)
        count, _totals = RENDERERS[kind](self._report(), head, rows, stream)
        return count

    def _file_name(self, kind):
        self.ensure_one()
        head = self._header()
        return file_name(self._report(), head, kind)

    @api.model
    def _export(self, company, code, params, directory):
        """Write a report into a directory in each of its forms.

        :param company: ``res.company`` record
        :param str code: key of ``REPORTS``
        :param dict params: ``date_from``, ``date_to`` and perhaps ``known_run_id``
        :param directory: existing folder
        :return: list of (path, bytes, rows)
        """
        run = self.create({"company_id": company.id, "code": code, **params})
        run._fill()
        written = []
        for kind in run._kinds():
            path = Path(directory) / run._file_name(kind)
            partial = path.with_suffix(path.suffix + ".partial")
            with partial.open("wb") as stream:
                rows = run._render(kind, stream)
            os.replace(partial, path)
            written.append((path, path.stat().st_size, rows))
        return written

    @api.autovacuum
    def _gc_runs(self):
        """Screens are remade at will: old ones go, but those whose files were kept."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        domain = [("create_date", "<", limit), ("kept", "=", False)]
        self.search(domain, limit=1000).unlink()


def file_name(report, header, kind):
    """Name of a report's file: code, RFC and period."""
    rfc = re.sub(r"[^A-Z0-9]", "", header.rfc.upper())
    first = f"{header.date_from:%Y%m%d}" if header.date_from else ""
    parts = (report.code, rfc, first, f"{header.date_to:%Y%m%d}")
    return "_".join(part for part in parts if part) + f".{kind}"
