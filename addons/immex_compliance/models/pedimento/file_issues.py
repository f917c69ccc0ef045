# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is wrong with a file, shown to people, and the refusal that carries it."""

from odoo.exceptions import UserError

from ...formats.issues import ERROR, WARNING, Issue

SHOWN = 20  # issues in the text of the refusal; all of them are in ``issues``

__all__ = [
    "ERROR",
    "WARNING",
    "FileRefused",
    "Issue",
    "describe",
    "issue_values",
    "make_issue",
    "text_of",
]


def make_issue(severity, code, text, **where):
    """An issue whose text is complete: nothing in it is a parameter."""
    return Issue(severity, code, text.replace("%", "%%"), {}, **where)


def text_of(env, issue) -> str:
    """What an issue says, in the language of whoever is to read it."""
    # the templates are marked where they are written, in formats/
    template = env._(issue.message)
    return template % issue.params


def issue_values(env, issue) -> dict:
    """Values for a record that shows the issue."""
    return {
        "severity": issue.severity,
        "code": issue.code,
        "message": text_of(env, issue),
        "line": issue.line,
        "record_type": issue.record_type or False,
        "field_number": issue.field_number,
        "field_name": issue.field_name or False,
    }


def describe(env, issue) -> str:
    """One line for people: where, then what."""
    if issue.line and issue.record_type and issue.field_number:
        return env._(
            "Line %(line)s, record %(record)s, field %(number)s (%(name)s): "
            "%(message)s",
            line=issue.line,
            record=issue.record_type,
            number=issue.field_number,
            name=issue.field_name,
            message=text_of(env, issue),
        )
    if issue.line and issue.field_name:
        return env._(
            "Line %(line)s, column %(name)s: %(message)s",
            line=issue.line,
            name=issue.field_name,
            message=text_of(env, issue),
        )
    if issue.line:
        return env._(
            "Line %(line)s: %(message)s", line=issue.line, message=text_of(env, issue)
        )
    return text_of(env, issue)


class FileRefused(UserError):
    """Nothing of the file was recorded; ``issues`` tells why (errors and warnings)."""

    def __init__(self, env, name, issues):
        errors = [issue for issue in issues if issue.severity == ERROR]
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
