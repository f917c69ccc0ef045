# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""One run: lock, read the facts, compute, publish the differences."""

import time

from . import (
    changes,
    exits,
    explosion,
    findings,
    layers,
    ledger,
    links,
    lock,
    movements,
    opening,
    production,
    production_use,
    progress,
    remesa,
    scope,
    value,
)

# Key space of the advisory locks of this add-on, one per company.
LOCK_SPACE = 240_059

# Memory of one sort or hash of a run.
WORK_MEMORY = "64MB"


def lock_company(cr, company_id):
    """Hold the run lock of a company until the transaction of ``cr`` ends.

    The run itself works on another cursor, opened after this one has the lock: under
    REPEATABLE READ a lock taken in the run's own transaction would leave it with a
    snapshot older than the run that it waited for.
    """
    cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK_SPACE, company_id))


def lock_company_within(cr, company_id, seconds):
    """As ``lock_company``, for who cannot wait for the end of a whole run.

    :return: whether the lock was had
    """
    until = time.monotonic() + seconds
    while True:
        cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK_SPACE, company_id))
        if cr.fetchone()[0]:
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(0.2)


def run(cr, company_id, uid, reason=None, full=False, report=None, planned=None):
    """Bring the ledger of ``company_id`` to what the facts say; return the run's id.

    :param cr: cursor; the caller commits, so that all or nothing is published
    :param int uid: user on whose behalf it runs, kept on every row
    :param str reason: why, in words
    :param bool full: read every fact and compute everything again. Otherwise what the
        queue of changes names, and what hangs on it; a company's first run, and one
        after a change of rules or settings, is full all the same
    :param report: see ``progress.Progress``; what it raises ends the run
    :param planned: see ``stages``
    """
    ctx = start(cr, company_id, uid, reason, full)
    ctx["progress"] = progress.Progress(report)
    counts = stages(cr, ctx, planned)
    value.sync(cr, ctx)
    changes.settle(cr)
    if ctx["held"]:
        ctx["progress"].once_more()
        lock.tell(cr, ctx, _both_ledgers)
    counts["findings_open"] = findings.sync(cr, ctx)
    _finish(cr, ctx, counts)
    return ctx["run_id"]


def _both_ledgers(cr, ctx):
    stages(cr, ctx)
    value.sync(cr, ctx)


def start(cr, company_id, uid, reason, full=False):
    """Take the changes and write the run's record; return ``ctx``."""
    ctx = {"company_id": company_id, "uid": uid, "reason": reason, "held": False}
    # the scope must come first in joins of many tables, not last
    cr.execute("SET LOCAL join_collapse_limit = 12")
    cr.execute("SET LOCAL from_collapse_limit = 12")
    # sorts and hashes of a whole history; a server that gives more keeps it
    cr.execute(
        """
        SELECT set_config('work_mem', %(memory)s, TRUE)
         WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%(memory)s)
        """,
        {"memory": WORK_MEMORY},
    )
    ctx["lock"] = lock.last_day(cr, ctx)
    ctx["opening"] = opening.cutoff(cr, ctx)
    ctx["full"] = changes.take(cr, ctx) or full or _is_first(cr, ctx)
    if not ctx["full"]:
        # what is looked for by its key was written lately and lies in memory; at the
        # default price the planner reads whole tables instead
        cr.execute("SET LOCAL random_page_cost = 1.1")
    cr.execute(
        """
        INSERT INTO immex_discharge_run (company_id, user_id, reason, started_at, state,
            is_full, create_uid, create_date, write_uid, write_date)
        SELECT %(company_id)s, %(uid)s, %(reason)s,
            clock_timestamp() AT TIME ZONE 'UTC', 'running', %(full)s,
            %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
        RETURNING id
        """,
        ctx,
    )
    ctx["run_id"] = cr.fetchone()[0]
    cr.execute(
        """
        SELECT COALESCE(p.tz, 'America/Mexico_City')
          FROM res_company c JOIN res_partner p ON p.id = c.partner_id
         WHERE c.id = %(company_id)s
        """,
        ctx,
    )
    ctx["tz"] = cr.fetchone()[0]
    return ctx


def _finish(cr, ctx, counts):
    cr.execute(
        """
        UPDATE immex_discharge_run
           SET state = 'done', finished_at = clock_timestamp() AT TIME ZONE 'UTC',
               movements_changed = %(movements_changed)s,
               layers_changed = %(layers_changed)s,
               exits_changed = %(exits_changed)s,
               requirements_added = %(requirements_added)s,
               requirements_superseded = %(requirements_superseded)s,
               discharges_added = %(discharges_added)s,
               discharges_superseded = %(discharges_superseded)s,
               findings_open = %(findings_open)s
         WHERE id = %(run_id)s
        """,
        {**counts, "run_id": ctx["run_id"]},
    )


def _is_first(cr, ctx):
    """No full run yet, or no programme: then the queue was not fed."""
    cr.execute(
        """
        SELECT NOT EXISTS (
            SELECT FROM immex_discharge_run
             WHERE company_id = %(company_id)s AND state = 'done' AND is_full)
            OR NOT EXISTS (
            SELECT FROM immex_program
             WHERE company_id = %(company_id)s AND kind = 'immex')
        """,
        ctx,
    )
    return cr.fetchone()[0]


def stages(cr, ctx, planned=None):
    """Run the stages up to the ledger; return what each changed.

    :param planned: called once the exits are known, to add some that are only meant,
        or to name what shall be computed anew
    """
    tell = (ctx.get("progress") or progress.Progress()).stage
    tell(0, "movements")
    scope.of_changes(cr, ctx)
    counts = {"movements_changed": movements.sync(cr, ctx)}
    tell(1, "production")
    scope.of_status(cr, ctx)
    counts["movements_changed"] += production.sync(cr, ctx)
    tell(2, "links")
    remesa.prepare(cr, ctx)
    links.sync(cr, ctx)
    remesa.link(cr, ctx)
    scope.of_links(cr, ctx)
    remesa.share(cr, ctx)
    links.count(cr, ctx)
    tell(3, "layers")
    counts["layers_changed"] = layers.sync(cr, ctx)
    tell(4, "exits")
    counts["exits_changed"] = exits.sync(cr, ctx)
    if planned:
        planned(cr, ctx)
    tell(5, "use of production")
    production_use.sync(cr, ctx)
    tell(6, "explosion")
    explosion.compute(cr, ctx)
    tell(7, "discharge")
    counts.update(ledger.publish(cr, ctx))
    tell(8, "findings")
    return counts
