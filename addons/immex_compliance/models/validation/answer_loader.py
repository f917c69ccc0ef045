# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Loads an answer file of the validator or the bank onto the pedimentos."""

import json
from dataclasses import asdict
from itertools import islice

from ...formats.issues import ERROR, WARNING, FormatError
from ...formats.m3 import Limits
from ...formats.m3.answer import AnswerReader
from ..pedimento.file_issues import make_issue
from ..pedimento.source_file import max_bytes
from . import answer_sql

BATCH = 5000


class AnswerLoader:
    """One file. After :meth:`load`: ``issues``, ``has_errors`` and, where everything
    in it was told before, ``known_file_id``. The caller holds a savepoint."""

    def __init__(self, file, source):
        self.file = file
        self.source = source
        self.env = file.env
        self.company = file.company_id
        self.issues = []
        self.has_errors = False
        self.known_file_id = False

    def load(self):
        limits = Limits(max_bytes=max_bytes(self.env))
        reader = AnswerReader(self.source.file, self.file.name, limits)
        answers, told, fresh = iter(reader), 0, 0
        try:
            while batch := list(islice(answers, BATCH)):
                told += len(batch)
                if not reader.issues.errors:
                    fresh += self._insert(batch)
        except FormatError as error:
            reader.issues.append(error.issue)
        self.issues = list(reader.issues)
        self.has_errors = any(issue.severity == ERROR for issue in self.issues)
        if self.has_errors:
            return
        if told and not fresh:
            self.known_file_id = self._before(next(iter(self._first())))
            return
        pedimentos = self.env["immex.pedimento"]._link_answers(self.company)
        self._tell(pedimentos)
        self.file.write({"line_count": reader.line_count, "encoding": reader.encoding})

    def _first(self):
        limits = Limits(max_bytes=max_bytes(self.env))
        return AnswerReader(self.source.file, self.file.name, limits)

    def _before(self, answer):
        """File that told an answer first."""
        found = self.env["immex.pedimento.answer"].search(
            [
                ("company_id", "=", self.company.id),
                ("patente", "=", answer.patente),
                ("document", "=", answer.document),
                ("kind", "=", answer.kind),
                ("text", "=", answer.text),
            ],
            limit=1,
        )
        return found.file_id.id

    def _insert(self, batch):
        rows = [asdict(answer) for answer in batch]
        for row in rows:
            row["date"] = row["date"] and row["date"].isoformat()
        self.env.cr.execute(
            answer_sql.INSERT,
            {
                "company_id": self.company.id,
                "file_id": self.file.id,
                "uid": self.env.uid,
                "now": self.env.cr.now(),
                "rows": json.dumps(rows),
            },
        )
        return self.env.cr.rowcount

    def _tell(self, pedimentos):
        """Say which answers wait, and what differs from the pedimento."""
        params = {"file_id": self.file.id}
        self.env.cr.execute(answer_sql.WAITING, params)
        for line, document in self.env.cr.fetchall():
            self._warn(
                "no_pedimento",
                line,
                self.env._(
                    "Pedimento %(number)s is not recorded yet; the answer waits for "
                    "it.",
                    number=document,
                ),
            )
        self.env.cr.execute(answer_sql.DOUBTS, params)
        for line, kind, number, paid, date, known, code in self.env.cr.fetchall():
            if kind == "paid":
                text = self.env._(
                    "Pedimento %(number)s says that it was paid on %(ours)s, the bank "
                    "says %(theirs)s.",
                    number=number,
                    ours=paid,
                    theirs=date,
                )
            else:
                text = self.env._(
                    "Pedimento %(number)s has the acknowledgement %(ours)s, the "
                    "validator says %(theirs)s.",
                    number=number,
                    ours=known,
                    theirs=code,
                )
            self._warn("answer_differs", line, text)

    def _warn(self, code, line, text):
        self.issues.append(make_issue(WARNING, code, text, line=line))
