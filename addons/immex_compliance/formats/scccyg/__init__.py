# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The text files of the SCCCyG (RGCE Anexo 30, until 2020 Anexo 31): initial inventory
and discharge reports. What the unpublished manual decides is a :class:`Layout`."""

from ..text import Limits
from .document import DESTINATIONS, PERIODS, DischargeReport, Goods, InitialLine, Zero
from .layout import DATE_FORMATS, Layout
from .reader import ScccygReader
from .scanner import Line, ScccygScanner
from .writer import ScccygWriter

__all__ = [
    "DATE_FORMATS",
    "DESTINATIONS",
    "PERIODS",
    "DischargeReport",
    "Goods",
    "InitialLine",
    "Layout",
    "Limits",
    "Line",
    "ScccygReader",
    "ScccygScanner",
    "ScccygWriter",
    "Zero",
]
