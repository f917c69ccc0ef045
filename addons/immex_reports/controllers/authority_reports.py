# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.immex_compliance.models.ir_http import LAST_ID

from ..models import reading
from ..models.immex_report_result import MODELS
from ..models.ir_http import HOME
from . import authority_rows as rows_of
from .authority_base import AuthorityBase
from .authority_words import words

PAGE = rows_of.PAGE
LAST_PAGE = 1_000_000  # an offset that the database can count
DIGITS = 18  # of a number that is read


class AuthorityReports(AuthorityBase):
    """Rows of a report: short ones straight from the books, long ones from the table
    that the background filled."""

    def _runs(self):
        return request.env["immex.report.run"].sudo()

    def _is_long(self, report, company, period):
        """Whether the report has more rows than a request may read: PostgreSQL expects
        so, or it turned out so before."""
        runs = self._runs()
        asked = runs._asked_by_authority(company, report, period)
        if runs.search_count([(name, "=", value) for name, value in asked.items()]):
            return True
        return runs.new(asked)._expected_rows() > runs._inline_rows()

    def _live(self, report, company, period, asked, parameters):
        """A page of a short report; None where it turns out to be long."""
        if self._is_long(report, company, period):
            return None
        number = _number(parameters.get("page"), LAST_PAGE) or 1
        values = report.parameters(company.id, *period)
        where = rows_of.condition(report, asked)
        with reading.reading_cursor(request.registry) as cr:
            count, totals = rows_of.live_count(cr, report, values, where)
            if count > self._runs()._inline_rows():
                return None
            offset = (number - 1) * PAGE
            rows = rows_of.live_rows(cr, report, values, PAGE, offset, where)
        pages = max(1, -(-count // PAGE))
        return {
            "rows": rows,
            "count": count,
            "totals": totals,
            "place": f"{number} / {pages}",
            "before": {"page": number - 1} if number > 1 else None,
            "after": {"page": number + 1} if number < pages else None,
            "end": {"page": pages} if pages > 1 else None,
        }

    def _stored(self, report, company, period, asked, parameters):
        """A page of a long report: {"run": ...} alone while it is being made, or a text
        where it cannot be."""
        again = parameters.get("again") == "1"
        try:
            run = self._runs()._of_authority(company, report, period, again)
        except UserError:
            return "too_many"
        if run.state != "done":
            return {"run": run, "job": run.job_id.sudo()}
        table = MODELS[report.code]._name.replace(".", "_")
        after, before = (_id(parameters.get(name)) for name in ("after", "before"))
        where = rows_of.condition(report, asked)
        with reading.reading_cursor(request.registry) as cr:
            rows, first, last, more = rows_of.stored_rows(
                cr, report, table, run.id, after, before, where
            )
            # on the first page only: they need every row
            count, totals = run.row_count, {}
            begins = after is None and before is None
            if where is not None or begins:
                count, totals = rows_of.stored_count(cr, report, table, run.id, where)
        backwards = before is not None
        return {
            "run": run,
            "rows": rows,
            "count": count,
            "totals": totals,
            "place": "",
            "before": {"before": first}
            if first and (more if backwards else not begins)
            else None,
            "after": {"after": last} if last and (more or backwards) else None,
            "end": {"before": LAST_ID} if more and not backwards else None,
        }

    def _stored_file(self, report, company, period, kind, look):
        """A file of a long report, or the page that says how far it is."""
        try:
            run = self._runs()._of_authority(company, report, period)
        except UserError:
            run = self._runs()
        done = run.state == "done"
        if done and kind not in run._kinds():
            text = words(self._language())["too_long"]
            return self._index(company, look, error=text)
        file = run._file(kind) if done else None
        if not file:
            query = {"date_to": period[1]}
            if period[0]:
                query["date_from"] = period[0]
            return request.redirect(f"{HOME}/reporte/{report.code}?{urlencode(query)}")
        # as it was written down when the file was made
        digest = (file.description or "").removeprefix("SHA-256 ")
        self._note(look, run.row_count, digest[:64] or None)
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)
        return stream.get_response(as_attachment=True, max_age=0)


def _id(text):
    """An id of a link, or None."""
    return _number(text, LAST_ID)


def _number(text, most):
    """A number of a link, or None; Python itself refuses thousands of digits."""
    if not text or not text.isdecimal():
        return None
    return min(int(text), most) if len(text) <= DIGITS else most
