# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from urllib.parse import urlencode

from werkzeug.exceptions import Forbidden, NotFound

from odoo import fields
from odoo.http import Controller, request, route
from odoo.tools import SQL

from ..definitions import REPORTS
from ..definitions.base import DATE, FLAG
from .download import send_report

PAGE = 100


class AuthorityPages(Controller):
    """The authority's online access: official reports of one company and their
    drill-down, read only (Anexo 24, apartado C; RGCE 7.1.1-XIV)."""

    def _company(self):
        """Company whose books the user may read; refuses everyone else."""
        user = request.env.user
        if not user.has_group("immex_compliance.group_authority"):
            raise Forbidden()
        access = request.env["immex.authority.access"]
        company = access._company_of(user, fields.Date.context_today(user))
        if not company:
            raise Forbidden()
        request.env["immex.access.log"].sudo()._note(
            user,
            company,
            request.httprequest.path,
            request.httprequest.query_string.decode("utf-8", "replace"),
        )
        return company.sudo()

    def _render(self, template, **values):
        return request.render(f"immex_reports.{template}", values)

    @route("/immex/authority", type="http", auth="user", website=False, readonly=False)
    def index(self):
        company = self._company()
        reports = [report for report in REPORTS.values() if report.official]
        first, last = self._last_month()
        return self._render(
            "authority_index",
            company=company,
            reports=reports,
            date_from=first,
            date_to=last,
        )

    @route("/immex/authority/report/<string:code>", type="http", auth="user")
    def report(self, code, date_from=None, date_to=None, page="1", kind=None, **_kw):
        company = self._company()
        run = self._run(company, code, date_from, date_to)
        if kind:
            return send_report(run, kind)
        report = REPORTS[code]
        number = max(1, int(page) if page.isdigit() else 1)
        rows, count = self._page(run, report, number)
        pages = max(1, -(-count // PAGE))
        query = {"date_from": run.date_from or "", "date_to": run.date_to}

        def link(**extra):
            return "?" + urlencode({**query, **extra})

        return self._render(
            "authority_report",
            company=company,
            report=report,
            header=run._header(),
            rows=rows,
            count=count,
            page=number,
            pages=pages,
            link=link,
            run=run,
        )

    @route("/immex/authority/pedimento/<int:pedimento_id>", type="http", auth="user")
    def pedimento(self, pedimento_id):
        company = self._company()
        pedimento = self._own(company, "immex.pedimento", pedimento_id)
        discharges = request.env["immex.discharge"].sudo()
        domain = [("superseded_run_id", "=", False), ("company_id", "=", company.id)]
        return self._render(
            "authority_pedimento",
            company=company,
            pedimento=pedimento,
            discharges_in=discharges.search(
                domain + [("layer_id.pedimento_id", "=", pedimento.id)], limit=500
            ),
            discharges_out=discharges.search(
                domain + [("exit_line_id.pedimento_id", "=", pedimento.id)], limit=500
            ),
            records=pedimento.record_ids[:1000],
        )

    @route("/immex/authority/discharge/<int:discharge_id>", type="http", auth="user")
    def discharge(self, discharge_id):
        company = self._company()
        discharge = self._own(company, "immex.discharge", discharge_id)
        return self._render(
            "authority_discharge", company=company, discharge=discharge
        )

    # ---------------------------------------------------------------------------
    def _own(self, company, model, record_id):
        record = request.env[model].sudo().browse(record_id).exists()
        if not record or record.company_id != company:
            raise NotFound()
        return record

    def _last_month(self):
        today = fields.Date.context_today(request.env.user)
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    def _run(self, company, code, date_from, date_to):
        report = REPORTS.get(code)
        if not report or not report.official:
            raise NotFound()
        first, last = self._last_month()
        start, end = self._date(date_from) or first, self._date(date_to) or last
        # a record in memory: the authority writes nothing
        return (
            request.env["immex.report.run"]
            .sudo()
            .new(
                {
                    "company_id": company.id,
                    "code": code,
                    "date_from": min(start, end),
                    "date_to": end,
                }
            )
        )

    def _date(self, text):
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            return None

    def _page(self, run, report, number):
        """Rows of one page as (texts, links), and the number of rows in all."""
        records = SQL(", ").join(
            SQL("q.%s", SQL.identifier(column.record_column))
            for column in report.records
        )
        names = SQL(", ").join(
            SQL("q.%s::text", SQL.identifier(column.name)) for column in report.columns
        )
        query = SQL(report.query, **run._parameters())
        cr = request.env.cr
        cr.execute(SQL("SELECT count(*) FROM (%s) q", query))
        count = cr.fetchone()[0]
        cr.execute(
            SQL(
                "SELECT %s, %s FROM (%s) q LIMIT %s OFFSET %s",
                names,
                records,
                query,
                PAGE,
                (number - 1) * PAGE,
            )
        )
        width = len(report.columns)
        rows = []
        for line in cr.fetchall():
            ids = dict(
                zip((c.name for c in report.records), line[width:], strict=True)
            )
            rows.append(
                [
                    (self._text(column, value), self._link(column, ids))
                    for column, value in zip(report.columns, line, strict=False)
                ]
            )
        return rows, count

    def _text(self, column, value):
        if value is None:
            return ""
        if column.type == DATE:
            return "/".join(reversed(value.split("-")))
        if column.type == FLAG:
            return "Sí" if value == "true" else "No"
        return value

    def _link(self, column, ids):
        record_id = ids.get(column.name)
        if not record_id:
            return None
        if column.record == "immex.pedimento":
            return f"/immex/authority/pedimento/{record_id}"
        if column.record == "immex.discharge":
            return f"/immex/authority/discharge/{record_id}"
        return None
