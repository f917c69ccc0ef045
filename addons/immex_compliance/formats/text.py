# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Lines of a text file from outside: encoding found, size and content limited."""

import codecs
from dataclasses import dataclass

from .issues import ERROR, FormatError, Issue, _lt

BLOCK = 1 << 18
BOM = "\ufeff"
# Tabulator, line feed, carriage return, and the end mark of old editors.
ALLOWED_CONTROL = frozenset((9, 10, 13, 26))
FORBIDDEN = bytes(code for code in range(32) if code not in ALLOWED_CONTROL)


@dataclass(frozen=True)
class Limits:
    """How much of a file is read: bytes in all, bytes a line, issues kept, records of
    one pedimento (which is in memory as a whole)."""

    max_bytes: int = 512 * 1024 * 1024
    max_line: int = 8192
    max_issues: int = 200
    max_records: int = 250_000


def fatal(code, message, line=0, /, **params):
    """Make the exception that ends the reading."""
    return FormatError(Issue(ERROR, code, message, params, line=line))


def detect_encoding(stream, limits):
    """Return ``(encoding, bytes)`` of a seekable binary stream, and rewind it.

    UTF-8 where the whole file is valid UTF-8, else Windows-1252 (what brokers'
    programs write), else Latin-1.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, cp1252, size = True, True, 0
    stream.seek(0)
    while block := stream.read(BLOCK):
        size += len(block)
        if size > limits.max_bytes:
            raise fatal(
                "file_too_large",
                _lt("The file is larger than %(limit)s MiB."),
                limit=limits.max_bytes // (1024 * 1024),
            )
        if block.translate(None, FORBIDDEN) != block:
            raise fatal("binary", _lt("This is a binary file, not a text file."))
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
        if cp1252:
            try:
                block.decode("cp1252")
            except UnicodeDecodeError:
                cp1252 = False
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    stream.seek(0)
    if utf8:
        return "utf-8", size
    return ("cp1252" if cp1252 else "latin-1"), size


def has_bom(stream):
    """Whether a seekable binary stream begins with UTF-8's mark; rewinds it."""
    stream.seek(0)
    found = stream.read(3) == codecs.BOM_UTF8
    stream.seek(0)
    return found


def lines(stream, encoding, limits):
    """Yield ``(number, text, end)`` of every line; ``end`` is its line ending."""
    number = 0
    while raw := stream.readline(limits.max_line + 1):
        number += 1
        if len(raw) > limits.max_line:
            raise fatal(
                "line_too_long",
                _lt("The line is longer than %(limit)s bytes."),
                number,
                limit=limits.max_line,
            )
        text = raw.decode(encoding)
        if number == 1:
            text = text.removeprefix(BOM)
        body = text.rstrip("\r\n")
        yield number, body, text[len(body) :]
