# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
import re
from datetime import date, timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..definitions import REPORTS, Header
from ..renderers import write_xlsx, write_xml
from .result import MODELS, model_name

BATCH = 2000
KEEP_DAYS = 30
RENDERERS = {"xlsx": write_xlsx, "xml": write_xml}
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}


class ImmexReportRun(models.Model):
    """A report asked for: which one, of which company and period.

    The screen, the XLSX and the XML come from the same query with the same
    parameters. Screens are tables that go with the run after some days.
    """

    _name = "immex.report.run"
    _description = "Report"
    _order = "id desc"
    _rec_name = "code"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    code = fields.Selection(
        selection=lambda self: [(r.code, r.title) for r in REPORTS.values()],
        string="Report",
        required=True,
    )
    date_from = fields.Date(
        "From", default=lambda self: self._default_period()[0]
    )
    date_to = fields.Date(
        "To (cut-off)", required=True, default=lambda self: self._default_period()[1]
    )
    by_cutoff = fields.Boolean(compute="_compute_definition")
    legal_source = fields.Char(compute="_compute_definition")
    row_count = fields.Integer("Rows", readonly=True)
    state = fields.Selection(
        [("draft", "To run"), ("done", "Done")], default="draft", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True
    )

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

    @api.constrains("date_from", "date_to", "code")
    def _check_period(self):
        for run in self:
            if not run.by_cutoff and not run.date_from:
                raise ValidationError(run.env._("Enter the first day of the period."))
            if run.date_from and run.date_from > run.date_to:
                raise ValidationError(
                    run.env._("The period ends before it begins. Correct the dates.")
                )

    # the query ------------------------------------------------------------------
    def _parameters(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "date_from": self.date_from or date.min,
            "date_to": self.date_to,
            "lang": "es_MX",
        }

    def _header(self):
        self.ensure_one()
        program = self.env["immex.program"]._current(
            self.company_id, date=self.date_to
        )
        return Header(
            company=self.company_id.name,
            rfc=self.company_id.vat or "",
            program=program.name or "",
            date_from=None if self.by_cutoff else self.date_from,
            date_to=self.date_to,
        )

    def _rows(self):
        """Yield the rows of the report as tuples of exact values, read in batches
        through a cursor of the server."""
        self.ensure_one()
        report = REPORTS[self.code]
        cursor = SQL.identifier("immex_report_rows")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DECLARE %s NO SCROLL CURSOR FOR %s",
                cursor,
                SQL(report.select, **self._parameters()),
            )
        )
        try:
            while True:
                self.env.cr.execute(SQL("FETCH %s FROM %s", SQL(str(BATCH)), cursor))
                batch = self.env.cr.fetchall()
                if not batch:
                    return
                for row in batch:
                    yield report.values(row)
        finally:
            self.env.cr.execute(SQL("CLOSE %s", cursor))

    # three outputs ----------------------------------------------------------------
    def action_screen(self):
        """Fill the result table and open it."""
        self.ensure_one()
        self.check_access("write")
        self._fill()
        report = REPORTS[self.code]
        context = {f"search_default_group_{name}": 1 for name in report.group_by}
        return {
            "type": "ir.actions.act_window",
            "name": report.title,
            "res_model": model_name(report),
            "view_mode": "list,form",
            "domain": [("run_id", "=", self.id)],
            "context": {**context, "create": False},
        }

    def _fill(self):
        """Write the rows of the report into its table, in the database."""
        self.ensure_one()
        report = REPORTS[self.code]
        model = self.env[MODELS[self.code]._name]
        names = [column.name for column in report.columns]
        names += [column.record_column for column in report.records]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.flush_all()
        table = SQL.identifier(model._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE run_id = %s", table, self.id))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (run_id, company_id, %s) SELECT %s, %s, %s FROM (%s) q",
                table,
                columns,
                self.id,
                self.company_id.id,
                columns,
                SQL(report.query, **self._parameters()),
            )
        )
        count = self.env.cr.rowcount
        model.invalidate_model()
        self.sudo().write({"row_count": count, "state": "done"})

    def action_xlsx(self):
        return self._action_download("xlsx")

    def action_xml(self):
        return self._action_download("xml")

    def _action_download(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/report/{self.id}/{kind}",
            "target": "download",
        }

    def _render(self, kind, stream):
        """Write the report as ``kind`` ("xlsx" or "xml") to a binary stream; return
        the number of rows."""
        self.ensure_one()
        if kind not in RENDERERS:
            raise UserError(self.env._("There is no such format."))
        count, _totals = RENDERERS[kind](
            REPORTS[self.code], self._header(), self._rows(), stream
        )
        return count

    def _file_name(self, kind):
        self.ensure_one()
        rfc = re.sub(r"[^A-Z0-9]", "", (self.company_id.vat or "").upper())
        first = "" if self.by_cutoff else f"{self.date_from:%Y%m%d}_"
        return f"{self.code}_{rfc}_{first}{self.date_to:%Y%m%d}.{kind}"

    @api.model
    def _export(self, company, code, params, directory):
        """Write a report into a directory as XLSX and XML.

        :param dict params: ``date_from`` and ``date_to``
        :return: list of (path, bytes, rows)
        """
        run = self.create({"company_id": company.id, "code": code, **params})
        written = []
        for kind in RENDERERS:
            path = Path(directory) / run._file_name(kind)
            partial = path.with_suffix(path.suffix + ".partial")
            with partial.open("wb") as stream:
                rows = run._render(kind, stream)
            os.replace(partial, path)
            written.append((path, path.stat().st_size, rows))
        return written

    @api.autovacuum
    def _gc_runs(self):
        """Screens are remade at will: old ones go."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("create_date", "<", limit)], limit=1000).unlink()
