# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How the files are written: the technical manual is not published, so that nothing of
it is a constant. Defaults as a public reader of such files has them."""

from dataclasses import dataclass, field

from .document import DESTINATIONS, PERIODS

# name -> strftime pattern
DATE_FORMATS = {
    "DDMMAAAA": "%d%m%Y",
    "AAAAMMDD": "%Y%m%d",
    "DD/MM/AAAA": "%d/%m/%Y",
    "AAAA-MM-DD": "%Y-%m-%d",
}
ENCODINGS = ("utf-8", "cp1252", "latin-1")
EOLS = {"crlf": "\r\n", "lf": "\n"}
SEPARATORS = ("|", ",", ";", "\t")
DETAILS = ("goods", "pedimentos", "folios")


def _codes():
    return {name: str(number) for number, name in enumerate(DESTINATIONS, 1)}


def _first():
    first, result = 1, {}
    for name, count in PERIODS.items():
        result[name] = first
        first += count
    return result


@dataclass(frozen=True)
class Layout:
    """Settings of a codec.

    ``destinations``: code of each destination; ``periods``: code of the first month,
    fortnight and bimester, those that follow count on; ``period_digits``: how many a
    code has at least; ``period_codes``: all codes of a kind of period, where they do
    not count on. ``order``: in which the details of a report are written. ``zero``:
    the line, or lines, of an inventory in zeros.

    :raise ValueError: the settings cannot be told apart in a file
    """

    separator: str = "|"
    trailing: bool = False
    eol: str = "crlf"
    encoding: str = "utf-8"
    dates: str = "DDMMAAAA"
    decimals: int = 2
    yes: str = "S"
    no: str = "N"
    initial: str = "01"
    correction: str = "09"
    header: str = "02"
    goods: str = "03"
    pedimentos: str = "04"
    folios: str = "05"
    zero: str = "01|0000|0000000|000|0|00000000|0|N"
    order: tuple = DETAILS
    destinations: dict = field(default_factory=_codes)
    periods: dict = field(default_factory=_first)
    period_digits: int = 1
    period_codes: dict = field(default_factory=dict)

    def __post_init__(self):
        kinds = (self.initial, self.correction, self.header)
        kinds += (self.goods, self.pedimentos, self.folios)
        codes = list(self.destinations.values())
        periods = [code for name in PERIODS for code in self._codes(name)]
        texts = (*kinds, self.yes, self.no, *codes, *periods)
        sound = (
            self.separator in SEPARATORS
            and self.encoding in ENCODINGS
            and self.dates in DATE_FORMATS
            and self.eol in EOLS
            and 0 <= self.decimals <= 6
            and len(set(kinds)) == len(kinds)
            and self.yes != self.no
            and sorted(self.order) == sorted(DETAILS)
            and set(self.destinations) == set(DESTINATIONS)
            and len(set(codes)) == len(codes)
            and all(len(self._codes(name)) == PERIODS[name] for name in PERIODS)
            and len(set(periods)) == len(periods)
            and 1 <= self.period_digits <= 6
            and all(text and text.isascii() and text.isalnum() for text in texts)
            and bool(self.zero.strip())
        )
        if not sound:
            raise ValueError("two things are written alike, or a setting is unknown")

    def _codes(self, name):
        """Codes of a year's periods, in their order."""
        if name in self.period_codes:
            return tuple(self.period_codes[name])
        first = self.periods[name]
        return tuple(
            str(number).zfill(self.period_digits)
            for number in range(first, first + PERIODS[name])
        )

    def code_of(self, period, number):
        """Code of a period; ``number`` counts from 1 in its year."""
        return self._codes(period)[number - 1]

    def period_of(self, code):
        """``(period, number)`` of a code, or None."""
        for name in PERIODS:
            codes = self._codes(name)
            if code in codes:
                return name, codes.index(code) + 1
        return None
