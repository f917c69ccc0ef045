# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What comes back for a broker file: the validator's answer (``mppppnnn.err``) and the
bank's (``appppnnn.ddd``), a line a statement.

Validator, by the first character:

- ``F``, pedimento (7), acknowledgement (8): accepted
- ``E``, pedimento (7), error key (12 digits): refused
- ``A``, pedimento (7), text: warning
- ``L``, pedimento (7), capture line of the payment (20)

Bank, in fixed columns: ``3`` paid, ``4`` not paid; from the third character on office
(2), patent (4), pedimento (7), and where it is paid RFC (13), till (2), operation (10),
signature (10), date (DDMMAAAA), hour (8).

The layouts are known from users of these files, not from an official text; the
catalogue of error keys is not public. So every line is kept as it came.
"""

import datetime
import re
from dataclasses import dataclass

from ..issues import ERROR, Issue, IssueLog, _lt
from ..text import Limits, detect_encoding, fatal, lines

ACCEPTED, REFUSED, WARNED = "accepted", "rejected", "warning"
CAPTURE, PAID, UNPAID = "capture", "paid", "unpaid"
KINDS = {
    "F": ACCEPTED,
    "E": REFUSED,
    "A": WARNED,
    "L": CAPTURE,
    "3": PAID,
    "4": UNPAID,
}
DELETED = "BORRADO"  # the answer to a deletion is no statement about the pedimento
REST = {
    ACCEPTED: re.compile(r"[0-9A-Z]{8}", re.ASCII),
    REFUSED: re.compile(r"[0-9]{12}", re.ASCII),
    CAPTURE: re.compile(r"[0-9A-Z]{20}", re.ASCII),
}
_NAME = re.compile(r"[a-z]?(?P<patente>[0-9]{4})[0-9]{3}\.[0-9a-z]{1,3}", re.I)
_NUMBER = re.compile(r"[0-9]{7}", re.ASCII)
_BANKED = re.compile(r"..(?P<office>[0-9]{2})(?P<patente>[0-9]{4})(?P<number>[0-9]{7})")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):?[0-5][0-9](:?[0-5][0-9])?", re.ASCII)
# columns of the bank's line after the number
RFC, TILL, OPERATION = slice(15, 28), slice(28, 30), slice(30, 40)
SIGNATURE, DATE, HOUR = slice(40, 50), slice(50, 58), slice(58, 66)


@dataclass(frozen=True, slots=True)
class ErrorKey:
    """The 12 digits of an error: record type, field, kind, number.

    That the field has two digits, and the kind two, is the reading that fits the
    records; :meth:`split` takes other sizes.
    """

    record_type: str
    field: int  # 0: the record as a whole
    kind: str
    number: str

    @classmethod
    def split(cls, key, field=2, kind=2):
        """Take a key apart; ``field`` and ``kind`` are the digits of those parts."""
        at = 3 + field
        return cls(key[:3], int(key[3:at] or 0), key[at : at + kind], key[at + kind :])


@dataclass(frozen=True, slots=True)
class Answer:
    """One statement; ``text`` is its line as it came.

    ``office`` (2 digits) is empty in the validator's; ``patente`` comes from the name
    of the file there and is empty where the name does not tell. ``code`` is the
    acknowledgement, error key or capture line, ``note`` the words of a warning.
    """

    line: int
    text: str
    kind: str
    document: str
    patente: str = ""
    office: str = ""
    code: str = ""
    note: str = ""
    rfc: str = ""
    till: str = ""
    operation: str = ""
    signature: str = ""
    date: datetime.date | None = None
    hour: str = ""


def patent_of(name):
    """Patent in the name of a file (``mppppnnn.err``), or ""."""
    match = _NAME.fullmatch(name.replace("\\", "/").rpartition("/")[2])
    return match["patente"] if match else ""


class AnswerReader:
    """Iterate over the :class:`Answer` of a file; what is wrong is collected in
    ``issues``, by line.

    :param stream: seekable binary stream
    :param name: name of the file, which tells the patent
    :raise FormatError: empty, binary, or too many errors
    """

    def __init__(self, stream, name="", limits=None):
        self.stream = stream
        self.patente = patent_of(name)
        self.limits = limits or Limits()
        self.issues = IssueLog(self.limits.max_issues)
        self.line_count = 0
        self.encoding = ""

    def __iter__(self):
        self.encoding, _size = detect_encoding(self.stream, self.limits)
        found = 0
        for number, text, _end in lines(self.stream, self.encoding, self.limits):
            text = text.strip("\x1a").rstrip()
            self.line_count = number
            if not text:
                continue
            found += 1
            if DELETED in text:
                continue
            answer = self._parse(number, text)
            if answer:
                yield answer
            if self.issues.errors > self.limits.max_issues:
                raise fatal(
                    "too_many",
                    _lt("There are more than %(limit)s errors; reading stopped here."),
                    number,
                    limit=self.limits.max_issues,
                )
        if not found:
            raise fatal("empty", _lt("The file is empty."))

    def _parse(self, line, text):
        kind = KINDS.get(text[0])
        if kind is None:
            return self._wrong(
                line,
                "answer_line",
                _lt("%(value)r is no line of a validator's or a bank's answer."),
                1,
                text,
            )
        if kind in (PAID, UNPAID):
            return self._banked(line, text, kind)
        document, rest = text[1:8], text[8:].strip()
        if not _NUMBER.fullmatch(document):
            return self._wrong(
                line,
                "answer_number",
                _lt("%(value)r is no pedimento number of 7 digits."),
                2,
                document,
            )
        pattern = REST.get(kind)
        if pattern and not pattern.match(rest):
            return self._wrong(
                line,
                "answer_code",
                _lt("%(value)r is no acknowledgement, error key or capture line."),
                3,
                rest,
            )
        code = pattern.match(rest)[0] if pattern else ""
        return Answer(
            line, text, kind, document, self.patente, code=code, note=rest[len(code) :]
        )

    def _banked(self, line, text, kind):
        match = _BANKED.match(text)
        if not match or not match[0].isascii():
            return self._wrong(
                line,
                "answer_number",
                _lt("%(value)r has no office, patent and pedimento."),
                2,
                text,
            )
        place = {"patente": match["patente"], "office": match["office"]}
        if kind == UNPAID:
            return Answer(line, text, kind, match["number"], **place)
        try:
            paid = datetime.datetime.strptime(text[DATE], "%d%m%Y").date()
        except ValueError:
            return self._wrong(
                line,
                "date",
                _lt("%(value)r is no date (DDMMAAAA)."),
                8,
                text[DATE],
            )
        hour, operation = text[HOUR].strip(), text[OPERATION].strip()
        if not operation or (hour and not _HOUR.fullmatch(hour)):
            return self._wrong(
                line,
                "answer_payment",
                _lt("%(value)r is no operation number and hour of a payment."),
                6 if not operation else 9,
                operation if not operation else hour,
            )
        return Answer(
            line,
            text,
            kind,
            match["number"],
            rfc=text[RFC].strip(),
            till=text[TILL].strip(),
            operation=operation,
            signature=text[SIGNATURE].strip(),
            date=paid,
            hour=hour,
            **place,
        )

    def _wrong(self, line, code, message, number, value):
        self.issues.append(
            Issue(ERROR, code, message, {"value": value[:60]}, line, "", number)
        )
        return None
