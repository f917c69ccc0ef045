# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Every field that Anexo 24 lists is a column, under the law's name and citing it."""

import re

import pytest
from immex_reports.definitions import REPORTS
from law_anexo24 import BY_VALUE, LAW, NAMED

import make_files


def cited(source):
    """Clauses of the annex that a source names."""
    return set(make_files.clauses(source))


@pytest.mark.parametrize(
    "clause", LAW, ids=[f"{key}-{code}" for key, _words, code, _columns in LAW]
)
def test_fields_of_the_law(clause):
    key, _words, code, columns = clause
    report = REPORTS[code]
    assert report.official
    given = {column.name: column for column in report.columns}
    for wanted in columns.split("|"):
        name, _colon, label = wanted.partition(":")
        assert name in given, f"{key}: {code} has no {name}"
        assert given[name].label.startswith(label), given[name].label
        assert key in cited(given[name].source), (
            f"{key}: {code}.{name} does not cite it"
        )


@pytest.mark.parametrize("key", NAMED)
def test_reports_and_modules_of_the_law(key):
    report = REPORTS[NAMED[key]]
    assert report.official
    clauses = cited(re.sub(r"\b(y|;) (?=[AB]-)", "; Anexo 24 ", report.source))
    assert key in clauses, report.source


@pytest.mark.parametrize("key", BY_VALUE)
def test_reports_by_value(key):
    report = REPORTS[BY_VALUE[key]]
    assert report.official
    assert key in cited(report.source.replace("; ", "; Anexo 24 "))
    assert report.title == f"{REPORTS[NAMED[key]].title}, por valor"


def test_every_citation_is_of_the_law():
    """A clause that a column cites is in the annex: no typing error, no invention."""
    known = {key for key, *_rest in LAW} | set(NAMED) | {"B-V"}
    for report in REPORTS.values():
        for column in report.columns:
            unknown = cited(column.source) - known
            assert not unknown, f"{report.code}.{column.name}: {unknown}"


def test_the_reading_of_citations():
    assert cited("Anexo 24 A-I-b-1, B-III-a-4; LA 36-A-I") == {"A-I-b-1", "B-III-a-4"}
    assert cited("Anexo 24 C, primer párrafo") == {"C"}
    assert cited("Anexo 24 B-II-c-d5") == {"B-II-c-d5"}
    assert cited("LA 108; Decreto IMMEX art. 4") == set()
