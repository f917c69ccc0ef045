# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the SCCCyG does with charges and discharge reports (RGCE Anexo 30, V).

Charges come in by themselves; what reports discharge is applied at the end of each
fortnight, to the oldest charges of its tariff item, fixed assets apart (V-a-1, V-a-3).
What no charge of then covers is over-discharged, and no later charge makes up for it.
A charge that passed its presumptive term still takes discharges, and is told apart.

On temporary tables over a plain cursor, without Odoo. Read:

``tmp_rp_charge``
    ``charge_id`` bigint; ``pool``, the account or accounts that the reports discharge;
    ``account``; ``fraccion``; ``fixed_asset``; ``charge_date`` date, from which it
    counts and in whose order; ``natural_key``, which decides between charges of a day;
    ``value`` numeric >= 0; ``term_end`` date or null
``tmp_rp_discharge``
    ``discharge_id`` bigint; ``pool``, ``account``, ``fraccion``, ``fixed_asset``;
    ``step`` date, end of the fortnight in which it is applied; ``natural_key``, the
    order within one; ``value`` numeric >= 0

Made: ``tmp_rp_piece`` (charge_id, discharge_id, account, fixed_asset, step, value),
``tmp_rp_applied`` (discharge_id, applied, over, reason), ``tmp_rp_left`` (charge_id,
discharged, remaining, expired) and ``tmp_rp_step``: an account's balance at the end of
each fortnight (V-a-4).

Parameter ``date``: the cut-off, inclusive.
"""

from ..peps import allocate

MADE = (
    "tmp_rp_stack",
    "tmp_rp_supply",
    "tmp_rp_demand",
    "tmp_rp_result",
    "tmp_rp_piece",
    "tmp_rp_applied",
    "tmp_rp_left",
    "tmp_rp_step",
)
DROP = f"DROP TABLE IF EXISTS {', '.join(MADE)}"


def fortnight(day):
    """SQL of the last day of the fortnight that holds ``day``: the 15th, or the end of
    the month."""
    return f"""
    (CASE WHEN date_part('day', {day}) <= 15
          THEN date_trunc('month', {day})::date + 14
          ELSE (date_trunc('month', {day}) + interval '1 month')::date - 1 END)
"""


STACK = """
CREATE TEMP TABLE tmp_rp_stack ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY k.pool, k.fraccion COLLATE "C", k.fixed_asset)
           AS stack, k.*
  FROM (SELECT pool, fraccion, fixed_asset FROM tmp_rp_charge
        UNION
        SELECT pool, fraccion, fixed_asset FROM tmp_rp_discharge) k
"""
SUPPLY = """
CREATE TEMP TABLE tmp_rp_supply ON COMMIT DROP AS
SELECT c.charge_id AS supply_id, s.stack,
       row_number() OVER (
           PARTITION BY s.stack
           ORDER BY c.charge_date, c.natural_key COLLATE "C", c.charge_id) AS rank,
       c.value AS qty, c.charge_date AS available_at
  FROM tmp_rp_charge c
  JOIN tmp_rp_stack s USING (pool, fraccion, fixed_asset)
 WHERE c.charge_date <= %(date)s
"""
DEMAND = """
CREATE TEMP TABLE tmp_rp_demand ON COMMIT DROP AS
SELECT d.discharge_id AS demand_id, s.stack,
       row_number() OVER (
           PARTITION BY s.stack
           ORDER BY d.step, d.natural_key COLLATE "C", d.discharge_id) AS rank,
       d.value AS qty, d.step AS at
  FROM tmp_rp_discharge d
  JOIN tmp_rp_stack s USING (pool, fraccion, fixed_asset)
 WHERE d.step <= %(date)s
"""
PIECE = """
CREATE TEMP TABLE tmp_rp_piece ON COMMIT DROP AS
SELECT c.charge_id, r.demand_id AS discharge_id, c.account, c.fixed_asset,
       d.at AS step, sum(r.qty) AS value
  FROM tmp_rp_result r
  JOIN tmp_rp_charge c ON c.charge_id = r.supply_id
  JOIN tmp_rp_demand d ON d.demand_id = r.demand_id
 GROUP BY c.charge_id, r.demand_id, c.account, c.fixed_asset, d.at
"""
# Why a report discharged more than there was.
APPLIED = """
CREATE TEMP TABLE tmp_rp_applied ON COMMIT DROP AS
SELECT d.demand_id AS discharge_id, COALESCE(p.value, 0) AS applied,
       d.qty - COALESCE(p.value, 0) AS over,
       CASE WHEN d.qty <= COALESCE(p.value, 0) THEN NULL
            WHEN s.last > d.at THEN 'charged_later'
            WHEN s.last IS NOT NULL THEN 'exhausted'
            WHEN o.stack IS NOT NULL THEN 'other_class'
            ELSE 'never_charged' END AS reason
  FROM tmp_rp_demand d
  JOIN tmp_rp_stack k USING (stack)
  LEFT JOIN (SELECT discharge_id, sum(value) AS value
               FROM tmp_rp_piece GROUP BY discharge_id) p
    ON p.discharge_id = d.demand_id
  LEFT JOIN (SELECT stack, max(available_at) AS last
               FROM tmp_rp_supply GROUP BY stack) s USING (stack)
  LEFT JOIN (SELECT DISTINCT t.*
               FROM tmp_rp_stack t JOIN tmp_rp_supply u USING (stack)) o
    ON o.pool = k.pool AND o.fraccion = k.fraccion AND o.fixed_asset <> k.fixed_asset
"""
LEFT = """
CREATE TEMP TABLE tmp_rp_left ON COMMIT DROP AS
SELECT c.charge_id, COALESCE(p.value, 0) AS discharged,
       c.value - COALESCE(p.value, 0) AS remaining,
       COALESCE(c.term_end < %(date)s, FALSE) AND c.value > COALESCE(p.value, 0)
           AS expired
  FROM tmp_rp_charge c
  JOIN tmp_rp_supply s ON s.supply_id = c.charge_id
  LEFT JOIN (SELECT charge_id, sum(value) AS value
               FROM tmp_rp_piece GROUP BY charge_id) p USING (charge_id)
"""

# The cut-off ends the last fortnight, whichever day it is.
_UPTO = f"LEAST({fortnight('{day}')}, %(date)s::date)"
_CHARGED_AT = _UPTO.format(day="c.charge_date")
# at the first end of a fortnight that lies after the last day of the term
_EXPIRED_AT = _UPTO.format(day="(c.term_end + 1)")
STEP = f"""
CREATE TEMP TABLE tmp_rp_step ON COMMIT DROP AS
WITH charge AS (
    SELECT c.charge_id, c.account, c.fixed_asset, c.value, {_CHARGED_AT} AS step,
           CASE WHEN c.term_end < %(date)s
                THEN GREATEST({_EXPIRED_AT}, {_CHARGED_AT}) END AS expired_at
      FROM tmp_rp_charge c
     WHERE c.charge_date <= %(date)s
), event AS (
    SELECT account, fixed_asset, step, value AS charged, 0::numeric AS discharged,
           0::numeric AS over, 0::numeric AS expired
      FROM charge
    UNION ALL
    SELECT account, fixed_asset, expired_at, 0, 0, 0, value
      FROM charge WHERE expired_at IS NOT NULL
    UNION ALL
    SELECT p.account, p.fixed_asset, p.step, 0, p.value, 0, 0 FROM tmp_rp_piece p
    UNION ALL
    -- discharged of what is expired, before or after
    SELECT p.account, p.fixed_asset, GREATEST(p.step, c.expired_at), 0, 0, 0, -p.value
      FROM tmp_rp_piece p JOIN charge c USING (charge_id)
     WHERE c.expired_at IS NOT NULL
    UNION ALL
    SELECT d.account, d.fixed_asset, d.step, 0, 0, a.over, 0
      FROM tmp_rp_applied a JOIN tmp_rp_discharge d USING (discharge_id)
     WHERE a.over > 0
), day AS (
    SELECT DISTINCT least(h.step, %(date)s::date) AS step
      FROM (SELECT date_trunc('month', min(step)) AS first FROM event) f
     CROSS JOIN LATERAL generate_series(
           f.first, %(date)s::date, interval '1 month') AS m (month)
     CROSS JOIN LATERAL (VALUES (m.month::date + 14),
           ((m.month + interval '1 month')::date - 1)) AS h (step)
     WHERE f.first IS NOT NULL
       AND h.step >= (SELECT min(step) FROM event)
), flow AS (
    SELECT k.account, k.fixed_asset, d.step, sum(e.charged) AS charged,
           sum(e.discharged) AS discharged, sum(e.over) AS over,
           sum(e.expired) AS expired
      FROM day d
     CROSS JOIN (SELECT DISTINCT account, fixed_asset FROM event) k
      LEFT JOIN event e ON e.account = k.account AND e.fixed_asset = k.fixed_asset
       AND e.step = d.step
     GROUP BY k.account, k.fixed_asset, d.step
)
SELECT account, fixed_asset, step, COALESCE(charged, 0) AS charged,
       COALESCE(discharged, 0) AS discharged, COALESCE(over, 0) AS over,
       COALESCE(sum(charged) OVER w, 0) - COALESCE(sum(discharged) OVER w, 0)
           AS remaining,
       COALESCE(sum(over) OVER w, 0) AS over_so_far,
       COALESCE(sum(expired) OVER w, 0) AS expired
  FROM flow
WINDOW w AS (PARTITION BY account, fixed_asset ORDER BY step)
"""


def replay(cr, date):
    """Make the tables of this module's description from those that it reads."""
    params = {"date": date}
    cr.execute(DROP)
    for statement in (STACK, SUPPLY, DEMAND):
        cr.execute(statement, params)
    cr.execute("CREATE UNIQUE INDEX ON tmp_rp_supply (supply_id)")
    cr.execute("CREATE UNIQUE INDEX ON tmp_rp_demand (demand_id)")
    cr.execute("ANALYZE tmp_rp_charge, tmp_rp_discharge, tmp_rp_supply, tmp_rp_demand")
    allocate(cr, "tmp_rp_supply", "tmp_rp_demand", "tmp_rp_result")
    cr.execute("ANALYZE tmp_rp_result")
    cr.execute(PIECE)
    cr.execute("ANALYZE tmp_rp_piece")
    for statement in (APPLIED, LEFT, STEP):
        cr.execute(statement, params)
    cr.execute("ANALYZE tmp_rp_left, tmp_rp_applied")
