# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""From changed facts to the facts that have to be read again.

Working tables with one column ``id`` each:

``tmp_scope_line``         stock move lines; whole transfers, since the keys of their
                           lines count within the transfer
``tmp_scope_order``        production orders
``tmp_scope_pedimento``    pedimentos
``tmp_scope_destruction``  destructions
``tmp_scope_goods``        goods lines: of those pedimentos, and whose links changed
``tmp_scope_movement``     movements: of those lines, and whose links changed; with
                           those of their transfers, returns and what these return
``tmp_scope_key``          keys of the layers and exits that these make
"""

from .statements import execute

_TABLES = (
    "line",
    "order",
    "pedimento",
    "destruction",
    "goods",
    "transfer",
    "movement",
    "key",
)

DROP = "DROP TABLE IF EXISTS tmp_touched_movement, " + ", ".join(
    f"tmp_scope_{name}" for name in _TABLES
)

DOCUMENTS = """
CREATE TEMP TABLE tmp_scope_pedimento ON COMMIT DROP AS
SELECT ref_id AS id FROM tmp_change WHERE kind = 'G'
UNION
-- the last version has the dates of the first, and its remesas
SELECT p.current_id FROM tmp_change c JOIN immex_pedimento p ON p.id = c.ref_id
 WHERE c.kind = 'G' AND p.current_id IS NOT NULL;
CREATE TEMP TABLE tmp_scope_destruction ON COMMIT DROP AS
SELECT DISTINCT ref_id AS id FROM tmp_change WHERE kind = 'D';
"""

LINES = """
CREATE TEMP TABLE tmp_scope_line ON COMMIT DROP AS
WITH line AS (
    SELECT ref_id AS id FROM tmp_change WHERE kind = 'L'
    UNION
    SELECT l.id FROM tmp_change c JOIN stock_move_line l ON l.lot_id = c.ref_id
     WHERE c.kind = 'T'
), transfer AS (
    SELECT ref_id AS id FROM tmp_change WHERE kind = 'K'
    UNION
    SELECT l.picking_id FROM line JOIN stock_move_line l USING (id)
    UNION
    SELECT m.picking_id FROM line JOIN immex_movement m ON m.move_line_id = line.id
)
SELECT id FROM line
UNION
SELECT l.id FROM transfer t JOIN stock_move_line l ON l.picking_id = t.id
UNION
SELECT m.move_line_id FROM transfer t JOIN immex_movement m ON m.picking_id = t.id
"""

ORDERS = """
CREATE TEMP TABLE tmp_scope_order ON COMMIT DROP AS
SELECT ref_id AS id FROM tmp_change WHERE kind = 'O'
UNION
SELECT o.id
  FROM tmp_scope_line s
  JOIN stock_move_line l ON l.id = s.id
  JOIN stock_move m ON m.id = l.move_id
  CROSS JOIN LATERAL (VALUES (m.raw_material_production_id), (m.production_id)) o(id)
 WHERE o.id IS NOT NULL
UNION
-- a subcontractor's order has the date of its receipt
SELECT made.production_id
  FROM tmp_change c
  JOIN stock_move arrived ON arrived.picking_id = c.ref_id
  JOIN stock_move_move_rel rel ON rel.move_dest_id = arrived.id
  JOIN stock_move made ON made.id = rel.move_orig_id
 WHERE c.kind = 'K' AND made.production_id IS NOT NULL
"""

# A part's one status (rule 12) changes with what else came in of it: orders that
# went by the former one are read again.
STATUS_ORDERS = """
INSERT INTO tmp_scope_order
SELECT DISTINCT p.production_id
  FROM (
    SELECT g.product_id FROM immex_pedimento_goods g
     WHERE [[g.pedimento_id in tmp_scope_pedimento]] AND g.product_id IS NOT NULL
    UNION
    SELECT m.product_id FROM immex_movement m
     WHERE [[m.move_line_id in tmp_scope_line]] AND m.kind = 'receipt'
  ) part
  CROSS JOIN LATERAL (
    SELECT CASE WHEN count(DISTINCT s.customs_status) = 1
                THEN min(s.customs_status) END AS status
      FROM (
        SELECT COALESCE(r.customs_status, 'temporary') AS customs_status
          FROM immex_pedimento_goods g
          JOIN immex_pedimento d ON d.id = g.pedimento_id
          JOIN immex_operation_rule r ON r.id = d.operation_rule_id
         WHERE g.company_id = %(company_id)s AND r.effect = 'entry'
           AND d.state <> 'cancelled' AND d.current_id IS NULL
           AND g.product_id = part.product_id
        UNION
        SELECT m.customs_status FROM immex_movement m
         WHERE m.company_id = %(company_id)s AND m.active AND m.kind = 'receipt'
           AND m.product_id = part.product_id
      ) s
  ) now
  JOIN res_company company ON company.id = %(company_id)s
  JOIN immex_production_consumption c
    ON c.product_id = part.product_id AND c.company_id = %(company_id)s
   AND c.status_source IN ('only', 'policy') AND c.active
   AND ROW(c.customs_status, c.status_source) IS DISTINCT FROM
       ROW(COALESCE(now.status, company.immex_status_policy),
           CASE WHEN now.status IS NULL THEN 'policy' ELSE 'only' END)
  JOIN immex_production_layer p ON p.id = c.production_layer_id
 WHERE NOT EXISTS (SELECT FROM tmp_scope_order o WHERE o.id = p.production_id)
"""

GOODS = """
CREATE TEMP TABLE tmp_scope_goods ON COMMIT DROP AS
SELECT g.id FROM immex_pedimento_goods g
 WHERE [[g.pedimento_id in tmp_scope_pedimento]] AND g.company_id = %(company_id)s
UNION
SELECT goods_id FROM tmp_link_changed WHERE goods_id IS NOT NULL
UNION
-- those of a consolidated pedimento share its remesas
SELECT g.id
  FROM tmp_consolidated c JOIN immex_pedimento_goods g ON g.pedimento_id = c.current_id
 WHERE [[c.id in tmp_remesa_pedimento]]
UNION
-- a movement's lot, owner or date tells of the goods that it carries
SELECT k.goods_id FROM immex_movement m JOIN immex_goods_link k ON k.movement_id = m.id
 WHERE [[m.move_line_id in tmp_scope_line]]
"""

# Whole transfers, with their returns and what they return, and the transfers of these:
# a return and what it undoes cancel each other, line by line.
TOUCHED = """
CREATE TEMP TABLE tmp_touched_movement ON COMMIT DROP AS
SELECT m.id, m.picking_id FROM immex_movement m
 WHERE [[m.move_line_id in tmp_scope_line]] AND m.company_id = %(company_id)s
UNION
SELECT m.id, m.picking_id
  FROM tmp_link_changed c JOIN immex_movement m ON m.id = c.movement_id
"""
TRANSFERS = """
CREATE TEMP TABLE tmp_scope_transfer ON COMMIT DROP AS
SELECT DISTINCT picking_id AS id, 0 AS turn FROM tmp_touched_movement
 WHERE picking_id IS NOT NULL
"""
KIN = """
INSERT INTO tmp_scope_transfer
SELECT DISTINCT kin.picking_id, %(turn)s + 1
  FROM tmp_scope_transfer t
  JOIN stock_move sm ON sm.picking_id = t.id
  CROSS JOIN LATERAL (
      SELECT r.picking_id FROM stock_move r WHERE r.origin_returned_move_id = sm.id
      UNION ALL
      SELECT o.picking_id FROM stock_move o WHERE o.id = sm.origin_returned_move_id
  ) kin
 WHERE t.turn = %(turn)s AND kin.picking_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM tmp_scope_transfer x WHERE x.id = kin.picking_id)
"""
MOVEMENTS = """
CREATE TEMP TABLE tmp_scope_movement ON COMMIT DROP AS
SELECT id FROM tmp_touched_movement
UNION
SELECT m.id FROM tmp_scope_transfer t JOIN immex_movement m ON m.picking_id = t.id
"""

KEYS = """
CREATE TEMP TABLE tmp_scope_key ON COMMIT DROP AS
SELECT 'G' || id AS id FROM tmp_scope_goods
UNION ALL SELECT 'G' || id || 'R' FROM tmp_scope_goods
UNION ALL SELECT 'M' || id FROM tmp_scope_movement
UNION ALL
SELECT 'D' || l.id FROM tmp_scope_destruction d
  JOIN immex_destruction_line l ON l.destruction_id = d.id
"""


def drop(cr):
    """Drop the working tables of a former run of this transaction."""
    cr.execute(DROP)


def of_changes(cr, ctx):
    """From ``tmp_change`` to documents, move lines and orders."""
    drop(cr)
    if not ctx["full"]:
        execute(cr, ctx, DOCUMENTS, LINES, ORDERS)
        cr.execute("ANALYZE tmp_scope_line, tmp_scope_order, tmp_scope_pedimento")


def of_status(cr, ctx):
    """Add the orders whose material has another status now; movements are done."""
    if not ctx["full"]:
        execute(cr, ctx, STATUS_ORDERS)


def of_links(cr, ctx):
    """From changed links to goods, movements, and the keys of what they make."""
    if not ctx["full"]:
        execute(cr, ctx, GOODS, TOUCHED, TRANSFERS)
        cr.execute("ANALYZE tmp_scope_transfer, tmp_touched_movement")
        turn = 0
        while execute(cr, {**ctx, "turn": turn}, KIN):
            turn += 1
        cr.execute("ANALYZE tmp_scope_transfer")
        execute(cr, ctx, MOVEMENTS)
        cr.execute("ANALYZE tmp_scope_goods, tmp_scope_movement")
        execute(cr, ctx, KEYS)
        cr.execute("ANALYZE tmp_scope_key")
