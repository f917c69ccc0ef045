# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""One record: verbatim text, fields, and values in their types."""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal

from ..issues import ERROR, WARNING, Issue, _lt
from .layout import LAYOUTS

DECIMAL = re.compile(r"^-?\d+(\.\d*)?$|^-?\.\d+$", re.ASCII)
_WHOLE = re.compile(r"^-?\d+$", re.ASCII)
_KEY = re.compile(r"^\d+$", re.ASCII)
DDMMAAAA, AAAAMMDD = "DDMMAAAA", "AAAAMMDD"


@dataclass(slots=True)
class Record:
    """A line of the file. ``values`` maps the layout's names to str, int, Decimal,
    date or None (empty); a record that the layout does not know has none."""

    type: str
    line: int
    text: str
    fields: list
    values: dict = field(default_factory=dict)

    def __getitem__(self, name):
        return self.values.get(name)

    def issue(self, severity, code, message, number=0, name="", /, **params):
        return Issue(
            severity, code, message, params, self.line, self.type, number, name
        )


def parse_date(text):
    """Return ``(date, layout)`` of 8 digits, or None.

    Both layouts are in use. They never collide: in AAAAMMDD digits 5 and 6 are a
    month, in DDMMAAAA they are the century.
    """
    if len(text) != 8 or not _KEY.match(text):
        return None
    for layout, (year, month, day) in (
        (DDMMAAAA, (text[4:], text[2:4], text[:2])),
        (AAAAMMDD, (text[:4], text[4:6], text[6:])),
    ):
        if 1900 <= int(year) <= 2099:
            try:
                return datetime.date(int(year), int(month), int(day)), layout
            except ValueError:
                continue
    return None


def parse(line, text, issues, date_layouts):
    """Make the record of a line; what is wrong with it is added to ``issues``.

    :return: ``(record, trailing_pipe)``
    """
    fields = text.split("|")
    layout = LAYOUTS.get(fields[0])
    if layout is None:
        # whether its last separator ends the record or a field, nobody can tell
        return Record(fields[0], line, text, fields), False
    trailing = fields[-1] == "" and len(fields) == layout.arity + 1
    if trailing:
        fields.pop()
    record = Record(fields[0], line, text, fields)
    if len(fields) != layout.arity:
        issues.append(_arity_issue(record, layout))
    for spec, raw in zip(layout.fields, fields[1:], strict=False):
        value = raw.strip()
        if value:
            record.values[spec.name] = _value(record, spec, value, issues, date_layouts)
        else:
            record.values[spec.name] = None
            if spec.required:
                issues.append(
                    record.issue(
                        ERROR,
                        "field_empty",
                        _lt("The field may not be empty."),
                        spec.number,
                        spec.name,
                    )
                )
    for spec in layout.fields[len(fields) - 1 :]:
        record.values[spec.name] = None
    return record, trailing


def _arity_issue(record, layout):
    many = len(record.fields) > layout.arity
    return record.issue(
        ERROR if (layout.most if many else not layout.lenient) else WARNING,
        "fields_too_many" if many else "fields_missing",
        _lt("The record has %(found)s fields, its layout has %(expected)s."),
        layout.arity + 1 if many else len(record.fields) + 1,
        "" if many else layout.fields[len(record.fields) - 1].name,
        found=len(record.fields),
        expected=layout.arity,
    )


def _value(record, spec, text, issues, date_layouts):
    """Convert a field, or add an issue and return None."""
    if spec.kind == "F":
        found = parse_date(text)
        if found:
            date_layouts.add(found[1])
            return found[0]
        problem, message = "date", _lt("%(value)r is no date (DDMMAAAA or AAAAMMDD).")
    elif spec.kind in "ND":
        problem, message = _number_problem(spec, text)
        if not problem:
            return int(text) if spec.kind == "N" else Decimal(text)
    elif len(text) > spec.size:
        problem, message = (
            "too_long",
            _lt("%(value)r is longer than %(size)s characters."),
        )
    elif spec.kind == "K" and not _KEY.match(text):
        problem, message = (
            "not_digits",
            _lt("%(value)r has something else than digits."),
        )
    else:
        return text
    issues.append(
        record.issue(
            ERROR,
            problem,
            message,
            spec.number,
            spec.name,
            value=text[:60],
            size=spec.size,
            decimals=spec.decimals,
        )
    )
    return None


def _number_problem(spec, text):
    if spec.kind == "N":
        if not _WHOLE.match(text):
            return "not_whole", _lt("%(value)r is not a whole number.")
        if len(text.lstrip("-")) > spec.size:
            return "too_long", _lt("%(value)r has more than %(size)s digits.")
        return None, None
    if not DECIMAL.match(text):
        return "not_decimal", _lt("%(value)r is not a decimal number.")
    whole, _point, part = text.lstrip("-").partition(".")
    if len(whole) > spec.size or len(part) > spec.decimals:
        return (
            "too_long",
            _lt("%(value)r does not fit %(size)s digits and %(decimals)s decimals."),
        )
    return None, None
