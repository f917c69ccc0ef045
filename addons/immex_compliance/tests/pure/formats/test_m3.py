# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.m3 import Limits, M3Writer
from immex_formats.m3.checks import check_document
from immex_formats.m3.layout import LAYOUTS
from immex_formats.m3.record import parse_date
from m3_build import one_reading
from sample import codes, read, write


def fails(data, **options):
    with pytest.raises(FormatError) as caught:
        read(data, **options)
    return caught.value.issue


def test_every_field_is_kept():
    documents, reader = read(write())
    (document,) = documents
    assert not reader.issues and not check_document(document)
    assert (document.patente, document.pedimento, document.signed) == (
        "3456",
        "6001234",
        True,
    )
    assert document.header["tipo_cambio"] == Decimal("18.25000")
    assert document.header["nombre"] == "ARNESES RÍO BRAVO"
    assert document.fecha_pago == datetime.date(2026, 10, 2)
    assert document.observations == "PARTE 1 PARTE 2"
    assert [p.sequence for p in document.partidas] == [1, 2]
    assert document.partidas[1].of("557")[0]["importe"] == 91
    lines = write().decode("cp1252").splitlines()
    assert [record.text for record in document.records] == lines[:-1]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("trailing", [True, False])
@pytest.mark.parametrize("dates", ["DDMMAAAA", "AAAAMMDD"])
def test_written_again_as_it_was(encoding, eol, trailing, dates):
    data = write(encoding=encoding, eol=eol, trailing_pipe=trailing, date_layout=dates)
    documents, reader = read(data)
    summary = reader.summary
    assert not reader.issues
    assert documents[0].fecha_entrada == datetime.date(2026, 10, 2)
    assert (summary.eol, summary.encoding) == (eol, encoding)
    out = io.BytesIO()
    writer = M3Writer(out, "x", eol=summary.eol, encoding=summary.encoding)
    for document in documents:
        for record in document.records:
            writer.raw(record.text)
    writer.raw(summary.trailer.text)
    assert out.getvalue() == data


def test_unsigned_file():
    documents, reader = read(write(signed=False))
    assert not documents[0].signed and not reader.issues


def test_truncated():
    data = write()
    assert fails(data[: data.rindex(b"801|")]).code == "truncated"
    assert fails(data[: len(data) // 2]).code in ("truncated", "not_closed")


def test_a_field_too_many_and_too_few():
    lines = write(trailing_pipe=False).decode("cp1252").split("\r\n")
    at = next(
        i for i, line in enumerate(lines) if line.startswith("510|") or "557|" in line
    )
    lines[at] += "|X"
    _documents, reader = read("\r\n".join(lines).encode("cp1252"))
    assert codes(reader.issues) == [("fields_too_many", at + 1, "")]
    lines[at] = lines[at].rsplit("|", 2)[0]
    _documents, reader = read("\r\n".join(lines).encode("cp1252"))
    assert ("fields_missing", at + 1, "importe") in codes(reader.issues)


@pytest.mark.parametrize("field, name", [(2, "pedimentos"), (3, "registros")])
def test_wrong_count(field, name):
    lines = write(trailing_pipe=False).decode("cp1252").split("\r\n")
    cells = lines[-2].split("|")
    cells[field] = str(int(cells[field]) + 1)
    lines[-2] = "|".join(cells)
    _documents, reader = read("\r\n".join(lines).encode("cp1252"))
    assert codes(reader.issues) == [("wrong_count", len(lines) - 1, name)]


def test_binary_empty_and_too_large():
    assert fails(b"\x00\x01\x02").code == "binary"
    assert fails(b"").code == "empty"
    assert fails(write(), limits=Limits(max_bytes=100)).code == "file_too_large"
    assert fails(b"5" * 9000).code == "line_too_long"
    assert fails(b"hello\n").code == "no_pedimento"


def test_unknown_record_is_kept():
    lines = write().decode("cp1252").split("\r\n")
    lines.insert(5, "577|6001234|NEW|THING|")
    lines[-2] = lines[-2].replace("|1|15|", "|1|16|")
    documents, reader = read("\r\n".join(lines).encode("cp1252"))
    assert [issue.code for issue in reader.issues if issue.severity == "warning"] == [
        "unknown_record"
    ]
    assert documents[0].of("577")[0].fields[2:4] == ["NEW", "THING"]


def test_numbers_are_strict():
    for wrong in ("1e3", "1,000.00", "١٢", "--1", "1.123"):
        data = write().replace(b"|100.00|", f"|{wrong}|".encode(), 1)
        _documents, reader = read(data)
        assert reader.issues, wrong


@pytest.mark.parametrize(
    "text, expected",
    [
        ("20260820", datetime.date(2026, 8, 20)),
        ("20082026", datetime.date(2026, 8, 20)),
        ("20122012", datetime.date(2012, 12, 20)),
        ("20111220", datetime.date(2011, 12, 20)),
        ("31022026", None),
        ("20261331", None),
        ("00000000", None),
        ("2026-8-2", None),
    ],
)
def test_dates(text, expected):
    found = parse_date(text)
    assert (found and found[0]) == expected


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)))
def test_both_layouts_never_collide(day):
    for form in ("%d%m%Y", "%Y%m%d"):
        text = f"{day.day:02d}{day.month:02d}{day.year:04d}"
        if form == "%Y%m%d":
            text = f"{day.year:04d}{day.month:02d}{day.day:02d}"
        assert parse_date(text)[0] == day


def _checked(*changes):
    """Codes of what the checks say of the file with each ``(old, new)`` replaced."""
    data = write().decode("cp1252")
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    (document,), reader = read(data.encode("cp1252"))
    assert not reader.issues
    return [issue.code for issue in check_document(document)]


def test_sum_of_the_invoices():
    assert _checked(("|200.00|", "|200.03|")) == ["invoice_sum"]


def test_returnable_packaging_is_no_part_of_the_sum():
    half = ("|200.00|", "|100.00|")
    assert _checked(half) == ["invoice_sum"]
    mark = "554|6001234|85369099|2|EB||||\r\n"
    assert not _checked(half, ("\n800|", f"\n{mark}800|"), ("|1|14|", "|1|15|"))


@pytest.mark.parametrize(
    "amount, wrong", [(90, True), (91, False), (92, False), (93, True)]
)
def test_contribution_within_a_peso(amount, wrong):
    # 5 % of 1825 is 91.25
    found = _checked(("|5|91|", f"|5|{amount}|"))
    assert found == (["contribution"] if wrong else [])


def test_rfc_and_year_digit():
    number = [("6001234", "3001234")] * write().count(b"6001234")
    changes = [("ARB150612KM4", "NOT AN RFC"), *number]
    assert _checked(*changes) == ["rfc", "year_digit"]


VALUES = {
    "K": st.integers(0, 9).map(str),
    "A": st.text(
        st.characters(
            codec="cp1252", exclude_characters="|\r\n\x1a\ufeff", min_codepoint=32
        ),
        max_size=2,
    ),
    "N": st.integers(0, 999),
    "D": st.integers(0, 999).map(Decimal),
    "F": st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 1, 1)),
}


def _fitting(value, spec):
    return value[: spec.size] if isinstance(value, str) else value


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_values_come_back(data):
    kinds = data.draw(
        st.lists(
            st.sampled_from(["502", "503", "505", "512", "514", "702"]), max_size=6
        )
    )
    stream = io.BytesIO()
    writer = M3Writer(stream, "f", trailing_pipe=True)
    base = {"patente": "3456", "pedimento": "6001234", "aduana_seccion": "240"}
    writer.record("500", tipo_movimiento="1", **base)
    written = []
    for kind in kinds:
        values = {
            spec.name: _fitting(data.draw(VALUES[spec.kind]), spec)
            for spec in LAYOUTS[kind].fields
        }
        values["pedimento"] = "6001234"
        writer.record(kind, **values)
        written.append((kind, values))
    writer.record("999", **base)
    writer.close()
    assume(one_reading(stream.getvalue(), "cp1252"))
    documents, _reader = read(stream.getvalue())
    found = documents[0].general
    assert [record.type for record in found] == kinds
    for record, (_kind, values) in zip(found, written, strict=True):
        for name, value in values.items():
            if isinstance(value, str):
                value = value.strip() or None
            assert record[name] == value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damage_never_crashes(data):
    text = bytearray(write())
    for _step in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 30))
        text[at : at + length] = data.draw(st.binary(max_size=12))
        if not text:
            text = bytearray(b"5")
    try:
        documents, reader = read(bytes(text))
    except FormatError as error:
        assert error.issue.text
        return
    for document in documents:
        for issue in check_document(document):
            assert issue.text
    for issue in reader.issues:
        assert issue.text
