# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is wrong with a file from outside, and the refusal that carries it."""

from dataclasses import dataclass

from odoo.exceptions import UserError

SHOWN = 20  # issues in the text of the refusal; all of them are in ``issues``


@dataclass(frozen=True, slots=True)
class FileIssue:
    """One thing wrong (``error``) or doubtful (``warning``) in a file.

    ``line`` counts from 1, ``field_number`` from 1 (the key of the record is field
    1); both are 0 where the issue is of the whole file or of the whole line.
    """

    severity: str
    code: str
    message: str
    line: int = 0
    record_type: str = ""
    field_number: int = 0
    field_name: str = ""

    def values(self) -> dict:
        """Values for a record that shows the issue."""
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "line": self.line,
            "record_type": self.record_type or False,
            "field_number": self.field_number,
            "field_name": self.field_name or False,
        }


def describe(env, issue: FileIssue) -> str:
    """One line for people: where, then what."""
    if issue.line and issue.field_number:
        return env._(
            "Line %(line)s, record %(record)s, field %(number)s (%(name)s): "
            "%(message)s",
            line=issue.line,
            record=issue.record_type,
            number=issue.field_number,
            name=issue.field_name,
            message=issue.message,
        )
    if issue.line:
        return env._(
            "Line %(line)s: %(message)s", line=issue.line, message=issue.message
        )
    return issue.message


class FileRefused(UserError):
    """Nothing of the file was recorded; ``issues`` tells why (errors and warnings)."""

    def __init__(self, env, name, issues):
        errors = [issue for issue in issues if issue.severity == "error"]
        lines = [
            env._(
                "%(name)s was refused; nothing of it was recorded. Errors: %(count)s.",
                name=name,
                count=len(errors),
            ),
            *(describe(env, issue) for issue in errors[:SHOWN]),
        ]
        if len(errors) > SHOWN:
            lines.append(env._("And %(count)s more.", count=len(errors) - SHOWN))
        super().__init__("\n".join(lines))
        self.issues = issues
