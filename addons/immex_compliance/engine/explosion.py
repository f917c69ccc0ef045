# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""From exits to material requirements, over what production really drew.

One kernel call lets exits of products and the orders that drew subassemblies compete
for the same production layers, oldest first; ``explode`` then maps every piece of an
exit down to materials, level by level, with rounding at cumulative positions.
"""

from ..peps import PepsCycleError, allocate, explode, shortages

TABLES = (
    "tmp_piece",
    "tmp_node",
    "tmp_node_stack",
    "tmp_input",
    "tmp_peps_supply",
    "tmp_peps_demand",
    "tmp_peps_result",
    "tmp_peps_shortage",
    "tmp_seed",
    "tmp_edge",
    "tmp_exploded",
    "tmp_requirement",
    "tmp_cycle",
)
DROP = "DROP TABLE IF EXISTS " + ", ".join(TABLES)

# A tracked product leaves by the lots of its deliveries; what no delivery tells has
# no lot, and finds production of untracked output only.
PIECE = """
CREATE TEMP TABLE tmp_piece ON COMMIT DROP AS
WITH by_lot AS (
    SELECT e.id AS exit_line_id, m.lot_id,
           sum(l.quantity)::numeric AS qty
      FROM immex_exit_line e
      JOIN immex_goods_link l ON l.goods_id = e.goods_id
      JOIN immex_movement m ON m.id = l.movement_id
     WHERE e.company_id = %(company_id)s AND e.active AND e.lot_id IS NULL
       AND m.lot_id IS NOT NULL
     GROUP BY e.id, m.lot_id
), capped AS (
    SELECT b.exit_line_id, b.lot_id,
           LEAST(b.qty, e.quantity - (b.upto - b.qty)) AS qty
      FROM (SELECT *, sum(qty) OVER (
                PARTITION BY exit_line_id ORDER BY lot_id) AS upto
              FROM by_lot) b
      JOIN immex_exit_line e ON e.id = b.exit_line_id
     WHERE b.upto - b.qty < e.quantity
)
SELECT row_number() OVER (ORDER BY s.exit_line_id, s.lot_id) AS piece_id,
       s.*, e.product_id, e.is_waste, e.date, e.natural_key,
       e.is_waste OR COALESCE(pt.immex_class = 'product', FALSE) OR EXISTS (
           SELECT 1 FROM immex_production_layer n
            WHERE n.company_id = %(company_id)s AND n.active
              AND n.kind = 'product' AND n.product_id = e.product_id) AS produced
  FROM (
    SELECT exit_line_id, lot_id, qty FROM capped
    UNION ALL
    SELECT e.id, e.lot_id, e.quantity - COALESCE(c.qty, 0)
      FROM immex_exit_line e
      LEFT JOIN (SELECT exit_line_id, sum(qty) AS qty FROM capped
                  GROUP BY exit_line_id) c ON c.exit_line_id = e.id
     WHERE e.company_id = %(company_id)s AND e.active
       AND e.quantity > COALESCE(c.qty, 0)
  ) s
  JOIN immex_exit_line e ON e.id = s.exit_line_id
  JOIN product_product pp ON pp.id = e.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
"""

NODE = """
CREATE TEMP TABLE tmp_node ON COMMIT DROP AS
SELECT id::bigint AS node_id, product_id::bigint AS product, quantity AS qty,
       kind, lot_id, date, natural_key
  FROM immex_production_layer
 WHERE company_id = %(company_id)s AND active
"""

# Rows of a waste layer name the residue of its order's product rows: an input's own
# axis is what this row takes of a subassembly.
INPUT = """
CREATE TEMP TABLE tmp_input ON COMMIT DROP AS
SELECT c.id::bigint AS input_id, c.production_layer_id::bigint AS node_id,
       c.product_id::bigint AS product,
       COALESCE(pt.immex_class = 'product', FALSE) OR EXISTS (
           SELECT 1 FROM tmp_node n
            WHERE n.kind = 'product' AND n.product = c.product_id) AS produced,
       c.qty_incorporated AS incorporated,
       c.qty_merma AS merma,
       CASE WHEN n.kind = 'waste' THEN c.qty_waste ELSE 0 END AS waste,
       c.lot_id, c.date, n.natural_key || '|' || c.natural_key AS natural_key
  FROM immex_production_consumption c
  JOIN tmp_node n ON n.node_id = c.production_layer_id
  JOIN product_product pp ON pp.id = c.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE c.company_id = %(company_id)s AND c.active
"""

NODE_STACK = """
CREATE TEMP TABLE tmp_node_stack ON COMMIT DROP AS
SELECT row_number() OVER () AS stack, s.*
  FROM (
    SELECT product, kind, COALESCE(lot_id, 0) AS lot_id FROM tmp_node
    UNION
    SELECT product_id, CASE WHEN is_waste THEN 'waste' ELSE 'product' END,
           COALESCE(lot_id, 0) FROM tmp_piece WHERE produced
    UNION
    SELECT product, 'product', COALESCE(lot_id, 0) FROM tmp_input WHERE produced
  ) s
"""

SUPPLY = """
CREATE TEMP TABLE tmp_peps_supply ON COMMIT DROP AS
SELECT n.node_id AS supply_id, s.stack,
       row_number() OVER (ORDER BY s.stack, n.date, n.natural_key COLLATE "C") AS rank,
       n.qty, n.date AS available_at
  FROM tmp_node n
  JOIN tmp_node_stack s ON s.product = n.product AND s.kind = n.kind
   AND s.lot_id = COALESCE(n.lot_id, 0)
"""

# Even ids are pieces of exits, odd ids are inputs of orders.
DEMAND = """
CREATE TEMP TABLE tmp_peps_demand ON COMMIT DROP AS
SELECT demand_id, stack, qty, at,
       row_number() OVER (ORDER BY stack, at, natural_key COLLATE "C") AS rank
  FROM (
    SELECT p.piece_id * 2 AS demand_id, s.stack, p.qty, p.date AS at,
           p.natural_key || '|' || COALESCE(lot.name, '') AS natural_key
      FROM tmp_piece p
      JOIN tmp_node_stack s ON s.product = p.product_id
       AND s.kind = CASE WHEN p.is_waste THEN 'waste' ELSE 'product' END
       AND s.lot_id = COALESCE(p.lot_id, 0)
      LEFT JOIN stock_lot lot ON lot.id = p.lot_id
     WHERE p.produced
    UNION ALL
    SELECT i.input_id * 2 + 1, s.stack, i.incorporated + i.merma + i.waste, i.date,
           i.natural_key
      FROM tmp_input i
      JOIN tmp_node_stack s ON s.product = i.product AND s.kind = 'product'
       AND s.lot_id = COALESCE(i.lot_id, 0)
     WHERE i.produced
  ) d
"""

SEED = """
CREATE TEMP TABLE tmp_seed ON COMMIT DROP AS
SELECT demand_id / 2 AS exit_id, supply_id AS node_id,
       supply_from AS node_from, supply_to AS node_to
  FROM tmp_peps_result WHERE demand_id %% 2 = 0
"""

EDGE = """
CREATE TEMP TABLE tmp_edge ON COMMIT DROP AS
SELECT demand_id / 2 AS input_id, supply_id AS node_id,
       demand_from AS input_from, demand_to AS input_to,
       supply_from AS node_from, supply_to AS node_to
  FROM tmp_peps_result WHERE demand_id %% 2 = 1
"""

# Without document only what is not temporary is consumed (rule 3).
REQUIREMENT = """
CREATE TEMP TABLE tmp_requirement ON COMMIT DROP AS
SELECT row_number() OVER (
           ORDER BY r.exit_line_id, r.natural_key COLLATE "C") AS requirement_no,
       r.*
  FROM (
    SELECT p.exit_line_id, x.product::integer AS product_id,
           COALESCE(c.customs_status, 'temporary') AS customs_status,
           x.kind, x.top_node_id::integer AS top_layer_id,
           x.node_id::integer AS production_layer_id,
           x.input_id::integer AS consumption_id,
           x.unexplained,
           concat_ws('>', x.kind, top.natural_key, n.natural_key,
                     COALESCE(c.natural_key, pp.default_code, pp.id::text),
                     x.reason) AS natural_key,
           sum(x.qty) AS quantity
      FROM tmp_exploded x
      JOIN tmp_piece p ON p.piece_id = x.exit_id
      JOIN product_product pp ON pp.id = x.product
      LEFT JOIN tmp_node top ON top.node_id = x.top_node_id
      LEFT JOIN tmp_node n ON n.node_id = x.node_id
      LEFT JOIN immex_production_consumption c ON c.id = x.input_id
     GROUP BY p.exit_line_id, x.product, c.customs_status, x.kind, x.top_node_id,
              x.node_id, x.input_id, x.unexplained, x.reason, top.natural_key,
              n.natural_key, c.natural_key, pp.default_code, pp.id
    UNION ALL
    -- goods in the same state, and products that no production layer explains
    SELECT p.exit_line_id, p.product_id,
           CASE WHEN e.official THEN 'temporary'
                ELSE COALESCE(m.customs_status, 'temporary') END,
           CASE WHEN p.is_waste THEN 'waste' ELSE 'same_state' END,
           NULL, NULL, NULL, p.produced,
           concat_ws('>', CASE WHEN p.is_waste THEN 'waste' ELSE 'same_state' END,
                     COALESCE(pp.default_code, pp.id::text)),
           sum(CASE WHEN p.produced THEN s.qty ELSE p.qty END)
      FROM tmp_piece p
      JOIN immex_exit_line e ON e.id = p.exit_line_id
      JOIN product_product pp ON pp.id = p.product_id
      LEFT JOIN immex_movement m ON m.id = e.movement_id
      LEFT JOIN tmp_peps_shortage s ON s.demand_id = p.piece_id * 2
     WHERE NOT p.produced OR s.qty > 0
     GROUP BY p.exit_line_id, p.product_id, e.official, m.customs_status,
              p.is_waste, p.produced, pp.default_code, pp.id
  ) r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
 WHERE e.official OR r.customs_status <> 'temporary'
"""


# Production layers whose orders consumed each other: a finding, not a stop.
CYCLE = "CREATE TEMP TABLE tmp_cycle (node_id bigint) ON COMMIT DROP"


def _explode(cr):
    """Explode the seeds; orders that consume each other lose their links."""
    cr.execute(CYCLE)
    while True:
        try:
            explode(
                cr,
                "tmp_seed",
                "tmp_node",
                "tmp_input",
                "tmp_edge",
                "tmp_exploded",
                kinds=("incorporated", "merma", "waste"),
                kept=(),
            )
            return
        except PepsCycleError as error:
            nodes = list(error.nodes)
            cr.execute("INSERT INTO tmp_cycle SELECT unnest(%s)", (nodes,))
            cr.execute("DELETE FROM tmp_edge WHERE node_id = ANY(%s)", (nodes,))


def compute(cr, ctx):
    """Fill ``tmp_requirement``: what every exit takes out of the inventory.

    Columns: requirement_no, exit_line_id, product_id, customs_status, kind,
    top_layer_id, production_layer_id, consumption_id, unexplained, natural_key,
    quantity (the product's unit, 6 decimals).
    """
    for statement in (DROP, PIECE, NODE, INPUT, NODE_STACK, SUPPLY, DEMAND):
        cr.execute(statement, ctx)
    cr.execute("ANALYZE tmp_peps_supply, tmp_peps_demand, tmp_node, tmp_input")
    allocate(cr, "tmp_peps_supply", "tmp_peps_demand", "tmp_peps_result")
    shortages(cr, "tmp_peps_demand", "tmp_peps_result", "tmp_peps_shortage")
    for statement in (SEED, EDGE):
        cr.execute(statement, ctx)
    cr.execute("ANALYZE tmp_seed, tmp_edge")
    _explode(cr)
    cr.execute(REQUIREMENT, ctx)
    cr.execute("CREATE UNIQUE INDEX ON tmp_requirement (exit_line_id, natural_key)")
    cr.execute("ANALYZE tmp_requirement")
