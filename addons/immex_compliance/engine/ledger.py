# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Requirements against layers by PEPS, and the differences written to the ledger.

Anexo 24, A-II-c: every exit is discharged from the pedimento of the oldest temporary
import that holds the material; what it cannot give comes from the next one.

Exits take from a layer in the order of their dates, so what was discharged before a
date lies at the beginning of every layer and stays: a run discharges anew from the
first changed date of a part on, on what is left there.
"""

from ..peps import allocate
from . import choice, equivalents, lock
from .statements import analyze, execute, half_up

TABLES = (
    "tmp_kept",
    "tmp_gone",
    "tmp_dirty_part",
    "tmp_tail_discharge",
    "tmp_layer_taken",
    "tmp_stack",
    "tmp_ledger_supply",
    "tmp_demand_line",
    "tmp_ledger_demand",
    "tmp_ledger_result",
    "tmp_target",
    "tmp_named",
)
DROP = "DROP TABLE IF EXISTS " + ", ".join(TABLES)

SAME_REQUIREMENT = (
    "product_id",
    "customs_status",
    "kind",
    "top_layer_id",
    "production_layer_id",
    "consumption_id",
    "unexplained",
    "quantity",
)

KEPT = f"""
CREATE TEMP TABLE tmp_kept ON COMMIT DROP AS
SELECT t.requirement_no, r.id AS requirement_id
  FROM tmp_requirement t
  JOIN immex_requirement r
    ON r.exit_line_id = t.exit_line_id AND r.natural_key = t.natural_key
   AND r.superseded_run_id IS NULL AND r.date = t.date
   AND ROW({", ".join("r." + name for name in SAME_REQUIREMENT)})
       IS NOT DISTINCT FROM ROW({", ".join("t." + name for name in SAME_REQUIREMENT)})
"""

# Requirements that no exit makes any more.
GONE = """
CREATE TEMP TABLE tmp_gone ON COMMIT DROP AS
SELECT r.id, r.product_id, r.customs_status, r.date
  FROM immex_requirement r
 WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
   AND [[r.exit_line_id in tmp_affected_exit]]
   AND r.date > %(lock)s
   AND NOT EXISTS (SELECT 1 FROM tmp_kept k WHERE k.requirement_id = r.id)
"""

# Exits that changed keep their requirements, and may take another turn.
DIRTY_PART = """
CREATE TEMP TABLE tmp_dirty_part ON COMMIT DROP AS
SELECT product_id, customs_status,
       GREATEST(min(since), %(lock)s::date + 1) AS since,
       min(since) <= %(lock)s AS held
  FROM (
    SELECT product_id, customs_status, since FROM tmp_dirty_layer
    UNION ALL
    SELECT product_id, customs_status, date FROM tmp_gone
    UNION ALL
    SELECT t.product_id, t.customs_status, t.date
      FROM tmp_requirement t
      LEFT JOIN tmp_kept k ON k.requirement_no = t.requirement_no
      LEFT JOIN (SELECT DISTINCT exit_line_id FROM tmp_dirty_exit) d
        ON d.exit_line_id = t.exit_line_id
      -- the day of a draw is compared with that of the layer
      LEFT JOIN (SELECT DISTINCT input_id FROM tmp_dirty_input) i
        ON i.input_id = t.consumption_id
     WHERE k.requirement_no IS NULL OR d.exit_line_id IS NOT NULL
        OR i.input_id IS NOT NULL
  ) s
 GROUP BY product_id, customs_status
"""
EVERY_PART = """
CREATE TEMP TABLE tmp_dirty_part ON COMMIT DROP AS
SELECT product_id, customs_status, %(lock)s::date + 1 AS since
  FROM (
    SELECT product_id, customs_status FROM tmp_requirement
    UNION
    SELECT product_id, customs_status FROM tmp_gone
    UNION
    SELECT product_id, customs_status FROM immex_layer
     WHERE company_id = %(company_id)s
  ) s
"""

TAIL = """
CREATE TEMP TABLE tmp_tail_discharge ON COMMIT DROP AS
SELECT d.id, d.requirement_id, d.layer_id, d.exit_date, d.layer_from, d.quantity,
       d.qty_umc, d.qty_umt, d.value_usd, d.customs_value, d.late,
       -- rows of before the column was there
       COALESCE(d.after_consumption, FALSE) AS after_consumption, d.chosen_by
  FROM tmp_dirty_part p
  JOIN immex_discharge d
    ON d.company_id = %(company_id)s AND d.product_id = p.product_id
   AND d.exit_date >= p.since AND d.superseded_run_id IS NULL
  JOIN immex_requirement r
    ON r.id = d.requirement_id AND r.customs_status = p.customs_status
"""

TAKEN = """
CREATE TEMP TABLE tmp_layer_taken ON COMMIT DROP AS
SELECT layer_id AS id, sum(quantity) AS qty FROM tmp_tail_discharge GROUP BY layer_id
"""

STACK = """
CREATE TEMP TABLE tmp_stack ON COMMIT DROP AS
SELECT dense_rank() OVER (
           ORDER BY d.customs_status, COALESCE(-g.group_id, d.product_id)) AS stack,
       d.product_id, d.customs_status, d.since
  FROM tmp_dirty_part d
  LEFT JOIN tmp_part_group g
    ON g.product_id = d.product_id AND d.customs_status = 'temporary'
"""

# Fixed assets are a ledger of their own: they never serve material (rule 16). Odd
# stacks are theirs.
SUPPLY = """
CREATE TEMP TABLE tmp_ledger_supply ON COMMIT DROP AS
SELECT l.id::bigint AS supply_id,
       s.stack * 2 + (l.goods_class = 'fixed_asset')::integer AS stack,
       row_number() OVER (
           ORDER BY s.stack, l.peps_date, l.peps_key COLLATE "C") AS rank,
       l.quantity - (l.qty_discharged - COALESCE(t.qty, 0)) AS qty,
       l.qty_discharged - COALESCE(t.qty, 0) AS used,
       l.available_date AS available_at, l.term_end AS expires_at
  FROM tmp_stack s
  JOIN immex_layer l
    ON l.company_id = %(company_id)s AND l.active
   AND l.product_id = s.product_id AND l.customs_status = s.customs_status
  LEFT JOIN tmp_layer_taken t ON t.id = l.id
 WHERE l.quantity > l.qty_discharged - COALESCE(t.qty, 0)
"""

# Requirements that stay have an id, new ones a number.
DEMAND_LINE = """
CREATE TEMP TABLE tmp_demand_line ON COMMIT DROP AS
SELECT s.stack, r.id AS requirement_id, NULL::bigint AS requirement_no,
       r.exit_line_id, r.quantity, r.date, r.kind, r.product_id, r.natural_key,
       r.consumption_id
  FROM tmp_stack s
  JOIN immex_requirement r
    ON r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
   AND r.product_id = s.product_id AND r.customs_status = s.customs_status
   AND r.date >= s.since
 WHERE NOT EXISTS (SELECT 1 FROM tmp_gone g WHERE g.id = r.id)
UNION ALL
SELECT s.stack, NULL, t.requirement_no, t.exit_line_id, t.quantity, t.date, t.kind,
       t.product_id, t.natural_key, t.consumption_id
  FROM tmp_requirement t
  JOIN tmp_stack s
    ON s.product_id = t.product_id AND s.customs_status = t.customs_status
 WHERE NOT EXISTS (
       SELECT 1 FROM tmp_kept k WHERE k.requirement_no = t.requirement_no)
"""

DEMAND = """
CREATE TEMP TABLE tmp_ledger_demand ON COMMIT DROP AS
SELECT row_number() OVER (
           ORDER BY d.stack, d.date, e.natural_key COLLATE "C",
                    d.natural_key COLLATE "C") AS demand_id,
       row_number() OVER (
           ORDER BY d.stack, d.date, e.natural_key COLLATE "C",
                    d.natural_key COLLATE "C") AS rank,
       d.stack * 2 + e.is_asset::integer AS stack, d.quantity AS qty, d.date AS at,
       e.layer_scope = 'unexpired' AS only_unexpired,
       e.layer_scope = 'expired' AS only_expired,
       d.requirement_id, d.requirement_no, d.exit_line_id, d.kind, d.product_id,
       d.consumption_id
  FROM tmp_demand_line d
  JOIN immex_exit_line e ON e.id = d.exit_line_id
"""

# Customs quantities and values follow the layer's own partida, rounded at cumulative
# positions: the last discharge of a layer takes the remainder (rule 9).
TARGET = f"""
CREATE TEMP TABLE tmp_target ON COMMIT DROP AS
SELECT d.demand_id, d.requirement_no, d.requirement_id, d.exit_line_id,
       l.id AS layer_id, d.product_id, d.kind, d.at AS exit_date,
       a.since AS layer_from, a.qty AS quantity,
       {half_up("l.qty_umc", "a.upto", "l.quantity", 3)}
         - {half_up("l.qty_umc", "a.since", "l.quantity", 3)} AS qty_umc,
       {half_up("l.qty_umt", "a.upto", "l.quantity", 5)}
         - {half_up("l.qty_umt", "a.since", "l.quantity", 5)} AS qty_umt,
       {half_up("l.value_usd", "a.upto", "l.quantity", 2)}
         - {half_up("l.value_usd", "a.since", "l.quantity", 2)} AS value_usd,
       {half_up("l.customs_value", "a.upto", "l.quantity", 2)}
         - {half_up("l.customs_value", "a.since", "l.quantity", 2)} AS customs_value,
       COALESCE(l.term_end < d.at, FALSE) AS late,
       COALESCE(l.available_date > c.date, FALSE) AS after_consumption,
       CASE WHEN l.product_id <> d.product_id THEN 'equivalent'
            ELSE COALESCE(k.chosen_by, 'peps') END AS chosen_by
  FROM (
    SELECT r.demand_id, r.supply_id, r.qty,
           s.used + r.supply_from AS since, s.used + r.supply_to AS upto
      FROM tmp_ledger_result r
      JOIN tmp_ledger_supply s ON s.supply_id = r.supply_id
  ) a
  JOIN tmp_ledger_demand d ON d.demand_id = a.demand_id
  JOIN immex_layer l ON l.id = a.supply_id
  LEFT JOIN immex_production_consumption c ON c.id = d.consumption_id
  LEFT JOIN (SELECT demand_id, supply_id, min(chosen_by) AS chosen_by
               FROM tmp_choice GROUP BY demand_id, supply_id) k
    ON k.demand_id = a.demand_id AND k.supply_id = a.supply_id
"""

SAME_DISCHARGE = (
    "requirement_id",
    "layer_id",
    "exit_date",
    "layer_from",
    "quantity",
    "qty_umc",
    "qty_umt",
    "value_usd",
    "customs_value",
    "late",
    "after_consumption",
    "chosen_by",
)
_EQUAL = " AND ".join(
    f"t.{name} IS NOT DISTINCT FROM d.{name}"
    for name in SAME_DISCHARGE
    if name not in ("requirement_id", "layer_id")
)

SUPERSEDE_DISCHARGE = f"""
UPDATE immex_discharge x
   SET superseded_run_id = %(run_id)s
  FROM tmp_tail_discharge d
 WHERE x.id = d.id
   AND NOT EXISTS (
       SELECT 1 FROM tmp_target t
        WHERE t.requirement_id = d.requirement_id AND t.layer_id = d.layer_id
          AND {_EQUAL})
"""

SUPERSEDE_REQUIREMENT = """
UPDATE immex_requirement r
   SET superseded_run_id = %(run_id)s
  FROM tmp_gone g
 WHERE r.id = g.id
"""

INSERT_REQUIREMENT = """
INSERT INTO immex_requirement (
    company_id, exit_line_id, product_id, customs_status, kind, top_layer_id,
    production_layer_id, consumption_id, unexplained, quantity, qty_discharged,
    qty_shortage, date, natural_key, run_id)
SELECT %(company_id)s, t.exit_line_id, t.product_id, t.customs_status, t.kind,
       t.top_layer_id, t.production_layer_id, t.consumption_id, t.unexplained,
       t.quantity, COALESCE(s.quantity, 0), t.quantity - COALESCE(s.quantity, 0),
       t.date, t.natural_key, %(run_id)s
  FROM tmp_requirement t
  LEFT JOIN (SELECT requirement_no, sum(quantity) AS quantity
               FROM tmp_target GROUP BY requirement_no) s
    ON s.requirement_no = t.requirement_no
 WHERE NOT EXISTS (
       SELECT 1 FROM tmp_kept k WHERE k.requirement_no = t.requirement_no)
 ORDER BY t.exit_line_id, t.natural_key COLLATE "C"
"""

# Apart: in one statement with the update the planner takes this for one row.
NAMED_REQUIREMENT = """
CREATE TEMP TABLE tmp_named ON COMMIT DROP AS
SELECT q.requirement_no, r.id AS requirement_id
  FROM tmp_requirement q
  JOIN immex_requirement r
    ON r.exit_line_id = q.exit_line_id AND r.natural_key = q.natural_key
   AND r.superseded_run_id IS NULL
"""
NAME_REQUIREMENT = """
UPDATE tmp_target t
   SET requirement_id = n.requirement_id
  FROM tmp_named n
 WHERE n.requirement_no = t.requirement_no
"""

INSERT_DISCHARGE = f"""
INSERT INTO immex_discharge (
    company_id, run_id, requirement_id, exit_line_id, layer_id, product_id, kind,
    exit_date, layer_from, quantity, qty_umc, qty_umt, value_usd, customs_value, late,
    after_consumption, chosen_by)
SELECT %(company_id)s, %(run_id)s, t.requirement_id, t.exit_line_id, t.layer_id,
       t.product_id, t.kind, t.exit_date, t.layer_from, t.quantity, t.qty_umc,
       t.qty_umt, t.value_usd, t.customs_value, t.late, t.after_consumption,
       t.chosen_by
  FROM tmp_target t
 WHERE NOT EXISTS (
       SELECT 1 FROM tmp_tail_discharge d
        WHERE d.requirement_id = t.requirement_id AND d.layer_id = t.layer_id
          AND {_EQUAL})
 ORDER BY t.demand_id, t.layer_from
"""


def publish(cr, ctx):
    """Discharge ``tmp_requirement`` and write what differs; return the four counts."""
    execute(cr, ctx, DROP, KEPT)
    cr.execute("CREATE INDEX ON tmp_kept (requirement_no)")
    cr.execute("ANALYZE tmp_kept")
    execute(cr, ctx, GONE, DIRTY_PART)
    lock.note(cr, ctx, "SELECT EXISTS (SELECT FROM tmp_dirty_part WHERE held)")
    if ctx["full"]:
        cr.execute("DROP TABLE tmp_dirty_part")
        execute(cr, ctx, EVERY_PART)
    equivalents.widen(cr, ctx)
    cr.execute("ANALYZE tmp_gone, tmp_dirty_part")
    execute(cr, ctx, TAIL)
    cr.execute("ANALYZE tmp_tail_discharge")
    execute(cr, ctx, TAKEN, STACK)
    cr.execute("ANALYZE tmp_layer_taken, tmp_stack")
    execute(cr, ctx, SUPPLY, DEMAND_LINE)
    cr.execute("ANALYZE tmp_demand_line")
    execute(cr, ctx, DEMAND)
    cr.execute("CREATE UNIQUE INDEX ON tmp_ledger_supply (supply_id)")
    cr.execute("CREATE UNIQUE INDEX ON tmp_ledger_demand (demand_id)")
    cr.execute("ANALYZE tmp_ledger_supply, tmp_ledger_demand")
    choice.make(cr, ctx)
    allocate(
        cr,
        "tmp_ledger_supply",
        "tmp_ledger_demand",
        "tmp_ledger_result",
        choice="tmp_choice",
    )
    cr.execute("ANALYZE tmp_ledger_result")
    execute(cr, ctx, TARGET)
    cr.execute("CREATE INDEX ON tmp_target (requirement_id, layer_id)")
    cr.execute("ANALYZE tmp_target")
    counts = {}
    for name, statement in (
        ("discharges_superseded", SUPERSEDE_DISCHARGE),
        ("requirements_superseded", SUPERSEDE_REQUIREMENT),
        ("requirements_added", INSERT_REQUIREMENT),
        (None, NAMED_REQUIREMENT),
        (None, "ANALYZE tmp_named"),
        (None, NAME_REQUIREMENT),
        ("discharges_added", INSERT_DISCHARGE),
    ):
        rows = execute(cr, ctx, statement)
        if statement is INSERT_REQUIREMENT:
            analyze(cr, rows, "immex_requirement")
        if name:
            counts[name] = rows
    analyze(cr, counts["discharges_added"], "immex_discharge")
    return counts
