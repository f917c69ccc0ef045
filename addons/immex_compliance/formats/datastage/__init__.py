# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""ANAM's Data Stage: a zip of tables ``{folio}_{record}.asc``, separated by ``|``."""

from .layout import KEY, TABLES
from .reader import DataStageReader, Table, ZipLimits
from .writer import DataStageWriter

__all__ = [
    "KEY",
    "TABLES",
    "DataStageReader",
    "DataStageWriter",
    "Table",
    "ZipLimits",
]
