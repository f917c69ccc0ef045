# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a confirmed part code changes, and how it is undone.

Parameters: ``company_id``, ``uid``, ``ids`` (lines of immex_setup_part).
"""

from ..pedimento.description_sql import told

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

# What the product was before the first confirmation that still stands: whichever is
# undone last gives that back, in whatever order they are undone.
KEEP = """
UPDATE immex_setup_part x
   SET undo = COALESCE(
           (SELECT z.undo - 'factor'
              FROM immex_setup_part z
              JOIN product_product zp ON zp.id = z.product_id
             WHERE zp.product_tmpl_id = pt.id AND z.state = 'confirmed'
               AND z.undo IS NOT NULL AND NOT z.id = ANY(%(ids)s)
             ORDER BY z.confirmed_at, z.id LIMIT 1),
           jsonb_build_object(
               'class', pt.immex_class, 'item', pt.immex_tariff_item_id,
               'description', pt.immex_customs_description))
  FROM product_product pp
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE x.id = ANY(%(ids)s) AND pp.id = x.product_id
"""


def _given(condition):
    """Class, tariff item and description that lines give their products."""
    return f"""
    SELECT pp.product_tmpl_id AS id, min(x.immex_class) AS class,
           (array_agg(i.id ORDER BY x.lines DESC, x.id)
               FILTER (WHERE i.id IS NOT NULL))[1] AS item_id,
           (array_agg(x.description ORDER BY x.lines DESC, x.id)
               FILTER (WHERE x.kind <> 'made'))[1] AS description
      FROM immex_setup_part x
      JOIN product_product pp ON pp.id = x.product_id
      LEFT JOIN LATERAL (
           SELECT t.id FROM immex_tariff_item t
            WHERE t.fraccion = x.fraccion AND t.nico = x.nico
              AND (t.valid_from IS NULL OR t.valid_from <= x.last_date)
              AND (t.valid_to IS NULL OR t.valid_to >= x.last_date)
            ORDER BY t.valid_from DESC NULLS LAST LIMIT 1) i ON TRUE
     WHERE {condition}
     GROUP BY pp.product_tmpl_id
    """


# The class is what was confirmed; the rest only where the product has nothing.
PRODUCTS = f"""
UPDATE product_template pt
   SET immex_class = s.class,
       immex_tariff_item_id = COALESCE(pt.immex_tariff_item_id, s.item_id),
       immex_customs_description = COALESCE(
           NULLIF(pt.immex_customs_description, ''), s.description),
       {_STAMP}
  FROM ({_given("x.id = ANY(%(ids)s)")}) s
 WHERE s.id = pt.id
"""


def _factors(condition):
    """Factors that lines give their products; each line keeps which one to undo."""
    return f"""
WITH made AS (
    INSERT INTO immex_part_factor (product_tmpl_id, company_id, unit_id, factor,
        part_quantity, valid_from, create_uid, create_date, write_uid, write_date)
    SELECT DISTINCT ON (pp.product_tmpl_id, x.umc_id)
           pp.product_tmpl_id, x.company_id, x.umc_id, x.factor,
           COALESCE(NULLIF(x.part_quantity, 0), 1), DATE '2000-01-01', %(uid)s,
           now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM immex_setup_part x
      JOIN product_product pp ON pp.id = x.product_id
     WHERE x.id = ANY(%(ids)s) AND x.kind <> 'made' AND {condition}
     ORDER BY pp.product_tmpl_id, x.umc_id, x.lines DESC, x.id
    ON CONFLICT (product_tmpl_id, unit_id, valid_from, company_id) DO NOTHING
    RETURNING id, product_tmpl_id, unit_id
)
UPDATE immex_setup_part x
   SET undo = x.undo || jsonb_build_object('factor', made.id)
  FROM made, product_product pp
 WHERE x.id = ANY(%(ids)s) AND pp.id = x.product_id AND x.undo IS NOT NULL
   AND pp.product_tmpl_id = made.product_tmpl_id AND x.umc_id = made.unit_id
"""


# Units that Odoo converts exactly need no factor.
FACTORS = _factors("x.factor_from NOT IN ('unit', 'stated')")

# Of lines that stand where the one that brought the factor was undone: theirs may have
# been found stated by it.
FACTORS_AGAIN = _factors(
    """x.undo IS NOT NULL AND x.factor_from <> 'unit' AND x.factor > 0
       AND NOT EXISTS (
           SELECT FROM immex_part_factor f
            WHERE f.product_tmpl_id = pp.product_tmpl_id AND f.unit_id = x.umc_id
              AND (f.company_id IS NULL OR f.company_id = x.company_id))"""
)

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

# Pedimentos of the described lines, whose partidas have no detail but by this way.
DESCRIBED = f"""
SELECT DISTINCT pa.pedimento_id
  FROM immex_setup_part x
  JOIN immex_pedimento_partida pa ON {told("pa", "x")}
  JOIN immex_pedimento p ON p.id = pa.pedimento_id
 WHERE x.id = ANY(%(ids)s) AND p.state <> 'cancelled' AND p.origin <> 'opening'
   AND NOT EXISTS (SELECT FROM immex_pedimento_goods g
                    WHERE g.partida_id = pa.id AND g.source <> 'description')
 ORDER BY 1
"""

TOUCHED = (PEDIMENTOS, DESCRIBED)

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
WAITING_DESCRIBED = f"""
SELECT DISTINCT pa.pedimento_id
  FROM immex_pedimento_partida pa
  JOIN immex_setup_part x ON {told("pa", "x")} AND x.state = 'confirmed'
  JOIN immex_pedimento p ON p.id = pa.pedimento_id
 WHERE pa.company_id = %(company_id)s AND pa.detail_state IN ('missing', 'unmapped')
   AND p.state <> 'cancelled' AND p.origin <> 'opening'
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

# Lines that were made of a description go with it; one that the ledger knows stays,
# without its product.
_OF_DESCRIPTION = f"""
      FROM immex_setup_part x
      JOIN immex_pedimento_partida pa ON {told("pa", "x")}
     WHERE x.id = ANY(%(ids)s) AND g.partida_id = pa.id AND g.source = 'description'
       AND g.product_id = x.product_id
"""
UNDESCRIBE = f"""
DELETE FROM immex_pedimento_goods g
 WHERE EXISTS (SELECT {_OF_DESCRIPTION})
   AND NOT EXISTS (SELECT FROM immex_layer l WHERE l.goods_id = g.id)
   AND NOT EXISTS (SELECT FROM immex_exit_line e WHERE e.goods_id = g.id)
   AND NOT EXISTS (SELECT FROM immex_goods_link k WHERE k.goods_id = g.id)
   AND NOT EXISTS (SELECT FROM immex_reservation r WHERE r.goods_id = g.id)
"""
UNMAP_DESCRIBED = f"""
UPDATE immex_pedimento_goods g
   SET product_id = NULL, {_STAMP}
 WHERE EXISTS (SELECT {_OF_DESCRIPTION})
"""

UNDO_FACTORS = """
DELETE FROM immex_part_factor f
 USING immex_setup_part x
 WHERE x.id = ANY(%(ids)s) AND f.id = (x.undo->>'factor')::integer
   -- what was in use before the assistant came needs it as it is
   AND NOT EXISTS (
       SELECT FROM immex_setup_part z
         JOIN product_product zp ON zp.id = z.product_id
        WHERE zp.product_tmpl_id = f.product_tmpl_id AND z.company_id = f.company_id
          AND z.umc_id = f.unit_id AND z.state = 'confirmed' AND z.undo IS NULL
          AND NOT z.id = ANY(%(ids)s))
"""

# Other confirmed lines of the same products in this company.
STANDING = """
SELECT DISTINCT z.id
  FROM immex_setup_part x
  JOIN product_product pp ON pp.id = x.product_id
  JOIN product_product zp ON zp.product_tmpl_id = pp.product_tmpl_id
  JOIN immex_setup_part z ON z.product_id = zp.id
 WHERE x.id = ANY(%(ids)s) AND z.company_id = %(company_id)s
   AND z.state = 'confirmed' AND NOT z.id = ANY(%(ids)s)
 ORDER BY 1
"""

# What another confirmed line of the product needs stays, and what that one gives comes
# in the place of what the undone one gave.
_STANDING_GIVE = _given(
    """x.state = 'confirmed' AND x.undo IS NOT NULL AND NOT x.id = ANY(%(ids)s)
       AND pp.product_tmpl_id IN (
           SELECT yp.product_tmpl_id FROM immex_setup_part y
             JOIN product_product yp ON yp.id = y.product_id
            WHERE y.id = ANY(%(ids)s))"""
)
UNDO_PRODUCTS = f"""
UPDATE product_template pt
   SET immex_class = CASE WHEN EXISTS (
               SELECT FROM immex_setup_part z
                 JOIN product_product zp ON zp.id = z.product_id
                WHERE zp.product_tmpl_id = pt.id AND z.state = 'confirmed'
                  AND NOT z.id = ANY(%(ids)s))
           THEN pt.immex_class ELSE b.undo->>'class' END,
       immex_tariff_item_id = COALESCE((b.undo->>'item')::integer, s.item_id),
       immex_customs_description = COALESCE(
           NULLIF(b.undo->>'description', ''), s.description),
       {_STAMP}
  FROM (
    SELECT DISTINCT ON (pp.product_tmpl_id) pp.product_tmpl_id, y.undo
      FROM immex_setup_part y
      JOIN product_product pp ON pp.id = y.product_id
     WHERE y.id = ANY(%(ids)s) AND y.undo IS NOT NULL
     ORDER BY pp.product_tmpl_id, y.confirmed_at, y.id
  ) b
  LEFT JOIN ({_STANDING_GIVE}) s ON s.id = b.product_tmpl_id
 WHERE b.product_tmpl_id = pt.id
"""

REOPEN = f"""
UPDATE immex_setup_part
   SET state = 'open', confirmed_by = NULL, confirmed_at = NULL, undo = NULL, {_STAMP}
 WHERE id = ANY(%(ids)s)
"""
