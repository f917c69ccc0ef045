# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The invariants of the ledger against two connections at once.

Two hands write the ledger by SQL, past the lock of the company that runs take. Under
READ COMMITTED the second one waits and is judged by what the first has done; under
REPEATABLE READ, as Odoo's, it fails to serialize. After each attack the engine makes
what the facts say of whatever was left.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from decimal import Decimal

import pytest
from psycopg2 import errors
from support.plants import (
    READ_COMMITTED,
    REPEATABLE_READ,
    UID,
    Document,
    Goods,
    History,
    Part,
    Works,
    connected,
)

BOTH = pytest.mark.parametrize(
    "isolation", [READ_COMMITTED, REPEATABLE_READ], ids=["committed", "repeatable"]
)
ENDS = pytest.mark.parametrize("end", ["commit", "rollback"])


def goods(quantity):
    return [Goods("M", Decimal(quantity))]


def facts():
    """100 came in on 1 March; 60 left on the 10th, and 60 on the 11th: 20 are short."""
    came, left, again = date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 11)
    return History(
        parts=[Part("M")],
        documents=[
            Document("6000001", "IN", goods(100), paid=came, entered=came),
            Document("6000002", "RT", goods(60), paid=left),
            Document("6000003", "RT", goods(60), paid=again),
        ],
    )


class Hand:
    """A connection that writes the ledger without the engine, as a run of its own."""

    def __init__(self, works, connection, pool):
        self.works, self.connection, self.pool = works, connection, pool
        self.cr = connection.cursor()
        self.pid = connection.info.backend_pid
        self.cr.execute(
            "INSERT INTO immex_discharge_run (company_id, user_id, started_at, state)"
            " VALUES (%s, %s, now(), 'running') RETURNING id",
            (works.company, UID),
        )
        self.run = self.cr.fetchone()[0]

    def do(self, statement, **params):
        params = {"company": self.works.company, "run": self.run, **params}
        self.cr.execute(statement, params)
        return self.cr.rowcount

    def take(self, row, quantity):
        """Discharge for the exit of a ledger row, from its layer."""
        return self.do(
            """
            INSERT INTO immex_discharge (company_id, run_id, requirement_id,
                exit_line_id, layer_id, product_id, kind, exit_date, layer_from,
                quantity, chosen_by)
            SELECT company_id, %(run)s, requirement_id, exit_line_id, layer_id,
                   product_id, kind, exit_date, 0, %(quantity)s, 'peps'
              FROM immex_discharge WHERE id = %(row)s
            """,
            row=row,
            quantity=quantity,
        )

    def give_back(self, row):
        return self.do(
            "UPDATE immex_discharge SET superseded_run_id = %(run)s WHERE id = %(row)s",
            row=row,
        )

    def close_march(self):
        return self.do(
            """
            INSERT INTO immex_period_seal (company_id, date_to, version, run_id,
                row_count, sha256, state, closed_by, closed_at)
            VALUES (%(company)s, '2026-03-31', 1, %(run)s, 0, repeat('0', 64),
                'closed', %(uid)s, now())
            """,
            uid=UID,
        )

    def later(self, action, *args, **options):
        """Begin what must wait for another connection; return when it does."""
        future = self.pool.submit(action, *args, **options)
        end = time.monotonic() + 20
        ask = "SELECT cardinality(pg_blocking_pids(%(pid)s))"
        while not self.works.query(ask, pid=self.pid)[0][0]:
            assert time.monotonic() < end and not future.done(), "it did not wait"
            time.sleep(0.02)
        return future

    def end(self, how):
        if how == "commit":
            self.do("UPDATE immex_discharge_run SET state = 'done' WHERE id = %(run)s")
        getattr(self.connection, how)()


@pytest.fixture
def works(odoo_database):
    result = Works(os.environ["IMMEX_TEST_DSN"], odoo_database, [facts()])
    result.run()
    assert not result.wrong()
    return result


@pytest.fixture
def rows(works):
    """Ids of the two rows: 60 of the first exit, 40 of the second."""
    found = works.query(
        "SELECT id, quantity::integer FROM immex_discharge"
        " WHERE company_id = %(company)s ORDER BY exit_date"
    )
    assert [quantity for _id, quantity in found] == [60, 40]
    return [row for row, _quantity in found]


@pytest.fixture
def hands(works):
    """Makes hands; at the end they let go, and the engine repairs what they left."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor())

        def make(isolation):
            connection = connected(works.server, works.database, isolation)
            return Hand(works, stack.enter_context(connection), pool)

        yield make
    unsound = [line for line in works.wrong() if line.startswith("(")]
    assert not unsound
    works.query(
        "UPDATE immex_period_seal SET state = 'reopened'"
        " WHERE company_id = %(company)s AND state = 'closed'"
    )
    works.run(full=True)
    assert not works.wrong()


@pytest.fixture
def free(hands, rows):
    """The two rows, superseded: the layer has its 100 again, the exits want 120."""
    hand = hands(READ_COMMITTED)
    for row in rows:
        assert hand.give_back(row) == 1
    hand.end("commit")
    return rows


def refused(future, isolation, why):
    """The second hand gets nothing."""
    expected = r"could not serialize" if isolation == REPEATABLE_READ else why
    with pytest.raises(errors.DatabaseError, match=expected):
        future.result(timeout=20)


@BOTH
@ENDS
def test_two_that_together_exceed_a_layer(hands, free, isolation, end):
    one, two = hands(isolation), hands(isolation)
    one.take(free[0], 60)
    second = two.later(two.take, free[1], 60)
    one.end(end)
    if end == "commit":
        refused(second, isolation, "immex_layer_range")
    else:
        assert second.result(timeout=20) == 1
        two.end("commit")


@BOTH
def test_two_that_together_exceed_an_exit(hands, free, isolation):
    one, two = hands(isolation), hands(isolation)
    one.take(free[0], 50)
    second = two.later(two.take, free[0], 40)
    one.end("commit")
    refused(second, isolation, "immex_requirement_balance")


@BOTH
@ENDS
def test_one_gives_back_what_the_other_takes(hands, rows, isolation, end):
    one, two = hands(isolation), hands(isolation)
    one.give_back(rows[0])
    second = two.later(two.take, rows[1], 20)
    one.end(end)
    if end == "rollback":
        with pytest.raises(errors.CheckViolation, match="immex_layer_range"):
            second.result(timeout=20)
    elif isolation == REPEATABLE_READ:
        refused(second, isolation, None)
    else:
        assert second.result(timeout=20) == 1
        two.end("commit")


@BOTH
def test_two_supersede_the_same_row(hands, rows, isolation):
    one, two = hands(isolation), hands(isolation)
    one.give_back(rows[0])
    second = two.later(two.give_back, rows[0])
    one.end("commit")
    refused(second, isolation, "may only be marked superseded")


LAYER = "UPDATE immex_layer SET %s WHERE company_id = %%(company)s"
CHANGES = {
    "available_date = '2026-03-20'": "does not fit",
    "customs_status = 'definitive'": "does not fit",
    "active = FALSE": "does not fit",
    "quantity = 50": "immex_layer_range",
}


@BOTH
@pytest.mark.parametrize("change", CHANGES)
def test_a_layer_changes_while_it_is_taken_from(hands, free, isolation, change):
    one, two = hands(isolation), hands(isolation)
    assert one.do(LAYER % change) == 1
    second = two.later(two.take, free[0], 60)
    one.end("commit")
    refused(second, isolation, CHANGES[change])


@BOTH
@pytest.mark.parametrize("change", CHANGES)
def test_a_layer_is_taken_from_while_it_changes(hands, free, isolation, change):
    one, two = hands(isolation), hands(isolation)
    one.take(free[0], 60)
    second = two.later(two.do, LAYER % change)
    one.end("commit")
    refused(second, isolation, "supersede them first")


@BOTH
def test_a_requirement_goes_while_it_is_served(hands, free, isolation):
    one, two = hands(isolation), hands(isolation)
    gone = """
        UPDATE immex_requirement SET superseded_run_id = %(run)s
         WHERE id = (SELECT requirement_id FROM immex_discharge WHERE id = %(row)s)"""
    assert one.do(gone, row=free[0]) == 1
    second = two.later(two.take, free[0], 60)
    one.end("commit")
    refused(second, isolation, "is superseded and has discharges")


@BOTH
@ENDS
@pytest.mark.parametrize("action", ["take", "give_back"])
def test_a_row_of_a_period_that_is_being_closed(hands, rows, isolation, end, action):
    if action == "take":
        hand = hands(READ_COMMITTED)
        hand.give_back(rows[0])
        hand.end("commit")
    one, two = hands(isolation), hands(isolation)
    one.close_march()
    args = (rows[0], 60) if action == "take" else (rows[1],)
    second = two.later(getattr(two, action), *args)
    one.end(end)
    if end == "commit":
        refused(second, isolation, "period is closed")
    else:
        assert second.result(timeout=20) == 1
        two.end("commit")


def test_a_period_closed_over_a_row_that_is_being_written(hands, rows):
    """The seal was computed without that row: it is not made."""
    one, two = hands(REPEATABLE_READ), hands(REPEATABLE_READ)
    one.give_back(rows[0])
    second = two.later(two.close_march)
    one.end("commit")
    refused(second, REPEATABLE_READ, None)
    seals = "SELECT count(*) FROM immex_period_seal WHERE company_id = %(company)s"
    assert two.works.query(seals) == [(0,)]


def test_a_run_that_is_not_over_is_not_published(hands, free):
    """Else a requirement could say what none has discharged."""
    hand = hands(READ_COMMITTED)
    hand.take(free[0], 60)
    with pytest.raises(errors.RaiseException, match="published when it has ended"):
        hand.connection.commit()
