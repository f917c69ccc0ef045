# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which exit, or which order, took which units of which production: PEPS on output.

Exits of products, orders that drew subassemblies, and disassembly compete for the same
production layers, oldest first, in one kernel call. Units of the product that were
imported as such (a rejected export that came back: key IN, case II; finished goods)
come before those made here: an exit is matched as the item itself first, and by its
components next. The pieces are kept in
``immex_production_use``. Units are taken in the order of their dates, so what was
taken before a date lies at the beginning of every layer and stays: a run computes the
pieces from the first changed date on, on what is left there.
"""

from ..peps import allocate
from . import lock, remesa
from .statements import analyze, execute

TABLES = (
    "tmp_dirty_stack",
    "tmp_tail_exit",
    "tmp_piece",
    "tmp_tail_use",
    "tmp_use_taken",
    "tmp_use_stack",
    "tmp_use_imported",
    "tmp_peps_supply",
    "tmp_peps_demand",
    "tmp_peps_result",
    "tmp_use",
    "tmp_use_changed",
)

DROP = "DROP TABLE IF EXISTS " + ", ".join(TABLES)

# Products whose output, or whose takers, changed, from when.
DIRTY_STACK = """
CREATE TEMP TABLE tmp_dirty_stack ON COMMIT DROP AS
SELECT product_id, kind, GREATEST(min(since), %(lock)s::date + 1) AS since,
       min(since) <= %(lock)s AS held
  FROM (
    SELECT product_id, kind, since FROM tmp_dirty_node
    UNION ALL
    SELECT product_id, 'product', since FROM tmp_dirty_input
    UNION ALL
    SELECT product_id, kind, since FROM tmp_dirty_exit
    UNION ALL
    SELECT product_id, 'product', since FROM tmp_dirty_unbuild
    UNION ALL
    SELECT product_id, 'product', since FROM tmp_dirty_layer
     WHERE customs_status = 'temporary'
    UNION ALL
    -- a part that is no product by its class becomes one with the first order that puts
    -- it out: then its exits of before take imported units in their turn
    SELECT d.product_id, 'product', DATE '-infinity'
      FROM tmp_dirty_node d
      JOIN product_product pp ON pp.id = d.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
     WHERE d.kind = 'product' AND pt.immex_class <> 'product'
       AND NOT EXISTS (
           SELECT FROM immex_production_layer n
            WHERE n.company_id = %(company_id)s AND n.product_id = d.product_id
              AND n.kind = 'product' AND n.active
              AND NOT EXISTS (
                  SELECT FROM tmp_dirty_node x WHERE x.node_id = n.id))
    UNION ALL
    -- a layer that names no lot is of the lot of its receipts
    SELECT l.product_id, 'product', l.available_date
      FROM tmp_link_changed c
      JOIN immex_movement m ON m.id = c.movement_id AND m.lot_id IS NOT NULL
      JOIN immex_layer l
        ON l.goods_id = c.goods_id AND l.active AND l.customs_status = 'temporary'
  ) s
 GROUP BY product_id, kind
"""
EVERY_STACK = """
CREATE TEMP TABLE tmp_dirty_stack ON COMMIT DROP AS
SELECT product_id, kind, %(lock)s::date + 1 AS since
  FROM (
    SELECT product_id, kind FROM immex_production_layer
     WHERE company_id = %(company_id)s
    UNION
    SELECT product_id, CASE WHEN is_waste THEN 'waste' ELSE 'product' END
      FROM immex_exit_line WHERE company_id = %(company_id)s
    UNION
    SELECT product_id, 'product' FROM immex_production_consumption
     WHERE company_id = %(company_id)s
    UNION
    SELECT product_id, kind FROM immex_production_use
     WHERE company_id = %(company_id)s
    UNION
    SELECT product_id, 'product' FROM immex_movement
     WHERE company_id = %(company_id)s AND kind = 'unbuild'
  ) s
"""

TAIL_EXIT = """
CREATE TEMP TABLE tmp_tail_exit ON COMMIT DROP AS
SELECT e.id
  FROM tmp_dirty_stack s
  JOIN immex_exit_line e
    ON e.company_id = %(company_id)s AND e.product_id = s.product_id
   AND e.date >= s.since AND e.active
   AND (CASE WHEN e.is_waste THEN 'waste' ELSE 'product' END) = s.kind
"""

# A tracked product leaves by the lots of its deliveries; what no delivery tells has
# no lot, and finds production of untracked output only.
PIECE = """
CREATE TEMP TABLE {table} ON COMMIT DROP AS
WITH linked AS (
    SELECT e.id AS exit_line_id, m.lot_id, l.quantity
      FROM immex_exit_line e
      JOIN immex_goods_link l ON l.goods_id = e.goods_id
      JOIN immex_movement m ON m.id = l.movement_id
     WHERE e.company_id = %(company_id)s AND e.active AND e.lot_id IS NULL
       AND {scope}
       AND m.lot_id IS NOT NULL AND {named}
    UNION ALL
    -- under a consolidated pedimento that is open
    SELECT e.id, m.lot_id, l.quantity
      FROM immex_exit_line e
      JOIN immex_remesa_link l ON l.remesa_line_id = e.remesa_line_id
      JOIN immex_movement m ON m.id = l.movement_id
     WHERE e.company_id = %(company_id)s AND e.active AND e.lot_id IS NULL
       AND {scope}
       AND m.lot_id IS NOT NULL AND e.goods_id IS NULL
), by_lot AS (
    SELECT exit_line_id, lot_id, sum(quantity)::numeric AS qty
      FROM linked GROUP BY exit_line_id, lot_id
), capped AS (
    SELECT b.exit_line_id, b.lot_id,
           LEAST(b.qty, e.quantity - (b.upto - b.qty)) AS qty
      FROM (SELECT b.*, sum(b.qty) OVER (
                PARTITION BY b.exit_line_id ORDER BY k.name COLLATE "C", b.lot_id)
                AS upto
              FROM by_lot b JOIN stock_lot k ON k.id = b.lot_id) b
      JOIN immex_exit_line e ON e.id = b.exit_line_id
     WHERE b.upto - b.qty < e.quantity
)
SELECT row_number() OVER (ORDER BY s.exit_line_id, s.lot_id) AS piece_id,
       s.*, e.product_id, e.is_waste, e.date, e.natural_key,
       -- an asset is never exploded into material (rule 16)
       e.is_waste OR (NOT COALESCE(e.is_asset, FALSE) AND (
           made.found OR COALESCE(pt.immex_class = 'product', FALSE))) AS produced
  FROM (
    SELECT exit_line_id, lot_id, qty FROM capped
    UNION ALL
    SELECT e.id, e.lot_id, e.quantity - COALESCE(c.qty, 0)
      FROM immex_exit_line e
      LEFT JOIN (SELECT exit_line_id, sum(qty) AS qty FROM capped
                  GROUP BY exit_line_id) c ON c.exit_line_id = e.id
     WHERE e.company_id = %(company_id)s AND e.active
       AND {scope}
       AND e.quantity > COALESCE(c.qty, 0)
  ) s
  JOIN immex_exit_line e ON e.id = s.exit_line_id
  JOIN product_product pp ON pp.id = e.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  CROSS JOIN LATERAL (
      SELECT EXISTS (
          SELECT FROM immex_production_layer n
           WHERE n.company_id = %(company_id)s AND n.active
             AND n.kind = 'product' AND n.product_id = e.product_id) AS found
  ) made
"""

TAIL_USE = """
CREATE TEMP TABLE tmp_tail_use ON COMMIT DROP AS
SELECT u.*
  FROM tmp_dirty_stack s
  JOIN immex_production_use u
    ON u.company_id = %(company_id)s AND u.product_id = s.product_id
   AND u.kind = s.kind AND u.date >= s.since
"""

# What the tail took is free again.
TAKEN = """
CREATE TEMP TABLE tmp_use_taken ON COMMIT DROP AS
SELECT production_layer_id AS id, sum(node_to - node_from) AS qty
  FROM tmp_tail_use WHERE production_layer_id IS NOT NULL GROUP BY production_layer_id
"""

STACK = """
CREATE TEMP TABLE tmp_use_stack ON COMMIT DROP AS
WITH produced AS MATERIALIZED (
    -- by its class, or since an order puts it out
    SELECT d.product_id, d.since
      FROM tmp_dirty_stack d
      JOIN product_product pp ON pp.id = d.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
     WHERE d.kind = 'product'
       AND (pt.immex_class = 'product' OR EXISTS (
           SELECT FROM immex_production_layer n
            WHERE n.company_id = %(company_id)s AND n.active
              AND n.kind = 'product' AND n.product_id = d.product_id))
)
SELECT row_number() OVER () AS stack, s.*
  FROM (
    SELECT n.product_id, n.kind, COALESCE(n.lot_id, 0) AS lot_id
      FROM tmp_dirty_stack d
      JOIN immex_production_layer n
        ON n.company_id = %(company_id)s AND n.active
       AND n.product_id = d.product_id AND n.kind = d.kind
    UNION
    SELECT product_id, CASE WHEN is_waste THEN 'waste' ELSE 'product' END,
           COALESCE(lot_id, 0) FROM tmp_piece WHERE produced
    UNION
    SELECT m.product_id, 'product', COALESCE(m.lot_id, 0)
      FROM tmp_dirty_stack d
      JOIN immex_movement m
        ON m.company_id = %(company_id)s AND m.active AND m.kind = 'unbuild'
       AND m.product_id = d.product_id AND m.date >= d.since AND d.kind = 'product'
    UNION
    -- drawn by orders: imported units of it may serve, though none of the lot was
    -- made here
    SELECT c.product_id, 'product', COALESCE(c.lot_id, 0)
      FROM produced d
      JOIN immex_production_consumption c
        ON c.company_id = %(company_id)s AND c.active
       AND c.product_id = d.product_id AND c.date >= d.since
  ) s
"""

# Imported units of a product: negative ids, before all that was made here. Fixed assets
# are a ledger of their own and serve no production (rule 16).
IMPORTED = """
CREATE TEMP TABLE tmp_use_imported ON COMMIT DROP AS
SELECT l.id, s.stack, l.quantity, l.available_date, l.peps_date, l.peps_key,
       COALESCE((SELECT sum(u.node_to - u.node_from) FROM immex_production_use u
                  WHERE u.layer_id = l.id AND u.date < d.since), 0) AS used
  FROM tmp_dirty_stack d
  JOIN immex_layer l
    ON l.company_id = %(company_id)s AND l.active AND l.product_id = d.product_id
   AND l.customs_status = 'temporary' AND d.kind = 'product'
   AND l.goods_class IS DISTINCT FROM 'fixed_asset'
  LEFT JOIN LATERAL (
      SELECT COALESCE(
          (SELECT min(k.id) FROM stock_lot k
            WHERE k.product_id = l.product_id AND k.name = l.lot_name),
          (SELECT CASE WHEN count(DISTINCT COALESCE(m.lot_id, 0)) = 1
                       THEN min(m.lot_id) END
             FROM immex_goods_link g JOIN immex_movement m ON m.id = g.movement_id
            WHERE g.goods_id = l.goods_id), 0) AS id
  ) lot ON TRUE
  JOIN tmp_use_stack s
    ON s.product_id = l.product_id AND s.kind = 'product' AND s.lot_id = lot.id
"""

SUPPLY = """
CREATE TEMP TABLE tmp_peps_supply ON COMMIT DROP AS
SELECT supply_id, stack, qty, used, available_at,
       row_number() OVER (
           ORDER BY stack, made, date, natural_key COLLATE "C") AS rank
  FROM (
SELECT n.id::bigint AS supply_id, s.stack, TRUE AS made, n.date, n.natural_key,
       n.quantity - (n.qty_used - COALESCE(t.qty, 0)) AS qty,
       n.qty_used - COALESCE(t.qty, 0) AS used,
       n.date AS available_at
  FROM tmp_use_stack s
  JOIN immex_production_layer n
    ON n.company_id = %(company_id)s AND n.active
   AND n.product_id = s.product_id AND n.kind = s.kind
   AND COALESCE(n.lot_id, 0) = s.lot_id
  LEFT JOIN tmp_use_taken t ON t.id = n.id
 WHERE n.quantity > n.qty_used - COALESCE(t.qty, 0)
 UNION ALL
SELECT -i.id::bigint, i.stack, FALSE, i.peps_date, i.peps_key, i.quantity - i.used,
       i.used, i.available_date
  FROM tmp_use_imported i
 WHERE i.quantity > i.used
  ) n
"""

# Of three ids the first is of a piece of an exit, then an input, then a disassembly.
DEMAND = """
CREATE TEMP TABLE tmp_peps_demand ON COMMIT DROP AS
SELECT demand_id, stack, qty, at, exit_line_id, consumption_id, movement_id, lot_id,
       row_number() OVER (ORDER BY stack, at, natural_key COLLATE "C") AS rank
  FROM (
    SELECT p.piece_id * 3 AS demand_id, s.stack, p.qty, p.date AS at,
           p.exit_line_id, NULL::integer AS consumption_id,
           NULL::integer AS movement_id, p.lot_id,
           p.natural_key || '|' || COALESCE(lot.name, '') AS natural_key
      FROM tmp_piece p
      JOIN tmp_use_stack s ON s.product_id = p.product_id
       AND s.kind = CASE WHEN p.is_waste THEN 'waste' ELSE 'product' END
       AND s.lot_id = COALESCE(p.lot_id, 0)
      LEFT JOIN stock_lot lot ON lot.id = p.lot_id
     WHERE p.produced
    UNION ALL
    -- the residue in a product row belongs to the row of the waste layer
    SELECT c.id::bigint * 3 + 1, s.stack,
           c.qty_incorporated + c.qty_merma
             + CASE WHEN n.kind = 'waste' THEN c.qty_waste ELSE 0 END,
           c.date, NULL, c.id, NULL, c.lot_id, n.natural_key || '|' || c.natural_key
      FROM tmp_dirty_stack d
      JOIN immex_production_consumption c
        ON c.company_id = %(company_id)s AND c.active
       AND c.product_id = d.product_id AND c.date >= d.since AND d.kind = 'product'
      JOIN immex_production_layer n ON n.id = c.production_layer_id AND n.active
      JOIN tmp_use_stack s ON s.product_id = c.product_id AND s.kind = 'product'
       AND s.lot_id = COALESCE(c.lot_id, 0)
    UNION ALL
    -- taken apart: its components are material again, of the imports that they came
    -- from, since nothing had discharged them
    SELECT m.id::bigint * 3 + 2, s.stack, m.quantity, m.date, NULL, NULL, m.id,
           m.lot_id, 'U|' || COALESCE(sm.reference, '') || '|' || m.move_line_id
      FROM tmp_dirty_stack d
      JOIN immex_movement m
        ON m.company_id = %(company_id)s AND m.active AND m.kind = 'unbuild'
       AND m.product_id = d.product_id AND m.date >= d.since AND d.kind = 'product'
      JOIN stock_move_line l ON l.id = m.move_line_id
      JOIN stock_move sm ON sm.id = l.move_id
      JOIN tmp_use_stack s ON s.product_id = m.product_id AND s.kind = 'product'
       AND s.lot_id = COALESCE(m.lot_id, 0)
  ) d
 WHERE qty > 0
"""

USE = """
CREATE TEMP TABLE tmp_use ON COMMIT DROP AS
SELECT CASE WHEN r.supply_id > 0 THEN r.supply_id::integer END AS production_layer_id,
       CASE WHEN r.supply_id < 0 THEN -r.supply_id::integer END AS layer_id,
       k.product_id, k.kind,
       d.exit_line_id, d.consumption_id, d.movement_id, d.lot_id, d.at AS date,
       r.demand_from, r.demand_to,
       r.supply_from + s.used AS node_from, r.supply_to + s.used AS node_to
  FROM tmp_peps_result r
  JOIN tmp_peps_demand d ON d.demand_id = r.demand_id
  JOIN tmp_peps_supply s ON s.supply_id = r.supply_id
  JOIN tmp_use_stack k ON k.stack = s.stack
"""

_SAME = (
    "date",
    "demand_from",
    "demand_to",
    "node_from",
    "node_to",
)
_IDENTITY = (
    "COALESCE({0}.exit_line_id, 0)",
    "COALESCE({0}.consumption_id, 0)",
    "COALESCE({0}.movement_id, 0)",
    "COALESCE({0}.lot_id, 0)",
    "COALESCE({0}.production_layer_id, 0)",
    "COALESCE({0}.layer_id, 0)",
)
_EQUAL = " AND ".join(
    [f"{key.format('t')} = {key.format('u')}" for key in _IDENTITY]
    + [f"t.{name} = u.{name}" for name in _SAME]
)

CHANGED = """
CREATE TEMP TABLE tmp_use_changed (
    production_layer_id integer, exit_line_id integer, consumption_id integer,
    qty numeric) ON COMMIT DROP
"""

REMOVE = f"""
WITH gone AS (
    DELETE FROM immex_production_use x
     USING tmp_tail_use u
     WHERE x.id = u.id AND NOT EXISTS (SELECT 1 FROM tmp_use t WHERE {_EQUAL})
    RETURNING x.production_layer_id, x.exit_line_id, x.consumption_id,
              x.node_from - x.node_to AS qty
)
INSERT INTO tmp_use_changed SELECT * FROM gone
"""

INSERT = f"""
WITH made AS (
    INSERT INTO immex_production_use (
        company_id, production_layer_id, layer_id, product_id, kind, exit_line_id,
        consumption_id, movement_id, lot_id, date, demand_from, demand_to,
        node_from, node_to)
    SELECT %(company_id)s, t.production_layer_id, t.layer_id, t.product_id, t.kind,
           t.exit_line_id, t.consumption_id, t.movement_id, t.lot_id, t.date,
           t.demand_from, t.demand_to,
           t.node_from, t.node_to
      FROM tmp_use t
     WHERE NOT EXISTS (SELECT 1 FROM tmp_tail_use u WHERE {_EQUAL})
     ORDER BY t.production_layer_id, t.layer_id, t.node_from
    RETURNING production_layer_id, exit_line_id, consumption_id,
              node_to - node_from AS qty
)
INSERT INTO tmp_use_changed SELECT * FROM made
"""

COUNT = """
UPDATE immex_production_layer n
   SET qty_used = n.qty_used + s.qty
  FROM (SELECT production_layer_id, sum(qty) AS qty
          FROM tmp_use_changed WHERE production_layer_id IS NOT NULL
         GROUP BY production_layer_id) s
 WHERE n.id = s.production_layer_id AND s.qty <> 0
"""


def sync(cr, ctx):
    """Bring ``immex_production_use`` to what exits and orders took; return changes.

    Leaves ``tmp_use_changed``: production_layer_id, exit_line_id, consumption_id.
    """
    cr.execute(DROP)
    execute(cr, ctx, DIRTY_STACK)
    lock.note(cr, ctx, "SELECT EXISTS (SELECT FROM tmp_dirty_stack WHERE held)")
    if ctx["full"]:
        cr.execute("DROP TABLE tmp_dirty_stack")
        execute(cr, ctx, EVERY_STACK)
    execute(cr, ctx, TAIL_EXIT)
    cr.execute("ANALYZE tmp_dirty_stack, tmp_tail_exit")
    make_pieces(cr, ctx, "tmp_piece", "tmp_tail_exit")
    execute(cr, ctx, TAIL_USE, TAKEN, STACK)
    cr.execute("ANALYZE tmp_piece, tmp_tail_use, tmp_use_taken, tmp_use_stack")
    execute(cr, ctx, IMPORTED, SUPPLY, DEMAND)
    cr.execute("CREATE UNIQUE INDEX ON tmp_peps_supply (supply_id)")
    cr.execute("CREATE UNIQUE INDEX ON tmp_peps_demand (demand_id)")
    cr.execute("ANALYZE tmp_peps_supply, tmp_peps_demand")
    allocate(cr, "tmp_peps_supply", "tmp_peps_demand", "tmp_peps_result")
    cr.execute("ANALYZE tmp_peps_result")
    execute(cr, ctx, USE, CHANGED)
    cr.execute("ANALYZE tmp_use")
    changed = execute(cr, ctx, REMOVE, INSERT)
    cr.execute("ANALYZE tmp_use_changed")
    analyze(cr, changed, "immex_production_use")
    execute(cr, ctx, COUNT)
    return changed


def make_pieces(cr, ctx, table, exits):
    """Cut the exits of table ``exits`` by the lots that left, into ``table``:
    piece_id, exit_line_id, lot_id, qty, product_id, is_waste, date, natural_key,
    produced."""
    scope = f"[[e.id in {exits}]] AND e.date > %(lock)s"
    statement = PIECE.replace("{named}", remesa.NAMED)
    execute(cr, ctx, statement.replace("{table}", table).replace("{scope}", scope))
