# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from urllib.parse import urlencode

from werkzeug.exceptions import Forbidden, NotFound

from odoo import fields
from odoo.http import request

from ..definitions import REPORTS, SUBJECTS
from ..models import reading
from ..models.ir_http import HOME
from .authority_words import ENGLISH, SPANISH, label, number, title, words

LANGUAGE = "immex_authority_language"


class AuthorityBase:
    """Who looks at which company, the log of it, and how a page is shown."""

    # who and what ---------------------------------------------------------------
    def _company(self, parameters, kind="page"):
        """(company whose books the user may read, id of the look in the log)."""
        user = request.env.user
        if not user._immex_is_authority():
            raise Forbidden()
        company = request.env["immex.authority.access"]._company_of(
            user, fields.Date.context_today(user)
        )
        if not company:
            raise Forbidden()
        if parameters.get("lengua") in (SPANISH, ENGLISH):
            request.session[LANGUAGE] = parameters["lengua"]
        asked = request.httprequest
        look = request.env["immex.access.log"]._note(
            user,
            company,
            asked.path,
            asked.query_string.decode("utf-8", "replace"),
            asked.remote_addr or "",
            kind,
        )
        return company.sudo(), look

    def _note(self, look, count, sha256=None):
        request.env["immex.access.log"]._outcome(look, count, sha256)

    def _language(self):
        return request.session.get(LANGUAGE, SPANISH)

    def _asked(self, code, date_from, date_to):
        """Return (report, (from, to)), or an error text for the dates."""
        report = REPORTS.get(code)
        if not report or not report.official:
            raise NotFound()
        first, last = self._last_month()
        text = words(self._language())
        try:
            start = date.fromisoformat(date_from) if date_from else first
            end = date.fromisoformat(date_to) if date_to else last
        except ValueError:
            return report, text["bad_dates"]
        if report.period == "cutoff":
            return report, (None, end)
        return report, text["reversed"] if start > end else (start, end)

    def _last_month(self):
        today = fields.Date.context_today(request.env.user)
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    # showing --------------------------------------------------------------------
    def _index(self, company, look, error=None):
        first, last = self._last_month()
        subjects = [
            (subject.name(self._language()), reports)
            for subject in SUBJECTS
            if (reports := [REPORTS[c] for c in subject.codes if REPORTS[c].official])
        ]
        if not error:
            self._note(look, sum(len(reports) for _name, reports in subjects))
        response = self._show(
            "authority_index",
            company,
            subjects=subjects,
            date_from=first,
            date_to=last,
            error=error,
        )
        if error:
            response.status_code = 400
        return response

    def _show(self, template, company, header=None, **values):
        language = self._language()
        report = values.get("report") or next(iter(REPORTS.values()))
        if header is None:
            header = reading.header(company, report, None, self._last_month()[1])
        own = [
            (name, value)
            for name, value in request.httprequest.args.items()
            if name not in ("lengua", "again")
        ]
        return request.render(
            f"immex_reports.{template}",
            {
                "company": company,
                "header": header,
                "period_text": _period_text(header, report, language),
                "home": HOME,
                "language": language,
                "other": ENGLISH if language == SPANISH else SPANISH,
                "here": lambda **extra: urlencode([*own, *extra.items()]),
                "w": words(language),
                "label": lambda column: label(column, language),
                "name_of": lambda text: title(text, language),
                "moment": _moment,
                "number": number,
                **values,
            },
            headers={"Cache-Control": "no-store"},
        )


def _period_text(header, report, language):
    if language == SPANISH:
        return header.period_text(report)
    if report.period != "cutoff" and header.date_from:
        return f"From {header.date_from:%d/%m/%Y} to {header.date_to:%d/%m/%Y}"
    return f"As of {header.date_to:%d/%m/%Y}"


def _moment(value):
    """A moment in the time zone of the user, written as dates are."""
    local = fields.Datetime.context_timestamp(request.env.user, value)
    return f"{local:%d/%m/%Y %H:%M %Z}"
