# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime
import io
import pathlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.opening import COLUMNS, SUMMED, OpeningReader

LINE = {
    "pedimento": "25 24 3456 5001234",
    "clave": "IN",
    "fecha_entrada": "2025-03-01",
    "fecha_pago": "28/02/2025",
    "partida": "1",
    "numero_parte": "T-0101",
    "cantidad": "100",
    "saldo": "40.5",
    "saldo_umc": "40.500",
    "umc": "6",
    "saldo_umt": "1.25",
    "umt": "01",
    "fraccion": "85369099",
    "valor_usd": "81.00",
    "valor_aduana": "1458.00",
    "vencimiento": "2026-09-01",
}


def text_of(lines, totals=None):
    """The file of these lines, with their check totals where none are given."""
    if totals is None:
        totals = {
            "numero_parte": "TOTAL",
            "secuencia": str(len(lines)),
            **{name: str(sum(Decimal(row[name]) for row in lines)) for name in SUMMED},
        }
    rows = [*lines, *([totals] if totals else [])]
    return "\n".join(
        ";".join(row)
        for row in (
            list(COLUMNS),
            *([row.get(name, "") for name in COLUMNS] for row in rows),
        )
    )


def read(text):
    reader = OpeningReader(io.BytesIO(text.encode()), "saldos.csv")
    return list(reader), reader


def codes(text):
    _lines, reader = read(text)
    return [(issue.code, issue.line, issue.field_name) for issue in reader.issues]


def test_a_line():
    (line,), reader = read(text_of([LINE]))
    assert not reader.issues
    assert line.fecha_pago == datetime.date(2025, 2, 28)
    assert line.vencimiento == datetime.date(2026, 9, 1)
    assert (line.saldo, line.cantidad) == (Decimal("40.5"), 100)
    assert reader.totals == {
        "lines": 1,
        "saldo": Decimal("40.5"),
        "valor_usd": 81,
        "valor_aduana": 1458,
    }


def test_a_file_without_totals_may_have_been_cut_off():
    with pytest.raises(FormatError, match="cut off"):
        read(text_of([LINE], {}))


@pytest.mark.parametrize("name", ["secuencia", *SUMMED])
def test_other_totals(name):
    totals = {
        "numero_parte": "total",
        "secuencia": "1",
        "saldo": "40.5",
        "valor_usd": "81",
        "valor_aduana": "1458",
    }
    assert not codes(text_of([LINE], totals))
    totals[name] = "41"
    assert codes(text_of([LINE], totals)) == [("totals", 3, name)]
    totals[name] = "x"
    assert ("not_decimal", 3, name) in codes(text_of([LINE], totals))


def test_nothing_follows_the_totals():
    assert codes(text_of([LINE]) + "\n" + text_of([LINE]).splitlines()[1]) == [
        ("after_totals", 4, "")
    ]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("pedimento", "25 24 3456 500123", "number"),
        ("pedimento", "", "field_empty"),
        ("saldo", "100.000001", "balance"),
        ("saldo", "0", "balance"),
        ("saldo", "-1", "not_decimal"),
        ("saldo", "1.0000001", "too_long"),
        ("saldo_umc", "0", "quantity"),
        ("fecha_entrada", "2025-02-29", "not_date"),
        ("fecha_pago", "2/3/2025", "not_date"),
        ("umc", "x", "not_digits"),
        ("clave", "INN", "too_long"),
    ],
)
def test_wrong_cells_are_named(name, value, code):
    text = text_of([LINE | {name: value}, LINE], {}).splitlines()
    text.append(text_of([LINE, LINE]).splitlines()[-1])
    found = [row for row in codes("\n".join(text)) if row[0] != "totals"]
    assert found == [(code, 2, name)]


@given(
    st.lists(st.decimals("0.000001", "999999999", places=6), min_size=1, max_size=20)
)
def test_sums_are_exact(balances):
    lines = [
        LINE | {"saldo": f"{b:f}", "cantidad": "999999999999", "partida": str(n)}
        for n, b in enumerate(balances, 1)
    ]
    read_lines, reader = read(text_of(lines))
    assert not reader.issues
    assert [line.saldo for line in read_lines] == balances
    assert reader.totals["saldo"] == sum(balances)


def test_the_sample_is_right():
    path = pathlib.Path(__file__).parents[3] / "static/samples/saldos_iniciales.csv"
    with path.open("rb") as stream:
        reader = OpeningReader(stream, path.name)
        assert len(list(reader)) == 3
    assert not reader.issues
