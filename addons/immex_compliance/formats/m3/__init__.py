# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The broker's validation file, SAAI M3 (VOCE): records separated by ``|``."""

from ..text import Limits
from .document import FileSummary, Partida, PedimentoDocument
from .reader import M3Reader
from .record import Record
from .writer import M3Writer

__all__ = [
    "FileSummary",
    "Limits",
    "M3Reader",
    "M3Writer",
    "Partida",
    "PedimentoDocument",
    "Record",
]
