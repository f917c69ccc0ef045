# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The engine against an independent judge, on histories at random.

With IMMEX_LONG=1: until IMMEX_PROOF_HISTORIES histories (100,000) or
IMMEX_PROOF_SECONDS (3,600) are over, from IMMEX_PROOF_SEED on; what fails is shrunk and
kept in the add-on's tests/proof/regressions, which is judged here every time.
"""

import os
import pathlib
import random
import sys
import time

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

TESTS = pathlib.Path(__file__).parents[2] / "addons" / "immex_compliance" / "tests"
sys.path.insert(0, str(TESTS))

from proof import court as courts  # noqa: E402
from proof import history, ledger, oracle, plant, shrink, steps, strategies  # noqa: E402
from proof.loader import Loader  # noqa: E402

BATCH = 150
SEEDS = 5  # that a batch is drawn with: the histories of one are much alike
FEW = 40
LONG = os.environ.get("IMMEX_LONG") == "1"


@pytest.fixture(scope="module")
def court(odoo_database):
    result = courts.Court(os.environ["IMMEX_TEST_DSN"], odoo_database)
    yield result
    result.close()


def at_random(count, number):
    """Histories that this number always gives, in one state of the code: Hypothesis
    draws on the constants of the modules that are loaded."""
    result = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.histories())
    def collect(item):
        result.append(item)

    collect()
    return result


@pytest.fixture(scope="module")
def few():
    return at_random(FEW, 7)


def told(wrong):
    return "\n".join(
        f"history {number}:\n   " + "\n   ".join(lines[:6])
        for number, lines in wrong[:3]
    )


def test_histories_that_were_judged_wrongly(court):
    known = courts.regressions()
    wrong = court.judge([item for _name, item in known]) if known else []
    assert not wrong, [known[number][0] for number, _lines in wrong] + [told(wrong)]


def test_histories_at_random(court):
    histories = [
        item
        for number in range(1, SEEDS + 1)
        for item in at_random(BATCH // SEEDS, number)
    ]
    want = [oracle.judge(item) for item in histories]
    rows = [row for verdict in want for row in verdict.discharges]
    kinds = {row.kind for row in rows}
    assert kinds == {"incorporated", "merma", "waste", "same_state"}
    assert {row.layer.split("|")[0] for row in rows} >= {"temporary", "definitive"}
    wrong = court.judge(histories)
    assert not wrong, told(wrong)


@pytest.mark.skipif(not LONG, reason="IMMEX_LONG=1")
def test_many_histories_at_random(court):
    count, seconds = courts.limits()
    number = int(os.environ.get("IMMEX_PROOF_SEED", "1000"))
    end, done = time.monotonic() + seconds, 0
    while done < count and time.monotonic() < end:
        histories = at_random(min(BATCH, count - done), number)
        wrong = court.judge(histories, number)
        if wrong:
            item = shrink.shrink(histories[wrong[0][0]], court.fails)
            path = courts.keep(item, f"seed_{number}_{wrong[0][0]}")
            pytest.fail(f"{path}\n{told(wrong)}")
        done += len(histories)
        number += 1
    print(f"{done} histories, seeds up to {number - 1}")


# the same facts by other ways -------------------------------------------------------
def in_one_company(court, cr, histories, name):
    return plant.Plant(cr, f"Proof {name}", "temporary", "entry"), list(
        enumerate(histories)
    )


def same_settings(histories):
    """Histories of companies with the same settings."""
    for item in histories:
        item.policy, item.peps_by = "temporary", "entry"
    return histories


def assert_judged(cr, company, numbered):
    found = ledger.read(cr, company)
    for number, item in numbered:
        lines = ledger.difference(oracle.judge(item), found.get(number, ledger.NOTHING))
        assert not lines, told([(number, lines)]) + "\n" + history.dump(item)


def test_ids_in_another_order(court, few):
    assert not court.judge(few, seed=3)
    assert not court.judge(few, seed=4)


def test_lines_in_two_halves(court, few):
    halves = [steps.split_lines(item) for item in few]
    with court.session() as cr:
        whole = court.ledgers(cr, few)
    with court.session() as cr:
        divided = court.ledgers(cr, halves)
    for number, (one, other) in enumerate(zip(whole, divided, strict=True)):
        assert not ledger.difference(one, other), number


def judge_steps(court, histories, number):
    """Told in any order, with mistakes: what incremental runs make of it is what one
    run over the truth makes, and a full run after them writes nothing."""
    with court.session() as cr:
        works, numbered = in_one_company(court, cr, histories, f"steps {number}")
        court.run(cr, works)
        told_in = steps.Steps(Loader(cr, works), random.Random(number), numbered)
        told_in.run(court, cr, works)
        assert_judged(cr, works.company, numbered)
        assert not any(court.run(cr, works)), "nothing was told since"
        assert not any(court.run(cr, works, full=True)), "a run before missed some"


@pytest.mark.parametrize("number", [5, 6, 7])
def test_step_by_step(court, number):
    judge_steps(court, same_settings(at_random(FEW, number)), number)


@pytest.mark.skipif(not LONG, reason="IMMEX_LONG=1")
def test_many_histories_step_by_step(court):
    count, seconds = courts.limits()
    number = int(os.environ.get("IMMEX_PROOF_SEED", "1000"))
    end, done = time.monotonic() + seconds / 3, 0
    while done < count / 10 and time.monotonic() < end:
        histories = same_settings(at_random(FEW, number))
        try:
            judge_steps(court, histories, number)
        except AssertionError:
            for place, item in enumerate(histories):
                courts.keep(item, f"steps_{number}_{place}")
            raise
        done += len(histories)
        number += 1
    print(f"{done} histories in steps, seeds up to {number - 1}")


def test_again_from_nothing(court, few):
    """Ledger rows are never deleted; what is superseded leaves room for the same."""
    histories = same_settings(few)
    with court.session() as cr:
        works, numbered = in_one_company(court, cr, histories, "again")
        Loader(cr, works).add(numbered)
        court.run(cr, works)
        assert not any(court.run(cr, works, full=True))
        hide = "UPDATE stock_move_line SET state = %s WHERE company_id = %s"
        papers = "UPDATE immex_pedimento SET state = %s WHERE company_id = %s"
        keep = papers + " AND state <> 'cancelled' RETURNING id"
        acts = "UPDATE immex_destruction SET state = %s WHERE company_id = %s"
        cr.execute(hide, ("cancel", works.company))
        cr.execute(keep, ("cancelled", works.company))
        kept = [row[0] for row in cr.fetchall()]
        cr.execute(acts, ("cancelled", works.company))
        court.run(cr, works)
        assert not ledger.read(cr, works.company), "nothing happened"
        cr.execute(hide, ("done", works.company))
        cr.execute(papers + " AND id = ANY(%s)", ("ready", works.company, kept))
        cr.execute(acts, ("done", works.company))
        court.run(cr, works)
        assert_judged(cr, works.company, numbered)
        assert not any(court.run(cr, works, full=True))


MADE = (
    "immex_movement",
    "immex_production_layer",
    "immex_layer",
    "immex_exit_line",
    "immex_requirement",
    "immex_discharge",
)


def test_all_deleted_and_made_again(court, few):
    """What a restored database, or one whose tables were emptied, comes to."""
    histories = same_settings(few)
    with court.session() as cr:
        works, numbered = in_one_company(court, cr, histories, "made again")
        Loader(cr, works).add(numbered)
        court.run(cr, works)
        cr.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'immex%'"
        )
        guarded = [row[0] for row in cr.fetchall()]
        cr.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is pending bars DDL
        cr.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in guarded:
            cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cr.execute(f"TRUNCATE {', '.join(MADE)} CASCADE")
        for table in guarded:
            cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        assert not ledger.read(cr, works.company)
        court.run(cr, works, full=True)
        assert_judged(cr, works.company, numbered)
