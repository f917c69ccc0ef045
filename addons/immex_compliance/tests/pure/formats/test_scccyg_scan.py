# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The files of the SCCCyG line by line: what is as made, damaged, hostile, large."""

import dataclasses
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.scccyg import (
    Layout,
    Limits,
    ScccygReader,
    ScccygScanner,
    ScccygWriter,
    Zero,
)
from test_scccyg import LINE, REPORT, contents

CODES = ("bom", "line_ending", "trailing_separator", "blank_line", "line_order")


def written(layout, *items):
    stream = io.BytesIO()
    writer = ScccygWriter(stream, layout)
    for item in items:
        if item is None:
            writer.zero()
        else:
            (writer.initial if item is LINE else writer.report)(item)
    return stream.getvalue()


def scan(content, layout=None, **limits):
    scanner = ScccygScanner(io.BytesIO(content), layout or Layout(), Limits(**limits))
    found = list(scanner)
    return found, [issue.code for issue in scanner.issues]


@given(contents())
def test_as_made_nothing_is_found(made):
    """Of any layout: as many lines as were written, each with what it says."""
    layout, lines, reports = made
    stream = io.BytesIO()
    writer = ScccygWriter(stream, layout)
    for line in lines:
        writer.initial(line)
    for report in reports:
        writer.report(report)
    found, codes = scan(stream.getvalue(), layout)
    assert not codes
    assert [line.number for line in found] == list(range(1, writer.lines + 1))
    assert [line.record for line in found if line.kind == "initial"] == lines
    heads = {line.head: line.record for line in found if line.kind == "report"}
    assert len(heads) == len(reports)
    for (head, record), report in zip(heads.items(), reports, strict=True):
        own = [line for line in found if line.head == head]
        assert record.replaces == report.replaces
        for kind, items in (
            ("goods", report.goods),
            ("pedimento", report.pedimentos),
            ("folio", report.folios),
        ):
            assert [line.record for line in own if line.kind == kind] == items


@given(contents(), st.data())
def test_a_damaged_line_is_told_by_its_number(made, data):
    """A field more, anywhere: that line and no other is wrong."""
    layout, lines, reports = made
    stream = io.BytesIO()
    writer = ScccygWriter(stream, layout)
    for line in lines:
        writer.initial(line)
    for report in reports:
        writer.report(report)
    if not writer.lines:
        return
    text = stream.getvalue().decode(layout.encoding).split("\n")
    at = data.draw(st.integers(0, writer.lines - 1))
    end = "\r" * text[at].endswith("\r")
    text[at] = text[at].removesuffix("\r") + layout.separator * 3 + end
    content = "\n".join(text).encode(layout.encoding)
    scanner = ScccygScanner(io.BytesIO(content), layout)
    found = list(scanner)
    (issue,) = [issue for issue in scanner.issues if issue.code != "line_order"]
    assert issue.code in ("fields", "unknown")
    assert issue.line == at + 1
    assert at + 1 not in [line.number for line in found]


@pytest.mark.parametrize("code", CODES)
def test_form_alone_is_a_warning(code):
    layout = Layout()
    content = written(layout, REPORT)
    if code == "bom":
        content = b"\xef\xbb\xbf" + content
    elif code == "line_ending":
        content = content.replace(b"\r\n", b"\n", 1)
    elif code == "trailing_separator":
        layout = dataclasses.replace(layout, trailing=True)
        lines = content.replace(b"\r\n", b"|\r\n").split(b"\r\n")
        lines[-2] = lines[-2].removesuffix(b"|")
        content = b"\r\n".join(lines)
    elif code == "blank_line":
        content += b"\r\n"
    else:
        head, goods, *rest = content.splitlines(keepends=True)
        content = b"".join([head, rest[-1], goods])
    found, codes = scan(content, layout)
    assert codes == [code]
    assert len(found) >= 3


def test_zeros_and_several():
    layout = Layout()
    found, codes = scan(written(layout, None, LINE, REPORT, REPORT))
    assert not codes
    assert [line.kind for line in found][:3] == ["zero", "initial", "report"]
    assert len({line.head for line in found if line.head}) == 2
    # the reader sees the same
    items = list(ScccygReader(io.BytesIO(written(layout, None, LINE, REPORT)), layout))
    assert items[0] == Zero() and items[1] == LINE and items[2].goods == REPORT.goods


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"99\r\n" * 12, "too_many"),
        (b"\x00", "binary"),
        (b"0" * 2000, "line_too_long"),
        (b"05|\xff\r\n", "encoding"),
        (b"02|1|2026|10\r\n" * 4000, "file_too_large"),
    ],
)
def test_hostile(content, code):
    with pytest.raises(FormatError) as caught:
        scan(content, max_issues=10, max_line=1024, max_bytes=30_000)
    assert caught.value.issue.code == code


def test_warnings_are_bounded():
    _found, codes = scan(b"\r\n" * 5000, max_issues=10)
    assert codes == ["blank_line"] * 10


def test_nothing_but_a_line_is_held():
    """30,000 lines of one report, in less than 1 MiB: a block to see the encoding."""
    line = b"04|3456|6001234|240\r\n"
    stream = io.BytesIO(b"02|1|2026|10\r\n" + line * 30_000)
    scanner = ScccygScanner(stream, Layout())
    tracemalloc.start()
    try:
        count = sum(1 for _line in scanner)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 30_001
    assert peak < 2**20
