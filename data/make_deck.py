#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Makes the open test deck in data/deck.

    data/make_deck.py                   # what is expected of the cases, by the oracle
    data/make_deck.py --new-histories   # first the cases themselves, by hand and random

The cases are read from their own CSV files, so that what is expected does not depend
on how the random ones were drawn.
"""

import argparse
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent
DECK = DATA / "deck"
sys.path.insert(0, str(DATA.parent / "addons/immex_compliance/tests"))
sys.path.insert(0, str(DATA))

from proof import deck, history, oracle  # noqa: E402

RANDOM, SEED, LARGEST = 250, 24, 4000


def at_random():
    """Small histories in which something is discharged. Which, hangs on the version of
    Hypothesis and on the modules that are loaded: what counts is what was written."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from proof import strategies

    found = []

    @seed(SEED)
    @settings(
        max_examples=RANDOM * 6,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.histories())
    def collect(item):
        if len(found) < RANDOM and len(history.dump(item)) < LARGEST:
            if oracle.judge(item).discharges:
                found.append(item)

    collect()
    for number, item in enumerate(found, 1):
        name = f"random-{number:03d}"
        yield deck.Case(name, "At random", "Al azar", "", item)


def write_histories():
    from deck_cases import CASES

    cases = [*CASES, *at_random()]
    tables = deck.tables_of(cases)
    deck.save(DECK / "cases.csv", deck.CASES, tables["cases"])
    deck.save(DECK / "lots.csv", deck.LOTS, tables["lots"])
    for table in deck.TABLES:
        deck.save(DECK / f"{table}.csv", deck.header(table), tables[table])


def write_expected():
    cases = deck.read(DECK)
    rows = {table: [] for table in deck.EXPECTED}
    for case in cases:
        verdict = oracle.judge(case.history)
        for table, lines in deck.expected_of(case.name, verdict).items():
            rows[table] += lines
    for table, columns in deck.EXPECTED.items():
        deck.save(DECK / f"{table}.csv", columns, rows[table])
    deck.save(DECK / "operations.csv", deck.OPERATION, deck.operations())
    counts = ", ".join(f"{len(lines)} {table}" for table, lines in rows.items())
    print(f"{len(cases)} cases, {counts}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--new-histories", action="store_true")
    if parser.parse_args().new_histories:
        write_histories()
    write_expected()


if __name__ == "__main__":
    main()
