# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The schema of a report, made from its definition."""

from lxml import etree

from ..definitions.base import DATE, FLAG, INTEGER, MONEY, QUANTITY
from .xml import namespace

XS = "http://www.w3.org/2001/XMLSchema"
TYPES = {
    DATE: "xs:date",
    FLAG: "xs:boolean",
    INTEGER: "xs:integer",
    MONEY: "xs:decimal",
    QUANTITY: "xs:decimal",
}


def _element(parent, name, **attributes):
    return etree.SubElement(parent, f"{{{XS}}}{name}", attributes)


def _documented(element, text):
    note = _element(_element(element, "annotation"), "documentation")
    note.text = text


def _sequence(parent, name, **attributes):
    element = _element(parent, "element", name=name, **attributes)
    complex_type = _element(element, "complexType")
    return complex_type, _element(complex_type, "sequence")


def schema(report):
    """Return the XSD of a report as bytes."""
    root = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
    root.set("targetNamespace", namespace(report))
    root.set("elementFormDefault", "qualified")
    _documented(root, f"{report.title}. {report.source}.")
    whole, parts = _sequence(root, "reporte")
    _element(whole, "attribute", name="titulo", type="xs:string", use="required")
    _head, head = _sequence(parts, "encabezado")
    for name, kind, least in (
        ("razonSocial", "xs:string", "1"),
        ("rfc", "xs:string", "1"),
        ("programaImmex", "xs:string", "0"),
        ("desde", "xs:date", "0"),
        ("hasta", "xs:date", "1"),
    ):
        _element(head, "element", name=name, type=kind, minOccurs=least)
    _rows, rows = _sequence(parts, "renglones")
    _row, row = _sequence(rows, "renglon", minOccurs="0", maxOccurs="unbounded")
    for column in report.columns:
        element = _element(
            row,
            "element",
            name=column.name,
            type=TYPES.get(column.type, "xs:string"),
            minOccurs="0",
        )
        words = [column.label]
        if column.unit:
            words.append(f"unidad: {column.unit}")
        if column.source:
            words.append(column.source)
        _documented(element, "; ".join(words))
    foot, totals = _sequence(parts, "totales")
    _element(foot, "attribute", name="renglones", type="xs:integer", use="required")
    for column in report.totals:
        _element(totals, "element", name=column.name, type="xs:decimal")
    return etree.tostring(
        root, xml_declaration=True, encoding="utf-8", pretty_print=True
    )
