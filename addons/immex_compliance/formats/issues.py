# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is wrong with a file, and where: one shape for every codec."""

from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"


def _lt(template):
    """Mark a template for translation: whoever shows it translates it."""
    return template


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong or doubtful.

    ``line`` and ``field_number`` count from 1 (the record type is field 1); 0 means
    the whole file or the whole line. ``message`` is a template for ``params``.
    """

    severity: str
    code: str
    message: str
    params: dict = field(default_factory=dict)
    line: int = 0
    record_type: str = ""
    field_number: int = 0
    field_name: str = ""

    @property
    def text(self):
        """The message with its parameters, in English."""
        return self.message % self.params


class IssueLog(list):
    """The issues of a reading. All errors are kept, unless ``most_errors`` bounds them
    too, and of warnings the first ``limit``: a hostile file must not fill the memory
    with them. ``errors`` and ``warnings`` count all."""

    def __init__(self, limit, most_errors=None):
        super().__init__()
        self.limit = limit
        self.most_errors = most_errors
        self.errors = 0
        self.warnings = 0

    def passes_over(self):
        """Whether no further warning is kept; it is counted all the same."""
        if self.warnings < self.limit:
            return False
        self.warnings += 1
        return True

    def append(self, issue):
        if issue.severity == ERROR:
            self.errors += 1
            if self.most_errors is not None and self.errors > self.most_errors:
                return
        else:
            self.warnings += 1
            if self.warnings > self.limit:
                return
        super().append(issue)


class FormatError(Exception):
    """Reading cannot go on; ``issue`` says why and where."""

    def __init__(self, issue):
        super().__init__(f"line {issue.line}: {issue.text}")
        self.issue = issue
