# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Update files of the tariff: CSV, UTF-8 or Latin-1, plain or gzip. Pure Python.

Every cell is checked before anything is written; an error names file, line and column.
"""

import csv
import gzip
import io
import zlib
from datetime import date
from decimal import Decimal, InvalidOperation

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 300_000
MAX_CELL = 2_000
MAX_ERRORS = 50


class UpdateRefused(Exception):
    """The file cannot be used; ``errors`` are texts, each with file, line, column."""

    def __init__(self, errors):
        super().__init__("\n".join(errors))
        self.errors = errors


def read_update(data, name, columns):
    """Return the rows of an update file, each a dict with ``line`` added.

    :param bytes data: the file
    :param str name: its name, for the messages
    :param dict columns: ``{column: (required, parse)}``; ``parse`` turns a stripped
        text into a value or raises ValueError with the reason. A column that is not
        required may be absent and gives None where empty.
    :raise UpdateRefused: with up to 50 errors
    """
    reader = csv.reader(io.StringIO(_text(data, name), newline=""), strict=True)
    errors, rows = [], []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, columns, name)
        for cells in reader:
            if not any(cells):
                continue
            if len(rows) >= MAX_ROWS:
                raise UpdateRefused([f"{name}: more than {MAX_ROWS} rows"])
            rows.append(_row(header, cells, columns, name, reader.line_num, errors))
            if len(errors) >= MAX_ERRORS:
                break
    except csv.Error as error:
        errors.append(f"{name}, line {reader.line_num}: {error}")
    if not errors and not rows:
        errors.append(f"{name}: no rows")
    if errors:
        raise UpdateRefused(errors[:MAX_ERRORS])
    return rows


def _text(data, name):
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise UpdateRefused([f"{name}: broken gzip ({error})"]) from error
    if len(data) > MAX_BYTES:
        raise UpdateRefused([f"{name}: larger than {MAX_BYTES // 2**20} MiB"])
    if b"\x00" in data:
        raise UpdateRefused([f"{name}: not a text file"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _check_header(header, columns, name):
    required = {column for column, (needed, _parse) in columns.items() if needed}
    problems = [
        (required - set(header), "missing column(s)"),
        (set(header) - set(columns), "unknown column(s)"),
        ({column for column in header if header.count(column) > 1}, "column(s) twice"),
    ]
    errors = [
        f"{name}, line 1: {text} {', '.join(sorted(found))}"
        for found, text in problems
        if found
    ]
    if errors:
        errors.append(f"{name}: the columns are {', '.join(columns)}")
        raise UpdateRefused(errors)


def _row(header, cells, columns, name, line, errors):
    row = dict.fromkeys(columns)
    row["line"] = line
    if len(cells) != len(header):
        errors.append(
            f"{name}, line {line}: {len(cells)} cells instead of {len(header)}"
        )
        return row
    for column, cell in zip(header, cells, strict=True):
        required, parse = columns[column]
        text = cell.strip()
        where = f"{name}, line {line}, column {column}"
        if len(text) > MAX_CELL:
            errors.append(f"{where}: longer than {MAX_CELL} characters")
        elif text:
            try:
                row[column] = parse(text)
            except ValueError as error:
                errors.append(f"{where}: {error}")
        elif required:
            errors.append(f"{where}: empty")
    return row


def digits(*lengths):
    """Parser of a text of that many digits; the dots of a printed tariff item go."""

    def parse(text):
        plain = text.replace(".", "").replace(" ", "")
        if not (plain.isascii() and plain.isdigit() and len(plain) in lengths):
            wanted = " or ".join(map(str, lengths))
            raise ValueError(f"{text[:40]!r} is not a number of {wanted} digits")
        return plain

    return parse


def choice(*values):
    """Parser of one of some words."""

    def parse(text):
        if text not in values:
            raise ValueError(f"{text[:40]!r} is not one of {', '.join(values)}")
        return text

    return parse


def iso_date(text):
    """Parse AAAA-MM-DD between 1900 and 2199."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        value = None
    if not value or len(text) != 10 or not 1900 <= value.year < 2200:
        raise ValueError(f"{text[:40]!r} is not a date AAAA-MM-DD")
    return value


def percentage(text):
    """Parse a percentage of up to 4 + 10 digits, exactly."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = None
    if (
        value is None
        or not value.is_finite()
        or not 0 <= value < 10_000
        or value.normalize().as_tuple().exponent < -10
    ):
        raise ValueError(f"{text[:40]!r} is not a percentage")
    return value


def boolean(text):
    """Parse 0 or 1."""
    return choice("0", "1")(text) == "1"
