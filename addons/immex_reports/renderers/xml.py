# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""XML: exact decimals, streamed, valid against the schema that ships beside it."""

from lxml import etree

from ..definitions.base import DATE, FLAG, NUMERIC
from .text import clean
from .totals import summed


def namespace(report):
    return f"urn:immex:anexo24:{report.code}:1"


def text_of(column, value):
    """Text of a value in XML."""
    if column.type == FLAG:
        return "true" if value else "false"
    if column.type == DATE:
        return value.isoformat()
    if column.type in NUMERIC:
        return f"{value:f}"
    return clean(value)


def write_xml(report, header, rows, stream):
    """Write rows (tuples of values in column order) to a binary stream.

    :return: ``(number of rows, {column: total})``
    """
    space = namespace(report)

    def tag(name):
        return f"{{{space}}}{name}"

    with etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(tag("reporte"), nsmap={None: space}, titulo=report.title):
            head = etree.Element(tag("encabezado"), nsmap={None: space})
            for name, value in (
                ("razonSocial", header.company or ""),
                ("rfc", header.rfc or ""),
                ("programaImmex", header.program or None),
                ("desde", header.date_from and header.date_from.isoformat()),
                ("hasta", header.date_to.isoformat()),
                ("corrida", header.known or None),
                ("sello", header.seal or None),
            ):
                if value is not None:
                    etree.SubElement(head, tag(name)).text = clean(value)
            xml.write(head)
            with xml.element(tag("renglones")):
                columns = [(column, tag(column.name)) for column in report.columns]

                def add(values):
                    row = etree.Element(tag("renglon"), nsmap={None: space})
                    for (column, name), value in zip(columns, values, strict=True):
                        if value is not None:
                            etree.SubElement(row, name).text = text_of(column, value)
                    xml.write(row)

                count, totals = summed(report, rows, add)
            foot = etree.Element(tag("totales"), nsmap={None: space})
            foot.set("renglones", str(count))
            for column in report.totals:
                total = etree.SubElement(foot, tag(column.name))
                total.text = f"{totals[column.name]:f}"
            xml.write(foot)
    return count, totals
