# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Writes the files, a line at a time."""

from decimal import ROUND_HALF_UP, Decimal

from .layout import DATE_FORMATS, EOLS


class ScccygWriter:
    """:param stream: binary stream, written to

    :raise ValueError: a text that would not be read as it was meant
    """

    def __init__(self, stream, layout):
        self.stream = stream
        self.layout = layout
        self.lines = 0

    def initial(self, line):
        """An :class:`InitialLine`."""
        layout = self.layout
        cells = [
            layout.correction if line.replaces else layout.initial,
            line.patente,
            line.pedimento,
            line.aduana,
            line.date.strftime(DATE_FORMATS[layout.dates]),
            line.fraccion,
            self._value(line.value),
            self._flag(line.fixed_asset),
        ]
        self._line(cells + [line.replaces] * bool(line.replaces))

    def zero(self):
        """An inventory in zeros, as the layout has it."""
        self._text(self.layout.zero)

    def report(self, report):
        """A :class:`DischargeReport`; its details may be any iterables."""
        layout = self.layout
        cells = [
            layout.header,
            layout.destinations[report.destination],
            f"{report.year:04}",
            layout.code_of(report.period, report.number),
        ]
        self._line(cells + [report.replaces] * bool(report.replaces))
        for detail in layout.order:
            kind = getattr(layout, detail)
            for item in getattr(report, detail):
                if detail == "goods":
                    item = (
                        item.fraccion,
                        self._value(item.value),
                        self._flag(item.fixed_asset),
                    )
                elif detail == "folios":
                    item = (item,)
                self._line([kind, *item])

    def _value(self, value):
        """Pesos with the decimals of the layout, rounded half up."""
        unit = Decimal(1).scaleb(-self.layout.decimals)
        return f"{Decimal(value).quantize(unit, ROUND_HALF_UP):f}"

    def _flag(self, asset):
        return self.layout.yes if asset else self.layout.no

    def _line(self, cells):
        for cell in cells:
            if cell != cell.strip() or any(
                mark in cell for mark in (self.layout.separator, "\r", "\n", "\0")
            ):
                raise ValueError(f"a separator or a blank within a field: {cell!r}")
        text = self.layout.separator.join(cells)
        self._text(text + self.layout.separator * self.layout.trailing)

    def _text(self, text):
        eol = EOLS[self.layout.eol]
        self.stream.write((text + eol).encode(self.layout.encoding))
        self.lines += 1
