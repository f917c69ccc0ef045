# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the traceability file reads of the ledger: one statement, of bounded result.

Three sides hold many records: imports (layers), production and exits. Where a side has
more than ``limit`` of them, those of one document (of one product, in production) stand
together, and documents after the first ``limit`` are one node more. Of documents that
are opened, the first ``most`` lines stand by themselves, of all of them together. Sums
are of all, whatever is folded.
"""

# How a record of a side is shown: by itself, within its document, or among the others.
# ``doc_rank``: place of the document; ``line_rank``: place among the lines of what is
# opened.
_KEY = """
    CASE WHEN s.doc_rank > %(limit)s THEN 'more:{side}'
         WHEN s.lines <= %(limit)s OR s.doc = ANY(%(opened)s)
              AND s.line_rank <= %(most)s THEN '{side}:' || s.id
         ELSE s.doc END
"""
_RANKED = """
    SELECT s.*, dense_rank() OVER (ORDER BY s.first, s.doc COLLATE "C") AS doc_rank,
           row_number() OVER (
               PARTITION BY s.doc = ANY(%(opened)s)
                   ORDER BY s.first, s.doc COLLATE "C", s.date,
                            s.natural_key COLLATE "C"
           ) AS line_rank
      FROM (
        SELECT f.*, min(f.date) OVER (PARTITION BY f.doc) AS first,
               count(*) OVER () AS lines
          FROM ({facts}) f
      ) s
"""

# Ids of a side as rows ``x.ids[i]``. By way of an array the planner takes them for a
# thousand, whatever it makes of a recursion: billions it would hash into thousands
# of files, and for a single one it would loop over all of them for each row.
_FOUND = (
    "(SELECT ARRAY({ids}) AS ids) x CROSS JOIN LATERAL generate_subscripts(x.ids, 1) i"
)


def _side(side, facts):
    """CTE text of a side: id, doc, key."""
    ranked = _RANKED.format(facts=facts)
    return f"SELECT s.id, s.doc, {_KEY.format(side=side)} AS key FROM ({ranked}) s"


_LAYERS = _side(
    "layer",
    """
    SELECT l.id, l.peps_date AS date, l.peps_key AS natural_key,
           COALESCE('in:' || l.pedimento_id, 'layer:' || l.id) AS doc
      FROM {found}
      JOIN immex_layer l ON l.id = x.ids[i]
    """.format(
        found=_FOUND.format(
            ids="SELECT layer_id FROM flow UNION SELECT id FROM root_layer"
        )
    ),
)
_EXITS = _side(
    "exit",
    """
    SELECT e.id, e.date, e.natural_key,
           COALESCE('out:' || e.pedimento_id, 'act:' || dl.destruction_id,
                    'exit:' || e.id) AS doc
      FROM {found}
      JOIN immex_exit_line e ON e.id = x.ids[i]
      LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
    """.format(found=_FOUND.format(ids="SELECT id FROM shown_exit")),
)
_MADE = _side(
    "made",
    """
    SELECT m.id, m.date, m.natural_key, 'product:' || m.product_id AS doc
      FROM {found}
      JOIN immex_production_layer m ON m.id = x.ids[i]
    """.format(
        found=_FOUND.format(
            ids="SELECT made_id FROM piece"
            " UNION SELECT made_id FROM flow UNION SELECT made_id FROM short"
        )
    ),
)

# Parameters: layers, exits, discharges, requirements (subselects of ids), whole (all
# that the exits contain, not only the way of the discharges), limit, opened (documents
# that are shown line by line, up to ``most``), depth.
_CHAIN = """
WITH RECURSIVE root_layer(id) AS MATERIALIZED %(layers)s,
root_exit(id) AS MATERIALIZED %(exits)s,
flow AS MATERIALIZED (
    SELECT d.layer_id, r.production_layer_id AS made_id, d.exit_line_id, d.kind,
           d.product_id, sum(d.quantity) AS quantity, count(*) AS rows
      FROM immex_discharge d
      JOIN immex_requirement r ON r.id = d.requirement_id
     WHERE d.id IN %(discharges)s
     GROUP BY 1, 2, 3, 4, 5
),
short AS MATERIALIZED (
    SELECT r.production_layer_id AS made_id, r.exit_line_id, r.kind, r.product_id,
           sum(r.qty_shortage) AS quantity, count(*) AS rows
      FROM immex_requirement r
     WHERE r.id IN %(requirements)s AND r.qty_shortage > 0
     GROUP BY 1, 2, 3, 4
),
shown_exit(id) AS MATERIALIZED (
    SELECT exit_line_id FROM flow
    UNION SELECT exit_line_id FROM short UNION SELECT id FROM root_exit
),
-- production that contains what was drawn, upwards; where all is shown, none is asked
above(made_id) AS (
    (SELECT made_id FROM flow WHERE made_id IS NOT NULL AND NOT %(whole)s
     UNION SELECT made_id FROM short WHERE made_id IS NOT NULL AND NOT %(whole)s)
    UNION
    SELECT c.production_layer_id
      FROM above a
      JOIN immex_production_use u ON u.production_layer_id = a.made_id
      JOIN immex_production_consumption c ON c.id = u.consumption_id AND c.active
),
-- pieces of production in these exits, downwards: an order's materials lie end to end
-- by kind on the axis of what it drew, in proportion to its output
piece AS (
    SELECT u.exit_line_id, u.production_layer_id AS made_id,
           NULL::integer AS parent_id, u.node_from, u.node_to, 1 AS depth
      FROM shown_exit x
      JOIN immex_production_use u ON u.exit_line_id = x.id
      -- joined: an IN under an OR would go through all of them for each row
      LEFT JOIN above w ON w.made_id = u.production_layer_id
     WHERE u.production_layer_id IS NOT NULL AND (%(whole)s OR w.made_id IS NOT NULL)
    UNION ALL
    SELECT p.exit_line_id, u.production_layer_id, p.made_id,
           u.node_from + GREATEST(k.since - u.demand_from, 0),
           u.node_from + LEAST(k.upto, u.demand_to) - u.demand_from, p.depth + 1
      FROM piece p
      JOIN immex_production_layer m ON m.id = p.made_id AND m.in_cycle IS NOT TRUE
      JOIN immex_production_consumption c ON c.production_layer_id = m.id AND c.active
     CROSS JOIN LATERAL (
          SELECT a.start + a.size * p.node_from / m.quantity AS since,
                 a.start + a.size * p.node_to / m.quantity AS upto
            FROM (VALUES (0::numeric, c.qty_incorporated),
                         (c.qty_incorporated, c.qty_merma),
                         (c.qty_incorporated + c.qty_merma,
                          CASE WHEN m.kind = 'waste' THEN c.qty_waste ELSE 0 END)
                 ) a(start, size)
           WHERE a.size > 0
      ) k
      JOIN immex_production_use u
        ON u.consumption_id = c.id AND u.demand_to > k.since AND u.demand_from < k.upto
      LEFT JOIN above w ON w.made_id = u.production_layer_id
     WHERE u.production_layer_id IS NOT NULL AND p.depth < %(depth)s
       AND (%(whole)s OR w.made_id IS NOT NULL)
)
"""
READ = f"""
{_CHAIN},
l AS MATERIALIZED ({_LAYERS}),
e AS MATERIALIZED ({_EXITS}),
m AS MATERIALIZED ({_MADE})
SELECT 'flow' AS what, l.key AS source, COALESCE(m.key, e.key) AS target, f.kind,
       f.product_id, sum(f.quantity)::text AS quantity, sum(f.rows)::bigint AS rows
  FROM flow f
  JOIN l ON l.id = f.layer_id
  JOIN e ON e.id = f.exit_line_id
  LEFT JOIN m ON m.id = f.made_id
 GROUP BY 2, 3, 4, 5
UNION ALL
SELECT 'short', 'short:' || f.product_id, COALESCE(m.key, e.key), f.kind, f.product_id,
       sum(f.quantity)::text, sum(f.rows)::bigint
  FROM short f
  JOIN e ON e.id = f.exit_line_id
  LEFT JOIN m ON m.id = f.made_id
 GROUP BY 2, 3, 4, 5
UNION ALL
SELECT 'use', m.key, COALESCE(parent.key, e.key), n.kind, n.product_id,
       round(sum(p.node_to - p.node_from), 6)::text, count(*)
  FROM piece p
  JOIN immex_production_layer n ON n.id = p.made_id
  JOIN m ON m.id = p.made_id
  JOIN e ON e.id = p.exit_line_id
  LEFT JOIN m parent ON parent.id = p.parent_id
 GROUP BY 2, 3, 4, 5
UNION ALL
SELECT 'layer', l.key, min(l.doc), NULL, NULL, count(DISTINCT l.doc)::text, count(*)
  FROM l GROUP BY 2
UNION ALL
SELECT 'exit', e.key, min(e.doc), NULL, NULL, count(DISTINCT e.doc)::text, count(*)
  FROM e GROUP BY 2
UNION ALL
SELECT 'made', m.key, min(m.doc), NULL, NULL, count(DISTINCT m.doc)::text, count(*)
  FROM m GROUP BY 2
"""

# Ids of a side, however many they are: what a list or the tables of a file show. The
# parameters are those of ``READ``.
LISTED = {
    "layer": """
SELECT d.layer_id FROM immex_discharge d WHERE d.id IN %(discharges)s
 UNION SELECT x.id FROM %(layers)s x(id)
""",
    "exit": """
SELECT d.exit_line_id FROM immex_discharge d WHERE d.id IN %(discharges)s
 UNION SELECT r.exit_line_id FROM immex_requirement r
        WHERE r.id IN %(requirements)s AND r.qty_shortage > 0
 UNION SELECT x.id FROM %(exits)s x(id)
""",
    "made": f"""
{_CHAIN}
SELECT made_id FROM piece
 UNION SELECT made_id FROM flow UNION SELECT made_id FROM short
""",
}

# Physical receipts and deliveries of goods lines, by transfer and product.
LINKED = """
SELECT k.goods_id, m.picking_id, sum(k.quantity)::text, min(m.date)
  FROM immex_goods_link k
  JOIN immex_movement m ON m.id = k.movement_id
 WHERE k.id IN %(links)s AND m.picking_id IS NOT NULL
 GROUP BY 1, 2
 ORDER BY 4, 2, 1
 LIMIT %(limit)s
"""

# What orders drew, and how they split it.
DRAWN = """
SELECT c.production_layer_id, c.product_id, sum(c.qty_drawn)::text,
       sum(c.qty_incorporated)::text, sum(c.qty_merma)::text, sum(c.qty_waste)::text
  FROM immex_production_consumption c
 WHERE c.id IN %(consumptions)s
 GROUP BY 1, 2
 ORDER BY 1, 2
"""
