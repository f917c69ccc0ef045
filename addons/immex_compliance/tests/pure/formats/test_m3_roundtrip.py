# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever is written comes back, and is written again byte for byte."""

import datetime
import io
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st
from immex_formats.m3 import M3Reader, M3Writer
from immex_formats.m3.layout import LAYOUTS, OF_PARTIDA
from m3_build import one_reading

GENERAL = sorted(set(LAYOUTS) - OF_PARTIDA - {"500", "501", "551", "800", "801", "999"})
# what Windows-1252 writes, without separators, controls and the ends that are cut
TEXT = st.characters(codec="cp1252", min_codepoint=33, exclude_characters="|\x7f\xa0")


def value_of(spec):
    """A strategy for values that the field takes, in their types."""
    if spec.kind == "F":
        values = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
    elif spec.kind == "K":
        values = st.from_regex(rf"[0-9]{{1,{spec.size}}}", fullmatch=True)
    elif spec.kind == "N":
        values = st.integers(0, 10**spec.size - 1)
    elif spec.kind == "D":
        values = st.integers(0, 10 ** (spec.size + spec.decimals) - 1).map(
            lambda digits: Decimal((0, tuple(map(int, str(digits))), -spec.decimals))
        )
    else:
        values = st.text(TEXT, min_size=1, max_size=min(spec.size, 30)).filter(
            lambda text: text == text.strip()
        )
    return values if spec.required else st.none() | values


def values_of(record_type, **fixed):
    specs = LAYOUTS[record_type].fields
    return st.fixed_dictionaries(
        {spec.name: value_of(spec) for spec in specs if spec.name not in fixed}
    ).map(lambda values: values | fixed)


@st.composite
def pedimentos(draw, number):
    """A list of (record type, values): a pedimento that is right in its form."""
    own = {"pedimento": number}
    signed = draw(st.booleans())
    records = [(kind, draw(values_of(kind, **own))) for kind in ("500", "501")]
    for kind in draw(st.lists(st.sampled_from(GENERAL), max_size=4)):
        records.append((kind, draw(values_of(kind, **own))))
    for sequence in range(1, draw(st.integers(0, 3)) + 1):
        here = own | {"partida": str(sequence), "fraccion": f"8536909{sequence}"}
        records.append(("551", draw(values_of("551", **here))))
        for kind in draw(st.lists(st.sampled_from(sorted(OF_PARTIDA)), max_size=3)):
            records.append((kind, draw(values_of(kind, **here))))
    closing = "800" if signed else "999"
    return [*records, (closing, draw(values_of(closing, **own)))]


def style():
    return st.fixed_dictionaries(
        {
            "eol": st.sampled_from(["\n", "\r\n"]),
            "trailing_pipe": st.booleans(),
            "encoding": st.sampled_from(["utf-8", "cp1252"]),
            "date_layout": st.sampled_from(["DDMMAAAA", "AAAAMMDD"]),
        }
    )


def write(documents, options):
    stream = io.BytesIO()
    writer = M3Writer(stream, "m3456001.275", **options)
    for records in documents:
        for kind, values in records:
            writer.record(kind, **values)
    writer.close("PRV01")
    return stream.getvalue()


@given(st.data(), style(), st.integers(1, 3))
def test_any_document_comes_back(data, options, count):
    written = [data.draw(pedimentos(f"600000{number}")) for number in range(count)]
    content = write(written, options)
    assume(one_reading(content, options["encoding"]))
    reader = M3Reader(io.BytesIO(content), "m3456001.275")
    documents = list(reader)
    assert reader.issues == []
    assert len(documents) == count
    for document, records in zip(documents, written, strict=True):
        assert [(r.type, r.values) for r in document.records] == records
        partidas = [values for kind, values in records if kind == "551"]
        assert [p.record.values for p in document.partidas] == partidas
        assert document.signed == (records[-1][0] == "800")
        # every record stands in one place: general, a partida, or alone in its kind
        placed = len(document.general) + sum(
            1 + len(partida.records) for partida in document.partidas
        )
        assert placed + 3 == len(records)

    summary = reader.summary
    assert (summary.eol, summary.trailing_pipe) == (
        options["eol"],
        options["trailing_pipe"],
    )
    assert summary.date_layouts <= {options["date_layout"]}
    again = io.BytesIO()
    writer = M3Writer(again, "x", eol=summary.eol, encoding=summary.encoding)
    for document in documents:
        for record in document.records:
            writer.raw(record.text)
    writer.raw(summary.trailer.text)
    assert again.getvalue() == content


def test_last_line_without_end_is_written_again():
    content = b"500|1|3456|6000001|240|\n999|3456|6000001|240|||\n"
    content += b"801|x|1|2|"
    reader = M3Reader(io.BytesIO(content), "x")
    (document,) = reader
    again = io.BytesIO()
    writer = M3Writer(again, "x", eol=reader.summary.eol)
    for record in document.records:
        writer.raw(record.text)
    writer.raw(reader.summary.trailer.text, eol=reader.summary.last_eol)
    assert again.getvalue() == content
