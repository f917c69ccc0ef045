# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.number import Parts, parse_number, split
from immex_formats.partfile import COLUMNS, PartFileReader
from immex_formats.text import Limits

HEADER = "aduana_seccion,patente,pedimento,partida,numero_parte,cantidad_umc,"
HEADER += "cantidad_umt,valor_usd,descripcion\n"
LINE = "240,3456,6000001,1,T-1,1.000,0.50000,2.50,TERMINAL\n"


def fatal(content, limits=None):
    if isinstance(content, str):
        content = content.encode()
    with pytest.raises(FormatError) as caught:
        list(PartFileReader(io.BytesIO(content), "x", limits))
    assert caught.value.issue.text
    return caught.value.issue.code, caught.value.issue.line


def test_what_is_no_part_file():
    assert fatal("") == ("empty", 0)
    assert fatal("\n") == ("columns_missing", 1)
    assert fatal("\ufeff") == ("columns_missing", 1)
    assert fatal("a\rb\n") == ("columns_missing", 1)
    assert fatal(HEADER.replace("partida,", "")) == ("columns_missing", 1)
    assert fatal(HEADER.encode() + b"\x00") == ("binary", 0)
    assert fatal(HEADER.encode("utf-16")) == ("binary", 0)
    assert fatal(HEADER + "x" * 9000) == ("line_too_long", 2)
    assert fatal(HEADER, Limits(max_bytes=20)) == ("file_too_large", 0)


def test_column_that_is_there_twice():
    twice = HEADER.replace("descripcion", "lote,serie")
    assert fatal(twice) == ("columns_repeated", 1)


def test_quote_that_is_never_closed():
    code, line = fatal(HEADER + LINE + '240,"3456' + ",\n" * 50)
    assert code == "csv" and line > 2


def test_cell_without_end():
    code, _line = fatal(HEADER + '240,"' + ("x" * 4000 + "\n") * 100)
    assert code == "csv"


def test_errors_name_line_and_column_and_have_an_end():
    content = HEADER + LINE + LINE.replace(",T-1,", ",,") + LINE.rstrip() + ",9\n"
    reader = PartFileReader(io.BytesIO(content.encode()), "x")
    assert [line.line for line in reader] == [2]
    assert [(i.code, i.line, i.field_number, i.field_name) for i in reader.issues] == [
        ("field_empty", 3, 5, "numero_parte"),
        ("columns", 4, 0, ""),
    ]
    endless = HEADER + LINE.replace(",T-1,", ",,") * 1000
    assert fatal(endless, Limits(max_issues=10)) == ("too_many", 12)


def test_latin_1_and_text_that_looks_like_a_formula():
    content = HEADER + LINE.replace("TERMINAL", "=CAÑA()")
    for encoding in ("utf-8", "cp1252"):
        reader = PartFileReader(io.BytesIO(content.encode(encoding)), "x")
        (line,) = reader
        assert (line.descripcion, reader.encoding) == ("=CAÑA()", encoding)


def digits(size):
    return st.from_regex(rf"[0-9]{{{size}}}", fullmatch=True)


def amount(size, decimals):
    return st.integers(0, 10 ** (size + decimals) - 1).map(
        lambda number: Decimal(number).scaleb(-decimals)
    )


WORD = st.text(
    st.characters(codec="utf-8", min_codepoint=33, exclude_categories=["Z", "C"]),
    min_size=1,
    max_size=20,
)
ROW = st.fixed_dictionaries(
    {
        "aduana_seccion": digits(3),
        "patente": digits(4),
        "pedimento": digits(7),
        "partida": st.integers(0, 99999),
        "secuencia": st.none() | st.integers(0, 99999),
        "numero_parte": WORD,
        "descripcion": st.none() | WORD,
        "cantidad_umc": amount(15, 3),
        "umc": st.none() | digits(2),
        "cantidad_umt": amount(18, 5),
        "umt": st.none() | digits(1),
        "valor_usd": amount(14, 2),
        "valor_comercial": st.none() | amount(14, 2),
        "valor_aduana": st.none() | amount(14, 2),
        "pais_origen": st.none() | st.sampled_from(["USA", "CHN"]),
        "factura": st.none() | WORD,
        "lote": st.none() | WORD,
    }
)


@given(st.lists(ROW, min_size=1, max_size=4), st.sampled_from(",;"))
def test_any_lines_come_back(rows, separator):
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(COLUMNS), delimiter=separator)
    writer.writeheader()
    for row in rows:
        writer.writerow({k: "" if v is None else _text(v) for k, v in row.items()})
    reader = PartFileReader(io.BytesIO(stream.getvalue().encode()), "x")
    found = list(reader)
    assert reader.issues == []
    assert [{name: getattr(line, name) for name in COLUMNS} for line in found] == rows


def _text(value):
    return format(value, "f") if isinstance(value, Decimal) else str(value)


# numbers ----------------------------------------------------------------------------
def test_parts_of_a_number():
    parts = Parts("26", "24", "3456", "6000001")
    for text in ("26  24  3456  6000001", "26 24 3456 6000001", "26-24-3456-6000001"):
        assert split(text) == parts
    assert parse_number("".join(parts)) == "262434566000001"
    with pytest.raises(ValueError):
        split("٢٦٢٤٣٤٥٦٦٠٠٠٠٠١")
