# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats import number
from immex_formats.issues import FormatError
from immex_formats.partfile import PartFileReader

HEADER = (
    "aduana_seccion;patente;pedimento;partida;numero_parte;cantidad_umc;"
    "cantidad_umt;valor_usd;lote"
)
LINE = "240;3456;6001234;1;T-0101;100.000;1.50000;100.00;"


def read(text, encoding="utf-8"):
    reader = PartFileReader(io.BytesIO(text.encode(encoding)), "parts.csv")
    return list(reader), reader


def test_a_line():
    (line,), reader = read(f"\ufeff{HEADER}\r\n{LINE}\r\n\r\n")
    assert not reader.issues
    assert (line.line, line.partida, line.numero_parte) == (2, 1, "T-0101")
    assert (line.cantidad_umc, line.valor_usd) == (Decimal(100), Decimal(100))
    assert line.lote is None and line.secuencia is None


def test_commas_and_english_headers():
    text = (
        "customs_office,patent,document,item,part_number,quantity_umc,quantity_umt,"
        'value_usd\n240,3456,6001234,2,"A,B",1,2,3\n'
    )
    (line,), reader = read(text, "cp1252")
    assert line.numero_parte == "A,B" and not reader.issues


@pytest.mark.parametrize(
    "old, new, column, code",
    [
        ("100.000", "-1", "cantidad_umc", "not_decimal"),
        ("100.000", "1e3", "cantidad_umc", "not_decimal"),
        ("1.50000", "1.123456", "cantidad_umt", "too_long"),
        ("T-0101", "", "numero_parte", "field_empty"),
        ("6001234", "60A1234", "pedimento", "not_digits"),
    ],
)
def test_what_is_wrong_is_named(old, new, column, code):
    lines, reader = read(f"{HEADER}\n{LINE.replace(old, new, 1)}\n")
    assert not lines
    (issue,) = reader.issues
    assert (issue.line, issue.field_name, issue.code) == (2, column, code)
    assert issue.text


def test_other_files_are_refused():
    for text in ("", "a;b;c\n1;2;3\n", f'{HEADER}\n240;"open\n'):
        with pytest.raises(FormatError):
            read(text)


@given(st.binary(max_size=300))
def test_garbage_never_crashes(data):
    try:
        list(PartFileReader(io.BytesIO(HEADER.encode() + b"\n" + data), "x"))
    except FormatError as error:
        assert error.issue.text


@given(st.from_regex(r"[0-9]{15}", fullmatch=True))
def test_number_in_any_spacing(digits):
    shown = number.display(digits)
    assert len(shown) == 21
    assert number.parse_number(shown) == digits
    assert number.parse_number(shown.replace("  ", " ")) == digits


@pytest.mark.parametrize(
    "text", ["", "123", "2624345660012345", "26 24 3456 600123A", None]
)
def test_no_number(text):
    with pytest.raises(ValueError):
        number.parse_number(text)


def test_year_of_a_number():
    paid = datetime.date(2026, 1, 3)
    assert number.year_of("6000001", paid) == 2026
    # numbered last year, paid in January
    assert number.year_of("5099999", paid) == 2025
    assert number.number15(2026, "24", "3456", "6000001") == "262434566000001"
