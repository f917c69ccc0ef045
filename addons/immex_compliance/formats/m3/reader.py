# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads an M3 file as a stream of pedimentos."""

from array import array

from ..issues import ERROR, WARNING, Issue, IssueLog, _lt
from ..text import Limits, detect_encoding, fatal, has_bom, lines
from .document import FileSummary, PedimentoDocument, sequence_of
from .layout import LAYOUTS, OF_PARTIDA, PATENT_FIRST
from .record import parse
from .store import FIRST_PARTIDA, GENERAL

CLOSING = ("800", "999")


class M3Reader:
    """Iterate over the pedimentos of a file, one at a time in memory.

    What is wrong with fields and records is collected in ``issues`` and reading goes
    on; what makes going on senseless (binary content, a truncated file, no 801) raises
    :class:`FormatError`. ``summary`` is complete when the iteration has ended.

    :param stream: seekable binary stream
    :param name: file name, for whoever tells the issues; record 801 may hold another
        one (brokers' programs write whole paths there)
    """

    def __init__(self, stream, name="", limits=None):
        self.stream = stream
        self.name = name
        self.limits = limits or Limits()
        self.issues = IssueLog(self.limits.max_issues)
        self.summary = FileSummary()
        self._document = None
        self._heads = None  # places of the records 551 of the document
        self._numbers = {}  # number of a partida -> its place among them
        self._current = None, None  # place and tariff item of the last one
        self._last_line = 0

    def __iter__(self):
        encoding, size = detect_encoding(self.stream, self.limits)
        self.summary.encoding, self.summary.bytes = encoding, size
        if not size:
            raise fatal("empty", _lt("The file is empty."))
        self.summary.bom = has_bom(self.stream)
        for number, text, end in lines(self.stream, encoding, self.limits):
            self._last_line = number
            text = text.strip("\x1a")
            if not text.strip():
                continue
            if self.summary.records == 0:
                self.summary.eol = end or "\n"
            self.summary.last_eol = end
            finished = self.read_record(number, text)
            if finished:
                yield finished
        self._check_end()

    def read_record(self, number, text):
        """Take one record as text, found in line ``number``; return the pedimento that
        it closes, or None."""
        if self.summary.trailer:
            raise fatal(
                "after_end", _lt("There is a record after the closing 801."), number
            )
        record, trailing = parse(number, text, self.issues, self.summary.date_layouts)
        self.summary.trailing_pipe = self.summary.trailing_pipe or trailing
        finished = self._take(record)
        if self.issues.errors > self.limits.max_issues and not finished:
            raise fatal(
                "too_many",
                _lt("There are more than %(limit)s errors; reading stopped here."),
                number,
                limit=self.limits.max_issues,
            )
        return finished

    def _take(self, record):
        """Add a record; return the pedimento that it closes."""
        if record.type == "801":
            self._close_file(record)
            return None
        self.summary.records += 1
        if record.type == "500":
            self._open(record)
            return None
        if self._document is None:
            raise fatal(
                "no_pedimento",
                _lt(
                    "Record %(type)s stands before any record 500: this is not a "
                    "broker "
                    "file (SAAI M3), or its beginning is missing."
                ),
                record.line,
                type=record.type[:10],
            )
        document = self._document
        document.records.append(record)
        if len(document.records) > self.limits.max_records:
            raise fatal(
                "too_many_records",
                _lt("Pedimento %(number)s has more than %(limit)s records."),
                record.line,
                number=document.pedimento,
                limit=self.limits.max_records,
            )
        self._check_number(record)
        if record.type in CLOSING:
            document.signature = record if record.type == "800" else None
            document.arrange(self._heads)
            self._document = None
            self.summary.pedimentos += 1
            self._check_document(document)
            return document
        self._file(document, record)
        return None

    def _open(self, record):
        if self._document is not None:
            raise fatal(
                "not_closed",
                _lt(
                    "Pedimento %(number)s of line %(first)s has no closing "
                    "record 800 or "
                    "999."
                ),
                record.line,
                number=self._document.pedimento,
                first=self._document.line,
            )
        self._document = PedimentoDocument(record)
        self._document.records.append(record)
        self._heads, self._numbers = array("I"), {}
        self._current = None, None

    def _file(self, document, record):
        """Put a record where it belongs."""
        if record.type == "501":
            if document.header is not None:
                self._add(record, "repeated", _lt("There is a second record 501."))
            document.header = record
        elif record.type == "551":
            self._file_551(document, record)
        elif record.type in OF_PARTIDA:
            self._file_partida(document, record)
        else:
            document.records.own(GENERAL)
            if record.type not in LAYOUTS and not self.issues.passes_over():
                self.issues.append(
                    record.issue(
                        WARNING,
                        "unknown_record",
                        _lt("Record type %(type)s is not known; it is kept as it is."),
                        1,
                        type=record.type[:10],
                    )
                )

    def _file_551(self, document, record):
        place = len(self._heads)
        self._heads.append(len(document.records) - 1)
        number = sequence_of(record)
        if number is None:
            return
        if number in self._numbers:
            self._add(
                record,
                "repeated",
                _lt("Partida %(partida)s occurs twice."),
                4,
                "partida",
                partida=number,
            )
        self._numbers[number] = place

    def _file_partida(self, document, record):
        number = sequence_of(record)
        place = self._numbers.get(number)
        if place is None:
            self._add(
                record,
                "no_partida",
                _lt("There is no record 551 for partida %(partida)s before it."),
                4,
                "partida",
                partida=record["partida"] or "",
            )
            return
        if place != self._current[0]:
            head = document.records[self._heads[place]]
            self._current = place, head["fraccion"]
        if record["fraccion"] and record["fraccion"] != self._current[1]:
            self._add(
                record,
                "other_fraccion",
                _lt("Tariff item %(found)s is not that of its partida (%(expected)s)."),
                3,
                "fraccion",
                found=record["fraccion"],
                expected=self._current[1],
            )
        document.records.own(FIRST_PARTIDA + place)

    def _check_number(self, record):
        """A record bears the number of the pedimento that it stands in."""
        layout = LAYOUTS.get(record.type)
        if not layout:
            return
        number = record["pedimento"]
        expected = self._document.pedimento
        if number and expected and number != expected:
            self._add(
                record,
                "other_pedimento",
                _lt("The record is of pedimento %(found)s and stands in %(expected)s."),
                3 if record.type in PATENT_FIRST else 2,
                "pedimento",
                found=number,
                expected=expected,
            )

    def _check_document(self, document):
        if document.header is None:
            self.issues.append(
                Issue(
                    ERROR,
                    "no_header",
                    _lt("Pedimento %(number)s has no record 501."),
                    {"number": document.pedimento},
                    line=document.line,
                    record_type="500",
                )
            )

    def _close_file(self, record):
        self.summary.trailer = record
        if self._document is not None:
            raise fatal(
                "not_closed",
                _lt(
                    "Pedimento %(number)s of line %(first)s has no closing "
                    "record 800 or "
                    "999."
                ),
                record.line,
                number=self._document.pedimento,
                first=self._document.line,
            )
        for number, name, found in (
            (3, "pedimentos", self.summary.pedimentos),
            (4, "registros", self.summary.records),
        ):
            declared = record[name]
            if declared is not None and declared != found:
                self._add(
                    record,
                    "wrong_count",
                    _lt("The record declares %(declared)s, the file has %(found)s."),
                    number,
                    name,
                    declared=declared,
                    found=found,
                )

    def _check_end(self):
        if self._document is not None or self.summary.trailer is None:
            raise fatal(
                "truncated",
                _lt(
                    "The file ends after line %(last)s without its closing "
                    "record 801: it "
                    "is truncated. Ask the broker for the whole file."
                ),
                self._last_line,
                last=self._last_line,
            )
        if not self.summary.pedimentos:
            raise fatal(
                "no_pedimento",
                _lt("There is no pedimento in the file."),
                self._last_line,
            )
        if len(self.summary.date_layouts) > 1:
            self.issues.append(
                Issue(
                    WARNING,
                    "mixed_dates",
                    _lt(
                        "The file writes dates in both layouts, DDMMAAAA and AAAAMMDD; "
                        "each was read by its own."
                    ),
                )
            )

    def _add(self, record, code, message, number=0, name="", /, **params):
        self.issues.append(record.issue(ERROR, code, message, number, name, **params))
