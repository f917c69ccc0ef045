# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Pedimento XML of our own: every record of M3 in elements, versioned by namespace.

``schema/pedimento-1.xsd`` is the schema; its annotations are the documentation.
"""

from .convert import m3_to_xml, xml_to_m3
from .layout import NAMESPACE
from .reader import PedimentoXmlReader
from .writer import PedimentoXmlWriter

__all__ = [
    "NAMESPACE",
    "PedimentoXmlReader",
    "PedimentoXmlWriter",
    "m3_to_xml",
    "xml_to_m3",
]
