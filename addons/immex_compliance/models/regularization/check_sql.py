# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Goods received against what pedimentos declare, at the end of a day, set-based.

What the last run of the discharge linked is read; nothing is linked here. Pedimentos
whose part detail is missing, and consolidated ones that are open, wait elsewhere.

Parameters: ``check_id``, ``company_id``, ``date``, ``grace`` (days that a document or
a receipt may wait for the other), ``tolerance`` (% of what is declared).
"""

# Declared and not (all) received. A partida closed from remesas has several layers of
# one goods line; a layer bears the dates of the first version.
SHORT = """
WITH declared AS (
    SELECT l.pedimento_id, l.partida_id, l.product_id, min(l.id) AS layer_id,
           min(l.available_date) AS date, sum(l.quantity) AS quantity,
           sum(l.customs_value) AS customs_value,
           sum(l.commercial_value) AS commercial_value
      FROM immex_layer l
     WHERE l.company_id = %(company_id)s AND l.active AND l.source = 'import'
       AND l.available_date + %(grace)s <= %(date)s::date
     GROUP BY l.pedimento_id, l.partida_id, l.product_id
), received AS (
    SELECT g.partida_id, g.product_id, sum(k.quantity) AS quantity
      FROM immex_goods_link k
      JOIN immex_movement m ON m.id = k.movement_id
      JOIN immex_pedimento_goods g ON g.id = k.goods_id
     WHERE k.company_id = %(company_id)s AND m.active AND m.date <= %(date)s
     GROUP BY g.partida_id, g.product_id
)
INSERT INTO immex_receipt_check_line (check_id, company_id, key, kind, pedimento_id,
    partida_id, layer_id, product_id, date, declared, received, difference,
    customs_value, commercial_value)
SELECT %(check_id)s, %(company_id)s,
       concat_ws('|', 'short', COALESCE(o.number15, p.number15), a.sequence,
                 d.product_id),
       CASE WHEN COALESCE(r.quantity, 0) = 0 THEN 'not_received' ELSE 'short' END,
       d.pedimento_id, d.partida_id, d.layer_id, d.product_id, d.date,
       d.quantity, COALESCE(r.quantity, 0), COALESCE(r.quantity, 0) - d.quantity,
       round(d.customs_value * (d.quantity - COALESCE(r.quantity, 0))
             / NULLIF(d.quantity, 0), 2),
       round(d.commercial_value * (d.quantity - COALESCE(r.quantity, 0))
             / NULLIF(d.quantity, 0), 2)
  FROM declared d
  JOIN immex_pedimento p ON p.id = d.pedimento_id
  LEFT JOIN immex_pedimento o ON o.id = p.root_id
  LEFT JOIN immex_pedimento_partida a ON a.id = d.partida_id
  LEFT JOIN received r
    ON r.partida_id = d.partida_id AND r.product_id = d.product_id
 WHERE d.quantity - COALESCE(r.quantity, 0) > d.quantity * %(tolerance)s / 100
"""

# Received beyond a pedimento that the receipt names, or without any. Of the former the
# kernel fills partidas in order, so what is too much stands on the last one. What is
# not declared is valued as the latest import of the part before.
BEYOND = """
WITH loose AS (
    SELECT m.product_id, m.date, m.picking_id,
           m.quantity - m.qty_linked - m.qty_netted AS quantity,
           COALESCE(n.current_id, n.id) AS pedimento_id
      FROM immex_movement m
      LEFT JOIN stock_picking t ON t.id = m.picking_id
      LEFT JOIN immex_pedimento n ON n.id = t.immex_pedimento_id
     WHERE m.company_id = %(company_id)s AND m.active AND m.kind = 'receipt'
       AND m.state IN ('waiting', 'partial')
       AND m.date + %(grace)s <= %(date)s::date
       AND m.quantity > m.qty_linked + m.qty_netted
), summed AS (
    SELECT pedimento_id, CASE WHEN pedimento_id IS NULL THEN picking_id END AS transfer,
           product_id, min(picking_id) AS picking_id, min(date) AS date,
           sum(quantity) AS quantity
      FROM loose GROUP BY 1, 2, 3
), compared AS (
    SELECT s.*, p.number15, COALESCE(g.quantity, 0) AS declared, g.partida_id,
           g.customs_value, g.commercial_value
      FROM summed s
      LEFT JOIN immex_pedimento p ON p.id = s.pedimento_id
      LEFT JOIN immex_pedimento o ON o.id = p.root_id
      LEFT JOIN LATERAL (
           SELECT sum(w.quantity) AS quantity, sum(w.customs_value) AS customs_value,
                  sum(w.commercial_value) AS commercial_value,
                  (array_agg(w.partida_id ORDER BY a.sequence DESC))[1] AS partida_id
             FROM immex_pedimento_goods w
             JOIN immex_pedimento_partida a ON a.id = w.partida_id
            WHERE w.pedimento_id = s.pedimento_id AND w.product_id = s.product_id
           ) g ON TRUE
     WHERE s.pedimento_id IS NULL
        OR (p.state = 'ready' AND COALESCE(o.payment_date, p.payment_date) <= %(date)s)
)
INSERT INTO immex_receipt_check_line (check_id, company_id, key, kind, pedimento_id,
    partida_id, picking_id, layer_id, product_id, date, declared, received, difference,
    customs_value, commercial_value)
SELECT %(check_id)s, %(company_id)s,
       CASE WHEN c.pedimento_id IS NULL
            THEN concat_ws('|', 'undocumented', c.transfer, c.product_id)
            ELSE concat_ws('|', 'over', c.number15, c.product_id) END,
       CASE WHEN c.pedimento_id IS NULL THEN 'undocumented'
            WHEN c.declared = 0 THEN 'undeclared' ELSE 'over' END,
       c.pedimento_id, c.partida_id, c.picking_id, l.id, c.product_id, c.date,
       c.declared, c.declared + c.quantity, c.quantity,
       CASE WHEN c.declared > 0 THEN round(c.customs_value * c.quantity / c.declared, 2)
            ELSE round(l.customs_value * c.quantity / l.quantity, 2) END,
       CASE WHEN c.declared > 0
            THEN round(c.commercial_value * c.quantity / c.declared, 2)
            ELSE round(l.commercial_value * c.quantity / l.quantity, 2) END
  FROM compared c
  LEFT JOIN LATERAL (
       SELECT l.id, l.customs_value, l.commercial_value, l.quantity
         FROM immex_layer l
        WHERE l.company_id = %(company_id)s AND l.product_id = c.product_id
          AND l.active AND l.quantity > 0 AND l.source IN ('import', 'opening')
          AND (l.pedimento_id = c.pedimento_id OR l.available_date <= c.date)
        ORDER BY (l.pedimento_id = c.pedimento_id) DESC NULLS LAST, l.peps_date DESC,
                 l.peps_key COLLATE "C" DESC
        LIMIT 1
       ) l ON TRUE
 WHERE c.quantity > c.declared * %(tolerance)s / 100
"""

# What was proposed for the same difference before stands.
PROPOSED = """
UPDATE immex_receipt_check_line l
   SET regularization_id = r.id
  FROM (
    SELECT DISTINCT ON (key) id, key
      FROM immex_regularization
     WHERE company_id = %(company_id)s AND key IS NOT NULL
     ORDER BY key, id DESC
  ) r
 WHERE l.check_id = %(check_id)s AND l.key = r.key
"""

FORGET = "DELETE FROM immex_receipt_check_line WHERE check_id = %(check_id)s"


def make(cr, parameters):
    """Write the differences of a check anew."""
    for statement in (FORGET, SHORT, BEYOND, PROPOSED):
        cr.execute(statement, parameters)
