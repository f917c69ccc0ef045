# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a confirmed part code changes, and how it is undone.

Parameters: ``company_id``, ``uid``, ``ids`` (lines of immex_setup_part).
"""

_STAMP = "write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'"

# One product has one class, whatever codes name it.
CLASHES = """
SELECT COALESCE(pp.default_code, pt.name->>'en_US')
  FROM immex_setup_part x
  JOIN product_product pp ON pp.id = x.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE x.company_id = %(company_id)s
   AND (x.id = ANY(%(ids)s) OR x.state = 'confirmed')
 GROUP BY pt.id, 1
HAVING count(DISTINCT x.immex_class) > 1 AND bool_or(x.id = ANY(%(ids)s))
 LIMIT 20
"""

KEEP = """
UPDATE immex_setup_part x
   SET undo = jsonb_build_object(
           'class', pt.immex_class, 'item', pt.immex_tariff_item_id,
           'description', pt.immex_customs_description)
  FROM product_product pp
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE x.id = ANY(%(ids)s) AND pp.id = x.product_id
"""

# The class is what was confirmed; the rest only where the product has nothing.
PRODUCTS = f"""
UPDATE product_template pt
   SET immex_class = s.class,
       immex_tariff_item_id = COALESCE(pt.immex_tariff_item_id, s.item_id),
       immex_customs_description = COALESCE(
           NULLIF(pt.immex_customs_description, ''), s.description),
       {_STAMP}
  FROM (
    SELECT pp.product_tmpl_id AS id, min(x.immex_class) AS class,
           (array_agg(i.id ORDER BY x.lines DESC)
               FILTER (WHERE i.id IS NOT NULL))[1] AS item_id,
           (array_agg(x.description ORDER BY x.lines DESC)
               FILTER (WHERE x.kind = 'code'))[1] AS description
      FROM immex_setup_part x
      JOIN product_product pp ON pp.id = x.product_id
      LEFT JOIN LATERAL (
           SELECT t.id FROM immex_tariff_item t
            WHERE t.fraccion = x.fraccion AND t.nico = x.nico
              AND (t.valid_from IS NULL OR t.valid_from <= x.last_date)
              AND (t.valid_to IS NULL OR t.valid_to >= x.last_date)
            ORDER BY t.valid_from DESC NULLS LAST LIMIT 1) i ON TRUE
     WHERE x.id = ANY(%(ids)s)
     GROUP BY pp.product_tmpl_id
  ) s
 WHERE s.id = pt.id
"""

# Units that Odoo converts exactly need no factor.
FACTORS = """
WITH made AS (
    INSERT INTO immex_part_factor (product_tmpl_id, company_id, unit_id, factor,
        part_quantity, valid_from, create_uid, create_date, write_uid, write_date)
    SELECT DISTINCT ON (pp.product_tmpl_id, x.umc_id)
           pp.product_tmpl_id, x.company_id, x.umc_id, x.factor,
           COALESCE(NULLIF(x.part_quantity, 0), 1), DATE '2000-01-01', %(uid)s,
           now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM immex_setup_part x
      JOIN product_product pp ON pp.id = x.product_id
     WHERE x.id = ANY(%(ids)s) AND x.kind = 'code'
       AND x.factor_from NOT IN ('unit', 'stated')
     ORDER BY pp.product_tmpl_id, x.umc_id, x.lines DESC
    ON CONFLICT (product_tmpl_id, unit_id, valid_from, company_id) DO NOTHING
    RETURNING id, product_tmpl_id, unit_id
)
UPDATE immex_setup_part x
   SET undo = x.undo || jsonb_build_object('factor', made.id)
  FROM made, product_product pp
 WHERE x.id = ANY(%(ids)s) AND pp.id = x.product_id
   AND pp.product_tmpl_id = made.product_tmpl_id AND x.umc_id = made.unit_id
"""

CONFIRM = f"""
UPDATE immex_setup_part
   SET state = 'confirmed', confirmed_by = %(uid)s,
       confirmed_at = now() AT TIME ZONE 'UTC', {_STAMP}
 WHERE id = ANY(%(ids)s)
"""

PEDIMENTOS = """
SELECT DISTINCT g.pedimento_id
  FROM immex_setup_part x
  JOIN immex_pedimento_goods g
    ON g.company_id = x.company_id AND upper(btrim(g.part_number)) = x.part_number
  JOIN immex_pedimento p ON p.id = g.pedimento_id
 WHERE x.id = ANY(%(ids)s) AND x.kind = 'code' AND p.state <> 'cancelled'
   AND p.origin <> 'opening'
 ORDER BY 1
"""

# Those whose lines a confirmed code would settle.
WAITING = """
SELECT DISTINCT g.pedimento_id
  FROM immex_pedimento_goods g
  JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
  JOIN immex_pedimento p ON p.id = g.pedimento_id
 WHERE g.company_id = %(company_id)s AND p.state <> 'cancelled'
   AND p.origin <> 'opening'
   AND (g.product_id IS NULL OR pa.detail_state IN ('unmapped', 'no_factor'))
   AND upper(btrim(g.part_number)) IN (
       SELECT x.part_number FROM immex_setup_part x
        WHERE x.company_id = %(company_id)s AND x.kind = 'code'
          AND x.state = 'confirmed')
 ORDER BY 1
"""

LINES = """
SELECT COALESCE(sum(lines), 0) FROM immex_setup_part WHERE id = ANY(%(ids)s)
"""

UNMAP = f"""
UPDATE immex_pedimento_goods g
   SET product_id = NULL, {_STAMP}
  FROM immex_setup_part x, immex_pedimento_partida pa, immex_pedimento p
 WHERE x.id = ANY(%(ids)s) AND x.kind = 'code' AND g.company_id = x.company_id
   AND upper(btrim(g.part_number)) = x.part_number AND g.product_id = x.product_id
   AND pa.id = g.partida_id AND pa.umc_id = x.umc_id
   AND p.id = g.pedimento_id AND p.origin <> 'opening'
"""

UNDO_FACTORS = """
DELETE FROM immex_part_factor f
 USING immex_setup_part x
 WHERE x.id = ANY(%(ids)s) AND f.id = (x.undo->>'factor')::integer
"""

# What another confirmed code of the product needs stays.
UNDO_PRODUCTS = f"""
UPDATE product_template pt
   SET immex_class = x.undo->>'class',
       immex_tariff_item_id = (x.undo->>'item')::integer,
       immex_customs_description = x.undo->>'description', {_STAMP}
  FROM (
    SELECT DISTINCT ON (pp.product_tmpl_id) pp.product_tmpl_id, y.undo
      FROM immex_setup_part y
      JOIN product_product pp ON pp.id = y.product_id
     WHERE y.id = ANY(%(ids)s) AND y.undo IS NOT NULL
     ORDER BY pp.product_tmpl_id, y.confirmed_at, y.id
  ) x
 WHERE x.product_tmpl_id = pt.id
   AND NOT EXISTS (
       SELECT FROM immex_setup_part z
         JOIN product_product zp ON zp.id = z.product_id
        WHERE zp.product_tmpl_id = pt.id AND z.state = 'confirmed'
          AND NOT z.id = ANY(%(ids)s))
"""

REOPEN = f"""
UPDATE immex_setup_part
   SET state = 'open', confirmed_by = NULL, confirmed_at = NULL, undo = NULL, {_STAMP}
 WHERE id = ANY(%(ids)s)
"""
