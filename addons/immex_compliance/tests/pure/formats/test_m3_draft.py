# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The draft for the broker: what our own readers make of it."""

import datetime
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.m3 import M3Reader
from immex_formats.m3.checks import check_document
from immex_formats.m3.draft import (
    ANY_PRICE,
    ONE_PART,
    PRICE_RULES,
    SAME_PRICE,
    Draft,
    Part,
    group,
    identifiers_of,
    write_draft,
    write_parts,
)
from immex_formats.partfile import PartFileReader

NAME = "m3456001.332"
DRAFT = Draft(
    office="240",
    patente="3456",
    document="6000000",
    operation="1",
    key="IN",
    rfc="ADN150203AB1",
    invoice_number="INV|7",
    invoice_date=datetime.date(2026, 11, 20),
    currency="USD",
    usd_rate=Decimal(1),
    exchange_rate=Decimal("18.25"),
    header={"nombre": "ARNESES RÍO BRAVO"},
    identifiers=({"clave": "IM", "complemento1": "1234-2019"},),
    observation="P00001",
)


def part(number="T-1", value="50", quantity="100", **values):
    return Part(
        **{
            "number": number,
            "description": "TERMINAL",
            "fraccion": "85369099",
            "nico": "17",
            "qty_umc": Decimal(quantity),
            "umc": "6",
            "qty_umt": Decimal(quantity) * Decimal("0.015"),
            "umt": "1",
            "value": Decimal(value),
            "origin": "USA",
            "seller": "USA",
        }
        | values
    )


def written(partidas, draft=DRAFT):
    """The document and the part lines that our readers see, and their issues."""
    broker, parts = io.BytesIO(), io.BytesIO()
    write_draft(broker, draft, partidas, NAME)
    write_parts(parts, draft, partidas)
    broker.seek(0)
    reader = M3Reader(broker, NAME)
    (document,) = list(reader)
    parts.seek(0)
    part_reader = PartFileReader(parts, "parts.csv")
    lines = list(part_reader)
    assert list(part_reader.issues) == []
    return document, lines, [*reader.issues, *check_document(document)]


def test_groups():
    parts = [
        part("A"),
        part("B", value="100", quantity="200"),
        part("C", value="60"),
        part("D", origin="CHN"),
        part("E", nico="99"),
    ]
    for rule, expected in (
        (SAME_PRICE, [["D"], ["A", "B"], ["C"], ["E"]]),
        (ANY_PRICE, [["D"], ["A", "B", "C"], ["E"]]),
        (ONE_PART, [["D"], ["A"], ["B"], ["C"], ["E"]]),
    ):
        found = group(DRAFT, parts, rule)
        assert [[p.number for p in one.parts] for one in found] == expected


def test_records():
    partidas = group(DRAFT, [part("A", note="UNO"), part("B", note="DOS")])
    document, lines, issues = written(partidas)
    assert [issue.code for issue in issues if issue.severity == "error"] == []
    assert [record.type for record in document.records] == (
        "500 501 505 507 511 551 558 999".split()
    )
    assert document.header["clave"] == "IN"
    assert document.of("505")[0]["numero"] == "INV/7"
    assert document.of("505")[0]["valor_dolares"] == Decimal("100.00")
    record = document.partidas[0].record
    assert record["valor_comercial"] == 1825
    assert record["precio_unitario"] == Decimal("9.125")
    assert record["codigo_producto"] is None
    assert document.partidas[0].observations == "UNO DOS"
    assert [line.numero_parte for line in lines] == ["A", "B"]
    assert not document.signed


def test_code_of_a_partida_of_one_part():
    for number, code in (("T-1", "T-1"), ("X" * 21, None), ("A|B", None)):
        document, _lines, _issues = written(group(DRAFT, [part(number)]))
        assert document.partidas[0].record["codigo_producto"] == code


def test_unknown_rule():
    with pytest.raises(ValueError, match="no price rule"):
        group(DRAFT, [part()], "other")


AMOUNTS = st.decimals("0.01", "999999", places=2)
PARTS = st.lists(
    st.builds(
        part,
        number=st.text(min_size=1, max_size=30).filter(
            lambda t: t.isprintable() and t.strip() == t
        ),
        description=st.text(min_size=1, max_size=300).map(lambda t: "A" + t),
        note=st.text(max_size=300),
        value=AMOUNTS,
        quantity=st.decimals("0.001", "99999", places=3),
        origin=st.sampled_from(["USA", "CHN"]),
        fraccion=st.sampled_from(["85369099", "85444999"]),
    ),
    min_size=1,
    max_size=12,
)


@given(
    PARTS,
    st.sampled_from(PRICE_RULES),
    st.decimals("0.0001", "2", places=6),
    st.decimals("10", "30", places=4),
)
def test_whatever_is_shipped_is_read_back(parts, rule, usd_rate, exchange_rate):
    draft = Draft(
        **vars(DRAFT) | {"usd_rate": usd_rate, "exchange_rate": exchange_rate}
    )
    partidas = group(draft, parts, rule)
    document, lines, issues = written(partidas, draft)
    assert [i.text for i in issues if i.severity == "error"] == []
    assert len(lines) == len(parts)
    for declared in document.partidas:
        record = declared.record
        own = [line for line in lines if line.partida == declared.sequence]
        assert sum(line.cantidad_umc for line in own) == record["cantidad_umc"]
        assert sum(line.cantidad_umt for line in own) == record["cantidad_umt"]
        assert sum(line.valor_usd for line in own) == record["valor_dolares"]


def test_identifiers_of_a_part():
    assert identifiers_of("TL|USA; ps|XII") == (("TL", "USA"), ("PS", "XII"))
    assert identifiers_of(" EB ;; NM|NOM-019||x|") == (
        ("EB",),
        ("NM", "NOM-019", "", "x"),
    )
    assert identifiers_of("") == identifiers_of(None) == ()


@pytest.mark.parametrize(
    "text", ["|USA", "TLX|USA", "TL|" + "A" * 21, "TL|A|B|C|D", "TL|A|B|" + "C" * 41]
)
def test_identifiers_that_no_record_holds(text):
    with pytest.raises(ValueError, match=re.escape(text[:2])):
        identifiers_of(text)


def test_identifiers_are_written_and_keep_parts_apart():
    marked = identifiers_of("TL|USA; PS|XII")
    parts = [
        part("A", identifiers=marked),
        part("B", identifiers=marked),
        part("C"),
    ]
    document, lines, issues = written(group(DRAFT, parts))
    assert [issue.text for issue in issues if issue.severity == "error"] == []
    assert [line.partida for line in lines] == [1, 2, 2]
    first, second = document.partidas
    assert len(first.identifiers) == 0
    assert [
        (record["clave"], record["complemento1"], record["complemento2"])
        for record in second.identifiers
    ] == [("TL", "USA", None), ("PS", "XII", None)]


@given(st.lists(st.text(max_size=30), max_size=6).map(";".join))
def test_any_identifiers_are_written_or_refused(text):
    try:
        found = identifiers_of(text)
    except ValueError:
        return
    document, _lines, issues = written(group(DRAFT, [part(identifiers=found)]))
    assert len(document.partidas[0].identifiers) == len(found)
    assert [issue.code for issue in issues if issue.severity == "error"] == []
