# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a delivered file is about, told before anything of it is stored."""

import logging

from ...formats.issues import FormatError
from ...formats.m3 import M3Reader
from ...formats.number import number15, year_of
from ...formats.partfile import PartFileReader
from ...formats.pedimento_xml import PedimentoXmlReader
from ...formats.text import Limits

_logger = logging.getLogger(__name__)

READERS = {"m3": M3Reader, "xml": PedimentoXmlReader}


def scan(kind, stream, name, max_bytes):
    """Return ``(patents, numbers)`` of a file: sets of 4 and of 15 digits.

    A file that ends in an error gives what stands before it; loading it finds the error
    too. Numbers are left out where the file tells no date of payment or entry.
    """
    patents, numbers = set(), set()
    limits = Limits(max_bytes=max_bytes)
    try:
        if kind == "parts":
            for row in PartFileReader(stream, name, limits):
                patents.add(row.patente)
        else:
            for document in READERS[kind](stream, name, limits):
                patents.add(document.patente or "")
                number = _number(document)
                if number:
                    numbers.add(number)
    except FormatError as error:
        _logger.debug("%s: %s", name, error)
    finally:
        stream.seek(0)
    return patents, numbers


def _number(document):
    if document.header is None:
        return None
    paid = document.fecha_pago or document.fecha_entrada
    office, patent = document.aduana_seccion, document.patente
    if not (paid and office and patent and document.pedimento):
        return None
    year = year_of(document.pedimento, paid)
    try:
        return number15(year, office[:2], patent, document.pedimento)
    except ValueError:
        return None
