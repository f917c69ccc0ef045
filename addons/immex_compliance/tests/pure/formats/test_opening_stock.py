# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import pathlib

import pytest
from immex_formats.issues import FormatError
from immex_formats.opening_stock import COLUMNS, OpeningStockReader

LINE = {
    "numero_parte": "ARN-100",
    "orden": "OP-1",
    "cantidad": "10",
    "material": "T-0101",
    "estatus": "Temporal",
    "incorporado": "40",
    "merma": "0.5",
}
TOTAL = {
    "numero_parte": "TOTAL",
    "secuencia": "1",
    "incorporado": "40",
    "merma": "0.5",
}


def read(*rows):
    text = "\n".join(
        ",".join(row)
        for row in (
            list(COLUMNS),
            *([row.get(name, "") for name in COLUMNS] for row in rows),
        )
    )
    reader = OpeningStockReader(io.BytesIO(text.encode()), "productos.csv")
    lines = list(reader)
    found = [(issue.code, issue.line, issue.field_name) for issue in reader.issues]
    return lines, found


def test_a_line():
    (line,), found = read(LINE, TOTAL)
    assert not found
    assert (line.cantidad, line.incorporado, line.lote) == (10, 40, None)


def test_without_totals_it_may_have_been_cut_off():
    with pytest.raises(FormatError, match="cut off"):
        read(LINE)


@pytest.mark.parametrize("name", ["secuencia", "incorporado", "merma"])
def test_other_totals(name):
    _lines, found = read(LINE, TOTAL | {name: "41"})
    assert found == [("totals", 3, name)]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("numero_parte", "", "field_empty"),
        ("cantidad", "0", "quantity"),
        ("cantidad", "-1", "not_decimal"),
        ("cantidad", "1.0000001", "too_long"),
        ("estatus", "importado", "status"),
        ("estatus", "", "field_empty"),
        ("material", "", "field_empty"),
    ],
)
def test_wrong_cells_are_named(name, value, code):
    lines, found = read(LINE | {name: value}, TOTAL)
    assert not lines
    assert found == [(code, 2, name)]


def test_a_material_may_be_lost_whole_but_not_be_nothing():
    rows = LINE | {"incorporado": "0"}, TOTAL | {"incorporado": "0"}
    assert not read(*rows)[1]
    nothing = LINE | {"incorporado": "0", "merma": ""}
    _lines, found = read(nothing, TOTAL | {"incorporado": "0", "merma": "0"})
    assert found == [("quantity", 2, "incorporado")]


def test_the_sample_is_right():
    path = pathlib.Path(__file__).parents[3] / "static/samples"
    with (path / "productos_en_existencia.csv").open("rb") as stream:
        reader = OpeningStockReader(stream, "productos.csv")
        assert len(list(reader)) == 3
    assert not reader.issues
