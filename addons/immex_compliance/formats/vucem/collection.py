# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The answers of one pedimento as one file: the whole one, then its partidas.

``<vucem aduana="070" patente="3600" pedimento="2050961">`` around the bodies as VUCEM
sent them. The number is the one that was asked for, since answers have it without
zeros and without the patent.
"""

from lxml import etree

ROOT = "vucem"


def write_collection(office, patente, pedimento, answers):
    """Bytes of the file.

    :param answers: elements, the whole pedimento first
    """
    root = etree.Element(ROOT, aduana=office, patente=patente, pedimento=pedimento)
    for answer in answers:
        root.append(answer)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
