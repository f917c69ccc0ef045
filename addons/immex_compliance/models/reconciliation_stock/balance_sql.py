# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The customs balance of each part against Odoo's stock, at a date, set-based.

All quantities are in the product's unit. What the layers hold less what is on hand is,
but for what is left unexplained:

    drawn by orders - required of them by exits          in production and products
    - put out by orders of the company
    + on hand at sub-manufacturers
    + layers of documents - their receipts               declared, not received
    - receipts that no document covers
    + deliveries that no document covers
    - exits of the same state + their deliveries         declared, not delivered
    + counted less and scrapped - counted more
    + required and not discharged                        shortages
    + layers of initial balances and changes of regime

Parameters: ``company_id``, ``date`` (end of that day in the plant), ``tz``.
"""

# the figures of the sum above, in its order but for the last ones
EXPLAINING = (
    "in_production",
    "made_here",
    "at_subcontractor",
    "not_received",
    "undocumented_receipts",
    "undocumented_exits",
    "not_delivered",
    "counted",
    "shortage",
    "without_move",
)

# Done move lines, at the audited date of their document. Whose goods they are is no
# matter: material of the principal is in the customs inventory.
PLACE = """
CREATE TEMP TABLE tmp_sb_place ON COMMIT DROP AS
SELECT s.product_id, s.location_id, s.outside, sum(s.sign * s.quantity) AS quantity
  FROM (
    SELECT l.product_id, d.location_id, d.sign,
           l.quantity_product_uom::numeric AS quantity,
           p.subcontractor IS NOT NULL
           AND p.parent_path LIKE p.subcontractor || '%%' AS outside
      FROM stock_move_line l
      JOIN stock_move m ON m.id = l.move_id
      LEFT JOIN stock_picking k ON k.id = l.picking_id
      LEFT JOIN mrp_production o
        ON o.id = COALESCE(m.raw_material_production_id, m.production_id)
     CROSS JOIN LATERAL (VALUES (l.location_id, -1), (l.location_dest_id, 1))
           AS d (location_id, sign)
      JOIN (
           SELECT w.id, w.parent_path, s.parent_path AS subcontractor
             FROM stock_location w
             JOIN res_company c ON c.id = %(company_id)s
             LEFT JOIN stock_location s ON s.id = c.subcontracting_location_id
            WHERE w.usage IN ('internal', 'transit') AND w.company_id = c.id
           ) p ON p.id = d.location_id
     WHERE l.company_id = %(company_id)s AND l.state = 'done'
       AND COALESCE(k.immex_event_date, o.immex_event_date,
                    (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)
           <= %(date)s
  ) s
 GROUP BY s.product_id, s.location_id, s.outside
"""
ON_HAND = """
CREATE TEMP TABLE tmp_sb_hand ON COMMIT DROP AS
SELECT product_id, sum(quantity) FILTER (WHERE NOT outside) AS on_hand,
       sum(quantity) FILTER (WHERE outside) AS at_subcontractor
  FROM tmp_sb_place
 GROUP BY product_id
"""

# What Odoo values: the company's own goods only, at the same dates.
VALUED = """
CREATE TEMP TABLE tmp_sb_valued ON COMMIT DROP AS
SELECT m.product_id,
       sum(CASE WHEN m.is_in THEN l.quantity ELSE -l.quantity END) AS valued
  FROM stock_move m
  JOIN (SELECT move_id, sum(quantity_product_uom)::numeric AS quantity
          FROM stock_move_line
         WHERE company_id = %(company_id)s AND state = 'done' AND owner_id IS NULL
         GROUP BY move_id) l ON l.move_id = m.id
  LEFT JOIN stock_picking k ON k.id = m.picking_id
  LEFT JOIN mrp_production o
    ON o.id = COALESCE(m.raw_material_production_id, m.production_id)
 WHERE m.company_id = %(company_id)s AND m.state = 'done' AND (m.is_in OR m.is_out)
   AND COALESCE(k.immex_event_date, o.immex_event_date,
                (m.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) <= %(date)s
 GROUP BY m.product_id
"""

_FACTS = """
    -- what layers brought in, and what exits took of them
    SELECT product_id, quantity AS balance,
           CASE WHEN customs_status = 'temporary' THEN quantity ELSE 0 END AS temporary,
           0::numeric AS in_production, 0::numeric AS made_here,
           CASE WHEN source IN ('import', 'remesa') THEN quantity ELSE 0 END
               AS not_received,
           0::numeric AS undocumented_receipts, 0::numeric AS undocumented_exits,
           0::numeric AS not_delivered, 0::numeric AS counted, 0::numeric AS shortage,
           CASE WHEN source IN ('opening', 'regime_change') THEN quantity ELSE 0 END
               AS without_move
      FROM immex_layer
     WHERE company_id = %(company_id)s AND active AND available_date <= %(date)s
    UNION ALL
    SELECT d.product_id, -d.quantity,
           CASE WHEN l.customs_status = 'temporary' THEN -d.quantity ELSE 0 END,
           0, 0, 0, 0, 0, 0, 0, 0, 0
      FROM immex_discharge d JOIN immex_layer l ON l.id = d.layer_id
     WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL
       AND d.exit_date <= %(date)s
    UNION ALL
    -- drawn, and what of it left in products or as waste
    SELECT c.product_id, 0, 0, c.qty_drawn, 0, 0, 0, 0, 0, 0, 0, 0
      FROM immex_production_consumption c
      JOIN immex_production_layer p ON p.id = c.production_layer_id
     -- rows of a residue name its sources, which its product has drawn
     WHERE p.kind = 'product' AND c.company_id = %(company_id)s AND c.active
       AND c.date <= %(date)s
       AND c.status_source <> 'opening' AND c.period_line_id IS NULL
    UNION ALL
    SELECT r.product_id, 0, 0,
           CASE WHEN r.kind = 'same_state' THEN 0 ELSE -r.quantity END, 0, 0, 0, 0,
           CASE WHEN r.kind = 'same_state' THEN -r.quantity ELSE 0 END, 0,
           r.qty_shortage, 0
      FROM immex_requirement r
     WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
       AND r.date <= %(date)s
    UNION ALL
    SELECT p.product_id, 0, 0, 0, -p.quantity, 0, 0, 0, 0, 0, 0, 0
      FROM immex_production_layer p
     WHERE p.company_id = %(company_id)s AND p.active AND p.date <= %(date)s
       AND p.production_id IS NOT NULL
       -- a residue without a part of its own never comes into stock
       AND NOT (p.kind = 'waste' AND EXISTS (
           SELECT FROM immex_production_consumption c
            WHERE c.production_layer_id = p.id AND c.product_id = p.product_id))
    UNION ALL
    -- movements and the documents that cover them
    SELECT m.product_id, 0, 0, 0, 0,
           CASE WHEN m.kind IN ('receipt', 'return_in') THEN -k.quantity ELSE 0 END,
           0, 0,
           CASE WHEN m.kind IN ('receipt', 'return_in') THEN 0 ELSE k.quantity END,
           0, 0, 0
      FROM (SELECT movement_id, quantity FROM immex_goods_link
             WHERE company_id = %(company_id)s
            UNION ALL
            SELECT movement_id, quantity FROM immex_remesa_link
             WHERE company_id = %(company_id)s) k
      JOIN immex_movement m ON m.id = k.movement_id
     WHERE m.active AND m.date <= %(date)s
    UNION ALL
    SELECT m.product_id, 0, 0, 0, 0, 0,
           CASE WHEN m.kind IN ('receipt', 'return_in') THEN -m.open ELSE 0 END,
           CASE WHEN m.kind IN ('delivery', 'return_out') THEN m.open ELSE 0 END,
           0,
           CASE m.kind WHEN 'count_surplus' THEN -m.quantity
                WHEN 'count_loss' THEN m.quantity WHEN 'scrap' THEN m.quantity
                WHEN 'unbuild' THEN m.quantity ELSE 0 END,
           0, 0
      FROM (SELECT product_id, kind, quantity,
                   CASE WHEN state IN ('waiting', 'partial')
                        THEN quantity - qty_linked - qty_netted ELSE 0 END AS open
              FROM immex_movement
             WHERE company_id = %(company_id)s AND active AND date <= %(date)s) m
"""
_NAMES = ("balance", "temporary") + tuple(
    name for name in EXPLAINING if name != "at_subcontractor"
)
_SUMS = ",\n       ".join(f"sum({name}) AS {name}" for name in _NAMES)
BOOKS = f"""
CREATE TEMP TABLE tmp_sb_books ON COMMIT DROP AS
SELECT product_id, {_SUMS}
  FROM ({_FACTS}) f GROUP BY product_id
"""

# What a person said of a part stays while the same is left unexplained.
PRIOR = """
CREATE TEMP TABLE tmp_sb_prior ON COMMIT DROP AS
SELECT DISTINCT ON (product_id) product_id, unexplained, state, user_id,
       explanation, touched_at
  FROM immex_stock_balance_line
 WHERE company_id = %(company_id)s AND touched_at IS NOT NULL
 ORDER BY product_id, touched_at DESC, id DESC
"""
FORGET = "DELETE FROM immex_stock_balance_line WHERE balance_id = %(balance_id)s"

_GIVEN = ", ".join(f"f.{name}" for name in EXPLAINING)
LINES = f"""
WITH scope AS (
    SELECT product_id FROM immex_layer WHERE company_id = %(company_id)s AND active
    UNION
    SELECT product_id FROM immex_movement
     WHERE company_id = %(company_id)s AND active AND kind = 'receipt'
), figure AS (
    SELECT s.product_id, COALESCE(h.on_hand, 0) AS on_hand,
           COALESCE(v.valued, 0) AS valued,
           {", ".join(f"COALESCE(b.{name}, 0) AS {name}" for name in _NAMES)},
           COALESCE(h.at_subcontractor, 0) AS at_subcontractor
      FROM scope s
      LEFT JOIN tmp_sb_hand h USING (product_id)
      LEFT JOIN tmp_sb_valued v USING (product_id)
      LEFT JOIN tmp_sb_books b USING (product_id)
), told AS (
    SELECT f.*, f.balance - f.on_hand AS difference,
           f.balance - f.on_hand - ({_GIVEN.replace(",", " +")}) AS left_over
      FROM figure f
)
INSERT INTO immex_stock_balance_line (
    balance_id, company_id, product_id, customs_balance, temporary_balance, on_hand,
    valued, difference, {", ".join(EXPLAINING)}, unexplained, state, user_id,
    explanation, touched_at)
SELECT %(balance_id)s, %(company_id)s, f.product_id, f.balance, f.temporary, f.on_hand,
       f.valued, f.difference, {_GIVEN}, f.left_over,
       CASE WHEN f.left_over = 0 THEN 'agrees'
            WHEN p.unexplained = f.left_over AND p.state = 'explained' THEN 'explained'
            ELSE 'open' END,
       p.user_id, p.explanation, p.touched_at
  FROM told f
  LEFT JOIN tmp_sb_prior p USING (product_id)
"""
PLACES = """
INSERT INTO immex_stock_balance_place (
    line_id, balance_id, company_id, product_id, location_id, at_subcontractor,
    quantity)
SELECT l.id, l.balance_id, l.company_id, l.product_id, p.location_id, p.outside,
       p.quantity
  FROM tmp_sb_place p
  JOIN immex_stock_balance_line l
    ON l.balance_id = %(balance_id)s AND l.product_id = p.product_id
 WHERE p.quantity <> 0
"""
_MADE = "tmp_sb_place, tmp_sb_hand, tmp_sb_valued, tmp_sb_books, tmp_sb_prior"
DROP = f"DROP TABLE IF EXISTS {_MADE}"
ANALYZE = f"ANALYZE {_MADE}"


def make(cr, params):
    """Write the lines of balance ``params["balance_id"]`` anew."""
    for statement in (DROP, PLACE, ON_HAND, VALUED, BOOKS, PRIOR, ANALYZE):
        cr.execute(statement, params)
    for statement in (FORGET, LINES, PLACES):
        cr.execute(statement, params)
