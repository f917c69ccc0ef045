# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Layers: what each goods line of an entry brought in, with its dates and its term.

A layer bears the declared quantity; what was received is compared with it and never
changes it. A change of regime makes a definitive layer of what it takes out of the
temporary inventory and is still on hand, so that a later exit does not discharge twice
(rule 2): deliveries that name it have left. A receipt
of domestic goods is a layer too: that is how the origin of every unit that leaves
can be told.

What changed goes into ``tmp_dirty_layer``, with product, status and the day from which
the layer serves, before and after: exits from that day on are discharged again.
"""

from . import choice, history, lock, opening, remesa
from .statements import analyze, execute, half_up

# The rule in force when the term starts, for the certification of that day.
TERM = """
  LEFT JOIN LATERAL (
      SELECT tr.id AS term_rule_id,
             CASE WHEN tr.months > 0
                  THEN immex_add_months(d.term_start, tr.months) END AS term_end,
             CASE WHEN tr.months > 0
                  THEN (d.term_start + make_interval(months => tr.months))::date
             END AS term_safe_date
        FROM immex_term_rule tr
       WHERE tr.active
         AND CASE WHEN tr.goods_class IS NULL
                  THEN COALESCE(r.goods_class, pt.immex_class)
                       NOT IN ('fixed_asset', 'container')
                  ELSE tr.goods_class = COALESCE(r.goods_class, pt.immex_class) END
         AND (tr.origin_class IS NULL OR tr.origin_class = r.origin_class)
         AND (tr.certification IS NULL OR tr.certification = (
             SELECT g.certification FROM immex_program g
              WHERE g.company_id = p.company_id AND g.kind = 'certification'
                AND g.valid_from <= d.term_start
                AND (g.valid_to IS NULL OR g.valid_to >= d.term_start)
              ORDER BY g.valid_from DESC LIMIT 1))
         AND (tr.valid_from IS NULL OR tr.valid_from <= d.term_start)
         AND (tr.valid_to IS NULL OR tr.valid_to >= d.term_start)
       ORDER BY tr.sequence, tr.id
       LIMIT 1
  ) t ON r.effect = 'entry' AND r.customs_status = 'temporary'
"""

# Keys of what is no remesa.
SOURCE = "'G' || g.id || CASE r.effect WHEN 'regime_change' THEN 'R' ELSE '' END"


def _on_hand(column, digits):
    """SQL of a goods line's figure; of a change of regime as far as it is on hand."""
    gone = half_up(column, "w.gone", "g.quantity", digits)
    part = remesa.part_of(column, digits)
    return f"CASE WHEN w.gone > 0 THEN {column} - {gone} ELSE {part} END"


PLACE = "lpad(pa.sequence::text, 5, '0') || '|' || lpad(g.sequence::text, 5, '0')"

TARGET = f"""
CREATE TEMP TABLE tmp_layer ON COMMIT DROP AS
SELECT {remesa.layer_key(SOURCE)} AS source_key,
       g.product_id,
       COALESCE(g.lot_name, sh.lot_name) AS lot_name,
       COALESCE(r.goods_class, pt.immex_class) AS goods_class,
       CASE r.effect WHEN 'regime_change' THEN 'definitive' ELSE r.customs_status END
           AS customs_status,
       CASE r.effect WHEN 'regime_change' THEN 'regime_change' ELSE 'import' END
           AS source,
       g.id AS goods_id,
       g.partida_id,
       p.id AS pedimento_id,
       NULL::integer AS movement_id,
       k.owner_id,
       COALESCE(sh.upto - sh.since, g.quantity - w.gone)::numeric AS quantity,
       CASE WHEN sh.line_id IS NULL THEN COALESCE(k.received, 0)
            ELSE LEAST(GREATEST(COALESCE(k.received, 0) - sh.since, 0),
                       sh.upto - sh.since) END::numeric AS qty_received,
       {_on_hand("g.qty_umc", 3)} AS qty_umc, pa.umc_id,
       {_on_hand("g.qty_umt", 5)} AS qty_umt, pa.umt_id,
       {_on_hand("g.value_usd", 2)} AS value_usd,
       {_on_hand("g.customs_value", 2)} AS customs_value,
       {_on_hand("g.commercial_value", 2)} AS commercial_value,
       pa.igi_rate, pa.fraccion, pa.nico,
       COALESCE(g.origin_country_id, pa.origin_country_id) AS origin_country_id,
       d.available_date,
       CASE (SELECT immex_peps_date FROM res_company WHERE id = %(company_id)s)
            WHEN 'payment'
            THEN COALESCE(o.payment_date, x.entered, sh.first_date)
            ELSE COALESCE(x.entered, sh.first_date, o.payment_date)
       END AS peps_date,
       o.year || '|' || o.number15 || '|' || {remesa.peps_key(PLACE)} AS peps_key,
       d.term_start,
       d.presumed AS term_start_presumed,
       t.term_end,
       t.term_safe_date,
       t.term_rule_id,
       sh.line_id AS remesa_line_id
  FROM immex_pedimento_goods g
  JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
  JOIN immex_pedimento p ON p.id = g.pedimento_id
  -- a rectification has its own quantities, and the dates of the first version
  JOIN immex_pedimento o ON o.id = COALESCE(p.root_id, p.id)
  JOIN immex_operation_rule r ON r.id = p.operation_rule_id
  JOIN product_product pp ON pp.id = g.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  -- a consolidated pedimento, and what came of the line in each of its remesas
  LEFT JOIN tmp_goods_share sh ON sh.goods_id = g.id AND r.effect = 'entry'
  -- goods of a bonded warehouse enter when they are extracted (LA 119, 120)
  CROSS JOIN LATERAL (
      SELECT COALESCE(o.extraction_date, o.entry_date) AS entered
  ) x
  -- RLA 173: the term starts when the selection mechanism is activated, for
  -- consolidated pedimentos when they close; for the receiver of a virtual transfer
  -- on the day of the transfer
  CROSS JOIN LATERAL (
      SELECT COALESCE(sh.date, x.entered, o.payment_date, sh.first_date)
                 AS available_date,
             CASE WHEN r.origin_class LIKE 'virtual%%'
                  THEN COALESCE(sh.date, x.entered, o.payment_date, sh.first_date)
                  WHEN sh.goods_id IS NOT NULL
                  THEN COALESCE(o.closing_date, o.payment_date)
                  ELSE COALESCE(o.closing_date, o.modulation_date,
                                LEAST(x.entered, o.payment_date)) END AS term_start,
             r.origin_class NOT LIKE 'virtual%%'
                 AND COALESCE(o.closing_date, CASE WHEN sh.goods_id IS NULL
                              THEN o.modulation_date END) IS NULL AS presumed
  ) d
  LEFT JOIN LATERAL (
      SELECT sum(l.quantity) FILTER (WHERE r.effect = 'entry') AS received,
             sum(l.quantity) FILTER (WHERE r.effect <> 'entry') AS delivered,
             CASE WHEN r.effect = 'entry'
                   AND count(DISTINCT COALESCE(m.owner_id, 0)) = 1
                  THEN min(m.owner_id) END AS owner_id
        FROM immex_goods_link l JOIN immex_movement m ON m.id = l.movement_id
       WHERE l.goods_id = g.id
  ) k ON TRUE
  CROSS JOIN LATERAL (SELECT COALESCE(k.delivered, 0)::numeric AS gone) w
{TERM} WHERE g.company_id = %(company_id)s
   AND [[g.id in tmp_scope_goods]]
   AND r.effect IN ('entry', 'regime_change')
   AND p.state <> 'cancelled' AND p.current_id IS NULL
   AND pa.detail_state = 'done'
   AND d.available_date IS NOT NULL
   AND sh.is_open IS NOT TRUE
   -- what is not paid discharges nothing yet, so nothing becomes definitive (rule 1)
   AND (r.effect = 'entry' OR o.payment_date IS NOT NULL)
   AND g.quantity > w.gone
UNION ALL
SELECT 'M' || m.id, m.product_id, lot.name, pt.immex_class, m.customs_status,
       'domestic', NULL, NULL, NULL, m.id, m.owner_id,
       m.quantity::numeric - m.qty_linked::numeric,
       m.quantity::numeric - m.qty_linked::numeric,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       CASE m.customs_status WHEN 'domestic' THEN mx.id END,
       m.date, m.date,
       'M|' || COALESCE(t.name, '') || '|' || lpad(row_number() OVER (
           PARTITION BY m.picking_id ORDER BY m.move_line_id)::text, 5, '0'),
       NULL, FALSE, NULL, NULL, NULL, NULL
  FROM immex_movement m
  JOIN product_product pp ON pp.id = m.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN stock_picking t ON t.id = m.picking_id
  LEFT JOIN stock_lot lot ON lot.id = m.lot_id
  LEFT JOIN res_country mx ON mx.code = 'MX'
 WHERE m.company_id = %(company_id)s AND m.active AND m.kind = 'receipt'
   AND [[m.id in tmp_scope_movement]]
   AND m.customs_status IN ('domestic', 'definitive')
   AND m.quantity > m.qty_linked
UNION ALL
{remesa.LAYERS.format(term=TERM)}"""

# What a ledger row hangs on: a change of one of these re-posts the layer's rows.
POSTED = (
    "product_id",
    "customs_status",
    "quantity",
    "available_date",
    "qty_umc",
    "qty_umt",
    "value_usd",
    "customs_value",
)
# Of these, what a ledger row cannot do without.
SERVED = POSTED[:4]
COLUMNS = POSTED + (
    "lot_name",
    "goods_class",
    "source",
    "remesa_line_id",
    "goods_id",
    "partida_id",
    "pedimento_id",
    "movement_id",
    "owner_id",
    "qty_received",
    "umc_id",
    "umt_id",
    "commercial_value",
    "igi_rate",
    "fraccion",
    "nico",
    "origin_country_id",
    "peps_date",
    "peps_key",
    "term_start",
    "term_start_presumed",
    "term_end",
    "term_safe_date",
    "term_rule_id",
)

# What decides which exits a layer serves.
SERVING = POSTED + ("peps_date", "peps_key", "term_end", "goods_class", "lot_name")

DIRTY = """
CREATE TEMP TABLE tmp_dirty_layer (
    product_id integer, customs_status varchar, since date) ON COMMIT DROP
"""

# A layer that served an exit of a closed period stays what it was; one of a remesa
# gets the partida's values, for what it gives after that period.
FROZEN = f"""
CREATE TEMP TABLE tmp_layer_frozen ON COMMIT DROP AS
SELECT l.id
  FROM immex_layer l
  LEFT JOIN tmp_layer t ON t.source_key = l.source_key
 WHERE l.company_id = %(company_id)s AND l.qty_discharged > 0
   AND [[l.source_key in tmp_scope_key]]
   AND ROW({", ".join("l." + name for name in POSTED)})
       IS DISTINCT FROM ROW({", ".join("t." + name for name in POSTED)})
   AND (l.source <> 'remesa'
        OR ROW({", ".join("l." + name for name in SERVED)})
           IS DISTINCT FROM ROW({", ".join("t." + name for name in SERVED)}))
   AND EXISTS (
       SELECT FROM immex_discharge d
        WHERE d.layer_id = l.id AND d.superseded_run_id IS NULL
          AND d.exit_date <= %(lock)s)
"""
_THAWED = "AND NOT EXISTS (SELECT FROM tmp_layer_frozen f WHERE f.id = l.id)"

BEFORE = f"""
INSERT INTO tmp_dirty_layer
SELECT s.product_id, s.customs_status, s.available_date
  FROM immex_layer l
  LEFT JOIN tmp_layer t ON t.source_key = l.source_key
  CROSS JOIN LATERAL (
      VALUES (l.product_id, l.customs_status, l.available_date),
             (t.product_id, t.customs_status, t.available_date)
  ) s(product_id, customs_status, available_date)
 WHERE l.company_id = %(company_id)s AND (l.active OR t.source_key IS NOT NULL)
   AND [[l.source_key in tmp_scope_key]]
   AND s.product_id IS NOT NULL
   {_THAWED}
   AND ROW({", ".join("l." + name for name in SERVING)}, l.active)
       IS DISTINCT FROM ROW({", ".join("t." + name for name in SERVING)}, TRUE)
"""

RELEASE = f"""
UPDATE immex_discharge d
   SET superseded_run_id = %(run_id)s
  FROM immex_layer l
 WHERE l.id = d.layer_id AND d.superseded_run_id IS NULL
   AND l.company_id = %(company_id)s AND l.qty_discharged > 0
   AND d.exit_date > %(lock)s
   AND [[l.source_key in tmp_scope_key]]
   {_THAWED}
   AND NOT EXISTS (
       SELECT 1 FROM tmp_layer t
        WHERE t.source_key = l.source_key
          AND ROW({", ".join("l." + name for name in POSTED)})
              IS NOT DISTINCT FROM ROW({", ".join("t." + name for name in POSTED)}))
"""

UPDATE = f"""
UPDATE immex_layer l
   SET ({", ".join(COLUMNS)}) = ({", ".join("t." + name for name in COLUMNS)}),
       active = TRUE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM tmp_layer t
 WHERE l.company_id = %(company_id)s AND l.source_key = t.source_key
   {_THAWED}
   AND ROW({", ".join("l." + name for name in COLUMNS)}, l.active)
       IS DISTINCT FROM ROW({", ".join("t." + name for name in COLUMNS)}, TRUE)
"""

FRESH = """
CREATE TEMP TABLE tmp_layer_fresh ON COMMIT DROP AS
SELECT t.source_key
  FROM tmp_layer t
 WHERE NOT EXISTS (
       SELECT 1 FROM immex_layer l
        WHERE l.company_id = %(company_id)s AND l.source_key = t.source_key)
"""

INSERT = f"""
WITH made AS (
INSERT INTO immex_layer (company_id, source_key, {", ".join(COLUMNS)}, qty_discharged,
    first_run, active, create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, source_key, {", ".join("t." + name for name in COLUMNS)}, 0,
       %(run_id)s, TRUE, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
       now() AT TIME ZONE 'UTC'
  FROM tmp_layer t
  JOIN tmp_layer_fresh USING (source_key)
 ORDER BY t.peps_date, t.peps_key
RETURNING product_id, customs_status, available_date
)
INSERT INTO tmp_dirty_layer SELECT product_id, customs_status, available_date FROM made
"""

RETIRE = f"""
UPDATE immex_layer l
   SET active = FALSE, write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
 WHERE l.company_id = %(company_id)s AND l.active
   AND [[l.source_key in tmp_scope_key]]
   {_THAWED}
   AND NOT EXISTS (SELECT 1 FROM tmp_layer t WHERE t.source_key = l.source_key)
"""

KEPT = (history.layer_changed(_THAWED), history.layer_retired(_THAWED))


def sync(cr, ctx):
    """Bring ``immex_layer`` to what the documents say; return changed rows.

    Discharges of a layer whose quantity, values or dates changed, or that no
    document backs any more, are superseded first and computed anew by the run.
    """
    cr.execute(
        "DROP TABLE IF EXISTS tmp_layer, tmp_layer_fresh, tmp_layer_frozen,"
        " tmp_dirty_layer"
    )
    execute(cr, ctx, DIRTY, TARGET)
    opening.apply(cr, ctx, opening.LAYERS, opening.EARLIER)
    cr.execute("CREATE UNIQUE INDEX ON tmp_layer (source_key)")
    cr.execute("ANALYZE tmp_layer")
    execute(cr, ctx, FROZEN)
    lock.note(cr, ctx, "SELECT EXISTS (SELECT FROM tmp_layer_frozen)")
    choice.mark(cr, ctx)
    execute(cr, ctx, BEFORE, RELEASE, *KEPT)
    changed = execute(cr, ctx, UPDATE)
    execute(cr, ctx, FRESH)
    cr.execute("ANALYZE tmp_layer_fresh")
    changed += execute(cr, ctx, INSERT)
    analyze(cr, changed, "immex_layer")
    return changed + execute(cr, ctx, RETIRE)
