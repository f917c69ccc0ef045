# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Makes the schema of our XML from the layout of M3.

What is published is the file ``schema/pedimento-1.xsd``; a test holds it against this.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from ..m3.layout import LAYOUTS
from .layout import (
    ELEMENTS,
    EXTRA,
    NAMES,
    NAMESPACE,
    OF_PARTIDA,
    PEDIMENTO,
    ROOT,
    VERBATIM,
    inherited,
)

PATH = Path(__file__).with_name("schema") / "pedimento-1.xsd"
KINDS = {
    "K": "digits only, at most {size}",
    "A": "text of at most {size} characters",
    "N": "whole number of at most {size} digits",
    "D": "decimal, {size} digits before the point and {decimals} behind it",
    "F": "date",
}
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}"
    targetNamespace="{NAMESPACE}" elementFormDefault="qualified" version="1.0">
  <xs:annotation><xs:documentation xml:lang="en">
    Pedimentos, in the form in which systems exchange them with IMMEX Compliance.

    Each record of the broker's validation file (SAAI M3) has an element, each of its
    fields one in the order of the record. An element that is left out is an empty
    field; the number of the pedimento, and within a partida its tariff item and number,
    are taken from what stands around. Dates are ISO 8601 (8 digits where the M3 file
    wrote another layout than the rest of its pedimento). Records keep the order that
    they have in the file: movimiento first, firma or fin last. A record that is not of
    this version is kept verbatim in registro.

    The encoding is UTF-8. A document type (DOCTYPE) is refused. The namespace bears the
    version: another one will have another namespace.
  </xs:documentation></xs:annotation>
"""
TYPES = """\
  <xs:simpleType name="fecha">
    <xs:union memberTypes="xs:date ocho_digitos"/>
  </xs:simpleType>
  <xs:simpleType name="ocho_digitos">
    <xs:restriction base="xs:string"><xs:pattern value="[0-9]{8}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="trazo_fechas">
    <xs:restriction base="xs:string">
      <xs:enumeration value="DDMMAAAA"/><xs:enumeration value="AAAAMMDD"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:attributeGroup name="forma">
    <xs:annotation><xs:documentation xml:lang="en">
      How the record stood in the M3 file, where it is not as usual: its number of
      fields, and whether it ends with a separator.
    </xs:documentation></xs:annotation>
    <xs:attribute name="campos" type="xs:positiveInteger"/>
    <xs:attribute name="separador" type="xs:boolean"/>
  </xs:attributeGroup>
  <xs:complexType name="verbatim">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute name="codificado" type="xs:string"/>
        <xs:attribute name="ultimo_fin" type="xs:string"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>
"""


def make() -> str:
    """The schema, as text."""
    parts = [HEAD, TYPES]
    parts += [_record(kind) for kind in sorted(LAYOUTS)]
    parts.append(_document())
    parts.append(_root())
    parts.append("</xs:schema>\n")
    return "".join(parts)


def _doc(text, indent):
    return (
        f'{indent}<xs:annotation><xs:documentation xml:lang="en">{escape(text)}'
        "</xs:documentation></xs:annotation>\n"
    )


def _field(kind, spec):
    text = KINDS[spec.kind].format(size=spec.size, decimals=spec.decimals)
    optional = not spec.required or spec.name in inherited(kind)
    told = f"Record {kind}, field {spec.number}: {text}"
    if spec.name in inherited(kind):
        told += "; left out where it is that of what stands around"
    occurs = ' minOccurs="0"' if optional else ""
    kind_of = ' type="fecha"' if spec.kind == "F" else ""
    lines = f'      <xs:element name="{spec.name}"{kind_of}{occurs}>\n'
    lines += _doc(told, "        ")
    if spec.kind != "F":
        lines += f"        <xs:simpleType>{_restriction(spec)}</xs:simpleType>\n"
    return lines + "      </xs:element>\n"


def _restriction(spec):
    if spec.kind == "K":
        return (
            '<xs:restriction base="xs:string">'
            f'<xs:pattern value="[0-9]{{0,{spec.size}}}"/></xs:restriction>'
        )
    if spec.kind == "N":
        return (
            '<xs:restriction base="xs:string">'
            f'<xs:pattern value="-?[0-9]{{1,{spec.size}}}"/></xs:restriction>'
        )
    if spec.kind == "D":
        return (
            '<xs:restriction base="xs:decimal">'
            f'<xs:fractionDigits value="{spec.decimals}"/></xs:restriction>'
        )
    return (
        '<xs:restriction base="xs:string">'
        f'<xs:maxLength value="{spec.size}"/></xs:restriction>'
    )


def _record(kind):
    name, text = ELEMENTS[kind]
    lines = [
        f'  <xs:complexType name="{name}">\n',
        _doc(f"{text} (record {kind}).", "    "),
        "    <xs:sequence>\n",
        *(_field(kind, spec) for spec in LAYOUTS[kind].fields),
        f'      <xs:element name="{EXTRA}" type="xs:string" minOccurs="0"'
        ' maxOccurs="unbounded"/>\n',
    ]
    if kind == "551":
        lines += [
            '      <xs:choice minOccurs="0" maxOccurs="unbounded">\n',
            *(
                f'        <xs:element name="{NAMES[child]}" type="{NAMES[child]}"/>\n'
                for child in sorted(OF_PARTIDA)
            ),
            "      </xs:choice>\n",
        ]
    lines += ["    </xs:sequence>\n", '    <xs:attributeGroup ref="forma"/>\n']
    if kind == "801":
        lines.append('    <xs:attribute name="ultimo_fin" type="xs:string"/>\n')
    lines.append("  </xs:complexType>\n")
    return "".join(lines)


def _document():
    inner = [
        f'        <xs:element name="{NAMES[kind]}" type="{NAMES[kind]}"/>\n'
        for kind in sorted(LAYOUTS)
        if kind not in ("500", "801")
    ]
    return "".join(
        [
            f'  <xs:complexType name="{PEDIMENTO}">\n',
            _doc(
                "A pedimento: its records in their order. fechas tells how the M3 file "
                "writes dates, separador whether its records end with a separator.",
                "    ",
            ),
            "    <xs:sequence>\n",
            f'      <xs:element name="{NAMES["500"]}" type="{NAMES["500"]}"'
            ' minOccurs="0"/>\n',
            '      <xs:choice minOccurs="0" maxOccurs="unbounded">\n',
            *inner,
            f'        <xs:element name="{VERBATIM}" type="verbatim"/>\n',
            "      </xs:choice>\n",
            "    </xs:sequence>\n",
            '    <xs:attribute name="fechas" type="trazo_fechas"/>\n',
            '    <xs:attribute name="separador" type="xs:boolean"/>\n',
            "  </xs:complexType>\n",
        ]
    )


def _root():
    return f"""\
  <xs:element name="{ROOT}">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="{PEDIMENTO}" type="{PEDIMENTO}" maxOccurs="unbounded"/>
        <xs:choice minOccurs="0">
          <xs:element name="{NAMES["801"]}" type="{NAMES["801"]}"/>
          <xs:element name="{VERBATIM}" type="verbatim"/>
        </xs:choice>
      </xs:sequence>
      <xs:attribute name="codificacion" type="xs:string"/>
      <xs:attribute name="fin_linea" type="xs:string"/>
      <xs:attribute name="bom" type="xs:boolean"/>
    </xs:complexType>
  </xs:element>
"""
