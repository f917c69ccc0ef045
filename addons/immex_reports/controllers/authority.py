# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from urllib.parse import urlencode

from werkzeug.exceptions import Forbidden, NotFound

from odoo import fields
from odoo.http import Controller, request, route
from odoo.tools import SQL

from odoo.addons.immex_compliance.controllers.download import send_file

from ..definitions import DETAILS, PAGES, REPORTS
from ..definitions.base import DATE, FLAG, INTEGER
from ..models import reading
from ..models.immex_report_run import MIMETYPES, RENDERERS, file_name
from ..models.ir_http import HOME

PAGE = 100
DETAIL_ROWS = 500
LAST_PAGE = 1_000_000  # an offset that the database can count


class AuthorityPages(Controller):
    """The authority's online access: official reports of one company and their
    drill-down (Anexo 24, apartado C; RGCE 7.1.1-XIV).

    The user has no rights on any model. Pages read with queries that name the company,
    in a transaction that cannot write, and every look is logged first.
    """

    @route(HOME, type="http", auth="user", methods=["GET"])
    def index(self, **_parameters):
        return self._index(self._company())

    @route(f"{HOME}/reporte/<string:code>", type="http", auth="user", methods=["GET"])
    def report(self, code, date_from=None, date_to=None, page="1", **_parameters):
        """One page of a report as a table."""
        company, report, period = self._asked(code, date_from, date_to)
        if isinstance(period, str):
            return self._index(company, error=period)
        number = min(int(page), LAST_PAGE) if page.isdecimal() and int(page) else 1
        with reading.reading_cursor(request.registry) as cr:
            rows, count, totals = self._page(
                cr, report, report.parameters(company.id, *period), number
            )
        query = {"date_to": period[1]}
        if report.period != "cutoff":
            query["date_from"] = period[0]
        return self._show(
            "authority_report",
            company,
            reading.header(company, report, *period),
            report=report,
            rows=rows,
            count=count,
            totals=totals,
            page=number,
            pages=max(1, -(-count // PAGE)),
            query=lambda **extra: urlencode({**query, **extra}),
        )

    @route(
        f"{HOME}/reporte/<string:code>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, code, kind, date_from=None, date_to=None, **_parameters):
        """The whole report as XLSX or XML."""
        company, report, period = self._asked(code, date_from, date_to)
        if kind not in MIMETYPES:
            raise NotFound()
        if isinstance(period, str):
            return self._index(company, error=period)
        head = reading.header(company, report, *period)
        parameters = report.parameters(company.id, *period)

        def write(stream):
            with reading.reading_cursor(request.registry) as cr:
                rows = reading.report_rows(cr, report, parameters)
                RENDERERS[kind](report, head, rows, stream)

        return send_file(file_name(report, head, kind), MIMETYPES[kind], write)

    @route(
        f"{HOME}/<string:page>/<int:record_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def document(self, page, record_id, **_parameters):
        """A document behind a cell: pedimento, exit, layer, order, destruction."""
        company = self._company()
        detail = DETAILS.get(page)
        if not detail or record_id > 2**31 - 1:
            raise NotFound()
        parameters = {
            "company_id": company.id,
            "record_id": record_id,
            "known_run_id": None,
            "lang": "es_MX",
        }
        with reading.reading_cursor(request.registry) as cr:
            head = self._table(cr, detail.head, parameters)
            if not head["rows"]:
                raise NotFound()
            tables = [self._table(cr, table, parameters) for table in detail.tables]
        return self._show(
            "authority_document",
            company,
            detail=detail,
            facts=list(zip(head["columns"], head["rows"][0], strict=True)),
            tables=[table for table in tables if table["rows"]],
        )

    # who and what ---------------------------------------------------------------
    def _company(self):
        """Company whose books the user may read; logs the look, refuses the rest."""
        user = request.env.user
        if not user._immex_is_authority():
            raise Forbidden()
        company = request.env["immex.authority.access"]._company_of(
            user, fields.Date.context_today(user)
        )
        if not company:
            raise Forbidden()
        asked = request.httprequest
        request.env["immex.access.log"]._note(
            user,
            company,
            asked.path,
            asked.query_string.decode("utf-8", "replace"),
            asked.remote_addr or "",
        )
        return company.sudo()

    def _asked(self, code, date_from, date_to):
        """Return (company, report, (from, to)), or an error text for the dates."""
        company = self._company()
        report = REPORTS.get(code)
        if not report or not report.official:
            raise NotFound()
        first, last = self._last_month()
        try:
            start = date.fromisoformat(date_from) if date_from else first
            end = date.fromisoformat(date_to) if date_to else last
        except ValueError:
            return company, report, "Escriba las fechas como AAAA-MM-DD."
        if report.period == "cutoff":
            return company, report, (None, end)
        if start > end:
            return company, report, "El periodo termina antes de empezar."
        return company, report, (start, end)

    def _last_month(self):
        today = fields.Date.context_today(request.env.user)
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    # reading --------------------------------------------------------------------
    def _page(self, cr, report, parameters, number):
        """Rows of one page, the number of rows and the exact totals of the whole."""
        query = SQL(report.query, **parameters)
        sums = ", ".join(
            f"COALESCE(sum(q.{column.name}), 0)::text" for column in report.totals
        )
        cr.execute(
            SQL(
                "SELECT count(*)%s FROM (%s) q", SQL(f", {sums}" if sums else ""), query
            )
        )
        count, *totals = cr.fetchone()
        rows = self._fetch(cr, report, parameters, PAGE, (number - 1) * PAGE)
        named = {c.name: v for c, v in zip(report.totals, totals, strict=True)}
        return rows, count, named

    def _table(self, cr, table, parameters):
        rows = self._fetch(cr, table, parameters, DETAIL_ROWS + 1, 0)
        return {
            "title": table.title,
            "columns": table.columns,
            "rows": rows[:DETAIL_ROWS],
            "cut": len(rows) > DETAIL_ROWS,
        }

    def _fetch(self, cr, table, parameters, limit, offset):
        """Rows as lists of (text, link or None, class of the cell)."""
        links = "".join(f", q.{column.record_column}" for column in table.records)
        cr.execute(
            SQL(
                "SELECT %s%s FROM (%s) q LIMIT %s OFFSET %s",
                SQL(table.fields_of("q")),
                SQL(links),
                SQL(table.query, **parameters),
                limit,
                offset,
            )
        )
        width = len(table.columns)
        names = [column.name for column in table.records]
        rows = []
        for line in cr.fetchall():
            ids = dict(zip(names, line[width:], strict=True))
            rows.append(
                [
                    (_text(column, value), _link(column, ids), _class(column))
                    for column, value in zip(table.columns, line[:width], strict=True)
                ]
            )
        return rows

    # showing --------------------------------------------------------------------
    def _index(self, company, error=None):
        first, last = self._last_month()
        reports = [report for report in REPORTS.values() if report.official]
        response = self._show(
            "authority_index",
            company,
            reading.header(company, reports[0], first, last),
            reports=reports,
            date_from=first,
            date_to=last,
            error=error,
        )
        if error:
            response.status_code = 400
        return response

    def _show(self, template, company, header=None, **values):
        if header is None:
            header = reading.header(
                company, next(iter(REPORTS.values())), None, self._last_month()[1]
            )
        return request.render(
            f"immex_reports.{template}",
            {"company": company, "header": header, "home": HOME, **values},
            headers={"Cache-Control": "no-store"},
        )


def _text(column, value):
    """Text of a value that came as it stands in the database."""
    if value is None:
        return ""
    if column.type == DATE:
        return f"{value:%d/%m/%Y}"
    if column.type == FLAG:
        return "Sí" if value else "No"
    return str(value)


def _class(column):
    if column.numeric or column.type == INTEGER:
        return "text-end text-nowrap"
    return "text-nowrap" if column.type == DATE or column.record else None


def _link(column, ids):
    record_id = ids.get(column.name)
    if not record_id or column.record not in PAGES:
        return None
    return f"{HOME}/{PAGES[column.record]}/{record_id}"
