# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The schema of a report, made from its definition."""

from lxml import etree

from ..definitions.base import DATE, FLAG, INTEGER
from .xml import namespace

XS = "http://www.w3.org/2001/XMLSchema"
TYPES = {
    DATE: "xs:date",
    FLAG: "xs:boolean",
    INTEGER: "xs:integer",
}


def _element(parent, tag, /, **attributes):
    return etree.SubElement(parent, f"{{{XS}}}{tag}", attributes)


def _documented(element, text):
    note = _element(_element(element, "annotation"), "documentation")
    note.text = text


def _typed(element, column):
    """Give the element its type; numbers have the decimals that the column has."""
    if not column.numeric:
        element.set("type", TYPES.get(column.type, "xs:string"))
        return
    restriction = _element(
        _element(element, "simpleType"), "restriction", base="xs:decimal"
    )
    _element(restriction, "fractionDigits", value=str(column.decimals))


def _sequence(parent, name, /, **attributes):
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
        ("corrida", "xs:string", "0"),
        ("sello", "xs:string", "0"),
    ):
        _element(head, "element", name=name, type=kind, minOccurs=least)
    _rows, rows = _sequence(parts, "renglones")
    _row, row = _sequence(rows, "renglon", minOccurs="0", maxOccurs="unbounded")
    for column in report.columns:
        element = _element(row, "element", name=column.name, minOccurs="0")
        words = [column.label]
        if column.unit:
            words.append(f"unidad: {column.unit}")
        if column.source:
            words.append(column.source)
        _documented(element, "; ".join(words))
        _typed(element, column)
    foot, totals = _sequence(parts, "totales")
    _element(foot, "attribute", name="renglones", type="xs:integer", use="required")
    for column in report.totals:
        _typed(_element(totals, "element", name=column.name), column)
    return etree.tostring(
        root, xml_declaration=True, encoding="utf-8", pretty_print=True
    )
