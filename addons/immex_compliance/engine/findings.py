# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What does not add up after a run, and what is missing to settle it.

Each query gives: code, severity, key, date, product, quantity, expected, and the
records that the finding is about. The key is stable, so that a user's explanation
stays with the finding; a finding whose cause is gone is resolved. All findings of the
company are listed in each run: each condition has its partial index, so that this
grows with the findings and not with the history; shortages are looked at where the run
computed something.
"""

from . import opening, period, remesa
from .statements import execute

COLUMNS = (
    "code",
    "severity",
    "key",
    "date",
    "product_id",
    "quantity",
    "expected",
    "pedimento_id",
    "partida_id",
    "goods_id",
    "movement_id",
    "layer_id",
    "exit_line_id",
    "production_id",
)

TABLE = """
CREATE TEMP TABLE tmp_finding (
    code varchar, severity varchar, key varchar, date date, product_id integer,
    quantity numeric, expected numeric, pedimento_id integer, partida_id integer,
    goods_id integer, movement_id integer, layer_id integer, exit_line_id integer,
    production_id integer
) ON COMMIT DROP
"""

MOVEMENTS = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         movement_id)
SELECT code, severity, code || '|' || id, date, product_id, quantity, expected, id
  FROM (
    SELECT m.id, m.date, m.product_id,
           m.quantity - m.qty_linked - m.qty_netted AS quantity,
           -- of a surplus, what the whole transfer brought: Odoo splits one receipt
           -- in several move lines
           CASE WHEN m.kind = 'receipt' AND t.immex_pedimento_id IS NOT NULL
                THEN whole.quantity ELSE m.quantity END AS expected,
           CASE m.kind
             WHEN 'receipt' THEN CASE WHEN t.immex_pedimento_id IS NULL
                  THEN 'receipt_without_pedimento' ELSE 'receipt_over' END
             WHEN 'return_in' THEN 'unreceived_return'
             WHEN 'count_loss' THEN 'count_loss'
             WHEN 'count_surplus' THEN 'count_surplus'
             WHEN 'scrap' THEN 'scrap_unassigned'
           END AS code,
           CASE WHEN m.kind IN ('count_loss', 'count_surplus')
                THEN '1_critical' ELSE '2_warning' END AS severity
      FROM immex_movement m
      LEFT JOIN stock_picking t ON t.id = m.picking_id
      LEFT JOIN LATERAL (
           SELECT sum(w.quantity) AS quantity
             FROM immex_movement w
            WHERE m.kind = 'receipt' AND t.immex_pedimento_id IS NOT NULL
              AND w.picking_id = m.picking_id AND w.product_id = m.product_id
              AND w.company_id = m.company_id AND w.kind = 'receipt' AND w.active
           ) whole ON true
     WHERE m.company_id = %(company_id)s AND m.active
       AND (m.state IN ('waiting', 'partial')
            OR m.kind IN ('count_loss', 'count_surplus', 'scrap'))
       -- what was counted less is in the products of a period that a person ratified
       AND NOT (m.kind = 'count_loss' AND EXISTS (
           SELECT FROM immex_period_consumption_line k
             JOIN immex_period_consumption d
               ON d.id = k.document_id AND d.state = 'ratified'
            WHERE k.company_id = m.company_id AND k.product_id = m.product_id
              AND m.date BETWEEN d.date_from AND d.date_to
              AND k.to_spread >= (
                  SELECT sum(w.quantity) FROM immex_movement w
                   WHERE w.company_id = m.company_id AND w.active
                     AND w.product_id = m.product_id AND w.kind = 'count_loss'
                     AND w.date BETWEEN d.date_from AND d.date_to)))
  ) s
 WHERE code IS NOT NULL
"""

# Goods lines of entries: what came against what the papers say.
RECEIPTS = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         pedimento_id, partida_id, goods_id, layer_id)
SELECT CASE WHEN l.qty_received = 0 THEN 'layer_without_receipt'
            ELSE 'receipt_short' END,
       CASE WHEN l.qty_received = 0 THEN '1_critical' ELSE '2_warning' END,
       'receipt|' || l.source_key, l.peps_date, l.product_id, l.qty_received,
       l.quantity, l.pedimento_id, l.partida_id, l.goods_id, l.id
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
 WHERE l.company_id = %(company_id)s AND l.active AND l.source = 'import'
   AND l.qty_received < l.quantity
"""

DETAIL = """
INSERT INTO tmp_finding (code, severity, key, date, quantity, pedimento_id, partida_id)
SELECT CASE a.detail_state WHEN 'unmapped' THEN 'goods_unmapped'
            WHEN 'no_factor' THEN 'factor_missing'
            ELSE 'partida_without_detail' END,
       '1_critical', 'detail|' || p.number15 || '|' || a.sequence,
       COALESCE(p.payment_date, p.entry_date), a.qty_umc, p.id, a.id
  FROM immex_pedimento_partida a
  JOIN immex_pedimento p ON p.id = a.pedimento_id
  LEFT JOIN immex_operation_rule r ON r.id = p.operation_rule_id
 WHERE a.company_id = %(company_id)s AND a.detail_state <> 'done'
   AND p.state <> 'cancelled' AND p.current_id IS NULL
   AND COALESCE(r.effect, '') NOT IN ('none', 'place')
"""

NO_RULE = """
INSERT INTO tmp_finding (code, severity, key, date, pedimento_id)
SELECT 'no_rule', '1_critical', 'no_rule|' || p.number15,
       COALESCE(p.payment_date, p.entry_date), p.id
  FROM immex_pedimento p
  LEFT JOIN immex_operation_rule r ON r.id = p.operation_rule_id
 -- what cancels another pedimento is settled by a person
 WHERE p.company_id = %(company_id)s AND (r.id IS NULL OR r.effect = 'reverse')
   AND p.state <> 'cancelled' AND p.current_id IS NULL
"""

# What a rectification gives and takes, part by part, against the version before it:
# exits that lived off the difference were discharged elsewhere, or are short.
RECTIFIED = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         pedimento_id)
SELECT 'rectified_difference', '2_warning',
       'rectified|' || p.number15 || '|' || s.product_id, p.payment_date,
       s.product_id, s.now, s.before, p.id
  FROM immex_pedimento p
  CROSS JOIN LATERAL (
    SELECT g.product_id,
           COALESCE(sum(g.quantity) FILTER (WHERE g.pedimento_id = p.id), 0) AS now,
           COALESCE(sum(g.quantity) FILTER (WHERE g.pedimento_id <> p.id), 0) AS before
      FROM immex_pedimento_goods g
     WHERE g.pedimento_id IN (p.id, p.rectifies_id) AND g.product_id IS NOT NULL
     GROUP BY g.product_id
  ) s
 WHERE p.company_id = %(company_id)s AND p.rectifies_id IS NOT NULL
   AND p.current_id IS NULL AND p.state = 'ready' AND s.now <> s.before
"""

# Rejected exports may come back within a year (LA 103).
REJECTED = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, pedimento_id,
                         layer_id)
SELECT 'rejected_export_late', '1_critical', 'rejected|' || l.source_key, l.peps_date,
       l.product_id, l.quantity, p.id, l.id
  FROM immex_operation_rule r
  JOIN immex_pedimento_key k ON k.id = r.key_id AND k.code = 'IN'
  JOIN immex_pedimento p
    ON p.operation_rule_id = r.id AND p.company_id = %(company_id)s
   AND p.state <> 'cancelled' AND p.current_id IS NULL
  JOIN immex_layer l ON l.pedimento_id = p.id AND l.active
 WHERE r."case" = 'II'
   AND NOT EXISTS (
       SELECT FROM immex_exit_line e
        WHERE e.company_id = l.company_id AND e.active AND e.official
          AND e.product_id = l.product_id
          AND e.kind IN ('return', 'transfer', 'export')
          AND e.date <= l.peps_date
          AND e.date >= l.peps_date - interval '1 year')
"""

# A domestic delivery of goods with temporary content leaves the balance charged.
UNDOCUMENTED = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity,
                         movement_id, exit_line_id)
SELECT 'exit_without_document', '1_critical', 'undocumented|' || e.source_key,
       e.date, e.product_id, e.quantity, e.movement_id, e.id
  FROM immex_exit_line e
  LEFT JOIN immex_movement m ON m.id = e.movement_id
 WHERE e.company_id = %(company_id)s AND e.active AND NOT e.official
   AND e.has_temporary AND m.state IN ('waiting', 'partial')
"""

DELIVERIES = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         pedimento_id, partida_id, goods_id, exit_line_id)
SELECT CASE WHEN e.qty_delivered = 0 THEN 'exit_without_delivery'
            ELSE 'delivery_difference' END,
       '2_warning', 'delivery|' || e.source_key, e.date, e.product_id,
       e.qty_delivered, e.quantity, e.pedimento_id, e.partida_id, e.goods_id, e.id
  FROM immex_exit_line e
 WHERE e.company_id = %(company_id)s AND e.active AND e.official
   AND e.kind IN ('return', 'transfer', 'donation', 'export')
   AND e.qty_delivered <> e.quantity
"""

# Shortages stand as they were for exits that the run did not compute.
TOUCHED = """
CREATE TEMP TABLE tmp_touched_exit ON COMMIT DROP AS
SELECT id FROM tmp_affected_exit
UNION
SELECT exit_line_id FROM tmp_demand_line
"""

REQUIREMENTS = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         exit_line_id, production_id)
SELECT CASE WHEN r.unexplained THEN 'no_production_layer' ELSE 'shortage' END,
       '1_critical',
       CASE WHEN r.unexplained THEN 'unexplained|' ELSE 'shortage|' END
           || e.source_key || '|' || r.product_id,
       min(r.date), r.product_id, sum(r.qty_shortage), sum(r.quantity),
       e.id, min(n.production_id)
  FROM immex_requirement r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
  LEFT JOIN immex_production_layer n ON n.id = r.production_layer_id
 WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
   AND [[r.exit_line_id in tmp_touched_exit]]
   AND r.qty_shortage > 0
 GROUP BY r.unexplained, e.source_key, e.id, r.product_id
"""

LEDGER = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity,
                         layer_id, exit_line_id, pedimento_id)
SELECT 'late_return', '1_critical', 'late|' || e.source_key || '|' || l.source_key,
       max(d.exit_date), l.product_id, sum(d.quantity), l.id, e.id, l.pedimento_id
  FROM immex_discharge d
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN immex_exit_line e ON e.id = d.exit_line_id
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
   AND (d.late OR d.after_consumption) AND d.late
   -- an A3 is what regularises goods whose term is over
   AND e.kind <> 'regularization'
 GROUP BY e.id, e.source_key, l.id, l.source_key
UNION ALL
SELECT 'layer_after_consumption', '2_warning',
       'after|' || e.source_key || '|' || l.source_key,
       min(c.date), l.product_id, sum(d.quantity), l.id, e.id, l.pedimento_id
  FROM immex_discharge d
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN immex_exit_line e ON e.id = d.exit_line_id
  JOIN immex_requirement r ON r.id = d.requirement_id
  JOIN immex_production_consumption c ON c.id = r.consumption_id
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
   AND (d.late OR d.after_consumption) AND d.after_consumption
 GROUP BY e.id, e.source_key, l.id, l.source_key
"""

PRODUCTION = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         production_id)
SELECT 'mixed_principals', '2_warning', 'principals|' || l.production_id,
       min(l.date), min(l.product_id), count(DISTINCT c.principal_id), 1,
       l.production_id
  FROM immex_production_layer l
  JOIN immex_production_consumption c ON c.production_layer_id = l.id AND c.active
 WHERE l.company_id = %(company_id)s AND l.active
   AND l.production_id IN (
       SELECT production_id FROM immex_production_layer
        WHERE company_id = %(company_id)s AND active AND principal_count > 1)
 GROUP BY l.production_id
HAVING count(DISTINCT c.principal_id) > 1
UNION ALL
SELECT 'split_exceeds_drawn', '1_critical',
       'split|' || l.production_id || '|' || c.product_id,
       NULL, c.product_id, sum(c.qty_merma + c.qty_waste),
       sum(c.qty_merma + c.qty_waste - c.qty_over), l.production_id
  FROM immex_production_consumption c
  JOIN immex_production_layer l ON l.id = c.production_layer_id
 WHERE c.company_id = %(company_id)s AND c.active AND c.qty_over > 0
 GROUP BY l.production_id, c.product_id
UNION ALL
SELECT DISTINCT ON (l.production_id) 'production_cycle', '1_critical',
       'cycle|' || l.production_id, l.date, l.product_id, l.quantity, NULL::numeric,
       l.production_id
  FROM immex_production_layer l
 WHERE l.company_id = %(company_id)s AND l.in_cycle AND l.active
"""

# The parts of a unit that no order made have no import to point to (B-IV-d-1).
UNBUILT = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         movement_id)
SELECT 'unbuilt_import', '2_warning', 'unbuilt|' || m.id, m.date, m.product_id,
       m.quantity - made.quantity, m.quantity, m.id
  FROM immex_movement m
  JOIN LATERAL (
       SELECT COALESCE(sum(u.node_to - u.node_from), 0) AS quantity
         FROM immex_production_use u
        WHERE u.movement_id = m.id AND u.production_layer_id IS NOT NULL
       ) made ON made.quantity < m.quantity
 WHERE m.company_id = %(company_id)s AND m.active AND m.kind = 'unbuild'
"""

# F4 and A3 name their imports in block 512; an F4 of what PEPS does not discharge is
# compared, never obeyed (rule 15).
NAMED = """
INSERT INTO tmp_finding (code, severity, key, date, pedimento_id)
SELECT 'peps_mismatch', '2_warning', 'named|' || x.number15, x.payment_date, x.id
  FROM immex_pedimento x
  JOIN immex_operation_rule r ON r.id = x.operation_rule_id
 WHERE x.company_id = %(company_id)s AND x.state <> 'cancelled'
   AND r.exit_kind IN ('regime_change', 'regularization')
   AND EXISTS (SELECT 1 FROM immex_pedimento_reference n
                WHERE n.pedimento_id = x.id AND n.kind = 'discharge')
   AND (EXISTS (
       SELECT 1
         FROM immex_discharge d
         JOIN immex_exit_line e ON e.id = d.exit_line_id
         JOIN immex_layer l ON l.id = d.layer_id
         JOIN immex_pedimento i ON i.id = l.pedimento_id
        LEFT JOIN immex_pedimento o ON o.id = i.root_id
        WHERE e.pedimento_id = x.id AND d.superseded_run_id IS NULL
          AND NOT EXISTS (
              SELECT 1 FROM immex_pedimento_reference n
               WHERE n.pedimento_id = x.id AND n.kind = 'discharge'
                 AND (n.patente, n.document) IN (
                     (i.patente, i.document), (o.patente, o.document))))
    -- named and taken, while an older import had some left
    OR EXISTS (
       SELECT 1
         FROM immex_exit_line e
         JOIN immex_discharge d
           ON d.exit_line_id = e.id AND d.superseded_run_id IS NULL
          AND d.chosen_by = 'named'
         JOIN immex_layer l ON l.id = d.layer_id
         JOIN immex_layer o
           ON o.company_id = l.company_id AND o.active
          AND o.product_id = l.product_id AND o.customs_status = l.customs_status
          AND (o.goods_class = 'fixed_asset') = (l.goods_class = 'fixed_asset')
        WHERE e.pedimento_id = x.id
          AND o.quantity > o.qty_discharged
          AND o.available_date <= d.exit_date
          AND (o.peps_date, o.peps_key COLLATE "C")
              < (l.peps_date, l.peps_key COLLATE "C")
          AND CASE e.layer_scope
              WHEN 'unexpired' THEN COALESCE(o.term_end >= d.exit_date, TRUE)
              WHEN 'expired' THEN COALESCE(o.term_end < d.exit_date, FALSE)
              ELSE TRUE END))
"""

# Equivalent parts share a tariff item and a unit, or they are not equivalent.
EQUIVALENTS = """
INSERT INTO tmp_finding (code, severity, key, product_id, layer_id)
SELECT DISTINCT ON (e.id) 'equivalence_broken', '1_critical', 'equivalence|' || e.id,
       l.product_id, l.id
  FROM immex_equivalence e
  JOIN res_company c ON c.id = e.company_id AND c.immex_use_equivalents
  JOIN immex_equivalence_part p ON p.equivalence_id = e.id
  JOIN immex_layer l
    ON l.company_id = e.company_id AND l.active AND l.product_id = p.product_id
   AND l.customs_status = 'temporary'
 WHERE e.company_id = %(company_id)s AND e.active AND e.broken
 ORDER BY e.id, l.peps_date DESC, l.peps_key COLLATE "C" DESC
"""

# What a lock keeps from the ledger.
LOCKED = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         exit_line_id)
SELECT 'locked_change', '1_critical',
       concat_ws('|', 'locked', d.exit_key, d.product_id, d.currency), min(d.date),
       d.product_id, sum(d.qty_after + d.value_after),
       sum(d.qty_before + d.value_before), min(d.exit_line_id)
  FROM immex_locked_difference d
 WHERE d.company_id = %(company_id)s
 GROUP BY d.exit_key, d.product_id, d.currency
"""

# Value that no pedimento of the tariff item holds (discharge by value).
VALUE = """
INSERT INTO tmp_finding (code, severity, key, date, product_id, quantity, expected,
                         exit_line_id)
SELECT 'value_short', '1_critical',
       'value|' || e.source_key || '|' || r.product_id || '|'
           || COALESCE(d.fraccion, ''),
       min(d.exit_date), r.product_id, sum(d.value) FILTER (WHERE d.layer_id IS NULL),
       sum(d.value), e.id
  FROM (
    SELECT DISTINCT s.exit_line_id
      FROM immex_value_discharge s
     WHERE s.company_id = %(company_id)s AND s.superseded_run_id IS NULL
       AND s.layer_id IS NULL
  ) short
  JOIN immex_value_discharge d
    ON d.exit_line_id = short.exit_line_id AND d.superseded_run_id IS NULL
  JOIN immex_requirement r ON r.id = d.requirement_id
  JOIN immex_exit_line e ON e.id = d.exit_line_id
 GROUP BY e.id, e.source_key, r.product_id, COALESCE(d.fraccion, '')
HAVING bool_or(d.layer_id IS NULL)
"""

# An explanation holds while the facts that it explains stand, and work goes on where
# it was; what comes back goes to its owner.
_STATE = """CASE WHEN f.state = 'explained'
                      AND f.quantity IS NOT DISTINCT FROM EXCLUDED.quantity
                      AND f.code = EXCLUDED.code
                     THEN 'explained'
                     WHEN f.state IN ('open', 'progress') THEN f.state
                     WHEN f.user_id IS NOT NULL THEN 'progress'
                     ELSE 'open' END"""

UPSERT = f"""
INSERT INTO immex_finding AS f (company_id, {", ".join(COLUMNS)}, state, run_id,
    state_user_id, state_date, create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, {", ".join(COLUMNS)}, 'open', %(run_id)s,
       %(uid)s, now() AT TIME ZONE 'UTC',
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_finding
ON CONFLICT (company_id, key) DO UPDATE
   SET ({", ".join(COLUMNS)}, run_id) =
       ({", ".join("EXCLUDED." + name for name in COLUMNS)}, EXCLUDED.run_id),
       state = {_STATE},
       state_user_id = CASE WHEN f.state = {_STATE} THEN f.state_user_id
                            ELSE EXCLUDED.state_user_id END,
       state_date = CASE WHEN f.state = {_STATE} THEN f.state_date
                         ELSE EXCLUDED.state_date END
 WHERE f.state = 'resolved'
    OR ROW({", ".join("f." + name for name in COLUMNS)})
       IS DISTINCT FROM ROW({", ".join("EXCLUDED." + name for name in COLUMNS)})
"""

RESOLVE = """
UPDATE immex_finding f
   SET state = 'resolved', run_id = %(run_id)s,
       state_user_id = %(uid)s, state_date = now() AT TIME ZONE 'UTC',
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
 WHERE f.company_id = %(company_id)s AND f.state <> 'resolved'
   AND (f.code NOT IN ('shortage', 'no_production_layer')
        OR [[f.exit_line_id in tmp_touched_exit]])
   AND (f.code <> 'remesa_difference' OR [[f.pedimento_id in tmp_remesa_pedimento]])
   AND NOT EXISTS (SELECT 1 FROM tmp_finding t WHERE t.key = f.key)
"""


def sync(cr, ctx):
    """Record the findings of this run; return how many are open."""
    cr.execute("DROP TABLE IF EXISTS tmp_finding, tmp_touched_exit")
    cr.execute(TABLE)
    if not ctx["full"]:
        execute(cr, ctx, TOUCHED)
        cr.execute("ANALYZE tmp_touched_exit")
    execute(
        cr,
        ctx,
        MOVEMENTS,
        RECEIPTS,
        DETAIL,
        NO_RULE,
        RECTIFIED,
        REJECTED,
        remesa.RECEIPTS,
        remesa.DIFFERENCE,
        UNDOCUMENTED,
        DELIVERIES,
        REQUIREMENTS,
        LEDGER,
        PRODUCTION,
        UNBUILT,
        NAMED,
        EQUIVALENTS,
        LOCKED,
        period.FINDING,
        VALUE,
    )
    opening.apply(cr, ctx, opening.FINDINGS)
    cr.execute("CREATE UNIQUE INDEX ON tmp_finding (key)")
    cr.execute("ANALYZE tmp_finding")
    execute(cr, ctx, UPSERT, RESOLVE)
    cr.execute(
        "SELECT count(*) FROM immex_finding"
        " WHERE company_id = %(company_id)s AND state IN ('open', 'progress')",
        ctx,
    )
    return cr.fetchone()[0]
