# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The broker's part file: which parts a partida groups. A CSV layout of ours.

UTF-8 (or Windows-1252), separated by ``,`` or ``;``, first line the headers, in any
order. A line a part:

====================  ====================================================
``aduana_seccion``    customs office and section, 3 digits
``patente``           4 digits
``pedimento``         7 digits
``partida``           number of the partida (record 551)
``secuencia``         number of the line within the partida; may be empty
``numero_parte``      part number, the company's or the supplier's
``descripcion``       optional
``cantidad_umc``      quantity in the unit of the partida, 3 decimals
``umc``               unit of commercialisation, Appendix 7; may be empty
``cantidad_umt``      quantity in the tariff's unit, 5 decimals
``umt``               tariff's unit, Appendix 7; may be empty
``valor_usd``         value in dollars, 2 decimals
``valor_comercial``   optional, MXN
``valor_aduana``      optional, MXN
``pais_origen``       optional, key of Appendix 4
``factura``           optional, number of the invoice
``lote``              optional, lot or serial number
====================  ====================================================
"""

import csv
from dataclasses import dataclass
from decimal import Decimal

from .issues import ERROR, FormatError, Issue
from .m3.record import DECIMAL
from .text import Limits, detect_encoding, fatal, lines

# name: (kind, size, decimals, required, other headers)
COLUMNS = {
    "aduana_seccion": ("K", 3, 0, True, ("customs_office",)),
    "patente": ("K", 4, 0, True, ("patent",)),
    "pedimento": ("K", 7, 0, True, ("document",)),
    "partida": ("N", 5, 0, True, ("item",)),
    "secuencia": ("N", 5, 0, False, ("line", "linea")),
    "numero_parte": ("A", 80, 0, True, ("part_number",)),
    "descripcion": ("A", 250, 0, False, ("description",)),
    "cantidad_umc": ("D", 15, 3, True, ("quantity_umc",)),
    "umc": ("K", 2, 0, False, ()),
    "cantidad_umt": ("D", 18, 5, True, ("quantity_umt",)),
    "umt": ("K", 2, 0, False, ()),
    "valor_usd": ("D", 14, 2, True, ("value_usd",)),
    "valor_comercial": ("D", 14, 2, False, ("valor_comercial_mxn",)),
    "valor_aduana": ("D", 14, 2, False, ("valor_aduana_mxn",)),
    "pais_origen": ("A", 3, 0, False, ("origin_country",)),
    "factura": ("A", 40, 0, False, ("invoice",)),
    "lote": ("A", 80, 0, False, ("lot", "serie")),
}
_ALIASES = {
    alias: name
    for name, (*_spec, others) in COLUMNS.items()
    for alias in (name, *others)
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a partida; ``line`` is its line in the file."""

    line: int
    aduana_seccion: str
    patente: str
    pedimento: str
    partida: int
    secuencia: int | None
    numero_parte: str
    descripcion: str | None
    cantidad_umc: Decimal
    umc: str | None
    cantidad_umt: Decimal
    umt: str | None
    valor_usd: Decimal
    valor_comercial: Decimal | None
    valor_aduana: Decimal | None
    pais_origen: str | None
    factura: str | None
    lote: str | None


class PartFileReader:
    """Iterate over the lines of a part file that are right; what is wrong is collected
    in ``issues``, by line and column."""

    def __init__(self, stream, name="", limits=None):
        self.stream = stream
        self.name = name
        self.limits = limits or Limits()
        self.issues = []
        self.encoding = ""
        self.line_count = 0

    def __iter__(self):
        self.encoding, size = detect_encoding(self.stream, self.limits)
        if not size:
            raise fatal("empty", "The file is empty.")
        source = self._lines()
        first = next(source)
        separator = ";" if first.count(";") > first.count(",") else ","
        header = self._header(
            [cell.strip(' "') for cell in first.rstrip("\r\n").split(separator)]
        )
        reader = csv.reader(source, delimiter=separator, strict=True)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    line = self._parse(reader.line_num + 1, header, cells)
                    if line:
                        yield line
                if len(self.issues) > self.limits.max_issues:
                    raise fatal(
                        "too_many",
                        "There are more than %(limit)s errors; reading stopped here.",
                        reader.line_num + 1,
                        limit=self.limits.max_issues,
                    )
        except csv.Error as error:
            raise fatal(
                "csv",
                "The line is not valid CSV: %(reason)s.",
                reader.line_num + 1,
                reason=str(error),
            ) from error

    def _lines(self):
        for number, text, end in lines(self.stream, self.encoding, self.limits):
            self.line_count = number
            yield text + end

    def _header(self, cells):
        """Return the column names in order, None for columns that are not ours."""
        names = [_ALIASES.get(cell.strip().lower()) for cell in cells]
        missing = [
            name
            for name, (_kind, _size, _decimals, required, _others) in COLUMNS.items()
            if required and name not in names
        ]
        if missing:
            raise FormatError(
                Issue(
                    ERROR,
                    "columns_missing",
                    "The first line lacks the columns %(names)s: this is not a part "
                    "file.",
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
                        "The first line names the column %(name)s twice.",
                        {"name": name},
                        1,
                        "",
                        position + 1,
                        name,
                    )
                )
        return names

    def _parse(self, number, header, cells):
        values, wrong = {name: None for name in COLUMNS}, False
        if len(cells) != len(header):
            self._add(
                number,
                0,
                "",
                "columns",
                "The line has %(found)s columns, the header %(expected)s.",
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
                self._add(number, position, name, *problem, value=cell.strip()[:60])
            else:
                values[name] = self._value(name, cell.strip())
        return None if wrong else PartLine(number, **values)

    def _problem(self, name, text):
        """Return (code, message) of what is wrong with a cell, or None."""
        kind, size, decimals, required, _others = COLUMNS[name]
        if not text:
            return ("field_empty", "The column may not be empty.") if required else None
        if kind in "KN" and not (text.isascii() and text.isdigit()):
            return "not_digits", "%(value)r has something else than digits."
        if kind == "D":
            if not DECIMAL.match(text) or text.startswith("-"):
                return "not_decimal", "%(value)r is not a positive decimal number."
            whole, _point, part = text.partition(".")
            if len(whole) > size or len(part) > decimals:
                return "too_long", (
                    f"%(value)r does not fit {size} digits and {decimals} decimals."
                )
        elif len(text) > size:
            return "too_long", f"%(value)r is longer than {size} characters."
        return None

    def _value(self, name, text):
        if not text:
            return None
        kind = COLUMNS[name][0]
        if kind == "N":
            return int(text)
        return Decimal(text) if kind == "D" else text

    def _add(self, line, position, name, code, message, /, **params):
        self.issues.append(
            Issue(ERROR, code, message, params, line, "", position, name)
        )
