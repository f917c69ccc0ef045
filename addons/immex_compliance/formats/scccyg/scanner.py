# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads the files line by line, for whoever judges them: nothing but a line is held."""

from dataclasses import dataclass

from ..issues import WARNING, Issue, _lt
from ..text import has_bom, lines
from .document import DischargeReport, Goods, InitialLine
from .layout import EOLS
from .reader import ScccygReader

ZERO, INITIAL, REPORT, GOODS, PEDIMENTO, FOLIO = (
    "zero",
    "initial",
    "report",
    "goods",
    "pedimento",
    "folio",
)
# what the settings say of the form, beyond fields
_FORM = {
    "bom": _lt("The file begins with a byte order mark."),
    "line_ending": _lt("The line does not end as the settings say."),
    "trailing_separator": _lt("The line has no separator at its end."),
    "blank_line": _lt("The line is empty."),
    "line_order": _lt("The settings put lines of this type before those above it."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was understood.

    ``record``: an :class:`InitialLine`, the head of a :class:`DischargeReport`, a
    :class:`Goods`, ``(patente, pedimento, aduana)``, a folio, or None of zeros.
    ``head``: number of the line of the report that it belongs to, else 0.
    """

    number: int
    kind: str
    record: object = None
    head: int = 0


class ScccygScanner(ScccygReader):
    """Iterate over the :class:`Line` of a file.

    Errors are those of the reader; what departs from the settings in its form alone is
    a warning of the code ``bom``, ``line_ending``, ``trailing_separator``,
    ``blank_line`` or ``line_order``. No line is kept: their number has no limit but
    that of the bytes.
    """

    def __init__(self, stream, layout, limits=None):
        super().__init__(stream, layout, limits)
        self._head = 0
        self._found = None
        self._last = 0  # place in the order of the detail above
        kinds = {name: getattr(layout, name) for name in layout.order}
        self._places = {kinds[name]: at for at, name in enumerate(layout.order)}

    @property
    def line(self):
        """Number of the line that was read last."""
        return self._line

    def __iter__(self):
        for found in super().__iter__():
            if isinstance(found, Line):
                yield found
            elif not isinstance(found, DischargeReport):
                yield Line(self._line, ZERO)

    def _lines(self):
        if has_bom(self.stream):
            self._line = 1
            self._form("bom")
        eol = EOLS[self.layout.eol]
        found = lines(self.stream, self.layout.encoding, self.limits)
        for number, text, end in found:
            self._line, self._kind = number, ""
            if end not in (eol, ""):  # the last one may go without
                self._form("line_ending")
            if not text.strip():
                self._form("blank_line")
            elif self.layout.trailing and not text.endswith(self.layout.separator):
                self._form("trailing_separator")
            yield number, text, end

    def _take(self, text):
        before, self._found = self._report, None
        for found in super()._take(text):
            if isinstance(found, InitialLine):
                yield Line(self._line, INITIAL, found)
        if self._report is not None and self._report is not before:
            self._head, self._last = self._line, 0
            yield Line(self._line, REPORT, self._report, self._head)
        elif self._found is not None:
            yield Line(self._line, *self._found, self._head)

    def _keep(self, record):
        place = self._places[self._kind]
        if place < self._last:
            self._form("line_order")
        self._last = place
        if isinstance(record, Goods):
            self._found = GOODS, record
        elif isinstance(record, tuple):
            self._found = PEDIMENTO, record
        else:
            self._found = FOLIO, record

    def _form(self, code):
        if not self.issues.passes_over():
            self.issues.append(
                Issue(WARNING, code, _FORM[code], {}, self._line, self._kind[:10])
            )
