# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pedimento XML of our own: the same documents as M3, and M3 again byte for byte."""

import io
import re
import time
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.m3 import Limits, M3Reader
from immex_formats.m3.layout import LAYOUTS
from immex_formats.pedimento_xml import (
    NAMESPACE,
    PedimentoXmlReader,
    m3_to_xml,
    schema,
    xml_to_m3,
)
from lxml import etree
from m3_build import NAME, PEDIMENTO, encode, m3_lines, one_reading
from test_m3_roundtrip import pedimentos, style, write

SCHEMA = etree.XMLSchema(etree.parse(str(schema.PATH)))


def to_xml(content):
    target = io.BytesIO()
    m3_to_xml(io.BytesIO(content), target, NAME)
    return target.getvalue()


def to_m3(content, name=NAME):
    target = io.BytesIO()
    xml_to_m3(io.BytesIO(content), target, name)
    return target.getvalue()


def read(content, **limits):
    reader = PedimentoXmlReader(io.BytesIO(content), "x.xml", Limits(**limits))
    return list(reader), reader


def refused(content, **limits):
    with pytest.raises(FormatError) as caught:
        read(content, **limits)
    return caught.value.issue


def sample():
    return to_xml(encode(m3_lines()))


def edited(old, new):
    text = sample().decode()
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


def line_of(content, mark):
    for number, line in enumerate(content.decode().splitlines(), 1):
        if mark in line:
            return number
    raise AssertionError(mark)


def test_schema_is_what_the_layout_makes():
    assert schema.PATH.read_text() == schema.make()
    tree = etree.parse(str(schema.PATH))
    assert tree.getroot().get("targetNamespace") == NAMESPACE
    # every field of every record has its documentation
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    told = " ".join(tree.xpath("//xs:documentation/text()", namespaces=names))
    for kind, layout in LAYOUTS.items():
        for spec in layout.fields:
            assert f"Record {kind}, field {spec.number}:" in told


def test_sample_is_readable_and_valid():
    content = sample()
    SCHEMA.assertValid(etree.fromstring(content))
    text = content.decode()
    # dates are ISO, what stands around is not repeated
    assert "<fecha>2026-10-02</fecha>" in text
    assert text.count("<pedimento>6000001</pedimento>") == 1
    assert text.count("<fraccion>85369099</fraccion>") == 2  # 512 and 551
    assert to_m3(content) == encode(m3_lines())


@given(st.data(), style(), st.integers(1, 3))
def test_any_document_comes_back(data, options, count):
    written = [data.draw(pedimentos(f"600000{number}")) for number in range(count)]
    content = write(written, options)
    assume(one_reading(content, options["encoding"]))
    xml = to_xml(content)
    SCHEMA.assertValid(etree.fromstring(xml))
    assert to_m3(xml) == content
    documents, reader = read(xml)
    assert reader.issues == []
    expected = list(M3Reader(io.BytesIO(content), NAME))
    assert [plain(document) for document in documents] == [
        plain(document) for document in expected
    ]


def plain(document):
    """A document without the lines that its records stand in."""
    return (
        [replace(record, line=0) for record in document.records],
        [replace(record, line=0) for record in document.general],
        [
            (
                partida.sequence,
                [replace(record, line=0) for record in partida.records],
            )
            for partida in document.partidas
        ],
        document.signed,
    )


LINE = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cc", "Cs", "Zl", "Zp"],
        exclude_characters="|",
    ),
    max_size=12,
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [*sorted(set(LAYOUTS) - {"500", "800", "801", "999"}), "777"]
            ),
            st.lists(LINE, max_size=14),
        ),
        max_size=6,
    )
)
def test_records_of_any_form_come_back(extra):
    """Missing and further fields, other dates, blanks: the text is the same again."""
    lines = m3_lines()
    lines[3:3] = ["|".join([kind, *fields]) for kind, fields in extra]
    content = encode(lines)
    reader = M3Reader(io.BytesIO(content), NAME, Limits(max_issues=10_000))
    try:
        documents = list(reader)
    except FormatError:
        return
    assert len(documents) == 1
    target = io.BytesIO()
    m3_to_xml(io.BytesIO(content), target, NAME, Limits(max_issues=10_000))
    again = io.BytesIO()
    xml_to_m3(io.BytesIO(target.getvalue()), again, NAME, Limits(max_issues=10_000))
    kept = [line.strip("\x1a") for line in lines if line.strip("\x1a").strip()]
    assert again.getvalue() == encode(kept)


@pytest.mark.parametrize(
    "line",
    [
        "777|SOMETHING|<&>\x7f",
        "506|6000001|3|31-12-26",
        "506|6000001|3|20261003",
        "511|6000001|3|WITH \x1a AND \ufffe",
        "511|6000001|3| LEADING &amp; TRAILING ",
        "503|6000001|GUIA",
        "503|6000001|GUIA|1|FURTHER|FIELDS",
        "503|6000001|GUIA|1|",
        "553|6000001|85444999|9|NM|F|N||",
    ],
)
def test_odd_records(line):
    lines = m3_lines()
    lines.insert(5, line)
    content = encode(lines)
    assert to_m3(to_xml(content)) == content


def test_written_by_another_system():
    """Without closing record, in one line, with elements that are left out."""
    text = re.sub(r">\s+<", "><", sample().decode())
    text = re.sub(r"<cierre.*</cierre>", "", text)
    documents, reader = read(text.encode())
    assert reader.issues == []
    assert [document.pedimento for document in documents] == ["6000001"]
    assert reader.summary.trailer is None
    assert (
        to_m3(text.encode())
        .decode()
        .endswith(f"801|{NAME}|1|{len(PEDIMENTO.splitlines())}|\r\n")
    )


def test_errors_name_line_and_element():
    content = edited("<umc>6</umc>", "<umc>SIX</umc>")
    _documents, reader = read(content)
    issue = reader.issues[0]
    assert (issue.code, issue.record_type, issue.field_name) == (
        "too_long",
        "551",
        "umc",
    )
    assert issue.line == line_of(content, "<partida>")

    content = edited("<numero>NOM-019</numero>", "<numero>NOM</numero><color>X</color>")
    _documents, reader = read(content)
    (issue,) = reader.issues
    assert (issue.code, issue.field_name) == ("unknown_element", "color")
    assert issue.line == line_of(content, "<color>")

    content = edited("<numero>NOM-019</numero>", "<numero>A|B</numero>")
    _documents, reader = read(content)
    assert [(i.code, i.field_name) for i in reader.issues] == [("separator", "numero")]

    content = edited("<numero>NOM-019</numero>", "<numero>A</numero><numero>B</numero>")
    _documents, reader = read(content)
    assert [i.code for i in reader.issues] == ["repeated_element"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"500|1|3456|6000001|240|\r\n", "xml"),
        (b"\x00\x01\x02", "xml"),
        (b"<a/>", "xml_root"),
        (b'<pedimentos xmlns="urn:immex-compliance:pedimento:2"/>', "xml_root"),
        (sample()[:900], "xml"),
        (sample() + b"<more/>", "xml"),
        (b'<pedimentos xmlns="urn:immex-compliance:pedimento:1"/>', "no_pedimento"),
        (edited("<movimiento>", "<!-- -->text<movimiento>"), "xml_text"),
        (edited("</documento>", "<movimiento/></documento>"), "not_closed"),
        (b"<!DOCTYPE a><a/>", "xml_doctype"),
        (sample().decode().encode("utf-16"), "xml"),
        (sample().replace("RÍO".encode(), b"R\xcdO"), "xml"),
    ],
)
def test_what_cannot_be_read(content, code):
    assert refused(content).code == code


def test_entities():
    bomb = b'<!DOCTYPE p [<!ENTITY a "AAAAAAAAAA">'
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f'<!ENTITY {other} "{f"&{one};" * 10}">'.encode()
    bomb += b']><p x="&i;">&i;</p>'
    begun = time.monotonic()
    assert refused(bomb).code == "xml_doctype"
    assert time.monotonic() - begun < 1
    outside = b'<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'
    assert refused(outside).code == "xml_doctype"
    undefined = edited(
        "<clave>IN</clave><aduana_seccion_es>", "<clave>&a;</clave><aduana_seccion_es>"
    )
    assert refused(undefined).code == "xml"


def test_limits():
    assert refused(sample(), max_bytes=1000).code == "file_too_large"
    long = edited("<numero>NOM-019</numero>", f"<numero>{'X' * 9000}</numero>")
    assert refused(long).code == "line_too_long"
    deep = edited("<numero>NOM-019</numero>", "<a>" * 50 + "</a>" * 50)
    assert refused(deep).code in ("xml_depth", "xml_element")
    tag = edited("<numero>NOM-019</numero>", f"<!--{'X' * 200_000}-->")
    assert refused(tag).code == "xml_tag"
    assert refused(sample(), max_records=5).code == "too_many_records"
    wide = " ".join(f'a{number}="1"' for number in range(100))
    assert refused(edited("<movimiento>", f"<movimiento {wide}>")).code == (
        "xml_attributes"
    )


def test_lines_beyond_65535():
    content = edited("<umc>6</umc>", "<umc>SIX</umc>")
    content = content.replace(b"  <documento", b"\n" * 70_000 + b"  <documento")
    _documents, reader = read(content)
    assert reader.issues[0].line == line_of(content, "<partida>") > 70_000


def test_many_pedimentos_in_bounded_memory():
    body = encode(PEDIMENTO.splitlines()) * 400
    content = body + encode([f"801|{NAME}|400|{24 * 400}|PRV01"])
    xml = to_xml(content)
    tracemalloc.start()
    reader = PedimentoXmlReader(io.BytesIO(xml), "x.xml")
    count = sum(1 for _document in reader)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400
    assert peak < 2 * 1024 * 1024


@given(st.binary(max_size=300), st.integers(0, 5000), st.integers(0, 40))
def test_damage_is_an_issue(noise, at, cut):
    content = sample()
    at %= len(content)
    damaged = content[:at] + noise + content[at + cut :]
    try:
        read(damaged)
    except FormatError as error:
        assert error.issue.line >= 0
