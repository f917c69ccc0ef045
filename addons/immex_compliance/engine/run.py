# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""One run: lock, read the facts, compute, publish the differences."""

from . import exits, explosion, findings, layers, ledger, links, movements, production

# Key space of the advisory locks of this add-on, one per company.
LOCK_SPACE = 240_059


def lock_company(cr, company_id):
    """Hold the run lock of a company until the transaction of ``cr`` ends.

    The run itself works on another cursor, opened after this one has the lock: under
    REPEATABLE READ a lock taken in the run's own transaction would leave it with a
    snapshot older than the run that it waited for.
    """
    cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK_SPACE, company_id))


def run(cr, company_id, uid, reason=None):
    """Bring the ledger of ``company_id`` to what the facts say; return the run's id.

    :param cr: cursor; the caller commits, so that all or nothing is published
    :param int uid: user on whose behalf it runs, kept on every row
    :param str reason: why, in words
    """
    cr.execute(
        """
        INSERT INTO immex_discharge_run (company_id, user_id, reason, started_at, state,
            create_uid, create_date, write_uid, write_date)
        SELECT %(company_id)s, %(uid)s, %(reason)s, now() AT TIME ZONE 'UTC', 'running',
            %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
        RETURNING id
        """,
        {"company_id": company_id, "uid": uid, "reason": reason},
    )
    run_id = cr.fetchone()[0]
    cr.execute(
        """
        SELECT COALESCE(p.tz, 'America/Mexico_City')
          FROM res_company c JOIN res_partner p ON p.id = c.partner_id
         WHERE c.id = %s
        """,
        (company_id,),
    )
    ctx = {
        "company_id": company_id,
        "uid": uid,
        "run_id": run_id,
        "tz": cr.fetchone()[0],
    }
    counts = {"movements_changed": movements.sync(cr, ctx)}
    counts["movements_changed"] += production.sync(cr, ctx)
    links.sync(cr, ctx)
    counts["layers_changed"] = layers.sync(cr, ctx)
    counts["exits_changed"] = exits.sync(cr, ctx)
    explosion.compute(cr, ctx)
    counts.update(ledger.publish(cr, ctx))
    counts["findings_open"] = findings.sync(cr, ctx)
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
        {**counts, "run_id": run_id},
    )
    return run_id
