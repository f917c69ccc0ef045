# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Tables from outside as CSV, separated by ``,`` or ``;``, first line the headers in
any order: size limited, every cell checked, errors by line and column."""

import csv
import datetime
import re
from decimal import Decimal

from .issues import ERROR, FormatError, Issue, _lt
from .m3.record import DECIMAL
from .text import Limits, detect_encoding, fatal, lines

_DATE = re.compile(
    r"^(?:(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
    r"|(?P<dd>[0-9]{2})/(?P<mm>[0-9]{2})/(?P<yy>[0-9]{4}))$"
)


ROW_LINES = 32  # longest row, in lines of the longest


class TableReader:
    """Iterate over the lines that are right; what is wrong is collected in ``issues``,
    by line and column.

    A subclass names its ``columns``: ``{name: (kind, size, decimals, required, other
    headers)}``, its ``row_class``, which takes the number of the line and the columns
    by name, and ``not_this``, what to say of a file without the required columns.
    Kinds: ``A`` text, ``K`` digits kept as text, ``N`` whole number, ``D`` decimal
    (never negative), ``F`` date (YYYY-MM-DD or DD/MM/YYYY).
    """

    columns = {}
    row_class = None
    not_this = _lt("The first line lacks the columns %(names)s.")

    def __init__(self, stream, name="", limits=None):
        self.stream = stream
        self.name = name
        self.limits = limits or Limits()
        self.issues = []
        self.encoding = ""
        self.line_count = 0
        self._row_bytes = 0

    def __iter__(self):
        self.encoding, size = detect_encoding(self.stream, self.limits)
        if not size:
            raise fatal("empty", _lt("The file is empty."))
        source = self._lines()
        first = next(source)
        separator = ";" if first.count(";") > first.count(",") else ","
        header = self._header(
            [cell.strip(' "') for cell in first.rstrip("\r\n").split(separator)]
        )
        reader = csv.reader(source, delimiter=separator, strict=True)
        try:
            for cells in reader:
                self._row_bytes = 0
                if any(cell.strip() for cell in cells):
                    line = self._parse(reader.line_num + 1, header, cells)
                    if line:
                        yield line
                if len(self.issues) > self.limits.max_issues:
                    raise fatal(
                        "too_many",
                        _lt(
                            "There are more than %(limit)s errors; reading stopped "
                            "here."
                        ),
                        reader.line_num + 1,
                        limit=self.limits.max_issues,
                    )
        except csv.Error as error:
            raise fatal(
                "csv",
                _lt("The line is not valid CSV: %(reason)s."),
                reader.line_num + 1,
                reason=str(error),
            ) from error

    def _lines(self):
        for number, text, end in lines(self.stream, self.encoding, self.limits):
            self.line_count = number
            # line ends within quotes: a row of many lines is held as a whole
            self._row_bytes += len(text) + 1
            if self._row_bytes > self.limits.max_line * ROW_LINES:
                raise fatal(
                    "line_too_long",
                    _lt("The line is longer than %(limit)s bytes."),
                    number,
                    limit=self.limits.max_line * ROW_LINES,
                )
            yield text + end

    def _header(self, cells):
        """Return the column names in order, None for columns that are not ours."""
        aliases = {
            alias: name
            for name, (*_spec, others) in self.columns.items()
            for alias in (name, *others)
        }
        names = [aliases.get(cell.strip().lower()) for cell in cells]
        missing = [
            name
            for name, (
                _kind,
                _size,
                _decimals,
                required,
                _others,
            ) in self.columns.items()
            if required and name not in names
        ]
        if missing:
            raise FormatError(
                Issue(
                    ERROR,
                    "columns_missing",
                    self.not_this,
                    {"names": ", ".join(missing)},
                    line=1,
                )
            )
        for position, name in enumerate(names):
            if name and name in names[:position]:
                raise FormatError(
                    Issue(
                        ERROR,
                        "columns_repeated",
                        _lt("The first line names the column %(name)s twice."),
                        {"name": name},
                        1,
                        "",
                        position + 1,
                        name,
                    )
                )
        return names

    def _parse(self, number, header, cells):
        values, wrong = {name: None for name in self.columns}, False
        if len(cells) != len(header):
            self._add(
                number,
                0,
                "",
                "columns",
                _lt("The line has %(found)s columns, the header %(expected)s."),
                found=len(cells),
                expected=len(header),
            )
            return None
        for position, (name, cell) in enumerate(zip(header, cells, strict=True), 1):
            if name is None:
                continue
            problem = self._problem(name, cell.strip())
            if problem:
                wrong = True
                _kind, size, decimals, *_rest = self.columns[name]
                self._add(
                    number,
                    position,
                    name,
                    *problem,
                    value=cell.strip()[:60],
                    size=size,
                    decimals=decimals,
                )
            else:
                values[name] = self._value(name, cell.strip())
        return None if wrong else self.row_class(number, **values)

    def _problem(self, name, text):
        """Return (code, message) of what is wrong with a cell, or None."""
        kind, size, decimals, required, _others = self.columns[name]
        if not text:
            return (
                ("field_empty", _lt("The column may not be empty."))
                if required
                else None
            )
        if kind in "KN" and not (text.isascii() and text.isdigit()):
            return "not_digits", _lt("%(value)r has something else than digits.")
        if kind == "D":
            if not DECIMAL.match(text) or text.startswith("-"):
                return "not_decimal", _lt("%(value)r is not a positive decimal number.")
            whole, _point, part = text.partition(".")
            if len(whole) > size or len(part) > decimals:
                return "too_long", _lt(
                    "%(value)r does not fit %(size)s digits and %(decimals)s decimals."
                )
        elif kind == "F":
            if self._date(text) is None:
                return "not_date", _lt("%(value)r is not a date (YYYY-MM-DD).")
        elif len(text) > size:
            return "too_long", _lt("%(value)r is longer than %(size)s characters.")
        return None

    def _value(self, name, text):
        if not text:
            return None
        kind = self.columns[name][0]
        if kind == "N":
            return int(text)
        if kind == "F":
            return self._date(text)
        return Decimal(text) if kind == "D" else text

    @staticmethod
    def _date(text):
        match = _DATE.match(text)
        if not match:
            return None
        year, month, day = match["y"], match["m"], match["d"]
        if year is None:
            year, month, day = match["yy"], match["mm"], match["dd"]
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            return None

    def _add(self, line, position, name, code, message, /, **params):
        self.issues.append(
            Issue(ERROR, code, message, params, line, "", position, name)
        )
