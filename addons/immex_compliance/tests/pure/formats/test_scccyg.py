# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The files of the SCCCyG: written and read again in every layout, damaged, hostile."""

import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.scccyg import (
    DATE_FORMATS,
    DESTINATIONS,
    PERIODS,
    DischargeReport,
    Goods,
    InitialLine,
    Layout,
    Limits,
    ScccygReader,
    ScccygWriter,
    Zero,
)
from immex_formats.scccyg.layout import DETAILS, ENCODINGS, EOLS, SEPARATORS

LINE = InitialLine(
    "3456",
    "6001234",
    "240",
    datetime.date(2026, 10, 2),
    "85369099",
    Decimal("1825.50"),
)
REPORT = DischargeReport(
    "return",
    2026,
    "month",
    10,
    goods=[Goods("85369099", Decimal("100.25")), Goods("84798999", Decimal(7), True)],
    pedimentos=[("3456", "6001234", "240")],
    folios=["AVISO-1"],
)


def digits(size):
    return st.text("0123456789", min_size=size, max_size=size)


codes = st.text("0123456789ABCDEFGHIJ", min_size=1, max_size=3)
folios = st.text("ABCDEFGH0123456789-", min_size=1, max_size=20)


@st.composite
def layouts(draw):
    kinds = draw(st.lists(codes, min_size=6, max_size=6, unique=True))
    targets = draw(
        st.lists(
            codes,
            min_size=len(DESTINATIONS),
            max_size=len(DESTINATIONS),
            unique=True,
        )
    )
    yes, no = draw(st.lists(codes, min_size=2, max_size=2, unique=True))
    first, starts = draw(st.integers(0, 50)), {}
    for name in draw(st.permutations(list(PERIODS))):
        starts[name] = first
        first += PERIODS[name] + draw(st.integers(0, 5))
    names = ("initial", "correction", "header", "goods", "pedimentos", "folios")
    return Layout(
        separator=draw(st.sampled_from(SEPARATORS)),
        trailing=draw(st.booleans()),
        eol=draw(st.sampled_from(list(EOLS))),
        encoding=draw(st.sampled_from(ENCODINGS)),
        dates=draw(st.sampled_from(list(DATE_FORMATS))),
        decimals=draw(st.integers(0, 6)),
        yes=yes,
        no=no,
        zero=f"{kinds[0]} EN CEROS",
        order=tuple(draw(st.permutations(DETAILS))),
        destinations=dict(zip(DESTINATIONS, targets, strict=True)),
        periods=starts,
        **dict(zip(names, kinds, strict=True)),
    )


def values(layout):
    return st.decimals(0, 10**12, places=layout.decimals, allow_nan=False)


@st.composite
def contents(draw):
    layout = draw(layouts())
    lines = draw(
        st.lists(
            st.builds(
                InitialLine,
                digits(4),
                digits(7),
                digits(3),
                st.dates(datetime.date(1990, 1, 1), datetime.date(2099, 12, 31)),
                digits(8),
                values(layout),
                st.booleans(),
                st.just("") | folios,
            ),
            max_size=4,
        )
    )
    reports = []
    for _index in range(draw(st.integers(0, 3))):
        period = draw(st.sampled_from(list(PERIODS)))
        reports.append(
            DischargeReport(
                draw(st.sampled_from(DESTINATIONS)),
                draw(st.integers(1990, 2099)),
                period,
                draw(st.integers(1, PERIODS[period])),
                draw(st.just("") | folios),
                draw(
                    st.lists(
                        st.builds(Goods, digits(8), values(layout), st.booleans()),
                        max_size=3,
                    )
                ),
                draw(st.lists(st.tuples(digits(4), digits(7), digits(3)), max_size=3)),
                draw(st.lists(folios, max_size=2)),
            )
        )
    return layout, lines, reports


def written(layout, lines=(), reports=(), zero=False):
    stream = io.BytesIO()
    writer = ScccygWriter(stream, layout)
    if zero:
        writer.zero()
    for line in lines:
        writer.initial(line)
    for report in reports:
        writer.report(report)
    return stream.getvalue()


def read(content, layout=None, limits=None):
    reader = ScccygReader(io.BytesIO(content), layout or Layout(), limits)
    found = list(reader)
    for item in found:
        if isinstance(item, DischargeReport):
            item.line = 0
    return found, reader.issues


@given(contents())
def test_what_is_written_is_read(content):
    layout, lines, reports = content
    data = written(layout, lines, reports)
    found, issues = read(data, layout)
    assert not issues
    assert found == [*lines, *reports]
    assert written(layout, found[: len(lines)], found[len(lines) :]) == data


@given(layouts())
def test_zeros(layout):
    found, issues = read(written(layout, zero=True), layout)
    assert (found, list(issues)) == ([Zero()], [])


def test_as_a_public_reader_has_it():
    assert written(Layout(), [LINE], [REPORT]).decode() == (
        "01|3456|6001234|240|02102026|85369099|1825.50|N\r\n"
        "02|1|2026|10\r\n"
        "03|85369099|100.25|N\r\n"
        "03|84798999|7.00|S\r\n"
        "04|3456|6001234|240\r\n"
        "05|AVISO-1\r\n"
    )


def test_rounded_once_half_up():
    layout = Layout(decimals=0)
    line = InitialLine(*[*vars_of(LINE)[:5], Decimal("2.5"), False, ""])
    assert b"|3|N" in written(layout, [line])


def vars_of(line):
    return [getattr(line, name) for name in InitialLine.__slots__]


@pytest.mark.parametrize(
    "text, code, number, name",
    [
        ("01|345|6001234|240|02102026|85369099|1|N", "field", 2, "patente"),
        ("01|3456|6001234|240|2102026|85369099|1|N", "field", 5, "fecha"),
        ("01|3456|6001234|240|31022026|85369099|1|N", "field", 5, "fecha"),
        ("01|3456|6001234|240|02102026|85369099|1.234|N", "field", 7, "valor"),
        ("01|3456|6001234|240|02102026|85369099|-1|N", "field", 7, "valor"),
        ("01|3456|6001234|240|02102026|85369099|1|X", "field", 8, "af"),
        ("01|3456|6001234|240|02102026|85369099|1", "fields", 0, ""),
        ("09|3456|6001234|240|02102026|85369099|1|N", "fields", 0, ""),
        ("02|77|2026|1", "unknown", 2, "destino"),
        ("02|1|2026|99", "unknown", 4, "periodo"),
        ("02|1|26|1", "field", 3, "anio"),
        ("03|85369099|1|N", "no_header", 0, ""),
        ("77|1", "unknown_record", 1, ""),
    ],
)
def test_an_error_names_line_and_field(text, code, number, name):
    found, issues = read(b"\r\n" + text.encode() + b"\r\n")
    assert not found
    (issue,) = issues
    assert (issue.code, issue.line) == (code, 2)
    assert (issue.field_number, issue.field_name) == (number, name)


def test_details_of_a_wrong_header_are_no_errors_of_their_own():
    _found, issues = read(b"02|77|2026|1\r\n03|85369099|1|N\r\n04|1|2|3\r\n")
    assert [issue.code for issue in issues] == ["unknown"]


@given(st.binary(max_size=400))
def test_garbage_is_told(content):
    try:
        _found, issues = read(content)
    except FormatError as error:
        assert error.issue.text
    else:
        assert all(issue.text for issue in issues)


@given(contents(), st.integers(0, 2000), st.binary(min_size=1, max_size=3))
def test_damage_is_told_or_still_reads(content, place, noise):
    layout, lines, reports = content
    data = written(layout, lines, reports)
    assume(data)
    place %= len(data)
    try:
        read(data[:place] + noise + data[place + 1 :], layout)
    except FormatError as error:
        assert error.issue.text


def test_limits():
    line = written(Layout(), [LINE])
    with pytest.raises(FormatError, match="larger"):
        read(line * 10, limits=Limits(max_bytes=100))
    with pytest.raises(FormatError, match="longer"):
        read(b"05|" + b"x" * 9000)
    with pytest.raises(FormatError, match="errors"):
        read(b"77|\n" * 500, limits=Limits(max_issues=20))
    report = written(Layout(), (), [REPORT]) + b"05|F\r\n" * 20
    with pytest.raises(FormatError, match="lines"):
        read(report, limits=Limits(max_records=10))
    with pytest.raises(FormatError, match="utf-8"):
        read(b"05|\xf1\n")


@pytest.mark.parametrize("folio", ["A|B", "A\nB", " A"])
def test_a_text_that_would_be_read_otherwise_is_not_written(folio):
    report = DischargeReport("return", 2026, "month", 1, folio)
    with pytest.raises(ValueError, match="separator"):
        written(Layout(), (), [report])


@pytest.mark.parametrize(
    "setting",
    [
        {"yes": "N"},
        {"goods": "02"},
        {"separator": "-"},
        {"dates": "?"},
        {"periods": {"month": 1, "fortnight": 5, "bimester": 40}},
        {"period_codes": {"month": ("1", "2")}},
        {"period_codes": {"bimester": ("A", "B", "C", "D", "E", "1")}},
        {"order": ("goods",)},
        {"zero": " "},
    ],
)
def test_settings_that_read_two_ways_are_refused(setting):
    with pytest.raises(ValueError, match="alike"):
        Layout(**setting)
