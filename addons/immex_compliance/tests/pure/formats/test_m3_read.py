# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime
from decimal import Decimal

import pytest
from immex_formats.m3.layout import LAYOUTS
from immex_formats.m3.record import parse_date
from m3_build import PEDIMENTO, changed, encode, m3_lines, places, read, read_well

ARITIES = (
    "301:11 302:6 351:11 352:11 353:6 355:8 358:7 500:6 501:35 502:9 503:4 504:4 "
    "505:17 506:4 507:6 508:12 509:5 510:5 511:4 512:10 513:8 514:9 515:9 516:4 "
    "520:10 551:26 552:6 553:9 554:8 555:13 556:7 557:7 558:6 560:12 601:11 701:11 "
    "702:5 800:5 801:5 999:7"
)


def test_every_record_has_its_number_of_fields():
    found = {name: layout.arity for name, layout in LAYOUTS.items()}
    assert found == {
        name: int(count)
        for name, _colon, count in (item.partition(":") for item in ARITIES.split())
    }


def test_fields_count_from_two_and_have_names_of_their_own():
    for layout in LAYOUTS.values():
        names = [spec.name for spec in layout.fields]
        assert len(set(names)) == len(names)
        assert all(name.isidentifier() for name in names)
        assert [spec.number for spec in layout.fields] == list(
            range(2, layout.arity + 1)
        )


def test_document():
    (document,), summary = read_well(m3_lines())
    assert (document.patente, document.pedimento) == ("3456", "6000001")
    assert (document.aduana_seccion, document.tipo_movimiento) == ("240", "1")
    assert document.signed and document.signature["firma"] == "FIRMA"
    assert document.header["nombre"] == "ARNESES RÍO BRAVO SA DE CV"
    assert document.header["tipo_cambio"] == Decimal("18.00000")
    assert document.fecha_entrada == datetime.date(2026, 10, 1)
    assert document.fecha_pago == datetime.date(2026, 10, 2)
    assert document.observations == "PRIMERA PARTE Y SEGUNDA PARTE"
    assert [record["clave"] for record in document.identifiers] == ["IM"]
    (reference,) = document.of("512")
    assert reference["fecha_original"] == datetime.date(2025, 11, 15)
    assert reference["cantidad"] == Decimal("0.22900")
    assert list(document.of("551")) == []
    assert len(document.records) == summary.records == len(PEDIMENTO.splitlines())


def test_partidas():
    (document,), _summary = read_well(m3_lines())
    first, second = document.partidas
    assert (first.sequence, first.fraccion, first.line) == (1, "85369099", 13)
    assert first.observations == "OBSERVACIÓN"
    assert [record["clave"] for record in first.identifiers] == ["TL"]
    assert [record["importe"] for record in first.of("557")] == [45, 153]
    assert [record["numero"] for record in first.of("553")] == ["NOM-019"]
    assert first.record["cantidad_umc"] == Decimal("100.000")
    assert str(first.record["cantidad_umt"]) == "1.50000"
    assert first.record["valor_agregado"] is None
    assert [record.type for record in second.records] == ["556", "557"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("eol", ["\r\n", "\n"])
@pytest.mark.parametrize("pipe", ["", "|"])
def test_style_is_found_and_makes_no_difference(encoding, eol, pipe):
    (document,), summary = read_well(encode(m3_lines(), eol, pipe, encoding))
    assert (summary.encoding, summary.eol) == (encoding, eol)
    assert summary.trailing_pipe == bool(pipe)
    assert summary.date_layouts == {"DDMMAAAA"}
    (plain,), _summary = read_well(m3_lines())
    assert [record.fields for record in document.records] == [
        record.fields for record in plain.records
    ]
    assert [record.values for record in document.records] == [
        record.values for record in plain.records
    ]


def test_latin_1_beyond_windows_1252():
    text = changed("RÍO", "R\x81O")
    (document,), summary = read_well(encode(m3_lines(text), encoding="latin-1"))
    assert summary.encoding == "latin-1"
    assert "R\x81O" in document.header["nombre"]


def test_latin_1_far_into_the_file():
    text = changed("OBSERVACIÓN", "OBSERVACION")
    text = changed("RÍO", "RIO", text)
    one = text.replace("CABLE", "CAÑA")
    lines = m3_lines(text * 3000 + one, 3001)
    documents, summary = read_well(encode(lines, encoding="cp1252"))
    assert summary.encoding == "cp1252"
    assert documents[-1].partidas[1].record["descripcion"] == "CAÑA"


def test_byte_order_mark():
    content = b"\xef\xbb\xbf" + encode(m3_lines())
    (document,), summary = read_well(content)
    assert summary.bom and document.opening.type == "500"
    assert not read_well(m3_lines())[1].bom


def test_blank_lines_and_end_mark_are_passed_over():
    content = encode(m3_lines()).replace(b"\r\n511", b"\r\n\r\n511", 1) + b"\x1a"
    (document,), _summary = read_well(content)
    assert document.of("511")[0].line == 11


def test_last_line_without_end():
    (_document,), summary = read_well(encode(m3_lines()).rstrip())
    assert (summary.eol, summary.last_eol) == ("\r\n", "")


def test_unsigned():
    text = changed(
        "800|6000001|1|FIRMA|00001000000512345678", "999|3456|6000001|240||||"
    )
    for pipe in ("", "|"):
        content = encode(m3_lines(text), pipe=pipe)
        documents, _issues, _summary, fatal = read(content)
        assert fatal is None
        assert not documents[0].signed and documents[0].signature is None


def test_several_pedimentos():
    text = PEDIMENTO + PEDIMENTO.replace("6000001", "6000002")
    documents, summary = read_well(m3_lines(text, 2))
    assert [document.pedimento for document in documents] == ["6000001", "6000002"]
    assert documents[1].line == 1 + len(PEDIMENTO.splitlines())
    assert summary.pedimentos == 2


def test_path_in_the_closing_record():
    _documents, summary = read_well(m3_lines(name=r"C:\CASA\VAL\m3456001.275"))
    assert summary.trailer["archivo"] == r"C:\CASA\VAL\m3456001.275"


def test_unknown_record_is_kept_word_for_word():
    text = changed("511|6000001|1|", "599|6000001|1|")
    (document,), issues, _summary, fatal = read(m3_lines(text))
    assert fatal is None
    assert places(issues) == [("unknown_record", 11, 1)]
    assert issues[0].severity == "warning"
    assert document.records[10].text == "599|6000001|1|PRIMERA PARTE Y "


def test_other_records_of_the_layout():
    extra = (
        "502|6000001|TRA010101AB1||TRANSPORTES|MEX|PLACA1|12|CALLE\n"
        "503|6000001|GUIA1|M\n504|6000001|CONT1|4\n"
        "701|3456|6000001|240|R1|02102026|5000009|3456|240|IN|15112025\n"
        "702|6000001|3|0|-12\n"
    )
    (document,), summary = read_well(m3_lines(changed("505|", extra + "505|")))
    assert document.of("502")[0]["bultos"] == 12
    assert document.of("503")[0]["guia"] == "GUIA1"
    assert document.of("504")[0]["contenedor"] == "CONT1"
    assert document.of("701")[0]["pedimento_original"] == "5000009"
    assert document.of("702")[0]["importe"] == -12
    assert summary.records == 29


# dates ------------------------------------------------------------------------------
def test_both_layouts_of_dates():
    text = PEDIMENTO
    for old, new in (
        ("28092026", "20260928"),
        ("01102026", "20261001"),
        ("02102026", "20261002"),
        ("15112025", "20251115"),
    ):
        text = changed(old, new, text)
    (document,), summary = read_well(m3_lines(text))
    assert summary.date_layouts == {"AAAAMMDD"}
    (plain,), _summary = read_well(m3_lines())
    assert document.dates == plain.dates


def test_both_layouts_in_one_file_are_told():
    text = changed("01102026", "20261001")
    (document,), issues, _summary, fatal = read(m3_lines(text))
    assert fatal is None
    assert places(issues) == [("mixed_dates", 0, 0)]
    assert document.fecha_entrada == datetime.date(2026, 10, 1)


def test_no_date_has_two_readings():
    """Every day of the years that are taken, in both layouts."""
    day, end = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
    while day <= end:
        assert parse_date(f"{day:%d%m}{day.year}") == (day, "DDMMAAAA")
        assert parse_date(f"{day.year}{day:%m%d}") == (day, "AAAAMMDD")
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    ["31022026", "00102026", "20261301", "2026101", "202610011", "2026-1-1", "10102126"]
    + ["18991231", "31121899", "٢٠٢٦١٠٠١", "        x", "00000000", "1010202a"],
)
def test_what_is_no_date_is_refused(text):
    assert parse_date(text) is None
    _documents, issues, _summary, _fatal = read(m3_lines(changed("02102026", text)))
    assert places(issues) == [("date", 5, 4)]
