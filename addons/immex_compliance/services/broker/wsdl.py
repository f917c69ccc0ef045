# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The WSDL, with the address under which the caller sees the service."""

from functools import cache
from pathlib import Path

from lxml import etree

PATH = Path(__file__).with_name("broker-1.wsdl")
ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap/}address"


@cache
def _text():
    return PATH.read_bytes()


def wsdl(address: str) -> bytes:
    """The document, its port at ``address``."""
    root = etree.fromstring(_text())
    for element in root.iter(ADDRESS):
        element.set("location", address)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
