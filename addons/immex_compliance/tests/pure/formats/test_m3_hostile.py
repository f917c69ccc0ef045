# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files that are wrong, or meant to do harm: every answer names line and field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats.m3 import Limits, M3Writer
from immex_formats.m3.checks import check_document
from m3_build import PEDIMENTO, changed, encode, m3_lines, places, read


def wrong(old, new):
    """What is said of the sample file with one thing changed."""
    _documents, issues, _summary, fatal = read(m3_lines(changed(old, new)))
    assert fatal is None
    for issue in issues:
        assert issue.text
    return places(issues)


@pytest.mark.parametrize("kept", range(len(PEDIMENTO.splitlines())))
def test_cut_after_any_line(kept):
    lines = m3_lines()[: kept + 1]
    _documents, _issues, _summary, fatal = read(lines)
    assert (fatal.code, fatal.line) == ("truncated", kept + 1)


def test_cut_after_any_byte():
    content = encode(m3_lines())
    end = content.index(b"801|")
    for size in range(1, len(content) - 3):
        _documents, issues, _summary, fatal = read(content[:size])
        if size <= end + 2:
            assert fatal is not None
        else:
            # within the closing record: a field is missing or a count differs, but
            # for its last field, which may be empty
            whole = content[end:size].startswith(b"801|m3456001.275|1|24|")
            assert bool(issues) is not whole


@pytest.mark.parametrize(
    "old, new, line, number",
    [
        ("510|6000001|15|0|330", "510|6000001|15|0|330|9", 9, 6),
        ("500|1|3456|6000001|240|", "500|1|3456|6000001|240||9", 1, 7),
        ("PRIMERA PARTE Y", "PRIMERA|PARTE", 11, 5),
        ("1|OBSERVACIÓN", "1|OBSERVA|CIÓN", 20, 7),
        ("1|FIRMA|00001000000512345678", "1|FIRMA|0|1|2", 24, 6),
    ],
)
def test_field_too_many(old, new, line, number):
    assert wrong(old, new) == [("fields_too_many", line, number)]


def test_field_too_few():
    assert wrong("510|6000001|15|0|330", "510|6000001|15|0") == [
        ("fields_missing", 9, 5)
    ]


@pytest.mark.parametrize(
    "old, new, code, line, number",
    [
        ("|9.00000|900|900|", "|9.000001|900|900|", "too_long", 13, 7),
        ("|9.00000|900|900|", "|9E2|900|900|", "not_decimal", 13, 7),
        ("|9.00000|900|900|", "|1,009.00|900|900|", "not_decimal", 13, 7),
        ("|9.00000|900|900|", "|NaN|900|900|", "not_decimal", 13, 7),
        ("|9.00000|900|900|", "|Infinity|900|900|", "not_decimal", 13, 7),
        ("|9.00000|900|900|", "|٩|900|900|", "not_decimal", 13, 7),
        ("|9.00000|900|900|", "|9.00000|900.5|900|", "not_whole", 13, 8),
        ("|9.00000|900|900|", "|9.00000|1234567890123|900|", "too_long", 13, 8),
        ("|9.00000|900|900|", "|9.00000||900|", "field_empty", 13, 8),
        ("|TERMINALES|", "|" + "T" * 251 + "|", "too_long", 13, 6),
        ("510|6000001|15|0|", "510|6000001|X5|0|", "not_digits", 9, 3),
        ("510|6000001|15|0|", "510|6000009|15|0|", "other_pedimento", 9, 2),
        ("554|6000001|85369099|1|", "554|6000001|85369099|9|", "no_partida", 15, 4),
        ("554|6000001|85369099|", "554|6000001|85369098|", "other_fraccion", 15, 3),
        ("551|6000001|85444999|2|", "551|6000001|85444999|1|", "repeated", 21, 4),
    ],
)
def test_wrong_field(old, new, code, line, number):
    assert (code, line, number) in wrong(old, new)


@pytest.mark.parametrize("pedimentos, records, number", [(2, 24, 3), (1, 25, 4)])
def test_wrong_count(pedimentos, records, number):
    lines = [*PEDIMENTO.splitlines(), f"801|x|{pedimentos}|{records}|PRV01"]
    _documents, issues, _summary, fatal = read(lines)
    assert fatal is None
    assert places(issues) == [("wrong_count", 25, number)]
    found = {3: 1, 4: 24}[number]
    declared = {3: pedimentos, 4: records}[number]
    assert issues[0].params == {"declared": declared, "found": found}
    assert str(declared) in issues[0].text and str(found) in issues[0].text


@pytest.mark.parametrize(
    "lines, code, line",
    [
        (["801|x|0|0|PRV01"], "no_pedimento", 1),
        (PEDIMENTO.splitlines()[1:], "no_pedimento", 1),
        (m3_lines(PEDIMENTO.splitlines()[0]), "not_closed", 2),
        (PEDIMENTO.splitlines()[:5] + PEDIMENTO.splitlines(), "not_closed", 6),
        ([*m3_lines(), "500|1|3456|6000002|240|"], "after_end", 26),
    ],
)
def test_wrong_order(lines, code, line):
    _documents, _issues, _summary, fatal = read(lines)
    assert (fatal.code, fatal.line) == (code, line)
    assert fatal.text


def test_no_header_and_two_headers():
    header = PEDIMENTO.splitlines()[1]
    text = changed(header + "\n", "")
    documents, issues, _summary, fatal = read(m3_lines(text))
    assert fatal is None
    assert places(issues) == [("no_header", 1, 0)]
    assert check_document(documents[0]) == []
    assert wrong(header, header + "\n" + header) == [("repeated", 3, 0)]


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "truncated"),
        (b"PK\x03\x04\x00\x00", "binary"),
        (b"%PDF-1.7\n\x00", "binary"),
        ("500|1|3456|6000001|240|".encode("utf-16"), "binary"),
        (b"500|" + b"1" * 100_000, "line_too_long"),
        (b"500|1|3456|6000001|240|\r" * 1000, "line_too_long"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]>\n", "no_pedimento"),
    ],
)
def test_what_is_no_broker_file(content, code):
    _documents, _issues, _summary, fatal = read(content)
    assert fatal.code == code
    assert fatal.text


def test_binary_at_the_end_of_a_good_file():
    _documents, _issues, _summary, fatal = read(encode(m3_lines()) + b"\x00")
    assert fatal.code == "binary"


def test_limits():
    content = encode(m3_lines())
    for limits, code in (
        (Limits(max_bytes=len(content) - 1), "file_too_large"),
        (Limits(max_line=40), "line_too_long"),
        (Limits(max_records=20), "too_many_records"),
    ):
        assert read(content, limits)[3].code == code
    exact = Limits(max_bytes=len(content), max_records=24)
    assert read(content, exact)[3] is None


def test_errors_without_end_are_not_collected_without_end():
    lines = m3_lines(PEDIMENTO + "510|6000001|X|0|1\n" * 5000)
    lines.insert(5, "510|6000001|X|X|X\n" * 300)
    _documents, issues, _summary, fatal = read(lines, Limits(max_issues=50))
    assert fatal.code == "too_many"
    assert 50 < len(issues) < 55


def test_warnings_without_end_are_not_collected_without_end():
    text = changed("511|6000001|1", "599|X\n" * 5000 + "511|6000001|1")
    documents, issues, summary, fatal = read(m3_lines(text), Limits(max_issues=50))
    assert fatal is None
    assert len(issues) == 50
    # what is not told is kept all the same
    assert len(documents[0].records) == summary.records == 5024


def test_percent_signs_in_values_do_not_break_the_text():
    for value in ("%s", "%(value)s", "%", "%%d"):
        _documents, issues, _summary, _fatal = read(
            m3_lines(changed("510|6000001|15|", f"510|6000001|{value}|"))
        )
        assert value[:2] in issues[0].text


def test_largest_values_do_not_overflow_the_checks():
    price, amount = "9" * 15 + ".99999", "9" * 12
    text = changed("|9.00000|900|900|", f"|{price}|{amount}|-{amount}|")
    text = changed("|100.000|", f"|{'9' * 15}.999|", text)
    text = changed("|6|5.0000000000|", f"|6|{'9' * 15}.9999999999|", text)
    text = changed("|1|8.0000000000|7", f"|1|{'9' * 15}.9999999999|7", text)
    documents, issues, _summary, fatal = read(m3_lines(text))
    assert fatal is None and issues == []
    found = check_document(documents[0])
    assert {"unit_price", "contribution", "fee"} <= {issue.code for issue in found}
    assert all(issue.text for issue in found)


@given(st.data())
def test_mangled_fields_give_issues_and_nothing_else(data):
    lines = m3_lines()
    for _turn in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        fields = lines[index].split("|")
        fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(
            st.one_of(
                st.text(max_size=12),
                st.from_regex(r"-?[0-9]{0,18}\.?[0-9]{0,11}", fullmatch=True),
                st.sampled_from(["551", "801", "500", "800", "999", "\r", "\n", "|"]),
            )
        )
        lines[index] = "|".join(fields)
    content = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    documents, issues, _summary, _fatal = read(content)
    for document in documents:
        issues.extend(check_document(document))
        assert [r.line for r in document.records] == sorted(
            r.line for r in document.records
        )
    for issue in issues:
        assert issue.text and issue.line >= 0


@pytest.mark.parametrize("value", ["A|B", "A\r\n801", "A\nB"])
def test_writer_lets_no_value_break_a_record(tmp_path, value):
    with (tmp_path / "out").open("wb") as stream:
        writer = M3Writer(stream, "out")
        with pytest.raises(ValueError, match="separator"):
            writer.record("511", pedimento="6000001", observaciones=value)
        with pytest.raises(KeyError):
            writer.record("511", pediment="6000001")
        assert writer.records == 0
