# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The notice as XML, checked against its schema."""

from functools import cache
from pathlib import Path

from lxml import etree

NAMESPACE = "urn:immex-compliance:notice:1"
HERE = Path(__file__).parent
NOT_XML = {code: None for code in range(32)}


@cache
def schema():
    return etree.XMLSchema(etree.parse(str(HERE / "notice-1.xsd")))


def build(values) -> bytes:
    """XML of a notice.

    :param values: dict of the elements in the order of the schema; a list is a repeated
        element, a dict one with elements of its own, None is left out
    :raise ValueError: it does not keep to the schema
    """
    root = etree.Element(f"{{{NAMESPACE}}}notice", nsmap={None: NAMESPACE})
    _fill(root, values)
    if not schema().validate(root):
        raise ValueError(str(schema().error_log.last_error.message))
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _fill(parent, values):
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            if one is None:
                continue
            element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(one, dict):
                _fill(element, one)
            else:
                element.text = str(one).translate(NOT_XML)
