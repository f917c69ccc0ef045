# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The pedimento number (Anexo 22, field 1): 15 digits, shown in 21 characters.

``AA`` year of validation, ``AA`` customs office, ``PPPP`` patent, then 7 digits: the
last digit of the year and the progressive.
"""

import re
from typing import NamedTuple

_SPACES = re.compile(r"[\s\-]+")


class Parts(NamedTuple):
    """Year of validation (last two digits), customs office without its section,
    patent, document (7 digits): text."""

    year: str
    office: str
    patente: str
    document: str


def parse_number(text):
    """Return the 15 digits of a number written with any spacing.

    :raise ValueError: when it is not 15 digits
    """
    digits = _SPACES.sub("", text or "")
    if len(digits) != 15 or not digits.isascii() or not digits.isdigit():
        raise ValueError(f"{text!r} is not a pedimento number of 15 digits")
    return digits


def split(text):
    """Return the :class:`Parts` of a number written with any spacing.

    :raise ValueError: when it is not 15 digits
    """
    digits = parse_number(text)
    return Parts(digits[:2], digits[2:4], digits[4:8], digits[8:])


def display(number15):
    """Return the printed form, groups separated by two spaces (21 characters)."""
    return "  ".join(split(number15))


def number15(year, office, patente, document):
    """Compose the 15 digits of ``year`` (4 digits), office, patent and document."""
    return parse_number(f"{year % 100:02d}{office}{patente}{document}")


def year_of(document, paid):
    """Year of validation of a 7-digit document paid on the date ``paid``.

    The first digit of the document is the last one of the year of its number, which
    consolidated pedimentos and rectifications may have got the year before. A digit
    of neither year gives the year of payment (the checks tell of it).
    """
    for year in (paid.year, paid.year - 1):
        if str(year)[-1] == document[:1]:
            return year
    return paid.year
