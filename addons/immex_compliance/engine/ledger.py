# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Requirements against layers by PEPS, and the differences written to the ledger.

Anexo 24, A-II-c: every exit is discharged from the pedimento of the oldest temporary
import that holds the material; what it cannot give comes from the next one.
"""

from ..peps import allocate

TABLES = (
    "tmp_stack",
    "tmp_ledger_supply",
    "tmp_ledger_demand",
    "tmp_ledger_result",
    "tmp_kept",
    "tmp_target",
)
DROP = "DROP TABLE IF EXISTS " + ", ".join(TABLES)

STACK = """
CREATE TEMP TABLE tmp_stack ON COMMIT DROP AS
SELECT row_number() OVER () AS stack, s.*
  FROM (
    SELECT product_id, customs_status FROM tmp_requirement
    UNION
    SELECT product_id, customs_status FROM immex_layer
     WHERE company_id = %(company_id)s AND active
  ) s
"""

SUPPLY = """
CREATE TEMP TABLE tmp_ledger_supply ON COMMIT DROP AS
SELECT l.id::bigint AS supply_id, s.stack,
       row_number() OVER (
           ORDER BY s.stack, l.peps_date, l.peps_key COLLATE "C") AS rank,
       l.quantity AS qty, l.available_date AS available_at, l.term_end AS expires_at
  FROM immex_layer l
  JOIN tmp_stack s
    ON s.product_id = l.product_id AND s.customs_status = l.customs_status
 WHERE l.company_id = %(company_id)s AND l.active
"""

DEMAND = """
CREATE TEMP TABLE tmp_ledger_demand ON COMMIT DROP AS
SELECT r.requirement_no AS demand_id, s.stack,
       row_number() OVER (
           ORDER BY s.stack, e.date, e.natural_key COLLATE "C",
                    r.natural_key COLLATE "C") AS rank,
       r.quantity AS qty, e.date AS at,
       e.layer_scope = 'unexpired' AS only_unexpired
  FROM tmp_requirement r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
  JOIN tmp_stack s
    ON s.product_id = r.product_id AND s.customs_status = r.customs_status
"""

# A3 case II takes expired layers only: what else the order of layers gave it is a
# shortage (rule 14).
EXPIRED_ONLY = """
DELETE FROM tmp_ledger_result a
 USING tmp_requirement r, immex_exit_line e, immex_layer l
 WHERE r.requirement_no = a.demand_id AND e.id = r.exit_line_id
   AND l.id = a.supply_id AND e.layer_scope = 'expired'
   AND (l.term_end IS NULL OR l.term_end >= e.date)
"""

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
  JOIN immex_exit_line e ON e.id = t.exit_line_id
  JOIN immex_requirement r
    ON r.exit_line_id = t.exit_line_id AND r.natural_key = t.natural_key
   AND r.superseded_run_id IS NULL AND r.date = e.date
   AND ROW({", ".join("r." + name for name in SAME_REQUIREMENT)})
       IS NOT DISTINCT FROM ROW({", ".join("t." + name for name in SAME_REQUIREMENT)})
"""

# Customs quantities and values follow the layer's own partida, rounded at cumulative
# positions: the last discharge of a layer takes the remainder (rule 9).
TARGET = """
CREATE TEMP TABLE tmp_target ON COMMIT DROP AS
SELECT a.demand_id AS requirement_no, k.requirement_id, r.exit_line_id,
       l.id AS layer_id, r.product_id, r.kind, e.date AS exit_date,
       a.supply_from AS layer_from, a.qty AS quantity,
       round(l.qty_umc * a.supply_to / l.quantity, 3)
         - round(l.qty_umc * a.supply_from / l.quantity, 3) AS qty_umc,
       round(l.qty_umt * a.supply_to / l.quantity, 5)
         - round(l.qty_umt * a.supply_from / l.quantity, 5) AS qty_umt,
       round(l.value_usd * a.supply_to / l.quantity, 2)
         - round(l.value_usd * a.supply_from / l.quantity, 2) AS value_usd,
       round(l.customs_value * a.supply_to / l.quantity, 2)
         - round(l.customs_value * a.supply_from / l.quantity, 2) AS customs_value,
       COALESCE(l.term_end < e.date, FALSE) AS late
  FROM tmp_ledger_result a
  JOIN tmp_requirement r ON r.requirement_no = a.demand_id
  JOIN immex_exit_line e ON e.id = r.exit_line_id
  JOIN immex_layer l ON l.id = a.supply_id
  LEFT JOIN tmp_kept k ON k.requirement_no = a.demand_id
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
)
_EQUAL = " AND ".join(
    f"t.{name} IS NOT DISTINCT FROM d.{name}" for name in SAME_DISCHARGE
)

SUPERSEDE_DISCHARGE = f"""
UPDATE immex_discharge d
   SET superseded_run_id = %(run_id)s
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
   AND NOT EXISTS (
       SELECT 1 FROM tmp_target t
        WHERE t.requirement_id = d.requirement_id AND t.layer_id = d.layer_id
          AND {_EQUAL})
"""

SUPERSEDE_REQUIREMENT = """
UPDATE immex_requirement r
   SET superseded_run_id = %(run_id)s
 WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM tmp_kept k WHERE k.requirement_id = r.id)
"""

INSERT_REQUIREMENT = """
INSERT INTO immex_requirement (
    company_id, exit_line_id, product_id, customs_status, kind, top_layer_id,
    production_layer_id, consumption_id, unexplained, quantity, qty_discharged,
    qty_shortage, date, natural_key, run_id,
    create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, t.exit_line_id, t.product_id, t.customs_status, t.kind,
       t.top_layer_id, t.production_layer_id, t.consumption_id, t.unexplained,
       t.quantity, 0, t.quantity, e.date, t.natural_key, %(run_id)s,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_requirement t
  JOIN immex_exit_line e ON e.id = t.exit_line_id
 WHERE NOT EXISTS (
       SELECT 1 FROM tmp_kept k WHERE k.requirement_no = t.requirement_no)
 ORDER BY t.requirement_no
"""

NAME_REQUIREMENT = """
UPDATE tmp_target t
   SET requirement_id = r.id
  FROM tmp_requirement q
  JOIN immex_requirement r
    ON r.exit_line_id = q.exit_line_id AND r.natural_key = q.natural_key
   AND r.superseded_run_id IS NULL
 WHERE q.requirement_no = t.requirement_no AND t.requirement_id IS NULL
"""

INSERT_DISCHARGE = f"""
INSERT INTO immex_discharge (
    company_id, run_id, requirement_id, exit_line_id, layer_id, product_id, kind,
    exit_date, layer_from, quantity, qty_umc, qty_umt, value_usd, customs_value, late,
    create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, %(run_id)s, t.requirement_id, t.exit_line_id, t.layer_id,
       t.product_id, t.kind, t.exit_date, t.layer_from, t.quantity, t.qty_umc,
       t.qty_umt, t.value_usd, t.customs_value, t.late,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_target t
 WHERE NOT EXISTS (
       SELECT 1 FROM immex_discharge d
        WHERE d.requirement_id = t.requirement_id AND d.layer_id = t.layer_id
          AND d.superseded_run_id IS NULL AND {_EQUAL})
 ORDER BY t.requirement_no, t.layer_from
"""


def publish(cr, ctx):
    """Discharge ``tmp_requirement`` and write what differs; return the four counts."""
    for statement in (DROP, STACK, SUPPLY, DEMAND):
        cr.execute(statement, ctx)
    cr.execute("ANALYZE tmp_ledger_supply, tmp_ledger_demand")
    allocate(cr, "tmp_ledger_supply", "tmp_ledger_demand", "tmp_ledger_result")
    for statement in (EXPIRED_ONLY, KEPT, TARGET):
        cr.execute(statement, ctx)
    cr.execute("CREATE INDEX ON tmp_target (requirement_id, layer_id)")
    cr.execute("ANALYZE tmp_target, tmp_kept")
    counts = {}
    for name, statement in (
        ("discharges_superseded", SUPERSEDE_DISCHARGE),
        ("requirements_superseded", SUPERSEDE_REQUIREMENT),
        ("requirements_added", INSERT_REQUIREMENT),
        (None, NAME_REQUIREMENT),
        ("discharges_added", INSERT_DISCHARGE),
    ):
        cr.execute(statement, ctx)
        if name:
            counts[name] = cr.rowcount
    return counts
