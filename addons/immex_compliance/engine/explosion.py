# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""From exits to material requirements, over what production really drew.

``explode`` maps every piece of an exit down to materials, level by level, with
rounding at cumulative positions. In an incremental run only the exits that a change
reaches are exploded: upwards from changed production to the exits, then downwards to
all the production that these contain.
"""

from ..peps import PepsCycleError, explode
from . import lock, opening, production_use
from .statements import execute

TABLES = (
    "tmp_affected_node",
    "tmp_affected_exit",
    "tmp_node",
    "tmp_input",
    "tmp_seed",
    "tmp_edge",
    "tmp_piece_short",
    "tmp_exit_piece",
    "tmp_exploded",
    "tmp_requirement",
    "tmp_cycle",
)

DROP = "DROP TABLE IF EXISTS " + ", ".join(TABLES)

AFFECTED_NODE = """
CREATE TEMP TABLE tmp_affected_node ON COMMIT DROP AS
WITH RECURSIVE up AS (
    SELECT node_id AS id FROM tmp_dirty_node
    UNION
    SELECT node_id FROM tmp_dirty_input
    UNION
    SELECT c.production_layer_id
      FROM tmp_use_changed u
      JOIN immex_production_consumption c ON c.id = u.consumption_id
    UNION
    SELECT c.production_layer_id
      FROM up
      JOIN immex_production_use u ON u.production_layer_id = up.id
      JOIN immex_production_consumption c ON c.id = u.consumption_id
)
SELECT id FROM up
"""

# A part that is no product by its class is one while orders put it out: exits that
# took it as material, and orders that drew it, are looked at again.
AFFECTED_EXIT = """
CREATE TEMP TABLE tmp_affected_exit ON COMMIT DROP AS
SELECT exit_line_id AS id FROM tmp_dirty_exit
UNION
SELECT exit_line_id FROM tmp_use_changed WHERE exit_line_id IS NOT NULL
UNION
SELECT u.exit_line_id
  FROM tmp_affected_node n
  JOIN immex_production_use u ON u.production_layer_id = n.id
 WHERE u.exit_line_id IS NOT NULL
UNION
SELECT e.id
  FROM tmp_dirty_node d
  JOIN product_product pp ON pp.id = d.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN immex_exit_line e
    ON e.company_id = %(company_id)s AND e.product_id = d.product_id
 WHERE pt.immex_class <> 'product' AND d.kind = 'product'
"""

NODE = """
CREATE TEMP TABLE tmp_node ON COMMIT DROP AS
WITH RECURSIVE down AS (
    SELECT u.production_layer_id AS id
      FROM tmp_affected_exit e
      JOIN immex_production_use u ON u.exit_line_id = e.id
    UNION
    SELECT u.production_layer_id
      FROM down
      JOIN immex_production_consumption c
        ON c.production_layer_id = down.id AND c.active
      JOIN immex_production_use u ON u.consumption_id = c.id
)
SELECT n.id::bigint AS node_id, n.product_id::bigint AS product, n.quantity AS qty,
       n.kind, n.natural_key
  FROM down JOIN immex_production_layer n ON n.id = down.id
UNION ALL
-- imported as such: no composition
SELECT DISTINCT -l.id::bigint, l.product_id::bigint, l.quantity, 'imported', ''
  FROM (
    SELECT u.layer_id FROM tmp_affected_exit e
      JOIN immex_production_use u ON u.exit_line_id = e.id
    UNION
    SELECT u.layer_id FROM down
      JOIN immex_production_consumption c
        ON c.production_layer_id = down.id AND c.active
      JOIN immex_production_use u ON u.consumption_id = c.id
  ) i
  JOIN immex_layer l ON l.id = i.layer_id
"""
EVERY_NODE = """
CREATE TEMP TABLE tmp_node ON COMMIT DROP AS
SELECT id::bigint AS node_id, product_id::bigint AS product, quantity AS qty,
       kind, natural_key
  FROM immex_production_layer
 WHERE company_id = %(company_id)s AND active
UNION ALL
SELECT DISTINCT -l.id::bigint, l.product_id::bigint, l.quantity, 'imported', ''
  FROM immex_production_use u JOIN immex_layer l ON l.id = u.layer_id
 WHERE u.company_id = %(company_id)s
"""

# Rows of a waste layer name the residue of its order's product rows: an input's own
# axis is what this row takes of a subassembly.
INPUT = """
CREATE TEMP TABLE tmp_input ON COMMIT DROP AS
SELECT c.id::bigint AS input_id, n.node_id,
       c.product_id::bigint AS product,
       COALESCE(pt.immex_class = 'product', FALSE) OR made.found AS produced,
       c.qty_incorporated AS incorporated,
       c.qty_merma AS merma,
       CASE WHEN n.kind = 'waste' THEN c.qty_waste ELSE 0 END AS waste
  FROM tmp_node n
  JOIN immex_production_consumption c ON c.production_layer_id = n.node_id AND c.active
  JOIN product_product pp ON pp.id = c.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN LATERAL (
      SELECT EXISTS (
          SELECT FROM immex_production_layer m
           WHERE m.company_id = %(company_id)s AND m.active
             AND m.kind = 'product' AND m.product_id = c.product_id) AS found
  ) made ON TRUE
 -- residue alone is no composition of the product
 WHERE c.qty_incorporated + c.qty_merma
       + CASE WHEN n.kind = 'waste' THEN c.qty_waste ELSE 0 END > 0
"""

SEED = """
CREATE TEMP TABLE tmp_seed ON COMMIT DROP AS
SELECT p.piece_id AS exit_id,
       COALESCE(u.production_layer_id, -u.layer_id)::bigint AS node_id,
       u.node_from, u.node_to
  FROM tmp_exit_piece p
  JOIN immex_production_use u
    ON u.exit_line_id = p.exit_line_id
   AND COALESCE(u.lot_id, 0) = COALESCE(p.lot_id, 0)
"""

EDGE = """
CREATE TEMP TABLE tmp_edge ON COMMIT DROP AS
SELECT u.consumption_id::bigint AS input_id,
       COALESCE(u.production_layer_id, -u.layer_id)::bigint AS node_id,
       u.demand_from AS input_from, u.demand_to AS input_to, u.node_from, u.node_to
  FROM tmp_input i
  JOIN immex_production_use u ON u.consumption_id = i.input_id
 WHERE i.produced
"""

SHORT = """
CREATE TEMP TABLE tmp_piece_short ON COMMIT DROP AS
SELECT p.piece_id, p.qty - COALESCE(sum(s.node_to - s.node_from), 0) AS qty
  FROM tmp_exit_piece p
  LEFT JOIN tmp_seed s ON s.exit_id = p.piece_id
 WHERE p.produced
 GROUP BY p.piece_id, p.qty
HAVING p.qty > COALESCE(sum(s.node_to - s.node_from), 0)
"""

REQUIREMENT = """
CREATE TEMP TABLE tmp_requirement ON COMMIT DROP AS
SELECT row_number() OVER () AS requirement_no, r.*, e.date
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
      FROM (
        -- a bare node that was imported is no riddle: the item itself is required
        SELECT exit_id, product, input_id, qty,
               CASE WHEN top_node_id > 0 THEN top_node_id END AS top_node_id,
               CASE WHEN node_id > 0 THEN node_id END AS node_id,
               CASE WHEN top_node_id < 0 THEN 'same_state' ELSE kind END AS kind,
               unexplained AND COALESCE(node_id, 0) >= 0 AS unexplained,
               CASE WHEN COALESCE(node_id, 0) >= 0 THEN reason END AS reason
          FROM tmp_exploded
      ) x
      JOIN tmp_exit_piece p ON p.piece_id = x.exit_id
      JOIN product_product pp ON pp.id = x.product
      LEFT JOIN tmp_node top ON top.node_id = x.top_node_id
      LEFT JOIN immex_production_consumption c ON c.id = x.input_id
      -- what nobody made is told by the order that drew it
      LEFT JOIN tmp_node n ON n.node_id = COALESCE(x.node_id, c.production_layer_id)
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
                     COALESCE(pp.default_code, pp.id::text),
                     -- beside units of the same part that were imported
                     CASE WHEN p.produced THEN 'no_production' END),
           sum(CASE WHEN p.produced THEN s.qty ELSE p.qty END)
      FROM tmp_exit_piece p
      JOIN immex_exit_line e ON e.id = p.exit_line_id
      JOIN product_product pp ON pp.id = p.product_id
      LEFT JOIN immex_movement m ON m.id = e.movement_id
      LEFT JOIN tmp_piece_short s ON s.piece_id = p.piece_id
     WHERE NOT p.produced OR s.qty > 0
     GROUP BY p.exit_line_id, p.product_id, e.official, m.customs_status,
              p.is_waste, p.produced, pp.default_code, pp.id
  ) r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
"""

# What leaves without document and holds temporary material stays charged (rule 3).
CHARGED = """
UPDATE immex_exit_line e
   SET has_temporary = s.found
  FROM (
    SELECT x.id, EXISTS (
               SELECT FROM tmp_requirement t
                WHERE t.exit_line_id = x.id AND t.customs_status = 'temporary') AS found
      FROM immex_exit_line x
     WHERE x.company_id = %(company_id)s AND x.active AND NOT x.official
       AND [[x.id in tmp_affected_exit]] AND x.date > %(lock)s
  ) s
 WHERE s.id = e.id AND e.has_temporary IS DISTINCT FROM s.found
"""
NOT_OFFICIAL = """
DELETE FROM tmp_requirement t
 USING immex_exit_line e
 WHERE e.id = t.exit_line_id AND NOT e.official AND t.customs_status = 'temporary'
   AND e.company_id = %(company_id)s AND e.active
"""

# Production layers whose orders consumed each other: a finding, not a stop.
CYCLE = "CREATE TEMP TABLE tmp_cycle (node_id bigint) ON COMMIT DROP"

MARK_CYCLE = """
UPDATE immex_production_layer n
   SET in_cycle = NOT n.in_cycle
  FROM tmp_node t
 WHERE n.id = t.node_id
   AND n.in_cycle <> EXISTS (SELECT FROM tmp_cycle c WHERE c.node_id = n.id)
"""


# Changed production that exits of a closed period contain.
HELD = """
SELECT EXISTS (
    SELECT FROM tmp_affected_node n
      JOIN immex_production_use u ON u.production_layer_id = n.id
      JOIN immex_exit_line e ON e.id = u.exit_line_id
     WHERE e.date <= %(lock)s)
"""


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
    """Fill ``tmp_requirement``: what every exit that a change reaches takes.

    Columns: requirement_no, exit_line_id, product_id, customs_status, kind,
    top_layer_id, production_layer_id, consumption_id, unexplained, natural_key,
    quantity (the product's unit, 6 decimals), date. The exits are those of
    ``tmp_affected_exit``; in a full run all, and that table is not there.
    """
    cr.execute(DROP)
    execute(cr, ctx, AFFECTED_NODE)
    cr.execute("ANALYZE tmp_affected_node")
    lock.note(cr, ctx, HELD)
    if ctx["full"]:
        execute(cr, ctx, EVERY_NODE)
    else:
        execute(cr, ctx, AFFECTED_EXIT)
        cr.execute("CREATE UNIQUE INDEX ON tmp_affected_exit (id)")
        cr.execute("ANALYZE tmp_affected_exit")
        execute(cr, ctx, NODE)
    cr.execute("CREATE UNIQUE INDEX ON tmp_node (node_id)")
    cr.execute("ANALYZE tmp_node")
    execute(cr, ctx, INPUT)
    cr.execute("CREATE UNIQUE INDEX ON tmp_input (input_id)")
    production_use.make_pieces(cr, ctx, "tmp_exit_piece", "tmp_affected_exit")
    cr.execute("CREATE UNIQUE INDEX ON tmp_exit_piece (piece_id)")
    cr.execute("ANALYZE tmp_exit_piece, tmp_input")
    execute(cr, ctx, SEED, EDGE)
    cr.execute("ANALYZE tmp_seed, tmp_edge")
    execute(cr, ctx, SHORT)
    _explode(cr)
    cr.execute("ANALYZE tmp_exploded, tmp_piece_short")
    execute(cr, ctx, REQUIREMENT)
    opening.apply(cr, ctx, opening.REQUIREMENTS)
    cr.execute("CREATE UNIQUE INDEX ON tmp_requirement (exit_line_id, natural_key)")
    cr.execute("ANALYZE tmp_requirement")
    execute(cr, ctx, CHARGED, NOT_OFFICIAL, MARK_CYCLE)
