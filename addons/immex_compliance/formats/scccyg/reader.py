# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads the files as a stream of :class:`InitialLine`, :class:`Zero` and
:class:`DischargeReport`."""

import datetime
import re
from decimal import Decimal
from sys import intern

from ..issues import ERROR, Issue, IssueLog, _lt
from ..text import Limits, detect_encoding, fatal, lines
from .document import DischargeReport, Goods, InitialLine, Zero
from .layout import DATE_FORMATS

PATTERNS = {
    "patente": re.compile(r"[0-9]{4}"),
    "pedimento": re.compile(r"[0-9]{7}"),
    "aduana": re.compile(r"[0-9A-Z]{2,3}"),
    "fraccion": re.compile(r"[0-9]{8}"),
    "anio": re.compile(r"[0-9]{4}"),
    "folio": re.compile(r"[^\x00-\x1f]{1,50}"),
}
# sums by tariff item, of which the tariff has some 8,000, with and without fixed assets
MAX_GOODS = 40_000
VALUE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
INITIAL = ("patente", "pedimento", "aduana", "fecha", "fraccion", "valor", "af")


class ScccygReader:
    """Iterate over what a file says; what is wrong is collected in ``issues``, a line
    with an error is left out.

    :param stream: seekable binary stream
    :raise FormatError: binary, too large, or not in the layout's encoding
    """

    def __init__(self, stream, layout, limits=None):
        self.stream = stream
        self.layout = layout
        self.limits = limits or Limits()
        self.issues = IssueLog(self.limits.max_issues)
        self._line = 0
        self._kind = ""
        self._report = None
        self._broken = False  # the header of the details that follow was wrong

    def __iter__(self):
        detect_encoding(self.stream, self.limits)  # bounds, and no binary content
        zero = self.layout.zero.splitlines()
        seen = 0
        found = self._lines()
        while True:
            try:
                number, text, _end = next(found)
            except StopIteration:
                break
            except UnicodeDecodeError:
                raise fatal(
                    "encoding",
                    _lt("The file is not written in %(encoding)s."),
                    self._line + 1,
                    encoding=self.layout.encoding,
                ) from None
            self._line = number
            if not text.strip():
                continue
            if text == zero[seen]:
                seen += 1
                if seen == len(zero):
                    seen = 0
                    yield Zero()
                continue
            yield from self._take(text)
            if self.issues.errors > self.limits.max_issues:
                raise fatal(
                    "too_many",
                    _lt("There are more than %(limit)s errors; reading stopped here."),
                    number,
                    limit=self.limits.max_issues,
                )
        if self._report:
            yield self._report

    def _lines(self):
        return lines(self.stream, self.layout.encoding, self.limits)

    def _take(self, text):
        layout = self.layout
        cells = text.split(layout.separator)
        if layout.trailing and cells[-1] == "":
            cells.pop()
        self._kind, *cells = cells
        if self._kind in (layout.initial, layout.correction):
            yield from self._initial(cells)
        elif self._kind == layout.header:
            if self._report:
                yield self._report
            self._open(cells)
        elif self._kind in (layout.goods, layout.pedimentos, layout.folios):
            self._detail(cells)
        else:
            self._error(
                "unknown_record",
                _lt("Record type %(type)s is not known."),
                1,
                type=self._kind[:10],
            )

    # lines -----------------------------------------------------------------------
    def _initial(self, cells):
        corrects = self._kind == self.layout.correction
        values = self._fields(cells, (*INITIAL, *(["folio"] if corrects else [])))
        if values:
            yield InitialLine(*values)

    def _open(self, cells):
        self._report, self._broken = None, True
        layout = self.layout
        names = ("destino", "anio", "periodo", *(["folio"] if len(cells) > 3 else []))
        if len(cells) != len(names):
            self._wrong_count(cells, len(names))
            return
        by_code = {code: name for name, code in layout.destinations.items()}
        destination = by_code.get(cells[0])
        if destination is None:
            self._field_error("unknown", 2, "destino", cells[0])
        period = layout.period_of(cells[2])
        if period is None:
            self._field_error("unknown", 4, "periodo", cells[2])
        year = self._field(3, "anio", cells[1])
        folio = self._field(5, "folio", cells[3]) if len(cells) > 3 else ""
        if None not in (destination, period, year, folio):
            self._report = DischargeReport(
                destination, int(year), *period, folio, line=self._line
            )
            self._broken = False

    def _detail(self, cells):
        if self._report is None:
            if not self._broken:
                self._error(
                    "no_header", _lt("There is no discharge report before this line.")
                )
            return
        record = self._record(cells)
        if record is not None:
            self._keep(record)

    def _record(self, cells):
        """A tariff item, pedimento or folio, or None where the line is wrong."""
        layout = self.layout
        if self._kind == layout.goods:
            values = self._fields(cells, ("fraccion", "valor", "af"))
            return values and Goods(*values)
        if self._kind == layout.pedimentos:
            values = self._fields(cells, ("patente", "pedimento", "aduana"))
            # patents and offices are few: one text of each is held
            return values and (intern(values[0]), values[1], intern(values[2]))
        values = self._fields(cells, ("folio",))
        return values and values[0]

    def _keep(self, record):
        if isinstance(record, Goods):
            self._report.goods.append(record)
        elif isinstance(record, tuple):
            self._report.pedimentos.append(record)
        else:
            self._report.folios.append(record)
        held = len(self._report.pedimentos) + len(self._report.folios)
        goods, limit = len(self._report.goods), self.limits.max_records
        if goods > min(MAX_GOODS, limit):
            limit = MAX_GOODS
        elif held + goods <= limit:
            return
        raise fatal(
            "too_many_records",
            _lt("The report has more than %(limit)s lines."),
            self._line,
            limit=limit,
        )

    # fields ------------------------------------------------------------------------
    def _fields(self, cells, names):
        """Values of the cells, or None where one of them is wrong."""
        if len(cells) != len(names):
            self._wrong_count(cells, len(names))
            return None
        values = [
            self._field(number, name, cell)
            for number, (name, cell) in enumerate(zip(names, cells, strict=True), 2)
        ]
        return None if None in values else values

    def _field(self, number, name, cell):
        if name == "fecha":
            value = self._date(cell)
        elif name == "valor":
            decimals = len(cell.partition(".")[2])
            sound = VALUE.fullmatch(cell) and decimals <= self.layout.decimals
            value = Decimal(cell) if sound else None
        elif name == "af":
            value = {self.layout.yes: True, self.layout.no: False}.get(cell)
        else:
            sound = PATTERNS[name].fullmatch(cell) and cell == cell.strip()
            value = cell if sound else None
        if value is None:
            self._field_error("field", number, name, cell)
        return value

    def _date(self, cell):
        pattern = DATE_FORMATS[self.layout.dates]
        try:
            value = datetime.datetime.strptime(cell, pattern).date()
        except ValueError:
            return None
        # strptime takes days and months without their zeros
        return value if value.strftime(pattern) == cell else None

    def _field_error(self, code, number, name, cell):
        self._error(
            code,
            _lt("%(value)r is not what this field holds in the layout."),
            number,
            name,
            value=cell[:60],
        )

    def _wrong_count(self, cells, expected):
        self._error(
            "fields",
            _lt("The record has %(found)s fields, its layout has %(expected)s."),
            found=len(cells) + 1,
            expected=expected + 1,
        )

    def _error(self, code, message, number=0, name="", **params):
        self.issues.append(
            Issue(
                ERROR, code, message, params, self._line, self._kind[:10], number, name
            )
        )
