# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Consolidated pedimentos: remesas until they close, partidas from then on.

While the pedimento is open every line of a crossed remesa is a provisional layer (or a
provisional exit). When it closes, the goods lines of a part take the part's remesas
over in the order of their dates: each piece keeps the date of its remesa as the one
from which it serves (rule 13), with the partida's quantity, values and term (rule 22).
The document rules: where it declares less than the remesas carried the last ones are
cut, where it declares more the last one has the rest; the difference is a finding.

A piece keeps the key of the layer that it takes over, so that what was discharged on
it in a closed period stays, and is never counted twice.

Working tables:

``tmp_consolidated``      consolidated pedimentos with crossed remesas, of the company:
                          ``id`` of the first version, ``current_id`` of the last one
``tmp_remesa_pedimento``  versions of the consolidated pedimentos to read again
``tmp_remesa_line``       crossed remesa lines of those, in the order of their dates
``tmp_goods_share``       goods lines of those; of closed ones in pieces, from ``since``
                          to ``upto`` of the line's quantity for each remesa line
"""

from .statements import execute, half_up

# Of the first version ``o`` and the last one ``p``. An exit discharges once paid; a
# consolidated import counts from its closing, also when it is paid later.
CLOSED = """(
    CASE o.operation_type WHEN '1' THEN COALESCE(o.closing_date, o.payment_date)
         ELSE o.payment_date END IS NOT NULL
    AND p.state <> 'cancelled'
    AND EXISTS (SELECT FROM immex_pedimento_partida a WHERE a.pedimento_id = p.id)
    AND NOT EXISTS (SELECT FROM immex_pedimento_partida a
                     WHERE a.pedimento_id = p.id AND a.detail_state <> 'done'))"""

DROP = (
    "DROP TABLE IF EXISTS tmp_consolidated, tmp_remesa_pedimento, tmp_remesa_line,"
    " tmp_goods_share, tmp_remesa_target"
)

CONSOLIDATED = f"""
CREATE TEMP TABLE tmp_consolidated ON COMMIT DROP AS
SELECT o.id, p.id AS current_id, o.operation_type, s.first_date, {CLOSED} AS closed
  FROM (
    SELECT COALESCE(n.root_id, n.id) AS id, min(r.date) AS first_date
      FROM immex_remesa r
      JOIN immex_pedimento n ON n.id = r.pedimento_id
     WHERE r.company_id = %(company_id)s AND r.state = 'crossed'
     GROUP BY 1
  ) s
  JOIN immex_pedimento o ON o.id = s.id
  JOIN immex_pedimento p ON p.id = COALESCE(o.current_id, o.id)
 WHERE p.state <> 'cancelled'
"""

SCOPE = """
CREATE TEMP TABLE tmp_remesa_pedimento ON COMMIT DROP AS
WITH named AS (
    SELECT id FROM tmp_scope_pedimento
    UNION
    SELECT id FROM tmp_link_pedimento
    UNION
    SELECT t.immex_pedimento_id
      FROM tmp_scope_line s
      JOIN immex_movement m ON m.move_line_id = s.id
      JOIN stock_picking t ON t.id = m.picking_id
    UNION
    SELECT g.pedimento_id
      FROM tmp_scope_line s
      JOIN immex_movement m ON m.move_line_id = s.id
      JOIN immex_goods_link k ON k.movement_id = m.id
      JOIN immex_pedimento_goods g ON g.id = k.goods_id
    UNION
    SELECT l.pedimento_id
      FROM tmp_scope_line s
      JOIN immex_movement m ON m.move_line_id = s.id
      JOIN immex_remesa_link k ON k.movement_id = m.id
      JOIN immex_remesa_line l ON l.id = k.remesa_line_id
), first AS (
    SELECT DISTINCT COALESCE(p.root_id, p.id) AS id
      FROM named n JOIN immex_pedimento p ON p.id = n.id
)
SELECT id FROM first
UNION
SELECT p.id FROM first f JOIN immex_pedimento p ON p.root_id = f.id
"""

# An exit leaves on the day of its delivery, where one names the remesa.
LINE = """
CREATE TEMP TABLE tmp_remesa_line ON COMMIT DROP AS
SELECT l.id, l.remesa_id, c.id AS root_id, c.current_id, c.closed, c.operation_type,
       l.product_id, l.lot_name, l.quantity::numeric AS quantity,
       l.qty_umc, l.umc_id, l.value_usd, l.customs_value, l.origin_country_id,
       COALESCE(out.date, r.date) AS date,
       row_number() OVER (
           PARTITION BY c.id
           ORDER BY COALESCE(out.date, r.date), r.number, l.number, l.id) AS position,
       -- part of a sealed layer's key: it stays what it is
       lpad(r.number::text, 5, '0') || '|' || lpad(l.number::text, 5, '0') AS key
  FROM tmp_consolidated c
  JOIN immex_pedimento n ON c.id IN (n.id, n.root_id)
  JOIN immex_remesa r ON r.pedimento_id = n.id AND r.state = 'crossed'
  JOIN immex_remesa_line l ON l.remesa_id = r.id
  LEFT JOIN LATERAL (
      SELECT min(m.date) AS date
        FROM stock_picking t
        JOIN immex_movement m ON m.picking_id = t.id
       WHERE c.operation_type = '2' AND t.immex_remesa_id = r.id
         AND m.active AND m.product_id = l.product_id
         AND m.kind IN ('delivery', 'return_out')
  ) out ON TRUE
 WHERE [[c.id in tmp_remesa_pedimento]]
"""

# Movements of open ones: those that name a remesa fill its lines first; what is left,
# and what names the pedimento only, fills the remesas in their order.
LINKS = """
CREATE TEMP TABLE tmp_remesa_target ON COMMIT DROP AS
WITH came AS (
    SELECT m.id, c.id AS root_id, t.immex_remesa_id AS remesa_id, m.product_id,
           m.quantity::numeric - COALESCE(k.linked, 0) AS quantity,
           row_number() OVER (
               ORDER BY m.date, t.name COLLATE "C", m.move_line_id) AS position
      FROM tmp_consolidated c
      JOIN immex_pedimento n ON c.id IN (n.id, n.root_id)
      JOIN stock_picking t ON t.immex_pedimento_id = n.id
      JOIN immex_movement m ON m.picking_id = t.id
      LEFT JOIN LATERAL (
          SELECT sum(l.quantity) AS linked FROM immex_goods_link l
           WHERE l.movement_id = m.id
      ) k ON TRUE
     WHERE NOT c.closed AND [[c.id in tmp_remesa_pedimento]]
       AND m.company_id = %(company_id)s AND m.active
       AND m.quantity > COALESCE(k.linked, 0)
       AND CASE c.operation_type WHEN '1' THEN m.kind IN ('receipt', 'return_in')
                ELSE m.kind IN ('delivery', 'return_out') END
), line AS (
    SELECT id, root_id, remesa_id, product_id, quantity, position
      FROM tmp_remesa_line WHERE NOT closed
), named AS (
    SELECT l.id AS line_id, m.id AS movement_id,
           LEAST(l.upto, m.upto)
               - GREATEST(l.upto - l.quantity, m.upto - m.quantity) AS quantity
      FROM (SELECT line.*, sum(quantity) OVER (
                   PARTITION BY remesa_id, product_id ORDER BY position) AS upto
              FROM line) l
      JOIN (SELECT came.*, sum(quantity) OVER (
                   PARTITION BY remesa_id, product_id ORDER BY position) AS upto
              FROM came WHERE remesa_id IS NOT NULL) m
        ON m.remesa_id = l.remesa_id AND m.product_id = l.product_id
       AND m.upto > l.upto - l.quantity AND l.upto > m.upto - m.quantity
), left_line AS (
    SELECT l.*, l.quantity - COALESCE(n.taken, 0) AS rest
      FROM line l
      LEFT JOIN (SELECT line_id, sum(quantity) AS taken FROM named GROUP BY line_id) n
        ON n.line_id = l.id
), left_came AS (
    SELECT m.*, m.quantity - COALESCE(n.taken, 0) AS rest
      FROM came m
      LEFT JOIN (SELECT movement_id, sum(quantity) AS taken
                   FROM named GROUP BY movement_id) n
        ON n.movement_id = m.id
)
SELECT line_id, movement_id, sum(quantity) AS quantity
  FROM (
    SELECT line_id, movement_id, quantity FROM named
    UNION ALL
    SELECT l.id, m.id,
           LEAST(l.upto, m.upto) - GREATEST(l.upto - l.rest, m.upto - m.rest)
      FROM (SELECT left_line.*, sum(rest) OVER (
                   PARTITION BY root_id, product_id ORDER BY position) AS upto
              FROM left_line WHERE rest > 0) l
      JOIN (SELECT left_came.*, sum(rest) OVER (
                   PARTITION BY root_id, product_id ORDER BY position) AS upto
              FROM left_came WHERE rest > 0) m
        ON m.root_id = l.root_id AND m.product_id = l.product_id
       AND m.upto > l.upto - l.rest AND l.upto > m.upto - m.rest
  ) s
 GROUP BY line_id, movement_id
"""

REMOVE = """
WITH gone AS (
    DELETE FROM immex_remesa_link k
     USING immex_remesa_line l
     WHERE l.id = k.remesa_line_id AND k.company_id = %(company_id)s
       AND [[l.pedimento_id in tmp_remesa_pedimento]]
       AND NOT EXISTS (
           SELECT FROM tmp_remesa_target t
            WHERE t.line_id = k.remesa_line_id AND t.movement_id = k.movement_id
              AND t.quantity = k.quantity)
    RETURNING k.movement_id
)
INSERT INTO tmp_link_changed (movement_id) SELECT movement_id FROM gone
"""

INSERT = """
WITH made AS (
    INSERT INTO immex_remesa_link (remesa_line_id, movement_id, company_id, quantity,
        create_uid, create_date, write_uid, write_date)
    SELECT t.line_id, t.movement_id, %(company_id)s, t.quantity,
           %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM tmp_remesa_target t
     WHERE NOT EXISTS (
           SELECT FROM immex_remesa_link k
            WHERE k.remesa_line_id = t.line_id AND k.movement_id = t.movement_id)
    RETURNING movement_id
)
INSERT INTO tmp_link_changed (movement_id) SELECT movement_id FROM made
"""

# Where remesas tell the origins that the partidas have, origin goes to origin.
SHARE = """
CREATE TEMP TABLE tmp_goods_share ON COMMIT DROP AS
WITH goods AS (
    SELECT g.id, c.id AS root_id, c.first_date, g.product_id,
           g.quantity::numeric AS quantity,
           COALESCE(g.origin_country_id, pa.origin_country_id) AS origin_id,
           row_number() OVER (
               PARTITION BY c.id ORDER BY pa.sequence, g.sequence, g.id) AS position
      FROM tmp_consolidated c
      JOIN immex_pedimento_goods g ON g.pedimento_id = c.current_id
      JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
     WHERE c.closed AND g.quantity > 0 AND [[c.id in tmp_remesa_pedimento]]
), line AS (
    SELECT * FROM tmp_remesa_line WHERE closed
), origins AS (
    SELECT root_id, product_id
      FROM (SELECT root_id, product_id, origin_country_id AS origin_id, 'line' AS side
              FROM line
            UNION SELECT root_id, product_id, origin_id, 'goods' FROM goods) s
     GROUP BY root_id, product_id
    HAVING bool_and(origin_id IS NOT NULL)
       AND array_agg(origin_id ORDER BY origin_id) FILTER (WHERE side = 'line')
         = array_agg(origin_id ORDER BY origin_id) FILTER (WHERE side = 'goods')
), goods_span AS (
    SELECT g.*, sum(g.quantity) OVER stack AS upto,
           CASE WHEN o.root_id IS NULL THEN 0 ELSE g.origin_id END AS origin
      FROM goods g
      LEFT JOIN origins o ON o.root_id = g.root_id AND o.product_id = g.product_id
    WINDOW stack AS (
        PARTITION BY g.root_id, g.product_id,
                     CASE WHEN o.root_id IS NULL THEN 0 ELSE g.origin_id END
        ORDER BY g.position)
), line_span AS (
    SELECT l.*, sum(l.quantity) OVER stack - l.quantity AS since,
           -- the last one has what the partidas declare beyond the remesas
           CASE WHEN lead(l.id) OVER stack IS NULL THEN 'Infinity'::numeric
                ELSE sum(l.quantity) OVER stack END AS upto,
           CASE WHEN o.root_id IS NULL THEN 0 ELSE l.origin_country_id END AS origin
      FROM line l
      LEFT JOIN origins o ON o.root_id = l.root_id AND o.product_id = l.product_id
    WINDOW stack AS (
        PARTITION BY l.root_id, l.product_id,
                     CASE WHEN o.root_id IS NULL THEN 0 ELSE l.origin_country_id END
        ORDER BY l.position)
)
SELECT g.id AS goods_id, l.id AS line_id, FALSE AS is_open,
       g.first_date, l.date, l.lot_name, l.key,
       GREATEST(l.since, g.upto - g.quantity) - (g.upto - g.quantity) AS since,
       LEAST(l.upto, g.upto) - (g.upto - g.quantity) AS upto,
       -- the layer of the remesa goes on as its first piece
       row_number() OVER (PARTITION BY l.id ORDER BY g.position) = 1 AS is_first
  FROM goods_span g
  JOIN line_span l
    ON l.root_id = g.root_id AND l.product_id = g.product_id AND l.origin = g.origin
   AND l.upto > g.upto - g.quantity AND g.upto > l.since
"""

# Goods lines of open ones, which do not count yet, and those that no remesa carried.
WHOLE = """
INSERT INTO tmp_goods_share (goods_id, is_open, first_date)
SELECT g.id, NOT c.closed, c.first_date
  FROM tmp_consolidated c
  JOIN immex_pedimento_goods g ON g.pedimento_id = c.current_id
 WHERE [[c.id in tmp_remesa_pedimento]]
   AND NOT EXISTS (SELECT FROM tmp_goods_share s WHERE s.goods_id = g.id)
"""

KEYS = """
INSERT INTO tmp_scope_key
SELECT 'S' || l.id FROM immex_remesa_line l
 WHERE l.pedimento_id IN (SELECT id FROM tmp_remesa_pedimento)
UNION
SELECT x.source_key FROM immex_layer x
 WHERE x.pedimento_id IN (SELECT id FROM tmp_remesa_pedimento)
   AND x.source_key LIKE '%%S%%'
UNION
SELECT x.source_key FROM immex_exit_line x
 WHERE x.pedimento_id IN (SELECT id FROM tmp_remesa_pedimento)
   AND x.source_key LIKE '%%S%%'
"""

# Provisional layers; ``term`` finds the term rule by the aliases of layers.TARGET.
# The closing is not known: the remesa's date starts the term, which is the safe side.
LAYERS = """
SELECT 'S' || l.id, l.product_id, COALESCE(l.lot_name, k.lot_name),
       COALESCE(r.goods_class, pt.immex_class), r.customs_status, 'remesa',
       NULL::integer, NULL::integer, p.id, NULL::integer, k.owner_id,
       l.quantity, COALESCE(k.received, 0),
       l.qty_umc, l.umc_id, NULL::numeric, NULL::integer,
       l.value_usd, l.customs_value, NULL::numeric,
       NULL::numeric, left(i.code, 8), NULLIF(substr(i.code, 9), ''),
       l.origin_country_id, l.date,
       CASE c.immex_peps_date WHEN 'payment'
            THEN COALESCE(p.payment_date, p.entry_date, l.date)
            ELSE COALESCE(p.entry_date, l.date) END,
       p.year || '|' || p.number15 || '|00000|' || l.key,
       d.term_start, r.origin_class NOT LIKE 'virtual%%',
       t.term_end, t.term_safe_date, t.term_rule_id, l.id
  FROM tmp_remesa_line l
  JOIN immex_pedimento p ON p.id = l.root_id
  JOIN res_company c ON c.id = p.company_id
  JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN immex_tariff_item i ON i.id = pt.immex_tariff_item_id
  CROSS JOIN LATERAL (SELECT l.date AS term_start) d
  LEFT JOIN LATERAL (
      SELECT sum(x.quantity) AS received,
             CASE WHEN count(DISTINCT COALESCE(m.owner_id, 0)) = 1
                  THEN min(m.owner_id) END AS owner_id,
             CASE WHEN count(DISTINCT COALESCE(m.lot_id, 0)) = 1
                  THEN min(s.name) END AS lot_name
        FROM immex_remesa_link x
        JOIN immex_movement m ON m.id = x.movement_id
        LEFT JOIN stock_lot s ON s.id = m.lot_id
       WHERE x.remesa_line_id = l.id
  ) k ON TRUE
  {term}
 WHERE NOT l.closed AND l.operation_type = '1' AND r.effect = 'entry'
"""

# Remesas of an open export: provisional exits (rule 1), in the order of their dates.
EXITS = """
SELECT 'S' || l.id, r.exit_kind, FALSE, p.operation_rule_id, p.id, NULL, NULL, NULL,
       NULL, l.product_id, lot.id,
       pt.immex_class = 'waste' OR COALESCE(r.is_waste, FALSE),
       COALESCE(r.goods_class, pt.immex_class) = 'fixed_asset', r.layer_scope,
       r.layer_choice, COALESCE(k.partner_id, p.partner_id), NULL,
       l.quantity, COALESCE(k.delivered, 0), l.date, NULL::date,
       'Z|' || p.number15 || '|' || l.key, l.id
  FROM tmp_remesa_line l
  JOIN immex_pedimento p ON p.id = l.root_id
  JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN LATERAL (
      SELECT sum(x.quantity) AS delivered, min(m.partner_id) AS partner_id,
             CASE WHEN count(DISTINCT COALESCE(m.lot_id, 0)) = 1
                  THEN min(m.lot_id) END AS lot_id
        FROM immex_remesa_link x JOIN immex_movement m ON m.id = x.movement_id
       WHERE x.remesa_line_id = l.id
  ) k ON TRUE
  LEFT JOIN LATERAL (
      SELECT COALESCE(k.lot_id, (
          SELECT min(sl.id) FROM stock_lot sl
           WHERE sl.product_id = l.product_id AND sl.name = l.lot_name)) AS id
  ) lot ON TRUE
 WHERE NOT l.closed AND l.operation_type = '2' AND r.effect = 'exit'
"""

# Of an exit ``e``: whether a movement ``m`` of its goods line left in its remesa.
NAMED = """(e.remesa_line_id IS NULL OR EXISTS (
           SELECT FROM stock_picking t
             JOIN immex_remesa_line n ON n.remesa_id = t.immex_remesa_id
            WHERE t.id = m.picking_id AND n.id = e.remesa_line_id))"""

# Remesas that crossed and did not come in.
RECEIPTS = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         pedimento_id, layer_id)
SELECT CASE WHEN l.qty_received = 0 THEN 'layer_without_receipt'
            ELSE 'receipt_short' END,
       CASE WHEN l.qty_received = 0 THEN '1_critical' ELSE '2_warning' END,
       'receipt|' || l.source_key, l.available_date, l.product_id, l.qty_received,
       l.quantity, l.pedimento_id, l.id
  FROM immex_layer l
 WHERE l.company_id = %(company_id)s AND l.active AND l.source = 'remesa'
   AND l.qty_received < l.quantity
"""

# Part by part, where the run read the pedimento.
DIFFERENCE = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         pedimento_id)
SELECT 'remesa_difference', '2_warning',
       'remesa|' || o.number15 || '|' || s.product_id,
       COALESCE(o.closing_date, o.payment_date), s.product_id,
       sum(s.crossed), sum(s.declared), c.current_id
  FROM tmp_consolidated c
  JOIN immex_pedimento o ON o.id = c.id
  CROSS JOIN LATERAL (
      SELECT l.product_id, l.quantity AS crossed, 0::numeric AS declared
        FROM tmp_remesa_line l WHERE l.root_id = c.id
      UNION ALL
      SELECT g.product_id, 0, g.quantity
        FROM immex_pedimento_goods g
       WHERE g.pedimento_id = c.current_id AND g.product_id IS NOT NULL
  ) s
 WHERE c.closed AND [[c.id in tmp_remesa_pedimento]]
 GROUP BY c.id, c.current_id, o.number15, o.closing_date, o.payment_date, s.product_id
HAVING sum(s.crossed) <> sum(s.declared)
"""


def layer_key(otherwise):
    """SQL of the key of the layer of piece ``sh``, else of what is no piece."""
    return (
        "CASE WHEN sh.is_first THEN 'S' || sh.line_id"
        " WHEN sh.line_id IS NOT NULL THEN 'G' || g.id || 'S' || sh.line_id"
        f" ELSE {otherwise} END"
    )


def peps_key(otherwise):
    """SQL of the PEPS key, without its pedimento: remesas in their order come before
    what none carried; a key that a closed period has in its seal does not change."""
    return (
        f"CASE WHEN sh.line_id IS NULL THEN {otherwise} ELSE '00000|' || sh.key"
        f" || CASE WHEN sh.is_first THEN '' ELSE '|' || {otherwise} END END"
    )


def part_of(column, digits):
    """SQL of a goods line's figure as far as the piece ``sh`` of it goes: rounded at
    cumulative positions, so that the pieces sum to the line."""
    return (
        f"CASE WHEN sh.line_id IS NULL THEN {column} ELSE"
        f" {half_up(column, 'sh.upto', 'g.quantity', digits)}"
        f" - {half_up(column, 'sh.since', 'g.quantity', digits)} END"
    )


def prepare(cr, ctx):
    """Which consolidated pedimentos there are, before movements look for papers."""
    cr.execute(DROP)
    execute(cr, ctx, CONSOLIDATED)
    cr.execute("CREATE UNIQUE INDEX ON tmp_consolidated (id)")
    cr.execute("CREATE INDEX ON tmp_consolidated (current_id)")
    cr.execute("ANALYZE tmp_consolidated")


def link(cr, ctx):
    """Link movements and the remesas of open ones, by difference."""
    if not ctx["full"]:
        execute(cr, ctx, SCOPE)
        cr.execute("ANALYZE tmp_remesa_pedimento")
    execute(cr, ctx, LINE)
    cr.execute("CREATE INDEX ON tmp_remesa_line (root_id)")
    cr.execute("ANALYZE tmp_remesa_line")
    execute(cr, ctx, LINKS, REMOVE, INSERT)


def share(cr, ctx):
    """Cut the goods lines of closed ones in pieces; add the keys that come of it."""
    execute(cr, ctx, SHARE, WHOLE)
    cr.execute("CREATE INDEX ON tmp_goods_share (goods_id)")
    cr.execute("ANALYZE tmp_goods_share")
    if not ctx["full"]:
        execute(cr, ctx, KEYS)
        cr.execute("ANALYZE tmp_scope_key")
