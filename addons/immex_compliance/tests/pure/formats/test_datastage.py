# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.datastage import (
    TABLES,
    DataStageReader,
    DataStageWriter,
    ZipLimits,
)
from immex_formats.issues import FormatError

HEAD_501 = "|".join(TABLES["501"])
ROW_501 = "3953|6000098|70|1|IN|" + "|" * 25 + "2026-01-05 17:48:15|"


def made(**members):
    """A zip of members ``{table: text or bytes}``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            data = text if isinstance(text, bytes) else text.encode("cp1252")
            archive.writestr(f"9_{name}.asc", data)
    stream.seek(0)
    return stream


def read(stream, limits=None):
    reader = DataStageReader(stream, "a.zip", limits)
    tables = {}
    for table in reader:
        rows = list(table.rows())
        tables[table.name] = (table.columns, rows)
    return reader, tables


def texts(reader):
    return [(issue.record_type, issue.line, issue.code) for issue in reader.issues]


def test_by_name_of_the_header():
    header = "ClaveCaso|Pedimento|Patente|SeccionAduanera|IndentificadorCaso|Nuevo"
    stream = made(
        **{
            "507": f"{header}\r\nIM|6000098|3953|70|0000-2006|x|\r\n",
            "501": f"{HEAD_501}\r\n{ROW_501}\r\n",
        }
    )
    reader, tables = read(stream)
    assert list(tables) == ["501", "507"]
    columns, rows = tables["507"]
    assert columns[4:] == ("IdentificadorCaso", "Nuevo")
    assert rows == [(2, ["IM", "6000098", "3953", "70", "0000-2006", "x"])]
    assert not reader.issues and reader.folio == "9"


def test_encodings_line_by_line():
    text = f"{HEAD_501}\n".encode()
    text += ROW_501.replace("3953", "Ñandú").encode() + b"\n"
    text += ROW_501.replace("3953", "Ñandú").encode("cp1252") + b"\n"
    _reader, tables = read(made(**{"501": text}))
    assert [row[1][0] for row in tables["501"][1]] == ["Ñandú", "Ñandú"]


def test_what_is_wrong_is_told_by_table_and_line():
    stream = made(**{"501": f"{HEAD_501}\r\n{ROW_501}\r\n3953|x\r\n\r\n"})
    reader, tables = read(stream)
    assert len(tables["501"][1]) == 1
    assert texts(reader) == [("501", 3, "columns")]


@pytest.mark.parametrize(
    "members, code",
    [
        ({"505": "Patente\r\n"}, "no_501"),
        ({"501": "Patente|Pedimento\r\n"}, "columns_missing"),
        ({"501": f"{HEAD_501}|Pedimento\r\n"}, "columns_repeated"),
        ({"501": f"{HEAD_501}\r\n{ROW_501}\x00\r\n"}, "binary"),
        ({"501": f"{HEAD_501}\r\n" + "x" * 20000}, "line_too_long"),
        ({"501": "|".join(f"c{n}" for n in range(300))}, "columns"),
    ],
)
def test_reading_ends(members, code):
    with pytest.raises(FormatError) as caught:
        read(made(**members))
    assert caught.value.issue.code == code


def test_a_table_twice():
    stream = made(**{"501": f"{HEAD_501}\r\n"})
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("x/8_501.asc", f"{HEAD_501}\r\n")
    with pytest.raises(FormatError) as caught:
        read(stream)
    assert caught.value.issue.code == "table_twice"


def test_paths_are_names_only():
    stream = made(**{"501": f"{HEAD_501}\r\n"})
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("../../etc/9_507.asc", "Patente|Pedimento|SeccionAduanera\n")
        archive.writestr("../../etc/passwd", "x")
        archive.writestr("nested.zip", "x")
    reader, tables = read(stream)
    assert set(tables) == {"501", "507"}
    assert [issue.code for issue in reader.issues] == ["other_member"] * 2


def test_a_bomb_ends_early():
    text = f"{HEAD_501}\r\n" + f"{ROW_501}\r\n" * 20000
    limits = ZipLimits(ratio_free=100_000, max_ratio=20)
    with pytest.raises(FormatError) as caught:
        read(made(**{"501": text}), limits)
    assert caught.value.issue.code == "bomb"
    with pytest.raises(FormatError) as caught:
        read(made(**{"501": text}), ZipLimits(max_unpacked=500_000))
    assert caught.value.issue.code == "bomb"


def test_an_encrypted_member():
    stream = made(**{"501": f"{HEAD_501}\r\n"})
    data = bytearray(stream.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    with pytest.raises(FormatError) as caught:
        read(io.BytesIO(bytes(data)))
    assert caught.value.issue.code == "encrypted"


CELL = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc"], exclude_characters="|"),
    max_size=30,
)


@given(st.data())
def test_what_is_written_is_read(data):
    chosen = data.draw(st.lists(st.sampled_from(sorted(TABLES)), unique=True))
    names = ["501", *(name for name in chosen if name != "501")]
    rows = {
        name: data.draw(
            st.lists(st.tuples(*[CELL] * len(TABLES[name])).filter(any), max_size=3)
        )
        for name in names
    }
    stream = io.BytesIO()
    with DataStageWriter(stream, "77", "utf-8") as writer:
        for name in names:
            writer.table(name, rows[name])
    reader, tables = read(stream)
    assert not reader.issues
    assert reader.folio == "77"
    for name in names:
        columns, found = tables[name]
        assert columns == TABLES[name]
        assert [tuple(cells) for _line, cells in found] == rows[name]


@given(st.binary(max_size=2000), st.booleans())
def test_garbage_is_an_error_and_no_crash(garbage, within):
    """Arbitrary bytes as the zip, or as a member of one."""
    stream = made(**{"501": garbage}) if within else io.BytesIO(garbage)
    try:
        read(stream)
    except FormatError as error:
        assert error.issue.text


@given(st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_zip(position, value):
    text = f"{HEAD_501}\r\n{ROW_501}\r\n"
    data = bytearray(made(**{"501": text}).getvalue())
    data[position % len(data)] = value
    for damaged in (bytes(data), bytes(data[:position])):
        try:
            read(io.BytesIO(damaged))
        except FormatError as error:
            assert error.issue.text
