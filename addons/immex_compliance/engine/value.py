# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Discharge by value: the years in which a company takes value, not parts.

Anexo 24 (A-II, B-IV-d-4): the value of what left is taken from the oldest pedimento
with value left in the tariff item, or in any of its goods at pedimento level. What
remains of a pedimento then counts as the goods with the highest duty rate: within one
pedimento the goods with the lowest rate give first.

The ledger by part goes on beside it: it values what left. A layer begins a by-value
year with its value less what years by part took of it by part and by-value years by
value. Every run computes all by-value years after the last closed day again, from the
ledger as published, so that an incremental run gives what a full one does; it writes
differences only. A company without a by-value year pays two look-ups.
"""

from ..peps import allocate
from .statements import execute

DROP = """
DROP TABLE IF EXISTS tmp_value_layer, tmp_value_used, tmp_value_target;
DROP TABLE IF EXISTS tmp_value_supply, tmp_value_demand, tmp_value_piece,
    tmp_value_result, tmp_value_entry
"""
DROP_YEAR = """
DROP TABLE IF EXISTS tmp_value_supply, tmp_value_demand, tmp_value_piece,
    tmp_value_result, tmp_value_entry
"""

YEARS = """
SELECT year, method, currency, value_rule FROM immex_discharge_method
 WHERE company_id = %(company_id)s AND method <> 'part' ORDER BY year
"""
ANY = """
SELECT EXISTS (SELECT FROM immex_value_discharge
                WHERE company_id = %(company_id)s AND superseded_run_id IS NULL)
"""

LAYER = """
CREATE TEMP TABLE tmp_value_layer ON COMMIT DROP AS
SELECT l.id, l.product_id, l.fraccion, l.goods_class = 'fixed_asset' AS is_asset,
       l.quantity, COALESCE(CASE %(currency)s WHEN 'usd' THEN l.value_usd
                            ELSE l.customs_value END, 0)::numeric AS value,
       CASE %(currency)s WHEN 'usd' THEN l.value_usd
            ELSE l.customs_value END IS NOT NULL AS is_known,
       l.peps_date, l.peps_key, l.igi_rate, l.available_date, l.term_end,
       min(l.peps_date) OVER p AS pedimento_date,
       min(l.peps_key COLLATE "C") OVER p AS pedimento_key
  FROM immex_layer l
 WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
WINDOW p AS (PARTITION BY COALESCE(l.pedimento_id, -l.id))
"""

# What is taken before the first day that is computed: by part in years by part, by
# value in closed periods. Rows of a year count in later years only.
USED = """
CREATE TEMP TABLE tmp_value_used ON COMMIT DROP AS
SELECT d.layer_id AS id, date_part('year', d.exit_date)::integer AS year,
       sum(CASE %(currency)s WHEN 'usd' THEN d.value_usd
           ELSE d.customs_value END)::numeric AS value
  FROM immex_discharge d
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
   AND date_part('year', d.exit_date) <> ALL (%(years)s)
 GROUP BY 1, 2
UNION ALL
SELECT layer_id, year, sum(value)
  FROM immex_value_discharge
 WHERE company_id = %(company_id)s AND superseded_run_id IS NULL
   AND layer_id IS NOT NULL AND exit_date <= %(lock)s
 GROUP BY 1, 2
"""

TARGET_TABLE = """
CREATE TEMP TABLE tmp_value_target (
    requirement_id integer, layer_id integer, exit_line_id integer, fraccion varchar,
    kind varchar, exit_date date, value numeric, late boolean, year integer,
    method varchar, currency varchar) ON COMMIT DROP
"""

# Tariff item, or none at pedimento level, where all goods of a pedimento give.
SUPPLY = """
CREATE TEMP TABLE tmp_value_supply ON COMMIT DROP AS
SELECT l.id::bigint AS supply_id,
       CASE WHEN %(method)s = 'pedimento_value' THEN ''
            ELSE COALESCE(l.fraccion, '') END AS fraccion, l.is_asset,
       row_number() OVER (ORDER BY
           CASE WHEN %(method)s = 'pedimento_value' THEN l.pedimento_date
                ELSE l.peps_date END,
           CASE WHEN %(method)s = 'pedimento_value' THEN l.pedimento_key
                ELSE l.peps_key END COLLATE "C",
           CASE WHEN %(method)s = 'pedimento_value' THEN l.igi_rate END
                ASC NULLS LAST,
           l.peps_date, l.peps_key COLLATE "C", l.id) AS rank,
       l.value - COALESCE(u.value, 0) AS qty,
       l.available_date AS available_at, l.term_end AS expires_at,
       0::bigint AS stack
  FROM tmp_value_layer l
  LEFT JOIN (
       SELECT id, sum(value) AS value FROM (
           SELECT id, value FROM tmp_value_used WHERE year <= %(year)s
           UNION ALL
           SELECT layer_id, value FROM tmp_value_target WHERE layer_id IS NOT NULL
       ) s GROUP BY id) u ON u.id = l.id
 WHERE l.value > COALESCE(u.value, 0)
"""

# What a part cost on the average until a date, of what tells its value, and its last
# tariff item by then.
ENTRY = """
CREATE TEMP TABLE tmp_value_entry ON COMMIT DROP AS
SELECT r.product_id, r.date,
       sum(l.value) / sum(l.quantity) FILTER (WHERE l.is_known) AS price,
       (array_agg(l.fraccion ORDER BY l.peps_date DESC,
                  l.peps_key COLLATE "C" DESC))[1] AS fraccion
  FROM (
    SELECT DISTINCT product_id, date FROM immex_requirement
     WHERE company_id = %(company_id)s AND superseded_run_id IS NULL
       AND customs_status = 'temporary' AND date > %(lock)s
       AND date BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)
       AND (qty_shortage > 0 OR %(value_rule)s = 'entry_average')
  ) r
  JOIN tmp_value_layer l
    ON l.product_id = r.product_id AND l.available_date <= r.date
 GROUP BY r.product_id, r.date
"""

PIECE = """
CREATE TEMP TABLE tmp_value_piece ON COMMIT DROP AS
SELECT s.requirement_id,
       CASE WHEN %(method)s = 'pedimento_value' THEN ''
            ELSE COALESCE(s.fraccion, '') END AS fraccion,
       min(s.fraccion) AS shown, round(sum(s.value), 2) AS value
  FROM (
    SELECT r.id AS requirement_id, l.fraccion,
           CASE WHEN %(value_rule)s = 'entry_average' THEN d.quantity * e.price
                WHEN %(currency)s = 'usd' THEN d.value_usd
                ELSE d.customs_value END AS value
      FROM immex_requirement r
      JOIN immex_discharge d
        ON d.requirement_id = r.id AND d.superseded_run_id IS NULL
      JOIN immex_layer l ON l.id = d.layer_id
      LEFT JOIN tmp_value_entry e ON e.product_id = r.product_id AND e.date = r.date
     WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
       AND r.customs_status = 'temporary' AND r.date > %(lock)s
       AND r.date BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)
    UNION ALL
    SELECT r.id, e.fraccion, r.qty_shortage * e.price
      FROM immex_requirement r
      JOIN tmp_value_entry e ON e.product_id = r.product_id AND e.date = r.date
     WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
       AND r.customs_status = 'temporary' AND r.date > %(lock)s
       AND r.date BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 31)
       AND r.qty_shortage > 0
  ) s
 GROUP BY 1, 2
HAVING round(sum(s.value), 2) > 0
"""

DEMAND = """
CREATE TEMP TABLE tmp_value_demand ON COMMIT DROP AS
SELECT row_number() OVER w AS demand_id, row_number() OVER w AS rank,
       0::bigint AS stack, p.fraccion, p.shown, e.is_asset, p.value AS qty,
       r.date AS at, e.layer_scope = 'unexpired' AS only_unexpired,
       e.layer_scope = 'expired' AS only_expired,
       r.id AS requirement_id, r.exit_line_id, r.kind
  FROM tmp_value_piece p
  JOIN immex_requirement r ON r.id = p.requirement_id
  JOIN immex_exit_line e ON e.id = r.exit_line_id
WINDOW w AS (ORDER BY r.date, e.natural_key COLLATE "C", r.natural_key COLLATE "C",
             p.fraccion COLLATE "C")
"""

STACK = """
WITH stack AS (
    SELECT fraccion, is_asset, row_number() OVER (ORDER BY fraccion, is_asset) AS no
      FROM (SELECT fraccion, is_asset FROM tmp_value_supply
            UNION SELECT fraccion, is_asset FROM tmp_value_demand) s)
UPDATE {table} t SET stack = s.no
  FROM stack s WHERE s.fraccion = t.fraccion AND s.is_asset = t.is_asset
"""
STACK_SUPPLY = STACK.replace("{table}", "tmp_value_supply")
STACK_DEMAND = STACK.replace("{table}", "tmp_value_demand")

TARGET = """
INSERT INTO tmp_value_target
SELECT d.requirement_id, l.id, d.exit_line_id, l.fraccion, d.kind, d.at, a.qty,
       COALESCE(l.term_end < d.at, FALSE), %(year)s, %(method)s, %(currency)s
  FROM tmp_value_result a
  JOIN tmp_value_demand d ON d.demand_id = a.demand_id
  JOIN tmp_value_layer l ON l.id = a.supply_id
UNION ALL
SELECT d.requirement_id, NULL, d.exit_line_id, d.shown, d.kind, d.at,
       d.qty - COALESCE(s.qty, 0), FALSE, %(year)s, %(method)s, %(currency)s
  FROM tmp_value_demand d
  LEFT JOIN (SELECT demand_id, sum(qty) AS qty FROM tmp_value_result
              GROUP BY demand_id) s ON s.demand_id = d.demand_id
 WHERE d.qty > COALESCE(s.qty, 0)
"""

_SAME = " AND ".join(
    f"t.{name} IS NOT DISTINCT FROM d.{name}"
    for name in (
        "layer_id",
        "exit_line_id",
        "fraccion",
        "kind",
        "exit_date",
        "value",
        "late",
        "year",
        "method",
        "currency",
    )
)
SUPERSEDE = f"""
UPDATE immex_value_discharge d
   SET superseded_run_id = %(run_id)s
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
   AND d.exit_date > %(lock)s
   AND NOT EXISTS (
       SELECT FROM tmp_value_target t
        WHERE t.requirement_id = d.requirement_id AND {_SAME})
"""
INSERT = f"""
INSERT INTO immex_value_discharge (
    company_id, run_id, requirement_id, layer_id, exit_line_id, fraccion, kind,
    exit_date, value, late, year, method, currency)
SELECT %(company_id)s, %(run_id)s, t.requirement_id, t.layer_id, t.exit_line_id,
       t.fraccion, t.kind, t.exit_date, t.value, t.late, t.year, t.method, t.currency
  FROM tmp_value_target t
 WHERE NOT EXISTS (
       SELECT FROM immex_value_discharge d
        WHERE d.requirement_id = t.requirement_id AND d.superseded_run_id IS NULL
          AND {_SAME})
 ORDER BY t.exit_date, t.requirement_id, t.layer_id
"""


def sync(cr, ctx):
    """Write what differs in the by-value ledger; return the rows written and marked."""
    cr.execute(YEARS, ctx)
    years = cr.fetchall()
    if not years:
        cr.execute(ANY, ctx)
        if not cr.fetchone()[0]:
            return 0
    execute(cr, ctx, DROP, TARGET_TABLE)
    if years:
        base = {
            **ctx,
            "currency": years[0][2],
            "years": [year[0] for year in years],
        }
        execute(cr, base, LAYER, USED)
        cr.execute("CREATE UNIQUE INDEX ON tmp_value_layer (id)")
        cr.execute("CREATE INDEX ON tmp_value_layer (product_id)")
        cr.execute("ANALYZE tmp_value_layer, tmp_value_used")
    for year, method, currency, rule in years:
        if f"{year}-12-31" <= ctx["lock"] != "-infinity":
            continue
        one = {
            **ctx,
            "year": year,
            "method": method,
            "currency": currency,
            "value_rule": rule,
        }
        _year(cr, one)
    cr.execute("CREATE INDEX ON tmp_value_target (requirement_id)")
    cr.execute("ANALYZE tmp_value_target")
    return execute(cr, ctx, SUPERSEDE, INSERT)


def _year(cr, ctx):
    """Add to ``tmp_value_target`` what a by-value year takes."""
    execute(cr, ctx, DROP_YEAR, SUPPLY, ENTRY)
    cr.execute("CREATE UNIQUE INDEX ON tmp_value_entry (product_id, date)")
    cr.execute("ANALYZE tmp_value_entry")
    execute(cr, ctx, PIECE, DEMAND, STACK_SUPPLY, STACK_DEMAND)
    cr.execute("CREATE UNIQUE INDEX ON tmp_value_supply (supply_id)")
    cr.execute("CREATE UNIQUE INDEX ON tmp_value_demand (demand_id)")
    cr.execute("ANALYZE tmp_value_supply, tmp_value_demand")
    allocate(cr, "tmp_value_supply", "tmp_value_demand", "tmp_value_result")
    execute(cr, ctx, TARGET)
    cr.execute("ANALYZE tmp_value_target")
