# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads a Data Stage zip as a stream of rows, a table at a time."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass

from ..issues import ERROR, WARNING, FormatError, Issue, IssueLog, _lt
from ..text import FORBIDDEN, fatal
from .layout import REQUIRED, TABLES, canonical

_MEMBER = re.compile(r"^(?P<folio>[0-9A-Za-z-]{1,30})_(?P<table>[0-9A-Za-z]{1,20})$")
_MEGABYTE = 1024 * 1024
BUFFER = _MEGABYTE
MAX_LIST = 256 * 1024  # bytes of a zip's list of files
NAMES = {name.lower(): name for name in TABLES}
# of the others a few bytes unpack to hundreds of MB in one piece
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


# a damaged zip; a compression that nobody knows; a password
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@contextmanager
def _readable():
    """What a damaged zip raises, as an error of ours."""
    try:
        yield
    except BROKEN as error:
        raise fatal(
            "zip",
            _lt("The zip cannot be read (%(reason)s): ask for it anew."),
            reason=str(error)[:200] or type(error).__name__,
        ) from error


def _line(member, limit):
    # the block is entered once a line: a context manager would cost more than the line
    try:
        return member.readline(limit)
    except BROKEN as error:
        with _readable():
            raise error


@dataclass(frozen=True)
class ZipLimits:
    """How much of a zip is read: members, bytes unpacked in all, how many times a
    member may grow (beyond ``ratio_free`` bytes), bytes a line, columns, errors."""

    max_members: int = 200
    max_unpacked: int = 16 * 1024 * _MEGABYTE
    max_ratio: int = 200
    ratio_free: int = 16 * _MEGABYTE
    max_line: int = 16384
    max_columns: int = 200
    max_issues: int = 200


class _Listing:
    """The file of a zip while its list of files is read. The list is read at once, and
    an entry of it becomes ten times its size: no piece is larger than the list of the
    members that are allowed. Afterwards, ``whole``, it is the file itself."""

    def __init__(self, stream):
        self._stream, self.whole = stream, False
        self.seek, self.tell, self.read = stream.seek, stream.tell, self._piece

    def seekable(self):
        return True

    def _piece(self, size=-1):
        if self.whole:
            return self._stream.read(size)
        data = self._stream.read(min(size, MAX_LIST + 1) if size >= 0 else size)
        if len(data) > MAX_LIST:
            raise zipfile.BadZipFile("its list of files is too long")
        return data


class Table:
    """One table of the file, to be read once, in its turn.

    :ivar name: "501" ... "Resumen", or the file's own name of one that is not known
    :ivar columns: names under our spelling, in the file's order; one that is not known
        has the file's own name
    :ivar known: for each column whether it is one of ours
    """

    def __init__(self, reader, info, folio, name):
        self.reader, self.info, self.folio, self.name = reader, info, folio, name
        self.columns, self.known = (), ()
        self.rows_read = 0

    @property
    def file(self):
        """Name of the file within the zip."""
        return self.info.filename

    def rows(self):
        """Yield ``(line, cells)``: texts in the order of ``columns``, as they stand.

        A row that has another number of cells is an issue, and is left out.
        """
        issues, limits = self.reader.issues, self.reader.limits
        size = None
        for line, text in self.reader.lines(self.info):
            if size is None:
                self._header(text)
                size = len(self.columns)
                continue
            if not text:
                continue
            cells = text.split("|")
            if len(cells) == size + 1 and not cells[-1].strip():
                del cells[-1]
            if len(cells) == size:
                self.rows_read += 1
                yield line, cells
                continue
            issues.append(
                self.issue(
                    "columns",
                    _lt("The line has %(found)s columns, the header %(expected)s."),
                    line,
                    found=len(cells),
                    expected=size,
                )
            )
            if issues.errors > limits.max_issues:
                raise fatal(
                    "too_many",
                    _lt("There are more than %(limit)s errors; reading stopped here."),
                    line,
                    limit=limits.max_issues,
                )
        if size is None:
            issues.append(
                self.issue("empty", _lt("The file is empty."), 0, severity=WARNING)
            )

    def issue(self, code, message, line, name="", /, severity=ERROR, **params):
        """An issue in this table; ``record_type`` names it."""
        number = self.columns.index(name) + 1 if name in self.columns else 0
        return Issue(severity, code, message, params, line, self.name, number, name)

    def _header(self, text):
        names = [cell.strip() for cell in text.split("|")]
        if names and not names[-1]:
            del names[-1]
        if len(names) > self.reader.limits.max_columns:
            raise FormatError(
                self.issue(
                    "columns",
                    _lt(
                        "The header has %(found)s columns; at most %(limit)s are read."
                    ),
                    1,
                    found=len(names),
                    limit=self.reader.limits.max_columns,
                )
            )
        ours = [canonical(self.name, name) for name in names]
        self.known = tuple(name is not None for name in ours)
        self.columns = tuple(
            name or f"{told[:60]}" for name, told in zip(ours, names, strict=True)
        )
        for name in self.columns:
            if not name or self.columns.count(name) > 1:
                raise FormatError(
                    self.issue(
                        "columns_repeated",
                        _lt("The first line names the column %(name)s twice."),
                        1,
                        name,
                        name=name,
                    )
                )
        missing = [
            name for name in REQUIRED.get(self.name, ()) if name not in self.columns
        ]
        if missing:
            raise FormatError(
                self.issue(
                    "columns_missing",
                    _lt("The first line lacks the columns %(names)s."),
                    1,
                    names=", ".join(missing),
                )
            )


class DataStageReader:
    """Iterate over the tables of a zip: 501 first, the others in the zip's order.

    What is wrong with lines is collected in ``issues``; what makes reading senseless
    raises :class:`FormatError`. Nothing is ever written to a path of the zip, and no
    more than a buffer of a member is in memory.

    :param stream: seekable binary stream
    """

    def __init__(self, stream, name="", limits=None):
        self.stream = stream
        self.name = name
        self.limits = limits or ZipLimits()
        self.issues = IssueLog(self.limits.max_issues)
        self.folio = ""
        self._unpacked = 0
        self._archive = None

    def __iter__(self):
        listing = _Listing(self.stream)
        with _readable():
            self._archive = zipfile.ZipFile(listing)
        listing.whole = True
        with self._archive:
            yield from self._tables(self._archive.infolist())

    def bytes_read(self):
        """How far the zip is read, for a progress."""
        return self.stream.tell()

    def _tables(self, members):
        if len(members) > self.limits.max_members:
            raise fatal(
                "members",
                _lt("The zip holds %(found)s files; at most %(limit)s are read."),
                found=len(members),
                limit=self.limits.max_members,
            )
        tables = []
        for info in members:
            table = self._member(info)
            if table:
                tables.append(table)
        names = [table.name for table in tables]
        # of tables that are not ours the case is the file's own
        lowered = [name.lower() for name in names]
        for name in names:
            if lowered.count(name.lower()) > 1:
                raise fatal(
                    "table_twice",
                    _lt("The zip holds table %(name)s twice."),
                    name=name,
                )
        if "501" not in names:
            raise fatal(
                "no_501",
                _lt(
                    "There is no table 501 (*_501.asc) in the zip: this is not a Data "
                    "Stage file."
                ),
            )
        tables.sort(key=lambda table: table.name != "501")
        self.folio = tables[0].folio
        yield from tables

    def _member(self, info):
        # is_dir() takes the last character of a name, which may be empty
        if info.filename.endswith("/"):
            return None
        # only the last part of the name counts, and only as a name
        base = info.filename.replace("\\", "/").rpartition("/")[2]
        stem, _dot, extension = base.rpartition(".")
        match = _MEMBER.match(stem) if extension.lower() == "asc" else None
        if not match:
            self.issues.append(
                Issue(
                    WARNING,
                    "other_member",
                    _lt("%(name)r is no table of Data Stage; it was left out."),
                    {"name": info.filename[:120]},
                )
            )
            return None
        if info.flag_bits & 1:
            raise fatal(
                "encrypted",
                _lt("%(name)r is encrypted: unpack it, and zip it without password."),
                name=info.filename[:120],
            )
        if info.compress_type not in COMPRESSIONS:
            raise fatal(
                "compression",
                _lt("%(name)r is compressed in a way that is not read: zip it anew."),
                name=info.filename[:120],
            )
        told = match["table"]
        return Table(self, info, match["folio"], NAMES.get(told.lower(), told))

    def lines(self, info):
        """Yield ``(number, text)`` of a member, within the limits."""
        limits, number, size = self.limits, 0, 0
        ceiling = max(limits.ratio_free, info.compress_size * limits.max_ratio)
        with _readable():
            opened = self._archive.open(info)
        with io.BufferedReader(opened, BUFFER) as member:
            while raw := _line(member, limits.max_line + 1):
                number += 1
                size += len(raw)
                if len(raw) > limits.max_line:
                    raise self._fatal(
                        info,
                        "line_too_long",
                        _lt("The line is longer than %(limit)s bytes."),
                        number,
                        limit=limits.max_line,
                    )
                if size > ceiling or self._unpacked + size > limits.max_unpacked:
                    raise self._fatal(
                        info,
                        "bomb",
                        _lt(
                            "%(name)r unpacks to more than is plausible; reading "
                            "stopped."
                        ),
                        number,
                        name=info.filename[:120],
                    )
                text = self._decode(raw, info, number)
                yield number, text.rstrip("\r\n")
        self._unpacked += size

    def _decode(self, raw, info, number):
        """UTF-8 where the line is valid UTF-8, else Windows-1252, else Latin-1."""
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.translate(None, FORBIDDEN) != raw:
            raise self._fatal(
                info,
                "binary",
                _lt("This is a binary file, not a text file."),
                number,
            )
        for encoding in ("utf-8", "cp1252"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        return raw.decode("latin-1")

    def _fatal(self, info, code, message, line, /, **params):
        """An end of the reading, in a member."""
        stem = info.filename.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        table = stem.rpartition("_")[2]
        return FormatError(
            Issue(ERROR, code, message, params, line, NAMES.get(table.lower(), table))
        )
