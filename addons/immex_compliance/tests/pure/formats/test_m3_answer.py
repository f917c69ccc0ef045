# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Answers of validator and bank."""

import datetime
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.issues import FormatError
from immex_formats.m3 import Limits
from immex_formats.m3.answer import AnswerReader, ErrorKey, patent_of

PAID = (
    "3 24"  # kind, filler, office
    "3456"
    "6000001"
    "ADN150203AB1 "
    "07"
    "0000123456"
    "SIGNATURE1"
    "02102026"
    "14:05:09"
)


def read(text, name="m3456001.err", **limits):
    stream = io.BytesIO(text.encode("cp1252"))
    reader = AnswerReader(stream, name, Limits(**limits))
    return list(reader), [(i.line, i.code, i.field_number) for i in reader.issues]


def test_validator():
    answers, issues = read(
        "F9500303XBJZF1E6\r\n"
        "E9500304500000130409\r\n"
        "A9500303PESO BRUTO ALTO \r\n"
        "L950030312AB34CD56EF78GH90IJ\r\n"
        "F9500305 BORRADO\r\n"
        "\x1a"
    )
    assert issues == []
    assert [(a.line, a.kind, a.document, a.code, a.note) for a in answers] == [
        (1, "accepted", "9500303", "XBJZF1E6", ""),
        (2, "rejected", "9500304", "500000130409", ""),
        (3, "warning", "9500303", "", "PESO BRUTO ALTO"),
        (4, "capture", "9500303", "12AB34CD56EF78GH90IJ", ""),
    ]
    assert {a.patente for a in answers} == {"3456"}
    assert {a.office for a in answers} == {""}
    assert answers[1].text == "E9500304500000130409"


def test_bank():
    (paid, unpaid), issues = read(PAID + "\r\n4 2434566000002\r\n", "a3456001.275")
    assert issues == []
    assert (paid.kind, paid.office, paid.patente) == ("paid", "24", "3456")
    assert (paid.document, paid.rfc, paid.till) == ("6000001", "ADN150203AB1", "07")
    assert (paid.operation, paid.signature) == ("0000123456", "SIGNATURE1")
    assert (paid.date, paid.hour) == (datetime.date(2026, 10, 2), "14:05:09")
    assert (unpaid.kind, unpaid.document) == ("unpaid", "6000002")
    assert unpaid.date is None


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("X1234567", "answer_line", 1),
        ("F12345", "answer_number", 2),
        ("F123456²ABCDEFGH", "answer_number", 2),
        ("F9500303short", "answer_code", 3),
        ("E950030350000013040", "answer_code", 3),
        ("L9500303123", "answer_code", 3),
        ("3 24", "answer_number", 2),
        (PAID.replace("02102026", "31022026"), "date", 8),
        (PAID.replace("0000123456", " " * 10), "answer_payment", 6),
        (PAID.replace("14:05:09", "25:05:09"), "answer_payment", 9),
    ],
)
def test_wrong(text, code, number):
    assert read(f"F9500303XBJZF1E6\n{text}\n")[1] == [(2, code, number)]


def test_key():
    assert ErrorKey.split("551110130409") == ErrorKey("551", 11, "01", "30409")
    assert ErrorKey.split("551011130409", 3, 2) == ErrorKey("551", 11, "13", "0409")


def test_patent_of_a_name():
    assert patent_of("M3456001.ERR") == "3456"
    assert patent_of("C:\\broker\\m3456001.err") == "3456"
    assert patent_of("a3456001.275") == "3456"
    assert patent_of("answer.txt") == ""


@pytest.mark.parametrize(
    ("content", "code"), [("", "empty"), (" \r\n", "empty"), ("\x00", "binary")]
)
def test_no_answer(content, code):
    with pytest.raises(FormatError) as caught:
        read(content)
    assert caught.value.issue.code == code


def test_too_many():
    with pytest.raises(FormatError) as caught:
        read("X\n" * 9, max_issues=5)
    assert (caught.value.issue.code, caught.value.issue.line) == ("too_many", 6)


KEYS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8)
NUMBERS = st.from_regex(r"[0-9]{7}", fullmatch=True)


@given(st.lists(st.tuples(NUMBERS, KEYS), min_size=1, max_size=30))
def test_every_acceptance_is_read(told):
    answers, issues = read("".join(f"F{n}{key}\n" for n, key in told))
    assert issues == []
    assert [(a.document, a.code) for a in answers] == told
