# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Tables whose last line has their check totals."""

from decimal import Decimal

from .issues import _lt
from .table import TableReader
from .text import fatal

TOTAL = "TOTAL"


class CheckedTableReader(TableReader):
    """Iterate over the lines that are right; what is wrong is collected in ``issues``.
    After the last line the check totals were compared, and ``totals`` holds them:
    ``{"lines": int, column: Decimal, ...}``.

    The last line has TOTAL as ``numero_parte``, the number of lines as ``secuencia``
    and the sums of the columns that a subclass names in ``summed``. A subclass says
    by ``_is_right`` what the columns of a line must be to each other.

    :raise FormatError: after the last line, where there are no check totals
    """

    summed = ()

    def __iter__(self):
        self.totals = dict.fromkeys(self.summed, Decimal(0)) | {"lines": 0}
        self._stated = None
        yield from super().__iter__()
        if not self._stated:
            raise fatal(
                "no_totals",
                _lt(
                    "The file has no line of check totals (numero_parte TOTAL): it may "
                    "have been cut off."
                ),
                self.line_count,
            )
        number, stated = self._stated
        for name, value in stated.items():
            if value != self.totals[name]:
                column = "secuencia" if name == "lines" else name
                self._add(
                    number,
                    0,
                    column,
                    "totals",
                    _lt("The check total is %(stated)s, the lines sum to %(found)s."),
                    stated=value,
                    found=self.totals[name],
                )

    def _parse(self, number, header, cells):
        if self._stated:
            self._add(
                number, 0, "", "after_totals", _lt("A line follows the check totals.")
            )
            return None
        row = dict(zip(header, cells, strict=False))
        if row.get("numero_parte", "").strip().upper() == TOTAL:
            self._read_totals(number, header, cells)
            return None
        # also of lines with errors: the check is of the file, not of what is right
        self.totals["lines"] += 1
        for name in self.summed:
            text = row.get(name, "").strip()
            if text and not self._problem(name, text):
                self.totals[name] += Decimal(text)
        line = super()._parse(number, header, cells)
        return line if line and self._is_right(line) else None

    def _read_totals(self, number, header, cells):
        stated = {}
        for position, (name, cell) in enumerate(
            zip(header, cells, strict=False), start=1
        ):
            if name not in (*self.summed, "secuencia"):
                continue
            text = cell.strip()
            # a sum may be longer than its addends
            digits = text.replace(".", "", 1)
            if not (digits.isascii() and digits.isdigit()) or len(text) > 30:
                self._add(
                    number,
                    position,
                    name,
                    "not_decimal",
                    _lt("%(value)r is not a positive decimal number."),
                    value=text[:60],
                )
                text = "0"
            stated["lines" if name == "secuencia" else name] = Decimal(text)
        self._stated = number, stated

    def _is_right(self, line):
        raise NotImplementedError
