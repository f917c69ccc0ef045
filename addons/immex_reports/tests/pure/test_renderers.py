# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from datetime import date
from decimal import Decimal

import libreoffice_readback as libreoffice
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immex_reports.definitions import REPORTS, Column, Header, Report
from immex_reports.renderers import clean, schema, write_xlsx, write_xml
from lxml import etree
from reports_readback import (
    HEAD_ROWS,
    cell_of,
    cell_read,
    formulas,
    part,
    read_xlsx,
    read_xml,
)

REPORT = Report(
    code="prueba",
    title="Reporte de prueba",
    query="",
    source="Ley",
    columns=(
        Column("texto", "Texto", "Text"),
        Column("fecha", "Fecha", "Date", "date"),
        Column("numero", "Número", "Number", "integer"),
        Column("cantidad", "Cantidad", "Quantity", "quantity", 6, "texto"),
        Column("valor", "Valor", "Value", "money", 2, "USD", total=True),
        Column("si", "Sí", "Yes", "flag"),
    ),
)
HEADER = Header(
    "Arneses & Cía <del> Norte",
    "ADN150203AB1",
    "1234-2019",
    date(2026, 10, 1),
    date(2026, 10, 31),
)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "http://example.com",
    "mailto:a@b.mx",
    "<b>&amp;</b>",
    "]]>",
    "_x0041_",
    "00012",
    "1e5",
    "  spaces  ",
    "line\nline\ttab",
    "{=A1}",
    "'quoted",
    "ñandú €\U0001f600",
]

texts = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40
)


def rows_of(quantity, amount):
    """Rows of the report; the bounds of its decimals as text."""
    return st.lists(
        st.tuples(
            st.none() | texts,
            st.none() | st.dates(date(1900, 3, 1), date(9999, 12, 31)),
            st.none() | st.integers(-(2**31), 2**31 - 1),
            st.none() | st.decimals("-" + quantity, quantity, places=6),
            st.none() | st.decimals("-" + amount, amount, places=2),
            st.none() | st.booleans(),
        ),
        max_size=12,
    )


rows_strategy = rows_of("999999999999", "9999999999999999")
# Excel keeps 15 significant digits, also of the sum of twelve rows
excel_rows = rows_of("99999999", "99999999999")


def xlsx(rows, report=REPORT, header=HEADER, **options):
    stream = io.BytesIO()
    result = write_xlsx(report, header, iter(rows), stream, **options)
    stream.seek(0)
    return stream, result


def xml(rows, report=REPORT, header=HEADER):
    stream = io.BytesIO()
    result = write_xml(report, header, iter(rows), stream)
    stream.seek(0)
    return stream, result


def xml_text(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return clean(value)


def sums(rows):
    return {"valor": sum((row[4] or 0 for row in rows), Decimal(0))}


@given(rows=rows_strategy)
def test_xml_reads_back_exactly(rows):
    stream, (count, totals) = xml(rows)
    etree.XMLSchema(etree.fromstring(schema(REPORT))).assertValid(etree.parse(stream))
    stream.seek(0)
    head, read, read_totals, read_count = read_xml(REPORT, stream)
    assert read == [tuple(map(xml_text, row)) for row in rows]
    assert count == read_count == len(rows)
    assert {name: Decimal(text) for name, text in read_totals.items()} == sums(rows)
    assert totals == sums(rows)
    assert head["razonSocial"] == HEADER.company
    assert (head["desde"], head["hasta"]) == ("2026-10-01", "2026-10-31")


@settings(max_examples=60, deadline=None)
@given(rows=excel_rows, max_rows=st.sampled_from([7, 9, 1_048_576]))
def test_xlsx_reads_back(rows, max_rows):
    stream, (count, totals) = xlsx(rows, max_rows=max_rows)
    _head, read, read_totals, sheets = read_xlsx(REPORT, stream)
    expected = [
        tuple(
            cell_of(column, clean(value) if isinstance(value, str) else value)
            for column, value in zip(REPORT.columns, row, strict=True)
        )
        for row in rows
    ]
    found = [
        tuple(map(cell_read, REPORT.columns, row)) for row in read if any_cell(row)
    ]
    assert found == [row for row in expected if any_cell(row)]
    assert count == len(rows)
    assert totals == sums(rows)
    assert cell_read(None, read_totals["valor"]) == cell_of(None, totals["valor"])
    per_sheet = max_rows - 6
    assert len(sheets) == max(1, -(-len(rows) // per_sheet))


def any_cell(row):
    return any(value is not None for value in row)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text):
    rows = [(text, None, None, None, Decimal(1), None)]
    header = Header(text, text, text, date(2026, 1, 1), date(2026, 1, 31))
    stream, _result = xlsx(rows, header=header)
    assert [found for _sheet, found in formulas(stream)] == ["=SUBTOTAL(109,E6:E6)"]
    _head, read, _totals, _sheets = read_xlsx(REPORT, stream)
    assert cell_read(None, read[0][0]) == text
    assert b"<hyperlink" not in part(stream, "xl/worksheets/sheet1.xml")
    stream, _result = xml(rows, header=header)
    head, read, _totals, _count = read_xml(REPORT, stream)
    assert read[0][0] == text
    assert head["rfc"] == text


@pytest.mark.skipif(not libreoffice.SOFFICE, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same(tmp_path):
    rows = [
        (text, date(1950, 2, 28), number, Decimal("-0.000001"), Decimal("0.10"), True)
        for number, text in enumerate(HOSTILE)
    ]
    stream, (_count, totals) = xlsx(rows)
    path = tmp_path / "libro.xlsx"
    path.write_bytes(stream.read())
    [saved] = libreoffice.convert([path], tmp_path)
    _head, read = libreoffice.rows_of(saved, len(REPORT.columns), HEAD_ROWS)
    assert read.pop()[4] == totals["valor"]
    for line, row in zip(read, rows, strict=True):
        # its cells hold no tab
        assert line == [row[0].replace("\t", ""), *row[1:5], "Sí"]


def test_text_too_long_for_a_cell():
    long = "x" * 40_000
    stream, _result = xlsx([(long, None, None, None, None, None)])
    assert read_xlsx(REPORT, stream)[1][0][0] == long[:32_767]
    stream, _result = xml([(long, None, None, None, None, None)])
    assert read_xml(REPORT, stream)[1][0][0] == long


def test_long_names_fit_the_printed_header():
    header = Header("&" * 300, "R" * 300, "P" * 300, None, date(2026, 1, 31))
    stream, _result = xlsx([], header=header)
    sheet = etree.fromstring(part(stream, "xl/worksheets/sheet1.xml"))
    printed = sheet.findtext(".//{*}oddHeader")
    assert printed
    assert len(printed) <= 255


def test_page_set_up():
    stream, _result = xlsx([("a", None, 1, None, Decimal("1.10"), True)] * 3)
    sheet = etree.fromstring(part(stream, "xl/worksheets/sheet1.xml"))
    header = sheet.findtext(".//{*}oddHeader")
    for words in ("Arneses && Cía", "ADN150203AB1", "1234-2019"):
        assert words in header
    assert "Reporte de prueba" in sheet.findtext(".//{*}oddFooter")
    assert sheet.find(".//{*}pageSetup").get("orientation") == "landscape"
    assert sheet.find(".//{*}pageSetup").get("fitToHeight") == "0"
    assert sheet.find(".//{*}pane").get("ySplit") == "5"
    assert sheet.find(".//{*}autoFilter").get("ref") == "A5:F8"
    book = etree.fromstring(part(stream, "xl/workbook.xml"))
    names = {node.get("name"): node.text for node in book.iterfind(".//{*}definedName")}
    assert names["_xlnm.Print_Titles"] == "Reporte!$1:$5"
    head, _rows, totals, _sheets = read_xlsx(REPORT, stream)
    assert head == [
        "Reporte de prueba",
        "Arneses & Cía <del> Norte  RFC ADN150203AB1",
        "Programa IMMEX 1234-2019",
        "Del 01/10/2026 al 31/10/2026",
    ]
    assert totals == {"valor": 3.3}


def test_total_is_a_formula_with_its_exact_value():
    rows = [(None, None, None, None, Decimal("0.10"), None)] * 3
    stream, _result = xlsx(rows)
    assert formulas(stream) == [("Reporte", "=SUBTOTAL(109,E6:E8)")]
    assert b"<v>0.30</v>" in part(stream, "xl/worksheets/sheet1.xml")
    stream, _result = xlsx(rows, max_rows=8)
    assert formulas(stream) == [
        ("Reporte 2", "=SUM('Reporte'!E6:E7,'Reporte 2'!E6:E6)")
    ]


def test_same_rows_same_file():
    rows = [("a", date(2026, 1, 2), 1, Decimal("1.5"), Decimal("2.00"), False)]
    assert xml(rows)[0].getvalue() == xml(rows)[0].getvalue()
    sheets = [part(xlsx(rows)[0], "xl/worksheets/sheet1.xml") for _turn in range(2)]
    assert sheets[0] == sheets[1]


def test_rows_are_not_kept():
    """The writers take one row at a time and keep none."""
    taken = []

    def rows():
        for number in range(50):
            taken.append(number)
            yield ("x", None, number, None, Decimal(number), None)

    class Watching(io.BytesIO):
        def write(self, data):
            seen.append(len(taken))
            return super().write(data)

    seen = []
    write_xml(REPORT, HEADER, rows(), Watching())
    assert len(taken) == 50
    assert seen[0] < 50


@pytest.mark.parametrize("code", REPORTS)
def test_every_report_without_rows(code):
    report = REPORTS[code]
    stream, (count, _totals) = xlsx([], report)
    assert count == 0
    assert read_xlsx(report, stream)[1] == []
    stream, _result = xml([], report)
    document = etree.parse(stream)
    etree.XMLSchema(etree.fromstring(schema(report))).assertValid(document)


def test_schema_refuses_wrong_values():
    validator = etree.XMLSchema(etree.fromstring(schema(REPORT)))
    stream, _result = xml([("a", date(2026, 1, 2), 1, Decimal("1.5"), None, None)])
    good = stream.getvalue()
    assert validator.validate(etree.fromstring(good))
    for old, new in (
        (b"<numero>1<", b"<numero>uno<"),
        (b"<cantidad>1.5<", b"<cantidad>1.1234567<"),
        (b"<fecha>2026-01-02<", b"<fecha>02/01/2026<"),
        (b"<texto>a</texto>", b"<otro>a</otro>"),
    ):
        assert old in good
        assert not validator.validate(etree.fromstring(good.replace(old, new)))
