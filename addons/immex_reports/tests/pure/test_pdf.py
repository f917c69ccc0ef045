# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import tracemalloc
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immex_reports.definitions import REPORTS, Column, Header
from immex_reports.renderers import TooManyRows, limited, write_pdf
from immex_reports.renderers.pdf import (
    LEAST_SQUEEZE,
    LEGAL,
    LETTER,
    MARGIN,
    TABLOID,
    _Layout,
    text_of,
    wrap,
)
from immex_reports.renderers.pdf_file import encode, width_of
from pypdf import PdfReader

HEADER = Header(
    "Arneses & Cía (Norte), S.A. de C.V.",
    "ADN150203AB1",
    "1234-2019",
    date(2026, 10, 1),
    date(2026, 10, 31),
    seal="Sello del periodo 2026-10: " + "0f" * 32,
    printed="28/11/2026 21:40",
)


def written(report, rows, header=HEADER):
    stream = io.BytesIO()
    result = write_pdf(report, header, iter(rows), stream)
    stream.seek(0)
    return PdfReader(stream, strict=True), result


def words(text):
    return "".join(text.split())


def row(report, number):
    """A row with something in every column."""
    values = {
        "date": date(2026, 10, 1 + number % 28),
        "integer": number,
        "flag": bool(number % 2),
        "quantity": Decimal(1234567 + number),
        "money": Decimal("98765432.10") + number,
        "text": f"Conector, sellado de {number} vías",
    }
    return tuple(values[column.type] for column in report.columns)


@pytest.mark.parametrize("code", REPORTS)
def test_every_page_says_what_it_is(code):
    report = REPORTS[code]
    rows = [row(report, number) for number in range(56)]
    file, (count, totals) = written(report, rows)
    assert count == 56
    assert len(file.pages) > 1
    for number, page in enumerate(file.pages, start=1):
        said = words(page.extract_text())
        for text in (
            report.title,
            report.source,
            HEADER.company,
            HEADER.rfc,
            HEADER.program,
            HEADER.period_text(report),
            HEADER.seal,
            HEADER.printed,
            f"Página {number} de {len(file.pages)}",
        ):
            assert words(text) in said, text
        box = page.mediabox
        assert (box.width, box.height) in (LETTER, LEGAL, TABLOID)
        for column in report.columns:
            assert words(column.label.split()[0]) in said
    last = words(file.pages[-1].extract_text())
    assert "Renglones:56" in last
    for total in totals.values():
        assert f"{total:,.2f}" in last
    everything = "".join(words(page.extract_text()) for page in file.pages)
    for values in rows:
        for column, value in zip(report.columns, values, strict=True):
            if column.numeric or column.type == "date":
                assert text_of(column, value) in everything


@pytest.mark.parametrize("code", REPORTS)
def test_columns_fit_the_paper(code):
    layout = _Layout(REPORTS[code].columns)
    right = layout.left[-1] + layout.widths[-1]
    assert right <= layout.paper[0] - MARGIN + 0.01
    assert layout.size >= 5.5


def test_without_rows():
    file, (count, _totals) = written(REPORTS["saldos"], [], replace(HEADER, seal=""))
    assert count == 0
    [page] = file.pages
    assert "Sin renglones" in page.extract_text()
    assert file.metadata.title == REPORTS["saldos"].title
    assert file.metadata.author == HEADER.company


texts = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("ab \n()\\"),
    ),
    max_size=120,
)


@settings(deadline=None)
@given(text=texts, width=st.floats(12, 200), size=st.sampled_from([5.5, 8, 11]))
def test_lines_fit_their_cell(text, width, size):
    lines = wrap(text, width, size)
    for data, squeeze in lines:
        assert LEAST_SQUEEZE - 1e-9 <= squeeze <= 1
        assert width_of(data, size) * squeeze <= width + 1e-6 or len(data) == 1
    whole = b"".join(data for data, _squeeze in lines).replace(b" ", b"")
    expected = b"".join(map(encode, text.split("\n"))).replace(b" ", b"")
    if whole.endswith(b"\x85"):
        assert expected.startswith(whole[:-1]) or len(lines) == 12
    else:
        assert whole == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(texts, st.decimals("-1e20", "1e20", places=6)), max_size=8))
def test_hostile_texts_break_no_file(rows):
    report = replace(
        REPORTS["saldos"],
        columns=(
            Column("texto", "Texto", "Text", width=10),
            Column("cantidad", "Cantidad", "Quantity", "quantity", 6),
        ),
    )
    file, (count, _totals) = written(report, rows)
    assert count == len(rows)
    said = "".join(words(page.extract_text()) for page in file.pages)
    for _text, number in rows:
        assert f"{number:,.6f}" in said


def test_letters_of_no_western_alphabet():
    assert encode("Ñandú €") == b"\xd1and\xfa \x80"
    assert encode("N\u0303andu\u0301") == b"\xd1and\xfa"
    assert encode("\u96fb\u7ddaA\x07") == b"??A "
    assert encode("10:14\u202fp.m. \u22125") == b"10:14 p.m. -5"


def test_more_rows_than_are_printed():
    assert list(limited(iter("abc"), 3)) == list("abc")
    with pytest.raises(TooManyRows):
        list(limited(iter("abcd"), 3))


def test_memory_does_not_grow_with_the_report():
    report = REPORTS["descargos"]
    reached = []

    class Sink:
        def write(self, data):
            reached.append(taken)

    taken = 0

    def rows(count):
        nonlocal taken
        for taken in range(count):
            yield row(report, taken % 50)

    def peak(count):
        tracemalloc.start()
        write_pdf(report, HEADER, rows(count), Sink())
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(100)
    few = peak(300)
    reached.clear()
    many = peak(1500)
    assert reached[4] < 200, "a page is written as soon as it is full"
    reached.clear()
    assert many - few < 400_000
