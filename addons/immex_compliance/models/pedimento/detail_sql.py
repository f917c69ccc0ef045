# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements that bring the part detail of partidas to a decision.

Each takes ``%(ids)s`` (pedimentos) and ``%(uid)s``, writes only what differs, and may
run any number of times. Quantities stay in ``numeric`` from end to end.
"""

STAMP = "write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'"

# A product code in the partida (551.18) says that it is of one part. Detail from any
# other source comes first.
FROM_PRODUCT_CODE = """
INSERT INTO immex_pedimento_goods (
    partida_id, pedimento_id, company_id, sequence, part_number, description,
    qty_umc, qty_umt, value_usd, origin_country_id, source, file_id,
    value_declared, commercial_declared, is_waste,
    create_uid, create_date, write_uid, write_date)
SELECT pa.id, pa.pedimento_id, pa.company_id, 1, btrim(pa.product_code),
       pa.description, pa.qty_umc, pa.qty_umt, pa.value_usd, pa.origin_country_id,
       'product_code', p.file_id, FALSE, FALSE, FALSE,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM immex_pedimento_partida pa
  JOIN immex_pedimento p ON p.id = pa.pedimento_id
 WHERE pa.pedimento_id = ANY(%(ids)s)
   AND btrim(COALESCE(pa.product_code, '')) <> ''
   AND pa.qty_umc > 0
   AND NOT EXISTS (
       SELECT 1 FROM immex_pedimento_goods g WHERE g.partida_id = pa.id)
"""

# What a rectification leaves as it was keeps its parts: a partida with the same tariff
# item, unit, quantities and value takes the lines of the version before, one that had
# a single part stays a single part. Anything else waits for its detail.
FROM_RECTIFIED = """
INSERT INTO immex_pedimento_goods (
    partida_id, pedimento_id, company_id, sequence, part_number, description,
    product_id, lot_name, qty_umc, qty_umt, value_usd, customs_value,
    commercial_value, value_declared, commercial_declared, origin_country_id, invoice,
    source, file_id, source_line, is_waste,
    create_uid, create_date, write_uid, write_date)
SELECT pa.id, pa.pedimento_id, pa.company_id, g.sequence, g.part_number,
       g.description, g.product_id, g.lot_name,
       CASE WHEN same THEN g.qty_umc ELSE pa.qty_umc END,
       CASE WHEN same THEN g.qty_umt ELSE pa.qty_umt END,
       CASE WHEN same THEN g.value_usd ELSE pa.value_usd END,
       CASE WHEN stated THEN g.customs_value END,
       CASE WHEN stated THEN g.commercial_value END,
       stated AND g.value_declared, stated AND g.commercial_declared,
       g.origin_country_id, g.invoice, 'rectified', g.file_id, g.source_line,
       g.is_waste,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM immex_pedimento p
  JOIN immex_pedimento_partida pa ON pa.pedimento_id = p.id
  JOIN immex_pedimento_partida was
    ON was.pedimento_id = p.rectifies_id AND was.sequence = pa.sequence
   AND was.fraccion = pa.fraccion AND was.umc_id IS NOT DISTINCT FROM pa.umc_id
  CROSS JOIN LATERAL (
    SELECT was.qty_umc = pa.qty_umc AND was.qty_umt IS NOT DISTINCT FROM pa.qty_umt
               AND was.value_usd IS NOT DISTINCT FROM pa.value_usd AS same
  ) q
  CROSS JOIN LATERAL (
    SELECT same AND was.customs_value IS NOT DISTINCT FROM pa.customs_value
               AND was.commercial_value IS NOT DISTINCT FROM pa.commercial_value
               AS stated
  ) v
  JOIN immex_pedimento_goods g ON g.partida_id = was.id
 WHERE p.id = ANY(%(ids)s)
   AND pa.qty_umc > 0
   AND was.detail_state IN ('done', 'unmapped', 'no_factor')
   AND (same OR (SELECT count(*) FROM immex_pedimento_goods x
                  WHERE x.partida_id = was.id) = 1)
   AND NOT EXISTS (
       SELECT 1 FROM immex_pedimento_goods x WHERE x.partida_id = pa.id)
"""

# What a person said of the code first; else our own code; else the code of the
# invoice's supplier; else a code that one supplier alone uses. More than one candidate
# is no answer.
MAP_PRODUCTS = f"""
WITH waiting AS (
    SELECT g.id, g.company_id, g.pedimento_id, g.invoice,
           btrim(g.part_number) AS code, upper(btrim(g.part_number)) AS upper_code
      FROM immex_pedimento_goods g
     WHERE g.pedimento_id = ANY(%(ids)s)
       AND g.product_id IS NULL
       AND btrim(COALESCE(g.part_number, '')) <> ''
), told AS (
    SELECT w.id, min(s.product_id) AS product_id
      FROM waiting w
      JOIN immex_setup_part s
        ON s.company_id = w.company_id AND s.part_number = w.upper_code
       AND s.kind = 'code' AND s.state = 'confirmed'
     GROUP BY w.id
    HAVING count(DISTINCT s.product_id) = 1
), variant AS (
    SELECT pp.id, pp.product_tmpl_id, pt.company_id,
           btrim(pp.default_code) AS code
      FROM product_product pp
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
     WHERE pp.active AND pt.active
), ours AS (
    SELECT w.id, count(*) AS found,
           CASE WHEN count(*) FILTER (WHERE v.code = w.code) = 1
                THEN min(v.id) FILTER (WHERE v.code = w.code)
                WHEN count(*) = 1 THEN min(v.id) END AS product_id
      FROM waiting w
      JOIN variant v ON upper(v.code) = w.upper_code
       AND (v.company_id IS NULL OR v.company_id = w.company_id)
     WHERE NOT EXISTS (SELECT 1 FROM told t WHERE t.id = w.id)
     GROUP BY w.id
), party AS (
    SELECT w.id, array_agg(DISTINCT rp.commercial_partner_id) AS partners
      FROM waiting w
      JOIN immex_pedimento_invoice i ON i.pedimento_id = w.pedimento_id
       AND (COALESCE(w.invoice, '') = '' OR i.number = w.invoice)
      JOIN res_partner rp ON rp.id = i.partner_id
     GROUP BY w.id
), theirs AS (
    SELECT w.id,
           CASE WHEN count(DISTINCT v.id) = 1 THEN min(v.id) END AS product_id
      FROM waiting w
      LEFT JOIN party ON party.id = w.id
      JOIN product_supplierinfo s ON upper(btrim(s.product_code)) = w.upper_code
       AND (s.company_id IS NULL OR s.company_id = w.company_id)
      JOIN res_partner sp ON sp.id = s.partner_id
       AND (party.partners IS NULL
            OR sp.commercial_partner_id = ANY(party.partners))
      JOIN variant v ON v.product_tmpl_id = s.product_tmpl_id
       AND (s.product_id IS NULL OR v.id = s.product_id)
       AND (v.company_id IS NULL OR v.company_id = w.company_id)
     WHERE NOT EXISTS (SELECT 1 FROM ours o WHERE o.id = w.id)
       AND NOT EXISTS (SELECT 1 FROM told t WHERE t.id = w.id)
     GROUP BY w.id
)
UPDATE immex_pedimento_goods g
   SET product_id = m.product_id, {STAMP}
  FROM (SELECT id, product_id FROM told UNION ALL SELECT id, product_id FROM ours
        UNION ALL SELECT id, product_id FROM theirs) m
 WHERE m.id = g.id AND m.product_id IS NOT NULL
"""

# A stated factor at the pedimento's date; else the same unit; else a unit of the same
# family that is a whole multiple of the other (pounds against kilograms are not:
# Odoo's figures for those are rounded, so the company states its own).
# ``customs_qty`` customs units are ``part_qty`` units of the product.
FACTOR = """
LEFT JOIN LATERAL (
    SELECT f.factor AS customs_qty, f.part_quantity AS part_qty
      FROM immex_part_factor f
     WHERE f.product_tmpl_id = pt.id
       AND f.unit_id = pa.umc_id
       AND (f.company_id IS NULL OR f.company_id = p.company_id)
       AND f.valid_from <= COALESCE(p.payment_date, p.entry_date, p.registered_at::date)
     ORDER BY f.company_id IS NULL, f.valid_from DESC
     LIMIT 1
) stated ON TRUE
LEFT JOIN LATERAL (
    SELECT own.factor AS customs_qty, umc.factor AS part_qty
      FROM immex_unit iu
      JOIN uom_uom umc ON umc.id = iu.uom_id
      JOIN uom_uom own ON own.id = pt.uom_id
     WHERE iu.id = pa.umc_id
       AND (own.id = umc.id
            OR split_part(own.parent_path, '/', 1)
               = split_part(umc.parent_path, '/', 1)
           AND own.factor > 0 AND umc.factor > 0
           AND (mod(own.factor, umc.factor) = 0 OR mod(umc.factor, own.factor) = 0))
) unit ON TRUE
CROSS JOIN LATERAL (
    SELECT COALESCE(stated.customs_qty, unit.customs_qty) AS customs_qty,
           COALESCE(stated.part_qty, unit.part_qty) AS part_qty
) fx
"""

FACTORS = f"""
UPDATE immex_pedimento_goods g
   SET factor = t.factor, quantity = t.quantity, {STAMP}
  FROM (
    SELECT l.id,
           round(fx.customs_qty / fx.part_qty, 10) AS factor,
           round(l.qty_umc * fx.part_qty / fx.customs_qty, 6) AS quantity
      FROM immex_pedimento_goods l
      JOIN immex_pedimento_partida pa ON pa.id = l.partida_id
      JOIN immex_pedimento p ON p.id = l.pedimento_id
      LEFT JOIN product_product pp ON pp.id = l.product_id
      LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
      {FACTOR}
     WHERE l.pedimento_id = ANY(%(ids)s)
  ) t
 WHERE t.id = g.id
   AND ROW(g.factor, g.quantity) IS DISTINCT FROM ROW(t.factor, t.quantity)
"""

# Values in pesos that the source does not state follow the value in dollars (or the
# quantity, where nothing has a value), rounded at cumulative positions: the last line
# takes the remainder.
VALUES = f"""
UPDATE immex_pedimento_goods g
   SET customs_value = t.customs_value, commercial_value = t.commercial_value, {STAMP}
  FROM (
    SELECT s.id,
           CASE WHEN s.declared THEN s.own_customs
                ELSE round(s.customs_total * s.upto / s.whole, 2)
                     - round(s.customs_total * (s.upto - s.weight) / s.whole, 2)
           END AS customs_value,
           CASE WHEN s.commercial_declared THEN s.own_commercial
                ELSE round(s.commercial_total * s.upto / s.whole, 2)
                     - round(s.commercial_total * (s.upto - s.weight) / s.whole, 2)
           END AS commercial_value
      FROM (
        SELECT w.*, sum(w.weight) OVER (PARTITION BY w.partida_id) AS whole,
               sum(w.weight) OVER (
                   PARTITION BY w.partida_id ORDER BY w.sequence, w.id) AS upto
          FROM (
            SELECT l.id, l.partida_id, l.sequence, l.customs_value AS own_customs,
                   l.commercial_value AS own_commercial,
                   pa.customs_value AS customs_total,
                   pa.commercial_value AS commercial_total,
                   bool_or(COALESCE(l.value_declared, FALSE)) OVER part AS declared,
                   bool_or(COALESCE(l.commercial_declared, FALSE)) OVER part
                       AS commercial_declared,
                   CASE WHEN sum(COALESCE(l.value_usd, 0)) OVER part > 0
                        THEN COALESCE(l.value_usd, 0) ELSE l.qty_umc END AS weight
              FROM immex_pedimento_goods l
              JOIN immex_pedimento_partida pa ON pa.id = l.partida_id
             WHERE l.pedimento_id = ANY(%(ids)s)
            WINDOW part AS (PARTITION BY l.partida_id)
          ) w
      ) s
     WHERE s.whole > 0
  ) t
 WHERE t.id = g.id
   AND ROW(g.customs_value, g.commercial_value)
       IS DISTINCT FROM ROW(t.customs_value, t.commercial_value)
"""

PARTIDA_STATE = f"""
UPDATE immex_pedimento_partida pa
   SET detail_state = t.state, {STAMP}
  FROM (
    SELECT l.id,
           CASE WHEN count(g.id) = 0 THEN 'missing'
                WHEN sum(g.qty_umc) <> l.qty_umc
                  OR sum(g.qty_umt) <> l.qty_umt
                  OR round(sum(COALESCE(g.value_usd, 0)), 2)
                     <> round(COALESCE(l.value_usd, 0), 2)
                  OR bool_or(COALESCE(g.value_declared, FALSE))
                     AND round(sum(COALESCE(g.customs_value, 0)), 2)
                         <> round(COALESCE(l.customs_value, 0), 2)
                  OR bool_or(COALESCE(g.commercial_declared, FALSE))
                     AND round(sum(COALESCE(g.commercial_value, 0)), 2)
                         <> round(COALESCE(l.commercial_value, 0), 2)
                THEN 'mismatch'
                WHEN bool_or(g.product_id IS NULL) THEN 'unmapped'
                WHEN bool_or(COALESCE(g.quantity, 0) <= 0) THEN 'no_factor'
                ELSE 'done' END AS state
      FROM immex_pedimento_partida l
      LEFT JOIN immex_pedimento_goods g ON g.partida_id = l.id
     WHERE l.pedimento_id = ANY(%(ids)s)
     GROUP BY l.id
  ) t
 WHERE t.id = pa.id AND pa.detail_state IS DISTINCT FROM t.state
"""

PEDIMENTO_STATE = f"""
UPDATE immex_pedimento p
   SET pending_count = t.pending,
       state = CASE WHEN p.state = 'cancelled' THEN p.state
                    WHEN t.pending = 0 THEN 'ready' ELSE 'incomplete' END,
       {STAMP}
  FROM (
    SELECT h.id, count(pa.id) FILTER (WHERE pa.detail_state <> 'done') AS pending
      FROM immex_pedimento h
      LEFT JOIN immex_pedimento_partida pa ON pa.pedimento_id = h.id
     WHERE h.id = ANY(%(ids)s)
     GROUP BY h.id
  ) t
 WHERE t.id = p.id
   AND ROW(p.pending_count, p.state) IS DISTINCT FROM ROW(
       t.pending, CASE WHEN p.state = 'cancelled' THEN p.state
                       WHEN t.pending = 0 THEN 'ready' ELSE 'incomplete' END)
"""

ANALYZE = "ANALYZE immex_pedimento, immex_pedimento_partida, immex_pedimento_goods"

# after FROM_PRODUCT_CODE, in this order
DETAIL = (
    MAP_PRODUCTS,
    FACTORS,
    VALUES,
    PARTIDA_STATE,
    PEDIMENTO_STATE,
)
