# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Work in the background: real child processes on a committed database."""

import os
import signal
import time

import psycopg2
import pytest
from support.server import shell

COMPANY = """
company = env["res.company"].create({
    "name": "Background %(mark)s", "country_id": env.ref("base.mx").id,
    "vat": "ADN150203AB1"})
env.user.company_ids |= company
env["immex.program"].create(
    {"company_id": company.id, "name": "1234-2019", "valid_from": "2019-01-01"})
env["ir.config_parameter"].set_param("immex_compliance.inline_file_mb", "0")
env.cr.commit()
print(company.id)
"""

# Pedimentos as real files have them, until the file is large enough.
LOAD = """
import io
from odoo.addons.immex_compliance.tests.common import m3_file, m3_partida
company = env["res.company"].browse(%(company)s)
numbers = range(%(count)s)
content = m3_file(*(
    ([m3_partida()] * 40, {"document": f"6{number:06d}"}) for number in numbers))
files = env["immex.pedimento.file"].with_context(allowed_company_ids=company.ids)
result = files._load_m3(company, io.BytesIO(content), "large.275")
assert result.waiting, len(content)
env.cr.commit()
print(result.file.id, len(content))
"""
WORK = """
env["immex.job"]._cron_work()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def database():
    return os.environ["IMMEX_DATABASE"]


@pytest.fixture(scope="module")
def run(database):
    return lambda script: shell(os.environ["IMMEX_CONFIG"], database, script)


@pytest.fixture(scope="module")
def query(database):
    server = os.environ["IMMEX_TEST_DSN"]

    def ask(statement, *params):
        connection = psycopg2.connect(server, dbname=database)
        try:
            with connection, connection.cursor() as cr:
                cr.execute(statement, params)
                return cr.fetchall() if cr.description else None
        finally:
            connection.close()

    return ask


def company_of(run, mark):
    return int(run(COMPANY % {"mark": mark}).split()[-1])


def load(run, company, count=60):
    file_id, size = map(
        int, run(LOAD % {"company": company, "count": count}).split()[-2:]
    )
    assert size > 400_000
    return file_id


def job_of(query, file_id):
    return query(
        "SELECT state, COALESCE(pid, 0), COALESCE(done, 0)::bigint,"
        " COALESCE(error, ''), id FROM immex_job WHERE file_id = %s",
        file_id,
    )[0]


def wait_for(query, file_id, states, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = job_of(query, file_id)
        if job[0] in states:
            return job
        time.sleep(0.2)
    raise AssertionError(f"{job} after {seconds} s")


def pedimentos(query, company):
    count = "SELECT count(*) FROM immex_pedimento WHERE company_id = %s"
    return query(count, company)[0][0]


def wait_for_progress(query, file_id):
    """Until the child is in the middle of its work."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        state, pid, done, _error, _id = job_of(query, file_id)
        assert state == "running", state
        if pid and done:
            return pid
        time.sleep(0.05)
    raise AssertionError("no progress was told")


def test_a_large_file_is_loaded_by_a_process_of_its_own(run, query):
    company = company_of(run, "loaded")
    file_id = load(run, company)
    run(WORK)
    assert wait_for(query, file_id, ("done", "failed"))[0] == "done"
    assert pedimentos(query, company) == 60
    assert query("SELECT state FROM immex_pedimento_file WHERE id = %s", file_id) == [
        ("loaded",)
    ]


def test_a_killed_process_leaves_nothing(run, query):
    company = company_of(run, "killed")
    file_id = load(run, company, 600)
    run(WORK)
    os.kill(wait_for_progress(query, file_id), signal.SIGKILL)
    time.sleep(0.5)
    assert pedimentos(query, company) == 0
    run(WORK)
    state, _pid, _done, error, job_id = job_of(query, file_id)
    assert state == "failed" and "try again" in error
    run(f"env['immex.job'].browse({job_id}).action_retry(); env.cr.commit()")
    run(WORK)
    assert wait_for(query, file_id, ("done", "failed"))[0] == "done"
    assert pedimentos(query, company) == 600


def test_a_stopped_process_leaves_nothing(run, query):
    company = company_of(run, "stopped")
    file_id = load(run, company, 600)
    run(WORK)
    wait_for_progress(query, file_id)
    job_id = job_of(query, file_id)[4]
    query("UPDATE immex_job SET cancel_asked = TRUE WHERE id = %s", job_id)
    assert wait_for(query, file_id, ("cancelled", "done"))[0] == "cancelled"
    assert pedimentos(query, company) == 0


def test_two_runs_of_a_company_at_once(run, query):
    """Two processes ask for the discharge of the same facts: one ledger."""
    company = company_of(run, "twice")
    run(
        f"""
company = env["res.company"].browse({company})
for number in range(2):
    env["immex.job"]._enqueue(company, "discharge", "run", full=True)
env.cr.commit()
for job in env["immex.job"].search([("company_id", "=", company.id)]):
    job._start()
"""
    )
    end = time.monotonic() + 90
    while time.monotonic() < end:
        states = query(
            "SELECT state FROM immex_job WHERE company_id = %s ORDER BY id", company
        )
        if all(state == "done" for (state,) in states):
            break
        assert all(state in ("running", "done") for (state,) in states), states
        time.sleep(0.3)
    assert states == [("done",), ("done",)]
    spans = query(
        "SELECT started_at, finished_at FROM immex_discharge_run"
        " WHERE company_id = %s ORDER BY started_at",
        company,
    )
    assert len(spans) == 2
    assert spans[0][1] <= spans[1][0], "one after the other"


# A person asks for the discharge through the wizard, then stops it.
ASK = """
company = env["res.company"].browse(%(company)s)
request = env["immex.discharge.request"].create({
    "reason": "whole test", "scope": "everything",
    "company_ids": [(6, 0, company.ids)]})
job = env["immex.job"].browse(request.action_run()["res_id"])
env.cr.commit()
job._start()
print(job.id)
"""


def state_of(query, job):
    return query("SELECT state, COALESCE(error, '') FROM immex_job WHERE id = %s", job)[
        0
    ]


def ends(query, job, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state, error = state_of(query, job)
        if state != "running":
            return state, error
        time.sleep(0.1)
    raise AssertionError(f"still running after {seconds} s")


@pytest.mark.parametrize(
    ("mark", "lock"),
    [
        # a statement of the run that takes for ever
        ("in a statement", "LOCK TABLE immex_layer IN ACCESS EXCLUSIVE MODE"),
        # another run of the company
        ("before its turn", "SELECT pg_advisory_xact_lock(240059, %(company)s)"),
    ],
)
def test_a_run_is_stopped_wherever_it_is(run, query, mark, lock):
    company = company_of(run, mark)
    blocker = psycopg2.connect(
        os.environ["IMMEX_TEST_DSN"], dbname=os.environ["IMMEX_DATABASE"]
    )
    try:
        blocker.cursor().execute(lock, {"company": company})
        job = int(run(ASK % {"company": company}).split()[-1])
        end = time.monotonic() + 60
        waiting = """
            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
             WHERE NOT l.granted AND a.datname = current_database()"""
        while not query(waiting)[0][0]:
            assert time.monotonic() < end and state_of(query, job)[0] == "running"
            time.sleep(0.1)
        # a shell would wait for the locked table: its triggers are looked at
        query("UPDATE immex_job SET cancel_asked = TRUE WHERE id = %s", job)
        assert ends(query, job, 15) == ("cancelled", "")
        runs = "SELECT count(*) FROM immex_discharge_run WHERE company_id = %s"
        blocker.rollback()
        assert query(runs, company) == [(0,)]
    finally:
        blocker.close()
    # what it left undone the next one does
    job = int(run(ASK % {"company": company}).split()[-1])
    assert ends(query, job, 60) == ("done", "")
    assert query(runs, company) == [(1,)]
    kept = query(
        "SELECT stage_seconds IS NOT NULL, reason FROM immex_job WHERE id = %s", job
    )
    assert kept == [(True, "whole test")]


# A person asks for the close of a month; the process of the work is started.
CLOSE = """
from datetime import date
company = env["res.company"].browse(%(company)s)
job = env["immex.period.seal"]._ask_close(company, date(2026, 9, 30)).sudo()
env.cr.commit()
if job.state == "waiting":
    job._start()
print(job.id)
"""


def test_a_close_that_is_killed_leaves_neither_run_nor_seal(run, query):
    company = company_of(run, "closed")
    counts = """
        SELECT (SELECT count(*) FROM immex_discharge_run WHERE company_id = c.id),
               (SELECT count(*) FROM immex_period_seal WHERE company_id = c.id)
          FROM res_company c WHERE c.id = %s"""
    blocker = psycopg2.connect(
        os.environ["IMMEX_TEST_DSN"], dbname=os.environ["IMMEX_DATABASE"]
    )
    try:
        # the run ends, and the seal cannot be written
        blocker.cursor().execute("LOCK TABLE immex_period_seal IN SHARE MODE")
        job = int(run(CLOSE % {"company": company}).split()[-1])
        assert int(run(CLOSE % {"company": company}).split()[-1]) == job
        end = time.monotonic() + 60
        waiting = """
            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
             WHERE NOT l.granted AND a.datname = current_database()"""
        while not query(waiting)[0][0]:
            assert time.monotonic() < end and state_of(query, job)[0] == "running"
            time.sleep(0.1)
        [(pid,)] = query("SELECT pid FROM immex_job WHERE id = %s", job)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
    finally:
        blocker.close()
    assert query(counts, company) == [(0, 0)]
    run(WORK)
    state, error = state_of(query, job)
    assert state == "failed" and "try again" in error
    again = int(run(CLOSE % {"company": company}).split()[-1])
    assert again != job
    assert ends(query, again, 60) == ("done", "")
    assert query(counts, company) == [(1, 1)]
