# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The open test deck: our engine, the oracle and the files say the same."""

import os
import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
DECK = ROOT / "data" / "deck"
sys.path.insert(0, str(ROOT / "addons" / "immex_compliance" / "tests"))

from proof import court as courts  # noqa: E402
from proof import deck, oracle  # noqa: E402


@pytest.fixture(scope="module")
def cases():
    return deck.read(DECK)


@pytest.fixture(scope="module")
def expected():
    """{table: {case: rows}} of the files."""
    result = {}
    for table, columns in deck.EXPECTED.items():
        result[table] = {}
        for row in deck.load(DECK / f"{table}.csv"):
            assert tuple(row) == columns
            result[table].setdefault(row["case"], []).append(list(row.values()))
    return result


def differences(case, verdict, expected):
    found = deck.expected_of(case.name, verdict)
    return [
        f"{case.name}, {table}: {line}"
        for table, rows in found.items()
        for line in (
            [
                f"missing {row}"
                for row in expected[table].get(case.name, ())
                if row not in rows
            ]
            + [
                f"wrong {row}"
                for row in rows
                if row not in expected[table].get(case.name, ())
            ]
            + (
                ["other number of rows"]
                if len(rows) != len(expected[table].get(case.name, ()))
                else []
            )
        )
    ]


def test_our_engine(odoo_database, cases, expected):
    court = courts.Court(os.environ["IMMEX_TEST_DSN"], odoo_database)
    try:
        with court.session() as cr:
            verdicts = court.ledgers(cr, [case.history for case in cases])
    finally:
        court.close()
    wrong = []
    for case, verdict in zip(cases, verdicts, strict=True):
        wrong += differences(case, verdict, expected)
    assert not wrong, "\n".join(wrong[:20])


def test_the_oracle(cases, expected):
    wrong = []
    for case in cases:
        wrong += differences(case, oracle.judge(case.history), expected)
    assert not wrong, "\n".join(wrong[:20])


def test_written_again_it_is_the_same(cases, tmp_path):
    """Nothing of a case is lost on its way through the files."""
    tables = deck.tables_of(cases)
    deck.save(tmp_path / "cases.csv", deck.CASES, tables["cases"])
    deck.save(tmp_path / "lots.csv", deck.LOTS, tables["lots"])
    deck.save(tmp_path / "operations.csv", deck.OPERATION, deck.operations())
    for table in deck.TABLES:
        deck.save(tmp_path / f"{table}.csv", deck.header(table), tables[table])
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (DECK / path.name).read_bytes(), path.name


def test_cases_written_by_hand_are_those_of_the_files(cases):
    sys.path.insert(0, str(ROOT / "data"))
    from deck_cases import CASES

    files = {case.name: case for case in cases}
    for case in CASES:
        assert case == files[case.name], case.name


def test_every_operation_and_kind_occurs(cases, expected):
    by_hand = [case for case in cases if case.source]
    used = {
        document.operation for case in by_hand for document in case.history.documents
    }
    assert used == set(oracle.OPERATIONS)
    columns = deck.EXPECTED["expected_discharges"]
    names = {case.name for case in by_hand}
    rows = [
        dict(zip(columns, row, strict=True))
        for name, lines in expected["expected_discharges"].items()
        if name in names
        for row in lines
    ]
    assert {row["kind"] for row in rows} == {
        "incorporated",
        "merma",
        "waste",
        "same_state",
    }
    assert {row["customs_status"] for row in rows} == {
        "temporary",
        "definitive",
        "domestic",
    }
    assert {row["exit_kind"] for row in rows} == {"document", "act", "transfer"}
    for mark in ("late", "after_consumption"):
        assert {row[mark] for row in rows} == {"yes", ""}


def test_the_readme_names_every_file_and_column():
    text = (DECK / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)(?:\.csv)?`", text))
    for path in DECK.glob("*.csv"):
        assert path.stem in named, path.name
        columns = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        assert not [name for name in columns if name not in named], path.name
