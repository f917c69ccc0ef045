# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is wrong with a file, and where: one shape for every codec."""

from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"


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


class FormatError(Exception):
    """Reading cannot go on; ``issue`` says why and where."""

    def __init__(self, issue):
        super().__init__(f"line {issue.line}: {issue.text}")
        self.issue = issue
