# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs beside runs, beside users, and runs that die: one ledger, all of it or nothing.

The engine works here over real connections, as Odoo gives them to it; what it makes of
random histories is compared with the oracle.
"""

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from support import plants
from support.plants import Works, connected
from support.server import shell

HISTORIES = 12
PATIENCE = 2_000  # milliseconds that nobody waits for a lock of a run


@pytest.fixture(scope="module")
def histories():
    """Random ones, always the same, with the same settings."""
    result = []

    @seed(11)
    @settings(
        max_examples=HISTORIES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(plants.strategies.histories())
    def collect(item):
        result.append(item)

    collect()
    return result


@pytest.fixture
def company(odoo_database, histories):
    """Makes companies of the same histories."""

    def make(**options):
        server = os.environ["IMMEX_TEST_DSN"]
        return Works(server, odoo_database, histories, **options)

    return make


@pytest.fixture
def workers():
    """Four processes of their own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        yield pool


def ask(workers, works, **options):
    args = works.server, works.database, works.company
    return workers.submit(plants.run, *args, **options)


def same(one, other):
    """Compare two ledgers by what they say, to the last digit."""
    assert one.keys() == other.keys()
    for number in one:
        assert not plants.ledger.difference(one[number], other[number]), number


class Held:
    """A run that waits, once it is where ``at`` says, until it is let go."""

    def __init__(self, works, pool, at=("end",), **options):
        self.there, self.go = threading.Event(), threading.Event()
        self.at = at
        self.future = pool.submit(works.run, report=self.report, **options)

    def report(self, lock, _work, *progress):
        self.lock = lock
        if progress[: len(self.at)] == self.at and not self.there.is_set():
            self.there.set()
            assert self.go.wait(120)

    def wait(self):
        while not self.there.wait(0.05):
            assert not self.future.done(), self.future.result()

    def let_go(self):
        self.go.set()
        return self.future.result(timeout=120)


@contextmanager
def held(works, **options):
    """A run in the middle: everything written, nothing published."""
    with ThreadPoolExecutor() as pool:
        run = Held(works, pool, **options)
        try:
            run.wait()
            yield run
        finally:
            run.go.set()


# runs at once -----------------------------------------------------------------------
def test_one_worker_and_four(company, workers):
    """Metamorphic: four companies one after the other, and four at the same time."""
    alone, together = [company() for _ in range(4)], [company() for _ in range(4)]
    for works in alone:
        works.run()
    for run in [ask(workers, works) for works in together]:
        run.result(timeout=300)
    assert not alone[0].wrong()
    first = alone[0].verdicts()
    assert sum(len(verdict.discharges) for verdict in first.values()) > HISTORIES
    for works in (*alone[1:], *together):
        same(first, works.verdicts())
        assert not works.wrong()


def test_one_company_from_four_processes(company, workers):
    """The later ones wait for their turn, and find nothing to do."""
    works = company(told=False)
    works.tell_half()
    for run in [ask(workers, works, full=number > 1) for number in range(4)]:
        run.result(timeout=300)
    assert not works.wrong()
    changed = works.query(
        "SELECT discharges_added + discharges_superseded + requirements_added"
        " + requirements_superseded + layers_changed + exits_changed"
        " + movements_changed, started_at, finished_at FROM immex_discharge_run"
        " WHERE company_id = %(company)s ORDER BY started_at OFFSET 1"
    )
    assert [bool(row[0]) for row in changed] == [True, False, False, False]
    for before, after in zip(changed, changed[1:], strict=False):
        assert before[2] <= after[1], "one after the other"


def test_a_company_does_not_wait_for_another(company):
    busy, other = company(), company()
    with held(busy) as run:
        other.run(limit=PATIENCE)
        assert not other.wrong()
        run.let_go()
    assert not busy.wrong()


# runs that end badly ----------------------------------------------------------------
def test_a_statement_that_fails_leaves_nothing(company):
    """After any statement of a run, the next one fails."""
    works = company(told=False)
    works.tell_half()
    before, statements, at = works.state(), 0, 0

    def fail(_lock, work, *_progress):
        nonlocal statements
        statements += 1
        if statements == at:
            work.cursor().execute("SELECT 1 / 0")

    assert before["immex_change"][0][0], "there is something to do"
    while True:
        at, statements = at + 9, 0
        try:
            works.run(report=fail)
        except psycopg2.errors.DivisionByZero:
            assert works.state() == before, at
        else:
            break
    assert at > 60, "a run has many statements"
    assert works.state() != before
    assert not works.wrong()


@pytest.mark.parametrize("stage", [3, 7, "end"])
def test_a_backend_that_is_terminated_leaves_nothing(company, stage):
    works = company(told=False)
    works.tell_half()
    before = works.state()

    def terminate(_lock, work, *progress):
        if progress[0] == stage:
            pid = work.info.backend_pid
            assert works.query("SELECT pg_terminate_backend(%(pid)s)", pid=pid)

    with pytest.raises(psycopg2.Error):
        works.run(report=terminate)
    assert works.state() == before
    works.run()
    assert not works.wrong()


@pytest.mark.parametrize("full", [False, True])
def test_the_connection_with_the_lock_is_lost(company, full):
    """Then another run of the company may start before the first has ended: only one
    of them is published."""
    works = company(told=False)
    works.tell_half()
    with held(works) as run, ThreadPoolExecutor() as pool:
        run.lock.close()
        second = pool.submit(works.run, full=full)
        wait_for_blocked(works)
        run.let_go()
        with pytest.raises(psycopg2.Error):
            second.result(timeout=120)
    assert not works.wrong()
    works.run()
    assert not works.wrong()


def wait_for_blocked(works):
    """Until some connection waits for a row or a transaction of another."""
    end = time.monotonic() + 60
    waiting = """
        SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE NOT l.granted AND a.datname = current_database()"""
    while not works.query(waiting)[0][0]:
        assert time.monotonic() < end
        time.sleep(0.05)


# users beside runs ------------------------------------------------------------------
def test_facts_that_are_not_committed_yet(company, histories):
    """A run neither waits for them nor forgets them."""
    works = company(told=False)
    with works.cursor() as cr:
        works.over(cr).add(works.numbered[: HISTORIES // 2])
    works.run()
    with connected(works.server, works.database) as slow:
        works.over(slow.cursor()).add(works.numbered[HISTORIES // 2 :])
        works.run(limit=PATIENCE)
        works.run(limit=PATIENCE, full=True)
        assert works.verdicts() and max(works.verdicts()) < HISTORIES // 2
        assert not works.wrong(HISTORIES // 2)
        slow.commit()
    works.run()
    assert not works.wrong()


# A receipt and a delivery of a part that the run computes, by somebody with patience
# for two seconds.
VALIDATE = """
company = env["res.company"].browse(%(company)s)
env.user.company_ids |= company
env = env(context=dict(env.context, allowed_company_ids=company.ids))
env.cr.execute("SET LOCAL lock_timeout = %(patience)s")
# of its own: the company is a copy by SQL
company._create_per_company_locations()
warehouse = env["stock.warehouse"].create(
    {"name": "W", "code": "W%(company)s", "company_id": company.id})
part = env["product.product"].browse(%(part)s)
partners = {
    "in": env.ref("stock.stock_location_suppliers"),
    "out": env.ref("stock.stock_location_customers")}
for way in ("in", "out"):
    ends = [partners[way], warehouse.lot_stock_id][::1 if way == "in" else -1]
    places = {"location_id": ends[0].id, "location_dest_id": ends[1].id}
    picking = env["stock.picking"].create({
        "picking_type_id": (
            warehouse.in_type_id if way == "in" else warehouse.out_type_id).id,
        "immex_event_date": "2026-10-01",
        "move_ids": [(0, 0, dict(places, product_id=part.id, product_uom_qty=3))],
        **places})
    picking.action_confirm()
    picking.move_ids.write({"quantity": 3, "picked": True})
    picking.button_validate()
    assert picking.state == "done", picking.state
    print("picking", picking.id)
env.cr.commit()
"""


def test_a_user_does_not_wait_for_a_run(company, odoo_config):
    """Transfers are validated while a run holds all that it ever holds; that run does
    not see them, and the next one does."""
    works = company(told=False)
    works.tell_half()
    ((part,),) = works.query(
        "SELECT min(sml.product_id) FROM stock_move_line sml"
        "  JOIN product_product p ON p.id = sml.product_id"
        "  JOIN product_template t ON t.id = p.product_tmpl_id"
        " WHERE sml.company_id = %(company)s AND t.tracking = 'none'"
    )
    script = VALIDATE % {
        "company": works.company,
        "patience": PATIENCE,
        "part": part,
    }
    seen = """
        SELECT kind FROM immex_movement
         WHERE picking_id = ANY(%(pickings)s) AND active ORDER BY kind"""
    with held(works) as run:
        said = shell(odoo_config, works.database, script)
        pickings = [
            int(line.split()[1])
            for line in said.splitlines()
            if line.startswith("picking ")
        ]
        assert len(pickings) == 2, said
        run.let_go()
    assert not works.wrong(), "the run did not see them"
    assert works.query(seen, pickings=pickings) == []
    works.run()
    assert works.query(seen, pickings=pickings) == [("delivery",), ("receipt",)]
