# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Records pedimentos of the comparison store in the company's books."""

from bisect import bisect_right
from dataclasses import replace

from ...formats.issues import ERROR, WARNING
from ...formats.m3 import Limits
from ...formats.m3.checks import check_document
from ...formats.m3.texts import TextsReader
from ..job.reporting import report
from ..pedimento.catalog_cache import Catalogs
from ..pedimento.document_recorder import DocumentRecorder
from ..pedimento.file_issues import text_of
from ..pedimento.m3_catalog_checks import CatalogChecks
from ..pedimento.m3_rows import make_rows
from .store_records import RECORDS

CHUNK = 200  # pedimentos read at one time
REASONS = 5  # reasons of a pedimento that are told

# Customs accepted them: what does not add up is told and does not stop them.
ACCEPTED = {"invoice_sum", "quantity", "contribution", "year_digit"}


class StoreLoader(DocumentRecorder):
    """History, not news: a pedimento with an error is passed over, with its reason, and
    the others are recorded; what the law bars today is a warning.

    After :meth:`load`: ``passed`` and ``doubts``, ``{id in the store: reasons}`` of
    what was not recorded, and of what was recorded and should be looked at.
    """

    origin = "datastage"

    def __init__(self, env, company, ids):
        super().__init__(env, company)
        self.ids = ids
        self.passed = {}
        self.doubts = {}
        self._starts, self._owners = [], []  # first line -> pedimento of the store
        self._files = {}  # identity -> file that brought it into the store
        self._read = 0

    def _file_id(self, rows):
        return self._files[rows.identity]

    def _tell(self):
        report(self._read, len(self.ids), self._last_number)

    def load(self):
        catalogs = Catalogs(self.env)
        checks = CatalogChecks(self.env, catalogs, self.company)
        files = self._file_of()
        for document, store_id, found in TextsReader(self._texts(), Limits()):
            self._read += 1
            if document is None:
                self._say(self.passed, store_id, found)
                continue
            self._starts.append(document.line)
            self._owners.append(store_id)
            found = [*found, *check_document(document), *checks.check(document)]
            errors = [
                issue
                for issue in found
                if issue.severity == ERROR and issue.code not in ACCEPTED
            ]
            if errors:
                self._say(self.passed, store_id, errors)
                continue
            self._collect(found)
            rows = make_rows(document, catalogs, self.company, self.origin)
            self._files[rows.identity] = files[store_id]
            self._add(rows)
        self._flush()

    def _collect(self, issues):
        """A pedimento that is there already is passed over; the rest are doubts. None
        of it stops the others."""
        for issue in issues:
            store_id = self._owners[bisect_right(self._starts, issue.line) - 1]
            told = self.passed if issue.code == "duplicate" else self.doubts
            self._say(told, store_id, [issue])

    def _say(self, told, store_id, issues):
        reasons = told.setdefault(store_id, [])
        for issue in issues:
            reason = _said(self.env, issue)
            if len(reasons) < REASONS and reason not in reasons:
                reasons.append(reason)

    def _file_of(self):
        self.env.cr.execute(
            "SELECT id, file_id FROM immex_datastage_pedimento WHERE id = ANY(%s)",
            (self.ids,),
        )
        return dict(self.env.cr.fetchall())

    def _texts(self):
        for start in range(0, len(self.ids), CHUNK):
            # the statements between two chunks use the same cursor
            self.env.cr.execute(RECORDS, {"ids": self.ids[start : start + CHUNK]})
            yield from self.env.cr.fetchall()

    def _barred_issue(self, entries, line, temporary):
        issue = super()._barred_issue(entries, line, temporary)
        return replace(issue, severity=WARNING)


def _said(env, issue):
    """Record and field as M3 has them, and what is wrong."""
    if issue.field_name:
        return f"{issue.record_type} {issue.field_name}: {text_of(env, issue)}"
    return f"{issue.record_type} {text_of(env, issue)}".strip()
