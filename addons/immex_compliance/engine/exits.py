# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Exit lines: what left, or ceased to be temporary, and under which document.

Only a customs document discharges (rule 1). A delivery that none covers is an exit
of kind ``provisional``: it takes its place in the order of production, it may consume
domestic and definitive layers (rule 3), and temporary balances stay charged.

What changed goes into ``tmp_dirty_exit``, with product and date before and after. In a
closed period (``lock``, its last day) nothing changes.
"""

from . import history, lock, remesa
from .statements import analyze, execute

TARGET = f"""
CREATE TEMP TABLE tmp_exit ON COMMIT DROP AS
-- lines of exit pedimentos and of changes of regime
SELECT 'G' || g.id || COALESCE('S' || sh.line_id, '') AS source_key,
       r.exit_kind AS kind,
       TRUE AS official,
       p.operation_rule_id,
       p.id AS pedimento_id,
       g.partida_id,
       g.id AS goods_id,
       NULL::integer AS destruction_line_id,
       NULL::integer AS movement_id,
       g.product_id,
       lot.id AS lot_id,
       COALESCE(g.is_waste, FALSE) OR pt.immex_class = 'waste'
           OR COALESCE(r.is_waste, FALSE) AS is_waste,
       COALESCE(r.goods_class, pt.immex_class) = 'fixed_asset' AS is_asset,
       r.layer_scope,
       r.layer_choice,
       COALESCE(k.partner_id, p.partner_id) AS partner_id,
       pa.origin_country_id AS country_id,
       COALESCE(sh.upto - sh.since, g.quantity)::numeric AS quantity,
       CASE WHEN sh.line_id IS NULL THEN COALESCE(k.delivered, 0)
            ELSE LEAST(GREATEST(COALESCE(k.delivered, 0) - sh.since, 0),
                       sh.upto - sh.since) END::numeric AS qty_delivered,
       -- a change of regime is of the day of its payment, whenever its goods leave
       COALESCE(sh.date, CASE WHEN r.effect = 'exit' THEN k.date END, p.physical_date,
                o.physical_date, o.payment_date) AS date,
       o.payment_date AS document_date,
       o.number15 || '|' || lpad(pa.sequence::text, 5, '0')
           || '|' || lpad(g.sequence::text, 5, '0')
           || COALESCE('|' || sh.key, '') AS natural_key,
       sh.line_id AS remesa_line_id
  FROM immex_pedimento_goods g
  JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
  JOIN immex_pedimento p ON p.id = g.pedimento_id
  -- a rectification keeps the date of the first version (RGCE 6.1.1)
  JOIN immex_pedimento o ON o.id = COALESCE(p.root_id, p.id)
  JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  JOIN product_product pp ON pp.id = g.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  -- a consolidated pedimento, and what left of the line in each of its remesas
  LEFT JOIN tmp_goods_share sh ON sh.goods_id = g.id AND r.effect = 'exit'
  LEFT JOIN LATERAL (
      SELECT min(m.date) AS date, sum(l.quantity) AS delivered,
             min(m.partner_id) AS partner_id,
             CASE WHEN count(DISTINCT COALESCE(m.lot_id, 0)) = 1
                  THEN min(m.lot_id) END AS lot_id
        FROM immex_goods_link l JOIN immex_movement m ON m.id = l.movement_id
       WHERE l.goods_id = g.id
  ) k ON TRUE
  LEFT JOIN LATERAL (
      -- the lot of a delivery of some of the goods is not that of what is on hand
      SELECT COALESCE(CASE WHEN r.effect = 'exit' OR k.delivered >= g.quantity
                           THEN k.lot_id END, (
          SELECT min(sl.id) FROM stock_lot sl
           WHERE sl.product_id = g.product_id
             AND sl.name = COALESCE(g.lot_name, sh.lot_name))) AS id
  ) lot ON TRUE
 WHERE g.company_id = %(company_id)s
   AND [[g.id in tmp_scope_goods]]
   AND r.effect IN ('exit', 'regime_change')
   AND p.state <> 'cancelled' AND p.current_id IS NULL
   AND pa.detail_state = 'done'
   AND o.payment_date IS NOT NULL
   AND sh.is_open IS NOT TRUE
UNION ALL
-- destruction acts
SELECT 'D' || l.id, 'destruction', TRUE, NULL, NULL, NULL, NULL, l.id, NULL,
       l.product_id, l.lot_id, COALESCE(l.is_waste, FALSE),
       COALESCE(pt.immex_class = 'fixed_asset', FALSE), 'all', 'peps', NULL, NULL,
       l.quantity::numeric, l.quantity::numeric, d.act_date, d.act_date,
       'D|' || d.act_number || '|' || lpad(l.sequence::text, 5, '0')
           || '|' || COALESCE(pp.default_code, pp.id::text)
           || '|' || row_number() OVER (
               PARTITION BY d.id, l.sequence, l.product_id ORDER BY l.id), NULL
  FROM immex_destruction_line l
  JOIN immex_destruction d ON d.id = l.destruction_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE l.company_id = %(company_id)s AND d.state = 'done'
   AND [[d.id in tmp_scope_destruction]]
UNION ALL
-- what left without a document
SELECT 'M' || m.id, 'provisional', FALSE, NULL, NULL, NULL, NULL, NULL, m.id,
       m.product_id, m.lot_id, COALESCE(pt.immex_class = 'waste', FALSE),
       COALESCE(pt.immex_class = 'fixed_asset', FALSE), 'all', 'peps',
       m.partner_id, dest.country_id,
       m.quantity - m.qty_linked - m.qty_netted,
       m.quantity - m.qty_linked - m.qty_netted,
       m.date, NULL::date,
       'Z|' || COALESCE(t.name, '') || '|' || lpad(row_number() OVER (
           PARTITION BY m.picking_id ORDER BY m.move_line_id)::text, 5, '0'), NULL
  FROM immex_movement m
  JOIN product_product pp ON pp.id = m.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN stock_picking t ON t.id = m.picking_id
  LEFT JOIN res_partner dest ON dest.id = m.partner_id
 WHERE m.company_id = %(company_id)s AND m.active
   AND [[m.id in tmp_scope_movement]]
   AND m.kind IN ('delivery', 'return_out')
   AND m.quantity > m.qty_linked + m.qty_netted
   -- the transfer of a destruction act is the act's
   AND NOT EXISTS (
       SELECT 1 FROM immex_destruction d WHERE d.picking_id = m.picking_id)
UNION ALL
-- remesas of consolidated pedimentos that are not closed
{remesa.EXITS}"""

COLUMNS = (
    "kind",
    "official",
    "operation_rule_id",
    "pedimento_id",
    "partida_id",
    "product_id",
    "lot_id",
    "is_waste",
    "is_asset",
    "layer_scope",
    "layer_choice",
    "partner_id",
    "country_id",
    "quantity",
    "qty_delivered",
    "date",
    "document_date",
    "natural_key",
    "remesa_line_id",
)

DIRTY = """
CREATE TEMP TABLE tmp_dirty_exit (
    exit_line_id integer, product_id integer, kind varchar, since date) ON COMMIT DROP
"""
_KIND = "CASE WHEN {0}.is_waste THEN 'waste' ELSE 'product' END"

BEFORE = f"""
INSERT INTO tmp_dirty_exit
SELECT e.id, s.*
  FROM immex_exit_line e
  LEFT JOIN tmp_exit t ON t.source_key = e.source_key
  CROSS JOIN LATERAL (
      VALUES (e.product_id, {_KIND.format("e")}, e.date),
             (t.product_id, {_KIND.format("t")}, t.date)
  ) s(product_id, kind, since)
 WHERE e.company_id = %(company_id)s AND (e.active OR t.source_key IS NOT NULL)
   AND [[e.source_key in tmp_scope_key]]
   AND s.product_id IS NOT NULL
   AND e.date > %(lock)s AND COALESCE(t.date > %(lock)s, TRUE)
   AND (ROW({", ".join("e." + name for name in COLUMNS)}, e.active)
        IS DISTINCT FROM ROW({", ".join("t." + name for name in COLUMNS)}, TRUE)
        -- what it names may have changed
        OR e.layer_choice = 'named' AND NOT %(full)s
        -- lots of what left under an open consolidated pedimento
        OR e.remesa_line_id IS NOT NULL AND e.goods_id IS NULL AND NOT %(full)s
        -- its goods have other movements, whose lots tell what left
        OR e.goods_id IN (SELECT goods_id FROM tmp_link_changed)
        OR e.goods_id IN (
            SELECT k.goods_id FROM tmp_movement x
              JOIN immex_movement m ON m.move_line_id = x.move_line_id
              JOIN immex_goods_link k ON k.movement_id = m.id
             WHERE x.lot_id IS NOT NULL AND NOT %(full)s))
"""

UPDATE = f"""
UPDATE immex_exit_line e
   SET ({", ".join(COLUMNS)}) = ({", ".join("t." + name for name in COLUMNS)}),
       period = to_char(t.document_date, 'YYYY-MM'),
       active = TRUE
  FROM tmp_exit t
 WHERE e.company_id = %(company_id)s
   AND e.source_key = t.source_key
   AND e.date > %(lock)s AND t.date > %(lock)s
   AND ROW({", ".join("e." + name for name in COLUMNS)}, e.active)
       IS DISTINCT FROM ROW({", ".join("t." + name for name in COLUMNS)}, TRUE)
"""

# Apart from the insert: one that looks in the table that it fills looks at all that
# it has put there.
FRESH = """
CREATE TEMP TABLE tmp_exit_fresh ON COMMIT DROP AS
SELECT t.source_key
  FROM tmp_exit t
 WHERE t.date > %(lock)s AND NOT EXISTS (
       SELECT 1 FROM immex_exit_line e
        WHERE e.company_id = %(company_id)s AND e.source_key = t.source_key)
"""

INSERT = f"""
WITH made AS (
INSERT INTO immex_exit_line (
    company_id, source_key, goods_id, destruction_line_id, movement_id,
    {", ".join(COLUMNS)},
    period, active)
SELECT %(company_id)s, t.source_key, t.goods_id, t.destruction_line_id, t.movement_id,
       {", ".join("t." + name for name in COLUMNS)},
       to_char(t.document_date, 'YYYY-MM'), TRUE
  FROM tmp_exit t
  JOIN tmp_exit_fresh USING (source_key)
RETURNING id, product_id, CASE WHEN is_waste THEN 'waste' ELSE 'product' END AS kind,
          date
)
INSERT INTO tmp_dirty_exit SELECT id, product_id, kind, date FROM made
"""

RETIRE = """
UPDATE immex_exit_line e
   SET active = FALSE
 WHERE e.company_id = %(company_id)s AND e.active
   AND [[e.source_key in tmp_scope_key]]
   AND e.date > %(lock)s
   AND NOT EXISTS (
       SELECT 1 FROM tmp_exit t WHERE t.source_key = e.source_key)
"""


# What the lock kept from changing.
HELD = f"""
SELECT EXISTS (
    SELECT FROM tmp_exit t
      LEFT JOIN immex_exit_line e
        ON e.company_id = %(company_id)s AND e.source_key = t.source_key
     WHERE (t.date <= %(lock)s OR e.date <= %(lock)s)
       AND ROW({", ".join("e." + name for name in COLUMNS)}, e.active)
           IS DISTINCT FROM ROW({", ".join("t." + name for name in COLUMNS)}, TRUE))
    OR EXISTS (
    SELECT FROM immex_exit_line e
     WHERE e.company_id = %(company_id)s AND e.active AND e.date <= %(lock)s
       AND [[e.source_key in tmp_scope_key]]
       AND NOT EXISTS (
           SELECT FROM tmp_exit t WHERE t.source_key = e.source_key))
"""


def sync(cr, ctx):
    """Bring ``immex_exit_line`` to what the documents say; return changed rows."""
    cr.execute("DROP TABLE IF EXISTS tmp_exit, tmp_exit_fresh, tmp_dirty_exit")
    execute(cr, ctx, DIRTY, TARGET)
    cr.execute("CREATE UNIQUE INDEX ON tmp_exit (source_key)")
    cr.execute("ANALYZE tmp_exit")
    lock.note(cr, ctx, HELD)
    execute(cr, ctx, BEFORE, history.EXIT_CHANGED)
    changed = execute(cr, ctx, UPDATE)
    execute(cr, ctx, FRESH)
    cr.execute("ANALYZE tmp_exit_fresh")
    changed += execute(cr, ctx, INSERT)
    analyze(cr, changed, "immex_exit_line")
    return changed + execute(cr, ctx, RETIRE)
