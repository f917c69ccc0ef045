# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Layers that a document has chosen, where PEPS alone does not decide.

Three ways, each told by the ledger row (``chosen_by``):

``held``    reserved for the line of a notice or of a change of regime that is filed
            and not yet executed: nobody else takes it, its own document takes it first
``serial``  a fixed asset leaves by its serial number (rule 16)
``named``   the operation's rule lets the document's own block 512 decide (F4, A3,
            theft by 2.5.7). By default it does not: it is compared with PEPS (rule 15)

Where none of the named imports, or no import of that serial, has the part, PEPS
decides.
"""

from .statements import execute

DROP = "DROP TABLE IF EXISTS tmp_choice"

NAMED = """
CREATE TEMP TABLE tmp_choice ON COMMIT DROP AS
SELECT DISTINCT d.demand_id, s.supply_id, NULL::numeric AS qty,
       CASE WHEN e.is_asset THEN 'serial' ELSE 'named' END AS chosen_by
  FROM tmp_ledger_demand d
  JOIN immex_exit_line e ON e.id = d.exit_line_id
  JOIN tmp_ledger_supply s ON s.stack = d.stack
  JOIN immex_layer l ON l.id = s.supply_id
  LEFT JOIN immex_pedimento i ON i.id = l.pedimento_id
  LEFT JOIN immex_pedimento o ON o.id = i.root_id
 -- few exits choose: the join of all of them by stack would be quadratic
 WHERE (e.is_asset OR e.layer_choice = 'named')
   AND CASE
    WHEN e.is_asset THEN EXISTS (
        SELECT FROM stock_lot k
         WHERE (k.id = e.lot_id OR k.id IN (
                SELECT m.lot_id FROM immex_goods_link g
                  JOIN immex_movement m ON m.id = g.movement_id
                 WHERE g.goods_id = e.goods_id))
           AND (k.name = l.lot_name OR EXISTS (
                SELECT FROM immex_goods_link g
                  JOIN immex_movement m ON m.id = g.movement_id
                 WHERE g.goods_id = l.goods_id AND m.lot_id = k.id)))
    ELSE EXISTS (
        SELECT FROM immex_pedimento_reference n
         WHERE n.pedimento_id = e.pedimento_id AND n.kind = 'discharge'
           AND (n.patente, n.document) IN (
               (i.patente, i.document), (o.patente, o.document)))
    END
"""

# What is held for an exit is laid on the axis of what it requires of the part: more
# than that is not held any more.
HELD = """
INSERT INTO tmp_choice
WITH hold AS (
    SELECT s.stack, s.rank, r.layer_id, r.quantity, e.id AS exit_line_id,
           sum(r.quantity) OVER (
               PARTITION BY s.stack, e.id ORDER BY s.rank, r.id) AS upto
      FROM immex_reservation r
      JOIN tmp_ledger_supply s ON s.supply_id = r.layer_id
      JOIN (SELECT DISTINCT stack, since FROM tmp_stack) k ON k.stack = s.stack / 2
      LEFT JOIN immex_exit_line e
        ON e.company_id = %(company_id)s AND e.source_key = r.document_key AND e.active
     WHERE r.company_id = %(company_id)s
       -- an exit of before the first changed day has taken what was its own
       AND (e.id IS NULL OR e.date >= k.since)
), demand AS (
    SELECT d.demand_id, d.stack, d.exit_line_id, d.qty,
           sum(d.qty) OVER (
               PARTITION BY d.stack, d.exit_line_id ORDER BY d.rank) AS upto
      FROM tmp_ledger_demand d
     WHERE d.exit_line_id IN (SELECT exit_line_id FROM hold)
)
SELECT NULL, layer_id, sum(quantity), 'held'
  FROM hold WHERE exit_line_id IS NULL GROUP BY layer_id
UNION ALL
SELECT d.demand_id, h.layer_id,
       sum(LEAST(h.upto, d.upto) - GREATEST(h.upto - h.quantity, d.upto - d.qty)),
       'held'
  FROM hold h
  JOIN demand d
    ON d.stack = h.stack AND d.exit_line_id = h.exit_line_id
   AND LEAST(h.upto, d.upto) > GREATEST(h.upto - h.quantity, d.upto - d.qty)
 GROUP BY d.demand_id, h.layer_id
"""

# Layers whose reservations changed, before and after.
DIRTY = """
INSERT INTO tmp_dirty_layer
SELECT l.product_id, l.customs_status, l.available_date
  FROM immex_layer l
 WHERE l.company_id = %(company_id)s
   AND l.id IN (SELECT ref_id FROM tmp_change WHERE kind = 'R')
"""


def mark(cr, ctx):
    """Have the parts discharged again whose reservations changed."""
    execute(cr, ctx, DIRTY)


def make(cr, ctx):
    """Fill ``tmp_choice`` for ``tmp_ledger_supply`` and ``tmp_ledger_demand``:
    demand_id, supply_id, qty (held; else named), chosen_by."""
    execute(cr, ctx, DROP, NAMED, HELD)
    cr.execute("CREATE INDEX ON tmp_choice (demand_id, supply_id)")
    cr.execute("ANALYZE tmp_choice")
