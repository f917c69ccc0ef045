# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Closed periods: a run changes nothing there, and tells what it would change.

``ctx["lock"]`` is the last closed day, or ``-infinity``. The stages pass over what lies
on it or before. Where that kept something from changing, the whole is computed once
more as if nothing were closed, the difference is noted, and all of that is undone.
What is noted stands until it is computed again: what a lock keeps from the ledger is
not seen to differ a second time. Anexo 30 III-f obliges corrections: an authorised
reopening lets the next run write them.
"""

from .statements import scoped

LAST_DAY = """
SELECT COALESCE(max(date_to)::text, '-infinity')
  FROM immex_period_seal
 WHERE company_id = %(company_id)s AND state = 'closed'
"""

OPEN_ALL = """
UPDATE immex_period_seal SET state = 'reopened'
 WHERE company_id = %(company_id)s AND state = 'closed'
"""

# Of the computation that will be undone: a run of its own, as every ledger row's.
MEANT = """
INSERT INTO immex_discharge_run (company_id, user_id, reason, started_at, state,
    is_full, create_uid, create_date, write_uid, write_date)
SELECT company_id, user_id, reason, started_at, 'running', TRUE,
       create_uid, create_date, write_uid, write_date
  FROM immex_discharge_run WHERE id = %(run_id)s
RETURNING id
"""

# Per exit, material and import: what the ledgers have, and what they would have.
DIFFERENCE = """
WITH changed AS (
    SELECT d.run_id = %(run_id)s AS is_new, d.exit_line_id, d.product_id, d.layer_id,
           d.quantity, 0 AS value, NULL AS currency
      FROM immex_discharge d
     WHERE d.company_id = %(company_id)s AND d.exit_date <= %(lock)s
       AND (d.superseded_run_id = %(run_id)s
            OR d.run_id = %(run_id)s AND d.superseded_run_id IS NULL)
    UNION ALL
    SELECT d.run_id = %(run_id)s, d.exit_line_id, r.product_id, d.layer_id,
           0, d.value, d.currency
      FROM immex_value_discharge d
      JOIN immex_requirement r ON r.id = d.requirement_id
     WHERE d.company_id = %(company_id)s AND d.exit_date <= %(lock)s
       AND (d.superseded_run_id = %(run_id)s
            OR d.run_id = %(run_id)s AND d.superseded_run_id IS NULL)
)
SELECT e.source_key, e.natural_key, e.date::text, d.product_id,
       COALESCE(l.source_key, ''), d.currency,
       sum(CASE WHEN d.is_new THEN 0 ELSE d.quantity END)::text,
       sum(CASE WHEN d.is_new THEN d.quantity ELSE 0 END)::text,
       sum(CASE WHEN d.is_new THEN 0 ELSE d.value END)::text,
       sum(CASE WHEN d.is_new THEN d.value ELSE 0 END)::text
  FROM changed d
  JOIN immex_exit_line e ON e.id = d.exit_line_id
  LEFT JOIN immex_layer l ON l.id = d.layer_id
 GROUP BY e.source_key, e.natural_key, e.date, d.product_id, l.source_key, d.currency
HAVING sum(CASE WHEN d.is_new THEN d.quantity ELSE -d.quantity END) <> 0
    OR sum(CASE WHEN d.is_new THEN d.value ELSE -d.value END) <> 0
 ORDER BY e.date, e.natural_key
"""

CLEAR = "DELETE FROM immex_locked_difference WHERE company_id = %(company_id)s"

# The layer, and even the exit, may exist in the undone computation only.
KEEP = """
INSERT INTO immex_locked_difference (
    company_id, run_id, exit_key, exit_line_id, date, product_id, layer_key, layer_id,
    currency, qty_before, qty_after, value_before, value_after,
    create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, %(run_id)s, x.exit_name, e.id, x.date::date, x.product_id,
       x.layer_key, l.id, x.currency, x.before::numeric, x.after::numeric,
       x.value_before::numeric, x.value_after::numeric,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM unnest(%(exit_keys)s, %(exit_names)s, %(dates)s, %(products)s::integer[],
              %(layer_keys)s, %(currencies)s::varchar[], %(befores)s, %(afters)s,
              %(values_before)s, %(values_after)s)
       AS x(exit_key, exit_name, date, product_id, layer_key, currency, before, after,
            value_before, value_after)
  LEFT JOIN immex_exit_line e
    ON e.company_id = %(company_id)s AND e.source_key = x.exit_key
  LEFT JOIN immex_layer l
    ON l.company_id = %(company_id)s AND l.source_key = x.layer_key
"""
_COLUMNS = (
    "exit_keys",
    "exit_names",
    "dates",
    "products",
    "layer_keys",
    "currencies",
    "befores",
    "afters",
    "values_before",
    "values_after",
)


def last_day(cr, ctx):
    """Last closed day of the company, as text; ``-infinity`` where none is."""
    cr.execute(LAST_DAY, ctx)
    return cr.fetchone()[0]


def note(cr, ctx, question):
    """Remember in ``ctx["held"]`` that the lock held something back."""
    if ctx["lock"] != "-infinity" and not ctx["held"]:
        cr.execute(scoped(question, ctx["full"]), ctx)
        ctx["held"] = bool(cr.fetchone()[0])


def tell(cr, ctx, compute):
    """Note what ``compute`` would change in the closed periods, and undo it."""
    cr.execute("SAVEPOINT immex_lock")
    cr.execute(OPEN_ALL, ctx)
    cr.execute(MEANT, ctx)
    run_id = cr.fetchone()[0]
    open_ctx = {**ctx, "run_id": run_id, "lock": "-infinity", "full": True}
    compute(cr, open_ctx)
    cr.execute(DIFFERENCE, {**ctx, "run_id": run_id})
    rows = cr.fetchall()
    cr.execute("ROLLBACK TO SAVEPOINT immex_lock")
    cr.execute("RELEASE SAVEPOINT immex_lock")
    cr.execute(CLEAR, ctx)
    if rows:
        columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
        cr.execute(KEEP, {**ctx, **columns})
    return len(rows)
