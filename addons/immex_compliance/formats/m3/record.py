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
    """A line of the file. What it says is made when it is asked for: a file of a
    million records holds their lines and no more."""

    line: int
    text: str
    type: str = field(init=False, compare=False)
    _fields: list = field(default=None, init=False, repr=False, compare=False)
    _values: dict = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self):
        self.type = self.text.partition("|")[0]

    @property
    def fields(self):
        """Texts of the fields, the type first, without a separator that ends the
        record."""
        if self._fields is None:
            self._fields = split(self.text)[0]
        return self._fields

    @property
    def values(self):
        """``{name of the layout: str, int, Decimal, date or None}``; None is an empty
        field, or one that is wrong. A record that the layout does not know has none."""
        if self._values is None:
            layout = LAYOUTS.get(self.type)
            specs = layout.fields if layout else ()
            self._values = {spec.name: self._value(spec) for spec in specs}
        return self._values

    def __getitem__(self, name):
        if self._values is not None:
            return self._values.get(name)
        layout = LAYOUTS.get(self.fields[0])
        spec = layout.by_name.get(name) if layout else None
        return self._value(spec) if spec else None

    def _value(self, spec):
        fields = self.fields
        if spec.number > len(fields):
            return None
        text = fields[spec.number - 1].strip()
        return convert(spec, text)[0] if text else None

    def issue(self, severity, code, message, number=0, name="", /, **params):
        return Issue(
            severity, code, message, params, self.line, self.type, number, name
        )


def split(text):
    """Return the fields of a record, and whether a separator ended it."""
    fields = text.split("|")
    layout = LAYOUTS.get(fields[0])
    # of a record that is not known nobody can tell whether its last separator ends
    # the record or a field
    trailing = layout is not None and (
        fields[-1] == "" and len(fields) == layout.arity + 1
    )
    if trailing:
        fields.pop()
    return fields, trailing


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
    record = Record(line, text)
    record._fields, trailing = split(text)
    fields = record._fields
    layout = LAYOUTS.get(fields[0])
    if layout is None:
        return record, False
    if len(fields) != layout.arity:
        issues.append(_arity_issue(record, layout))
    record._values = values = dict.fromkeys(layout.by_name)
    for spec, raw in zip(layout.fields, fields[1:], strict=False):
        text = raw.strip()
        if text:
            value, told = convert(spec, text)
            values[spec.name] = value
            if value is None:
                issues.append(_field_issue(record, spec, *told, text))
            elif told:
                date_layouts.add(told)
        elif spec.required:
            issues.append(
                record.issue(
                    ERROR,
                    "field_empty",
                    _lt("The field may not be empty."),
                    spec.number,
                    spec.name,
                )
            )
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


def convert(spec, text):
    """Convert what stands in a field.

    :return: ``(value, layout of a date or None)``, or ``(None, (code, message))``
    """
    if spec.kind == "F":
        return parse_date(text) or (
            None,
            ("date", _lt("%(value)r is no date (DDMMAAAA or AAAAMMDD).")),
        )
    if spec.kind in "ND":
        problem = _number_problem(spec, text)
        if problem:
            return None, problem
        return (int(text) if spec.kind == "N" else Decimal(text)), None
    if len(text) > spec.size:
        return None, (
            "too_long",
            _lt("%(value)r is longer than %(size)s characters."),
        )
    if spec.kind == "K" and not _KEY.match(text):
        return None, (
            "not_digits",
            _lt("%(value)r has something else than digits."),
        )
    return text, None


def _field_issue(record, spec, code, message, text):
    return record.issue(
        ERROR,
        code,
        message,
        spec.number,
        spec.name,
        value=text[:60],
        size=spec.size,
        decimals=spec.decimals,
    )


def _number_problem(spec, text):
    if spec.kind == "N":
        if not _WHOLE.match(text):
            return "not_whole", _lt("%(value)r is not a whole number.")
        if len(text.lstrip("-")) > spec.size:
            return "too_long", _lt("%(value)r has more than %(size)s digits.")
        return None
    if not DECIMAL.match(text):
        return "not_decimal", _lt("%(value)r is not a decimal number.")
    whole, _point, part = text.lstrip("-").partition(".")
    if len(whole) > spec.size or len(part) > spec.decimals:
        return (
            "too_long",
            _lt("%(value)r does not fit %(size)s digits and %(decimals)s decimals."),
        )
    return None
