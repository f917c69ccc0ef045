# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Pedimentos from records that stand somewhere else than in a file."""

from ..issues import FormatError, IssueLog
from .reader import M3Reader


class TextsReader(M3Reader):
    """Iterate over ``(pedimento, key, issues)`` of records as texts.

    One that cannot be read on is given as None, with its issues; the next ones follow.

    :param texts: iterable of ``(key, text)``, each pedimento from its 500 to its 999;
        ``key`` is whatever the caller knows it by
    """

    def __init__(self, texts, limits=None):
        super().__init__(None, "", limits)
        self.texts = texts

    def __iter__(self):
        broken = None  # key of a pedimento that was given up
        for number, (key, text) in enumerate(self.texts, 1):
            if key == broken:
                continue
            finished = None
            try:
                finished = self.read_record(number, text)
            except FormatError as error:
                broken, self._document = key, None
                self.issues.append(error.issue)
            if finished or key == broken:
                issues, self.issues = self.issues, IssueLog(self.limits.max_issues)
                yield finished, key, issues
