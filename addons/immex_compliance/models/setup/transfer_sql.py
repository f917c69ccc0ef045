# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which pedimento a receipt or delivery of the past belongs to, found set by set.

Parameters: ``company_id``, ``uid``, ``tz``. What speaks for a pair: the same parts in
the same quantities in the days around the pedimento, and the number of an invoice.
"""

CLEAR = """
DELETE FROM immex_setup_transfer
 WHERE company_id = %(company_id)s AND state = 'open'
"""

DROP = """
DROP TABLE IF EXISTS tmp_transfer, tmp_transfer_line, tmp_paper_line, tmp_number,
    tmp_pair, tmp_chosen
"""

# Done transfers of controlled parts through the door, without a document.
TRANSFER_LINES = """
CREATE TEMP TABLE tmp_transfer_line ON COMMIT DROP AS
SELECT t.id AS picking_id, l.product_id, sum(l.quantity_product_uom)::numeric AS qty,
       min(COALESCE(t.immex_event_date,
           (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)) AS day,
       CASE WHEN src.usage IN ('supplier', 'customer') THEN '1' ELSE '2' END AS way
  FROM stock_picking t
  JOIN stock_move_line l ON l.picking_id = t.id AND l.state = 'done'
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN stock_location src ON src.id = l.location_id
  JOIN stock_location dst ON dst.id = l.location_dest_id
 WHERE t.company_id = %(company_id)s AND t.state = 'done'
   AND t.immex_pedimento_id IS NULL AND COALESCE(t.immex_pedimento_ref, '') = ''
   AND t.immex_remesa_id IS NULL
   AND COALESCE(t.immex_customs_status, 'temporary') = 'temporary'
   AND pt.immex_class IS NOT NULL AND l.quantity_product_uom > 0
   AND (src.usage IN ('supplier', 'customer') AND dst.usage IN ('internal', 'transit')
        OR src.usage IN ('internal', 'transit')
           AND dst.usage IN ('supplier', 'customer'))
   AND NOT EXISTS (
       SELECT FROM immex_setup_transfer x
        WHERE x.company_id = %(company_id)s AND x.picking_id = t.id)
 GROUP BY t.id, l.product_id, 5
"""

TRANSFERS = """
CREATE TEMP TABLE tmp_transfer ON COMMIT DROP AS
SELECT DISTINCT ON (picking_id) picking_id, way, min(day) AS day, sum(qty) AS qty
  FROM tmp_transfer_line GROUP BY picking_id, way ORDER BY picking_id, sum(qty) DESC
"""

# What a pedimento declares, less what transfers that name it have moved.
PAPER_LINES = """
CREATE TEMP TABLE tmp_paper_line ON COMMIT DROP AS
SELECT s.*
  FROM (
    SELECT p.id AS pedimento_id, p.operation_type AS way, g.product_id,
           CASE p.operation_type WHEN '1' THEN COALESCE(o.entry_date, o.payment_date)
                ELSE o.payment_date END AS day,
           sum(g.quantity)::numeric - COALESCE(max(u.qty), 0) AS qty
      FROM immex_pedimento p
      JOIN immex_pedimento o ON o.id = COALESCE(p.root_id, p.id)
      JOIN immex_pedimento_goods g ON g.pedimento_id = p.id
      LEFT JOIN LATERAL (
           SELECT sum(l.quantity_product_uom)::numeric AS qty
             FROM stock_picking t
             JOIN stock_move_line l ON l.picking_id = t.id AND l.state = 'done'
            WHERE t.immex_pedimento_id = p.id AND l.product_id = g.product_id
           ) u ON TRUE
     WHERE p.company_id = %(company_id)s AND p.state <> 'cancelled'
       AND p.current_id IS NULL AND p.origin <> 'opening'
       AND g.product_id IS NOT NULL AND g.quantity > 0
     GROUP BY p.id, o.id, g.product_id
  ) s
 WHERE s.qty > 0 AND s.day IS NOT NULL
"""

# Numbers that tie a transfer to an invoice of the pedimento: of the supplier's bill, of
# our invoice, the supplier's reference of the order.
NUMBERS = """
CREATE TEMP TABLE tmp_number ON COMMIT DROP AS
SELECT DISTINCT s.picking_id, i.pedimento_id
  FROM (
    SELECT m.picking_id, b.ref AS number
      FROM stock_move m
      JOIN account_move_line k ON k.purchase_line_id = m.purchase_line_id
      JOIN account_move b ON b.id = k.move_id AND b.state = 'posted'
     WHERE m.picking_id IN (SELECT picking_id FROM tmp_transfer)
    UNION
    SELECT m.picking_id, o.partner_ref
      FROM stock_move m
      JOIN purchase_order_line k ON k.id = m.purchase_line_id
      JOIN purchase_order o ON o.id = k.order_id
     WHERE m.picking_id IN (SELECT picking_id FROM tmp_transfer)
    UNION
    SELECT m.picking_id, b.name
      FROM stock_move m
      JOIN sale_order_line_invoice_rel r ON r.order_line_id = m.sale_line_id
      JOIN account_move_line k ON k.id = r.invoice_line_id
      JOIN account_move b ON b.id = k.move_id AND b.state = 'posted'
     WHERE m.picking_id IN (SELECT picking_id FROM tmp_transfer)
  ) s
  JOIN immex_pedimento_invoice i
    ON i.company_id = %(company_id)s
   AND regexp_replace(upper(i.number), '[^A-Z0-9]', '', 'g')
       = regexp_replace(upper(s.number), '[^A-Z0-9]', '', 'g')
 WHERE length(regexp_replace(s.number, '[^A-Za-z0-9]', '', 'g')) >= 3
"""

# Goods come after they entered and leave before the pedimento is paid; consolidated
# ones close a week later. A named invoice may be further away.
PAIRS = """
CREATE TEMP TABLE tmp_pair ON COMMIT DROP AS
SELECT s.picking_id, s.pedimento_id, s.named, s.found, s.days, t.qty, s.declared,
       LEAST(100, floor(75 * s.found / t.qty)
           + CASE WHEN s.found = t.qty AND s.found = s.declared THEN 15 ELSE 0 END
           + CASE WHEN s.days <= 3 THEN 10 WHEN s.days <= 10 THEN 5 ELSE 0 END
           + CASE WHEN s.named THEN 20 ELSE 0 END)::integer AS score
  FROM (
    SELECT a.picking_id, a.way, b.pedimento_id,
           bool_or(n.picking_id IS NOT NULL) AS named,
           sum(LEAST(a.qty, b.qty)) AS found, min(abs(a.day - b.day)) AS days,
           (SELECT sum(x.qty) FROM tmp_paper_line x
             WHERE x.pedimento_id = b.pedimento_id) AS declared
      FROM tmp_transfer_line a
      JOIN tmp_paper_line b ON b.product_id = a.product_id AND b.way = a.way
       AND b.day BETWEEN a.day - 60 AND a.day + 60
      LEFT JOIN tmp_number n
        ON n.picking_id = a.picking_id AND n.pedimento_id = b.pedimento_id
     WHERE n.picking_id IS NOT NULL
        OR a.way = '1' AND b.day BETWEEN a.day - 45 AND a.day + 5
        OR a.way = '2' AND b.day BETWEEN a.day - 5 AND a.day + 45
     GROUP BY a.picking_id, a.way, b.pedimento_id
  ) s
  JOIN tmp_transfer t ON t.picking_id = s.picking_id AND t.way = s.way
 WHERE s.found * 2 >= t.qty
"""

# The best of each transfer. More than a pedimento declares is no sure pair: of those
# that claim it the best ones keep their score.
CHOSEN = """
CREATE TEMP TABLE tmp_chosen ON COMMIT DROP AS
SELECT c.*, sum(c.found) OVER claim > c.declared AS over
  FROM (
    SELECT DISTINCT ON (p.picking_id) p.*, d.number15
      FROM tmp_pair p JOIN immex_pedimento d ON d.id = p.pedimento_id
     ORDER BY p.picking_id, p.score DESC, p.days, d.number15
  ) c
WINDOW claim AS (
    PARTITION BY c.pedimento_id ORDER BY c.score DESC, c.days, c.picking_id)
"""

PROPOSE = """
INSERT INTO immex_setup_transfer (company_id, picking_id, way, date, pedimento_id,
    score, reason, days, covered, state, create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, t.picking_id, t.way, t.day, c.pedimento_id,
       CASE WHEN c.over THEN LEAST(c.score, 40) ELSE COALESCE(c.score, 0) END,
       CASE WHEN c.picking_id IS NULL THEN 'none' WHEN c.over THEN 'over'
            WHEN c.named THEN 'invoice'
            WHEN c.found = c.qty AND c.found = c.declared THEN 'same'
            WHEN c.found = c.qty THEN 'part' ELSE 'some' END,
       c.days, round(100 * COALESCE(c.found, 0) / t.qty, 2), 'open',
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_transfer t
  LEFT JOIN tmp_chosen c ON c.picking_id = t.picking_id
"""

# The customs status of a receipt follows its pedimento.
CONFIRM = """
WITH was AS (
    UPDATE immex_setup_transfer x
       SET state = 'confirmed', confirmed_by = %(uid)s,
           confirmed_at = now() AT TIME ZONE 'UTC',
           status_before = t.immex_customs_status
      FROM stock_picking t
     WHERE x.id = ANY(%(ids)s) AND t.id = x.picking_id
    RETURNING x.picking_id, x.pedimento_id, x.way
)
UPDATE stock_picking t
   SET immex_pedimento_id = was.pedimento_id,
       immex_customs_status = CASE WHEN k.code = 'incoming'
           THEN COALESCE(r.customs_status, 'temporary') END,
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM was, stock_picking_type k, immex_pedimento p
  LEFT JOIN immex_operation_rule r ON r.id = p.operation_rule_id
 WHERE t.id = was.picking_id AND p.id = was.pedimento_id
   AND k.id = t.picking_type_id
"""

UNDO = """
WITH was AS (
    SELECT id, picking_id, pedimento_id, status_before FROM immex_setup_transfer
     WHERE id = ANY(%(ids)s)
), undone AS (
    UPDATE immex_setup_transfer x
       SET state = 'open', confirmed_by = NULL, confirmed_at = NULL,
           status_before = NULL
      FROM was WHERE x.id = was.id
)
UPDATE stock_picking t
   SET immex_pedimento_id = NULL, immex_customs_status = was.status_before,
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM was
 WHERE t.id = was.picking_id AND (t.immex_pedimento_id = was.pedimento_id
       OR t.immex_pedimento_id IS NULL)
"""

DOMESTIC = """
WITH was AS (
    UPDATE immex_setup_transfer x
       SET state = 'domestic', confirmed_by = %(uid)s,
           confirmed_at = now() AT TIME ZONE 'UTC',
           status_before = t.immex_customs_status
      FROM stock_picking t
     WHERE x.id = ANY(%(ids)s) AND t.id = x.picking_id
    RETURNING x.picking_id
)
UPDATE stock_picking t
   SET immex_customs_status = 'domestic',
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM was WHERE t.id = was.picking_id
"""
