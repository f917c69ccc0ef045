# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the steps of the setup assistant count. Parameter: ``company_id``."""

from ..pedimento.description_sql import described

WAREHOUSES = """
SELECT w.id FROM stock_warehouse w
 WHERE w.company_id = %(company_id)s AND w.active
   AND EXISTS (SELECT FROM stock_picking t JOIN stock_picking_type k
                   ON k.id = t.picking_type_id
                WHERE k.warehouse_id = w.id AND t.state = 'done')
   AND NOT EXISTS (SELECT FROM immex_program_site s
                    WHERE s.program_id = %(program_id)s AND s.warehouse_id = w.id)
 ORDER BY w.sequence, w.id
"""

# Who worked on goods of the company in its place.
PROCESSORS = """
SELECT DISTINCT o.subcontractor_id
  FROM mrp_production o
 WHERE o.company_id = %(company_id)s AND o.state = 'done'
   AND o.subcontractor_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM immex_program_site s
                    WHERE s.program_id = %(program_id)s AND s.kind = 'submaquila'
                      AND s.partner_id = o.subcontractor_id)
 ORDER BY 1
"""

DOCUMENTS = """
SELECT p.count, p.first, p.last, s.count, s.missing,
       (SELECT count(*) FROM immex_pedimento_file f
         WHERE f.company_id = %(company_id)s
           AND f.state IN ('refused', 'waiting', 'stopped'))
  FROM (SELECT count(*), min(payment_date) AS first, max(payment_date) AS last
          FROM immex_pedimento
         WHERE company_id = %(company_id)s AND state <> 'cancelled') p,
       (SELECT count(*),
               count(*) FILTER (WHERE pedimento_id IS NULL AND paid_at IS NOT NULL)
                   AS missing
          FROM immex_datastage_pedimento WHERE company_id = %(company_id)s) s
"""

# Codes that came with pedimentos since proposals were made.
FRESH_CODES = """
SELECT count(*)
  FROM (SELECT DISTINCT upper(btrim(g.part_number)) AS code, pa.umc_id
          FROM immex_pedimento_goods g
          JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
         WHERE g.company_id = %(company_id)s AND g.product_id IS NULL
           AND btrim(COALESCE(g.part_number, '')) <> '') c
 WHERE NOT EXISTS (
       SELECT FROM immex_setup_part x
        WHERE x.company_id = %(company_id)s AND x.part_number = c.code
          AND x.umc_id IS NOT DISTINCT FROM c.umc_id)
"""

# The same of partidas without any code.
FRESH_DESCRIPTIONS = f"""
WITH told AS (
    SELECT DISTINCT pa.description, pa.fraccion, pa.umc_id
      FROM immex_pedimento_partida pa
      JOIN immex_pedimento p ON p.id = pa.pedimento_id
     WHERE pa.company_id = %(company_id)s AND pa.detail_state = 'missing'
       AND pa.qty_umc > 0 AND p.state <> 'cancelled' AND p.origin <> 'opening'
)
SELECT count(*)
  FROM (SELECT DISTINCT {described("description")} AS text_key, fraccion, umc_id
          FROM told) c
 WHERE c.text_key <> ''
   AND NOT EXISTS (
       SELECT FROM immex_setup_part x
        WHERE x.company_id = %(company_id)s AND x.kind = 'text'
          AND x.text_key = c.text_key AND x.fraccion = c.fraccion
          AND x.umc_id IS NOT DISTINCT FROM c.umc_id)
"""

WITHOUT_QUANTITY = """
SELECT count(*) FILTER (WHERE pa.detail_state IN ('no_factor', 'mismatch')),
       count(*) FILTER (WHERE pa.detail_state = 'missing')
  FROM immex_pedimento_partida pa
  JOIN immex_pedimento p ON p.id = pa.pedimento_id
 WHERE pa.company_id = %(company_id)s AND pa.detail_state <> 'done'
   AND p.state <> 'cancelled' AND p.current_id IS NULL
"""

MARKED = """
SELECT (SELECT count(*) FROM stock_location
         WHERE company_id = %(company_id)s AND immex_customs_status IS NOT NULL),
       (SELECT count(*) FROM stock_lot
         WHERE company_id = %(company_id)s AND immex_customs_status IS NOT NULL)
"""

FRESH_TRANSFERS = """
SELECT count(*)
  FROM stock_picking t
  JOIN stock_picking_type k ON k.id = t.picking_type_id
 WHERE t.company_id = %(company_id)s AND t.state = 'done'
   AND k.code IN ('incoming', 'outgoing')
   AND t.immex_pedimento_id IS NULL AND COALESCE(t.immex_pedimento_ref, '') = ''
   AND COALESCE(t.immex_customs_status, 'temporary') = 'temporary'
   AND EXISTS (SELECT FROM stock_move m
                 JOIN product_product pp ON pp.id = m.product_id
                 JOIN product_template pt ON pt.id = pp.product_tmpl_id
                WHERE m.picking_id = t.id AND m.state = 'done' AND m.quantity > 0
                  AND pt.immex_class IS NOT NULL)
   AND NOT EXISTS (SELECT FROM immex_setup_transfer x
                    WHERE x.company_id = %(company_id)s AND x.picking_id = t.id)
"""

# Controlled parts on hand when the first import entered, but for domestic receipts.
BEFORE_FIRST = """
SELECT count(*), min(day)
  FROM (
    SELECT l.product_id, f.day
      FROM (SELECT min(LEAST(entry_date, payment_date)) AS day FROM immex_pedimento
             WHERE company_id = %(company_id)s AND state <> 'cancelled'
               AND operation_type = '1') f
      JOIN stock_move_line l
        ON l.company_id = %(company_id)s AND l.state = 'done'
       AND (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date < f.day
      JOIN product_product pp ON pp.id = l.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN stock_location src ON src.id = l.location_id
      JOIN stock_location dst ON dst.id = l.location_dest_id
      LEFT JOIN stock_picking t ON t.id = l.picking_id
     WHERE pt.immex_class IS NOT NULL
       AND COALESCE(t.immex_customs_status, 'temporary') = 'temporary'
       AND t.immex_pedimento_id IS NULL
     GROUP BY l.product_id, f.day
    HAVING sum(l.quantity_product_uom
               * ((dst.usage IN ('internal', 'transit'))::integer
                  - (src.usage IN ('internal', 'transit'))::integer)) > 0
  ) s
"""

# What the last run left of temporary imports, and what it found short.
BALANCE = """
SELECT s.layers, s.parts, s.value, s.expired,
       (SELECT count(*) FROM immex_requirement r
         WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
           AND r.qty_shortage > 0)
  FROM (
    SELECT count(*) AS layers, count(DISTINCT l.product_id) AS parts,
           COALESCE(sum(l.customs_value - COALESCE(d.given, 0)), 0) AS value,
           count(*) FILTER (WHERE l.term_end < %(today)s) AS expired
      FROM immex_layer l
      LEFT JOIN (SELECT layer_id, sum(customs_value) AS given
                   FROM immex_discharge
                  WHERE company_id = %(company_id)s AND superseded_run_id IS NULL
                  GROUP BY layer_id) d ON d.layer_id = l.id
     WHERE l.company_id = %(company_id)s AND l.active
       AND l.customs_status = 'temporary' AND l.quantity > l.qty_discharged
  ) s
"""
