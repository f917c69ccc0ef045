# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.immex_compliance.controllers.download import send_file

from ..definitions import DETAILS
from ..definitions.search_sql import FOUND_GOODS, FOUND_PEDIMENTOS
from ..models import reading
from ..models.immex_report_run import MIMETYPES, RENDERERS, file_name
from ..models.ir_http import HOME
from ..renderers import TooManyRows, limited
from . import authority_rows as rows_of
from .authority_reports import AuthorityReports
from .authority_words import words

DETAIL_ROWS = 500
FOUND = 100  # that a search shows
SHORTEST = 3  # characters that a search takes


class Busy(Exception):
    """As many files as may be are being made."""


class AuthorityPages(AuthorityReports, Controller):
    """The authority's online access: official reports of one company and their
    drill-down (Anexo 24, apartado C; RGCE 7.1.1-XIV).

    The user has no rights on any model. Pages read with queries that name the company,
    in a transaction that cannot write, and every look is logged first. A report of more
    rows than a request may read is made in the background and paged from there.
    """

    @route(HOME, type="http", auth="user", methods=["GET"])
    def index(self, **parameters):
        company, look = self._company(parameters)
        return self._index(company, look)

    @route(f"{HOME}/reporte/<string:code>", type="http", auth="user", methods=["GET"])
    def report(self, code, date_from=None, date_to=None, **parameters):
        """One page of a report as a table."""
        company, look = self._company(parameters)
        report, period = self._asked(code, date_from, date_to)
        if isinstance(period, str):
            return self._index(company, look, error=period)
        asked = {
            kind: parameters[kind][:60]
            for kind in rows_of.searches_of(report)
            if parameters.get(kind)
        }
        query = {"date_to": period[1], **asked}
        if report.period != "cutoff":
            query["date_from"] = period[0]
        values = {
            "report": report,
            "query": lambda **extra: urlencode({**query, **extra}),
            "searches": rows_of.searches_of(report),
            "asked": asked,
            "period": period,
        }
        header = reading.header(company, report, *period)
        found = self._live(report, company, period, asked, parameters)
        if found is None:
            found = self._stored(report, company, period, asked, parameters)
            if isinstance(found, str):
                return self._show(
                    "authority_waiting", company, header, state=found, **values
                )
            if "run" in found and "rows" not in found:
                return self._show(
                    "authority_waiting", company, header, state=None, **found, **values
                )
        self._note(look, found["count"])
        return self._show("authority_report", company, header, **found, **values)

    @route(
        f"{HOME}/reporte/<string:code>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, code, kind, date_from=None, date_to=None, **parameters):
        """The whole report as XLSX, XML or PDF."""
        company, look = self._company(parameters, kind="file")
        report, period = self._asked(code, date_from, date_to)
        if kind not in MIMETYPES:
            raise NotFound()
        if isinstance(period, str):
            return self._index(company, look, error=period)
        if self._is_long(report, company, period):
            return self._stored_file(report, company, period, kind, look)
        head = reading.printed(reading.header(company, report, *period), company)
        values = report.parameters(company.id, *period)
        most = self._runs()._print_rows()

        def write(stream):
            with reading.reading_cursor(request.registry) as cr:
                if not reading.has_place(cr):
                    raise Busy()
                rows = reading.report_rows(cr, report, values)
                if kind == "pdf":
                    rows = limited(rows, most)
                count, _totals = RENDERERS[kind](report, head, rows, stream)
            self._note(look, count, _digest(stream))

        text = words(self._language())
        try:
            return send_file(file_name(report, head, kind), MIMETYPES[kind], write)
        except Busy:
            response = self._index(company, look, error=text["busy"])
            response.status_code = 503
            response.headers["Retry-After"] = "60"
            return response
        except TooManyRows:
            return self._index(company, look, error=text["too_long"])

    @route(
        f"{HOME}/<any(pedimento,salida,capa,orden,destruccion):page>/<record_id:record_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def document(self, page, record_id, **parameters):
        """A document behind a cell: pedimento, exit, layer, order, destruction."""
        company, look = self._company(parameters)
        detail = DETAILS.get(page)
        if not detail:
            raise NotFound()
        values = {
            "company_id": company.id,
            "record_id": record_id,
            "known_run_id": None,
            "lang": "es_MX",
        }
        with reading.reading_cursor(request.registry) as cr:
            head = self._table(cr, detail.head, values)
            if not head["rows"]:
                raise NotFound()
            tables = [self._table(cr, table, values) for table in detail.tables]
        self._note(look, sum(len(table["rows"]) for table in tables))
        return self._show(
            "authority_document",
            company,
            detail=detail,
            facts=list(zip(head["columns"], head["rows"][0], strict=True)),
            tables=[table for table in tables if table["rows"]],
        )

    @route(f"{HOME}/buscar", type="http", auth="user", methods=["GET"])
    def search(self, q="", **parameters):
        """Pedimentos and goods by a piece of their number."""
        company, look = self._company(parameters)
        text = q.translate(rows_of.LOOSE)[:40]
        tables, error = [], None
        if 0 < len(text) < SHORTEST:
            error = words(self._language())["too_short"]
        elif text:
            values = {"company_id": company.id, "pattern": rows_of.like(text)}
            with reading.reading_cursor(request.registry) as cr:
                tables = [
                    self._table(cr, table, values, FOUND)
                    for table in (FOUND_PEDIMENTOS, FOUND_GOODS)
                ]
            for row in tables[1]["rows"]:
                part = urlencode({"part": row[0][0]})
                row[0] = (row[0][0], f"{HOME}/reporte/saldos?{part}", row[0][2])
            self._note(look, sum(len(table["rows"]) for table in tables))
        return self._show(
            "authority_search",
            company,
            q=q[:60],
            tables=[table for table in tables if table["rows"]],
            searched=bool(text) and not error,
            error=error,
        )

    @route(f"{HOME}/sellos", type="http", auth="user", methods=["GET"])
    def seals(self, **parameters):
        """Closed periods with their seals."""
        company, look = self._company(parameters)
        seals = (
            request.env["immex.period.seal"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "=", "closed")])
        )
        self._note(look, len(seals))
        return self._show("authority_seals", company, seals=seals)

    # parts of pages ---------------------------------------------------------------
    def _table(self, cr, table, values, limit=DETAIL_ROWS):
        rows = rows_of.live_rows(cr, table, values, limit + 1)
        return {
            "title": table.title,
            "columns": table.columns,
            "rows": rows[:limit],
            "cut": len(rows) > limit,
        }


def _digest(stream):
    """SHA-256 of what was written; leaves the stream at its end."""
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()
