# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Physical movements: done stock move lines that crossed the company's door.

Read whatever the cost method, the valuation or the owner: material of the foreign
principal is outside Odoo's valuation, and is exactly what IMMEX is about.
"""

from .statements import analyze, execute

# A transit location without company stands for another company.
SOURCE = """
CREATE TEMP TABLE tmp_movement ON COMMIT DROP AS
SELECT * FROM (
    SELECT sml.id AS move_line_id,
           sml.picking_id,
           sml.product_id,
           sml.lot_id,
           sml.owner_id,
           COALESCE(sp.partner_id, sm.partner_id) AS partner_id,
           CASE
             WHEN sm.unbuild_id IS NOT NULL
             THEN CASE WHEN src.inside AND dst.usage = 'production' THEN 'unbuild' END
             WHEN src.inside AND dst.usage = 'customer' THEN 'delivery'
             WHEN src.usage = 'supplier' AND dst.inside THEN 'receipt'
             WHEN src.usage = 'customer' AND dst.inside THEN 'return_in'
             WHEN src.inside AND dst.usage = 'supplier' THEN 'return_out'
             WHEN src.inside AND dst.usage = 'inventory'
                  AND sm.scrap_id IS NOT NULL THEN 'scrap'
             WHEN src.inside AND dst.usage = 'inventory' THEN 'count_loss'
             WHEN src.usage = 'inventory' AND dst.inside THEN 'count_surplus'
           END AS kind,
           sml.quantity_product_uom::numeric(18, 6) AS quantity,
           COALESCE(
               sp.immex_event_date,
               (sml.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
           ) AS date,
           CASE WHEN src.usage = 'supplier'
                THEN COALESCE(sp.immex_customs_status, 'temporary')
                ELSE COALESCE(
                    lot.immex_customs_status,
                    src.status,
                    CASE WHEN sml.owner_id IS NOT NULL THEN 'temporary' END
                )
           END AS customs_status
      FROM stock_move_line sml
      JOIN stock_move sm ON sm.id = sml.move_id
      JOIN product_product pp ON pp.id = sml.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN LATERAL (
          SELECT CASE WHEN l.usage = 'transit' AND l.company_id IS NULL
                      THEN 'supplier' ELSE l.usage END AS usage,
                 l.usage IN ('internal', 'transit') AND l.company_id IS NOT NULL
                     AS inside,
                 l.immex_customs_status AS status
            FROM stock_location l WHERE l.id = sml.location_id
      ) src ON TRUE
      JOIN LATERAL (
          SELECT CASE WHEN l.usage = 'transit' AND l.company_id IS NULL
                      THEN 'customer' ELSE l.usage END AS usage,
                 l.usage IN ('internal', 'transit') AND l.company_id IS NOT NULL
                     AS inside
            FROM stock_location l WHERE l.id = sml.location_dest_id
      ) dst ON TRUE
      LEFT JOIN stock_picking sp ON sp.id = sml.picking_id
      LEFT JOIN stock_lot lot ON lot.id = sml.lot_id
     WHERE sml.company_id = %(company_id)s
       AND [[sml.id in tmp_scope_line]]
       AND sml.state = 'done'
       AND sml.quantity_product_uom > 0
       AND pt.immex_class IS NOT NULL
       -- residue of an order belongs to its order, not to the door
       AND sm.raw_material_production_id IS NULL
       AND sm.production_id IS NULL
) line
WHERE kind IS NOT NULL
"""

UPSERT = """
INSERT INTO immex_movement AS m (
    company_id, move_line_id, picking_id, product_id, lot_id, owner_id, partner_id,
    kind, quantity, date, customs_status, qty_linked, qty_netted, state, active)
SELECT %(company_id)s, move_line_id, picking_id, product_id, lot_id, owner_id,
       partner_id, kind, quantity, date, customs_status,
       CASE WHEN presumed THEN quantity ELSE 0 END, 0,
       CASE WHEN presumed THEN 'linked' ELSE 'waiting' END, TRUE
  FROM (
    -- as it mostly turns out to be, which saves writing it twice: the link stage
    -- counts it, and puts right what differs. A join: a subquery in the list of
    -- columns that outgrows work_mem is read again for every row
    SELECT t.*, d.product_id IS NOT NULL AS presumed
      FROM tmp_movement t
      LEFT JOIN (
           SELECT DISTINCT k.id AS picking_id, g.product_id
             FROM stock_picking k
             JOIN immex_pedimento_goods g ON g.pedimento_id = k.immex_pedimento_id
            WHERE k.id IN (SELECT x.picking_id FROM tmp_movement x)
           ) d ON d.picking_id = t.picking_id AND d.product_id = t.product_id
  ) s
ON CONFLICT (move_line_id) DO UPDATE
   SET picking_id = EXCLUDED.picking_id,
       product_id = EXCLUDED.product_id,
       lot_id = EXCLUDED.lot_id,
       owner_id = EXCLUDED.owner_id,
       partner_id = EXCLUDED.partner_id,
       kind = EXCLUDED.kind,
       quantity = EXCLUDED.quantity,
       -- the link stage counts again what documents cover
       qty_linked = LEAST(m.qty_linked, EXCLUDED.quantity),
       qty_netted = 0,
       date = EXCLUDED.date,
       customs_status = EXCLUDED.customs_status,
       active = TRUE
 WHERE ROW(m.picking_id, m.product_id, m.lot_id, m.owner_id, m.partner_id, m.kind,
           m.quantity, m.date, m.customs_status, m.active)
       IS DISTINCT FROM
       ROW(EXCLUDED.picking_id, EXCLUDED.product_id, EXCLUDED.lot_id,
           EXCLUDED.owner_id, EXCLUDED.partner_id, EXCLUDED.kind, EXCLUDED.quantity,
           EXCLUDED.date, EXCLUDED.customs_status, TRUE)
"""

# A movement that is gone (quantity set to zero, product taken out of control) stays
# readable for the ledger rows that once named it.
RETIRE = """
UPDATE immex_movement m
   SET active = FALSE, qty_linked = 0, qty_netted = 0, state = 'none'
 WHERE m.company_id = %(company_id)s
   AND m.active
   AND [[m.move_line_id in tmp_scope_line]]
   AND NOT EXISTS (
       SELECT 1 FROM tmp_movement t WHERE t.move_line_id = m.move_line_id)
"""


DIRTY = """
CREATE TEMP TABLE tmp_dirty_unbuild (product_id integer, since date) ON COMMIT DROP
"""

# Products whose disassembly changes, before and after.
UNBUILT = """
INSERT INTO tmp_dirty_unbuild
SELECT m.product_id, m.date
  FROM immex_movement m
 WHERE m.company_id = %(company_id)s AND m.active AND m.kind = 'unbuild'
   AND [[m.move_line_id in tmp_scope_line]]
"""


def sync(cr, ctx):
    """Bring ``immex_movement`` to what Odoo's stock says; return changed rows."""
    cr.execute("DROP TABLE IF EXISTS tmp_movement, tmp_dirty_unbuild")
    execute(cr, ctx, DIRTY, UNBUILT, SOURCE)
    cr.execute("CREATE UNIQUE INDEX ON tmp_movement (move_line_id)")
    cr.execute("ANALYZE tmp_movement")
    changed = execute(cr, ctx, UPSERT)
    analyze(cr, changed, "immex_movement")
    changed += execute(cr, ctx, RETIRE)
    execute(cr, ctx, UNBUILT)
    return changed
