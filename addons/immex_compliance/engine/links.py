# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which physical movement belongs to which goods line (many to many).

A transfer names its pedimento; within it, a part's movements fill the part's goods
lines in order. That is an overlap of intervals, so the kernel does it. What a user
linked by hand comes first and is left alone.

What changed goes into ``tmp_link_changed``.
"""

from ..peps import allocate
from .statements import analyze, execute

# Entries are filled by receipts, exits by what left: also those that are filed as an
# import and take goods out of the temporary inventory (F4, F5, A3, K1 case IV).
LEAVES = """
    (p.operation_type = '2' OR COALESCE(r.effect, '') IN ('exit', 'regime_change'))"""

PAIRS = """
CREATE TEMP TABLE tmp_link_goods ON COMMIT DROP AS
SELECT g.id AS goods_id,
       sp.stack,
       row_number() OVER (
           ORDER BY sp.stack, pa.sequence, g.sequence, g.id) AS rank,
       g.quantity::numeric - COALESCE(k.linked, 0) AS qty
  FROM immex_pedimento_goods g
  JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
  JOIN immex_pedimento p ON p.id = g.pedimento_id
  JOIN tmp_link_stack sp
    ON sp.pedimento_id = g.pedimento_id AND sp.product_id = g.product_id
  LEFT JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  LEFT JOIN LATERAL (
      SELECT sum(l.quantity) AS linked FROM immex_goods_link l
       WHERE l.goods_id = g.id AND l.source = 'manual'
  ) k ON TRUE
 WHERE g.company_id = %(company_id)s
   AND g.quantity > COALESCE(k.linked, 0)
   AND p.state <> 'cancelled' AND p.current_id IS NULL
   -- an export that is nothing to the inventory (A1) covers no delivery (rule 3)
   AND (p.operation_type = '1' OR r.effect IS DISTINCT FROM 'none')
   -- goods are free to be sold in Mexico once their change of regime is paid
   AND (r.effect IS DISTINCT FROM 'regime_change' OR EXISTS (
       SELECT FROM immex_pedimento o
        WHERE o.id = COALESCE(p.root_id, p.id) AND o.payment_date IS NOT NULL))
   -- while a consolidated pedimento is open its remesas take what came
   AND NOT EXISTS (
       SELECT FROM tmp_consolidated c WHERE c.current_id = p.id AND NOT c.closed)
"""

STACK = """
CREATE TEMP TABLE tmp_link_stack ON COMMIT DROP AS
SELECT pedimento_id, product_id, row_number() OVER () AS stack
  FROM (
    -- a transfer names the version that it knew; the last one counts
    SELECT DISTINCT COALESCE(p.current_id, p.id) AS pedimento_id, m.product_id
      FROM immex_movement m
      JOIN stock_picking t ON t.id = m.picking_id
      JOIN immex_pedimento p ON p.id = t.immex_pedimento_id
     WHERE m.company_id = %(company_id)s AND m.active
       AND [[m.move_line_id in tmp_scope_line]]
    UNION
    -- what a movement was linked to before
    SELECT g.pedimento_id, g.product_id
      FROM immex_movement m
      JOIN immex_goods_link l ON l.movement_id = m.id
      JOIN immex_pedimento_goods g ON g.id = l.goods_id
     WHERE m.company_id = %(company_id)s AND [[m.move_line_id in tmp_scope_line]]
    UNION
    SELECT g.pedimento_id, g.product_id FROM immex_pedimento_goods g
     WHERE g.company_id = %(company_id)s
       AND [[g.pedimento_id in tmp_scope_pedimento]]
    UNION
    SELECT g.pedimento_id, m.product_id
      FROM immex_pedimento_goods g
      JOIN immex_goods_link l ON l.goods_id = g.id
      JOIN immex_movement m ON m.id = l.movement_id
     WHERE g.company_id = %(company_id)s
       AND [[g.pedimento_id in tmp_scope_pedimento]]
  ) s
"""

MOVEMENT = f"""
CREATE TEMP TABLE tmp_link_movement ON COMMIT DROP AS
SELECT m.id AS movement_id,
       s.stack,
       row_number() OVER (
           ORDER BY s.stack, m.date, t.name COLLATE "C", m.move_line_id) AS rank,
       m.quantity::numeric - COALESCE(k.linked, 0) AS qty
  FROM immex_movement m
  JOIN stock_picking t ON t.id = m.picking_id
  JOIN immex_pedimento named ON named.id = t.immex_pedimento_id
  JOIN immex_pedimento p ON p.id = COALESCE(named.current_id, named.id)
  LEFT JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  JOIN tmp_link_stack s
    ON s.pedimento_id = p.id AND s.product_id = m.product_id
  LEFT JOIN LATERAL (
      SELECT sum(l.quantity) AS linked FROM immex_goods_link l
       WHERE l.movement_id = m.id AND l.source = 'manual'
  ) k ON TRUE
 WHERE m.company_id = %(company_id)s AND m.active
   AND m.quantity > COALESCE(k.linked, 0)
   AND CASE WHEN {LEAVES} THEN m.kind IN ('delivery', 'return_out')
            ELSE m.kind IN ('receipt', 'return_in') END
"""

# The kernel orders by time; here only the order of the papers counts.
SUPPLY = """
CREATE TEMP TABLE tmp_link_supply ON COMMIT DROP AS
SELECT movement_id::bigint AS supply_id, stack, rank, qty,
       DATE '2000-01-01' AS available_at FROM tmp_link_movement
"""
DEMAND = """
CREATE TEMP TABLE tmp_link_demand ON COMMIT DROP AS
SELECT goods_id::bigint AS demand_id, stack, rank, qty,
       DATE '2000-01-01' AS at FROM tmp_link_goods
"""

CHANGED = """
CREATE TEMP TABLE tmp_link_changed (goods_id integer, movement_id integer)
ON COMMIT DROP
"""

REMOVE = """
WITH gone AS (
    DELETE FROM immex_goods_link l
     USING immex_pedimento_goods g
     WHERE g.id = l.goods_id
       AND l.company_id = %(company_id)s AND l.source = 'transfer'
       -- a stack may have lost the product that it had: then its pedimento is listed
       AND [[g.pedimento_id in tmp_link_pedimento]]
       AND NOT EXISTS (
           SELECT 1 FROM tmp_link_result r
            WHERE r.demand_id = l.goods_id AND r.supply_id = l.movement_id
              AND r.qty = l.quantity)
       AND ([[g.pedimento_id in tmp_scope_pedimento]] OR EXISTS (
           SELECT 1 FROM tmp_link_stack s
            WHERE s.pedimento_id = g.pedimento_id AND s.product_id = g.product_id))
    RETURNING l.goods_id, l.movement_id
)
INSERT INTO tmp_link_changed SELECT goods_id, movement_id FROM gone
"""

LINK_PEDIMENTO = """
CREATE TEMP TABLE tmp_link_pedimento ON COMMIT DROP AS
SELECT DISTINCT pedimento_id AS id FROM tmp_link_stack
"""

# Apart from the insert, which would look at all that it has put there.
FRESH = """
CREATE TEMP TABLE tmp_link_fresh ON COMMIT DROP AS
SELECT r.demand_id, r.supply_id, r.qty
  FROM tmp_link_result r
 WHERE NOT EXISTS (
       SELECT 1 FROM immex_goods_link l
        WHERE l.goods_id = r.demand_id AND l.movement_id = r.supply_id)
"""

INSERT = """
WITH made AS (
INSERT INTO immex_goods_link (goods_id, movement_id, company_id, quantity, source,
    create_uid, create_date, write_uid, write_date)
SELECT r.demand_id, r.supply_id, %(company_id)s, r.qty, 'transfer',
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_link_fresh r
RETURNING goods_id, movement_id
)
INSERT INTO tmp_link_changed SELECT goods_id, movement_id FROM made
"""

# A movement of goods with a status other than temporary needs no customs document.
LINKED = """
UPDATE immex_movement m
   SET qty_linked = s.linked, qty_netted = 0, state = s.state
  FROM (
    SELECT c.*,
           CASE WHEN c.linked >= c.quantity THEN 'linked'
                WHEN c.linked > 0 THEN 'partial'
                WHEN c.kind NOT IN ('receipt', 'delivery', 'return_in', 'return_out')
                THEN 'none'
                WHEN c.customs_status IN ('domestic', 'definitive') THEN 'none'
                ELSE 'waiting' END AS state
      FROM (
        SELECT x.id, x.quantity, x.kind, x.customs_status,
               COALESCE(sum(l.quantity), 0) AS linked
          FROM immex_movement x
          LEFT JOIN (
              SELECT movement_id, quantity FROM immex_goods_link
              UNION ALL
              SELECT movement_id, quantity FROM immex_remesa_link
          ) l ON l.movement_id = x.id
         WHERE x.company_id = %(company_id)s AND x.active
           AND [[x.id in tmp_scope_movement]]
         GROUP BY x.id
      ) c
  ) s
 WHERE s.id = m.id
   AND (m.qty_linked <> s.linked OR m.qty_netted <> 0 OR m.state <> s.state)
"""

# What came back, or went back, before a document covered it never crossed the border:
# return and movement cancel each other as far as both lack a document. Lines share the
# quantity in their order.
NETTED = """
UPDATE immex_movement m
   SET qty_netted = s.netted,
       state = CASE WHEN m.qty_linked + s.netted >= m.quantity THEN 'undone'
                    ELSE m.state END
  FROM (
    SELECT id, LEAST(open, GREATEST(common - (upto - open), 0)) AS netted
      FROM (
        SELECT p.*, sum(open) OVER (
                   PARTITION BY origin_id, is_return
                   ORDER BY date, move_line_id) AS upto,
               LEAST(sum(CASE WHEN is_return THEN open ELSE 0 END) OVER same,
                     sum(CASE WHEN is_return THEN 0 ELSE open END) OVER same)
                   AS common
          FROM (
            SELECT x.id, x.move_line_id, x.date, x.quantity - x.qty_linked AS open,
                   x.kind IN ('return_in', 'return_out') AS is_return,
                   CASE WHEN x.kind IN ('return_in', 'return_out')
                        THEN sm.origin_returned_move_id ELSE sm.id END AS origin_id
              FROM immex_movement x
              JOIN stock_move_line l ON l.id = x.move_line_id
              JOIN stock_move sm ON sm.id = l.move_id
             WHERE x.company_id = %(company_id)s AND x.active
               AND [[x.id in tmp_scope_movement]]
               AND x.kind IN ('receipt', 'delivery', 'return_in', 'return_out')
               AND COALESCE(x.customs_status, 'temporary') = 'temporary'
               AND x.quantity > x.qty_linked
          ) p
         WHERE origin_id IS NOT NULL
        WINDOW same AS (PARTITION BY origin_id)
      ) q
     WHERE common > 0
  ) s
 WHERE s.id = m.id AND s.netted > 0
"""


def sync(cr, ctx):
    """Link movements and goods lines by difference."""
    cr.execute(
        "DROP TABLE IF EXISTS tmp_link_stack, tmp_link_goods, tmp_link_movement,"
        " tmp_link_supply, tmp_link_demand, tmp_link_result, tmp_link_changed,"
        " tmp_link_pedimento, tmp_link_fresh"
    )
    execute(cr, ctx, CHANGED, STACK, LINK_PEDIMENTO)
    cr.execute("ANALYZE tmp_link_stack, tmp_link_pedimento")
    execute(cr, ctx, PAIRS, MOVEMENT, SUPPLY, DEMAND)
    cr.execute("ANALYZE tmp_link_supply, tmp_link_demand")
    allocate(cr, "tmp_link_supply", "tmp_link_demand", "tmp_link_result")
    cr.execute("CREATE INDEX ON tmp_link_result (demand_id, supply_id)")
    cr.execute("ANALYZE tmp_link_result")
    analyze(cr, execute(cr, ctx, REMOVE, FRESH, INSERT), "immex_goods_link")


def count(cr, ctx):
    """Count on the movements in scope what documents cover of them."""
    execute(cr, ctx, LINKED, NETTED)
