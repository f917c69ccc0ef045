# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The statements that make pedimentos of the lines of initial balances."""

_STAMP = "%(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'"
_STAMPED = "create_uid, create_date, write_uid, write_date"

# The first two digits are those of the year of validation.
PEDIMENTO = f"""
INSERT INTO immex_pedimento (company_id, year, office, office_section, patente,
    document, number15, number, operation_type, key_id, operation_rule_id, entry_date,
    payment_date, registered_at, total_usd, total_customs_value, origin, opening_id,
    state, {_STAMPED})
SELECT l.company_id, 2000 + left(l.number15, 2)::integer, substr(l.number15, 3, 2),
       COALESCE(min(l.office_section), substr(l.number15, 3, 2) || '0'),
       substr(l.number15, 5, 4), substr(l.number15, 9), l.number15,
       concat_ws('  ', left(l.number15, 2), substr(l.number15, 3, 2),
                 substr(l.number15, 5, 4), substr(l.number15, 9)),
       '1', min(l.key_id), min(l.operation_rule_id), min(l.entry_date),
       min(l.payment_date), now() AT TIME ZONE 'UTC', sum(l.value_usd),
       sum(l.customs_value), 'opening', l.opening_id, 'ready', {_STAMP}
  FROM immex_opening_line l
 WHERE l.opening_id = %(opening_id)s
 GROUP BY l.opening_id, l.company_id, l.number15
ON CONFLICT (company_id, year, office, patente, document) DO UPDATE
   SET (office_section, operation_type, key_id, operation_rule_id, entry_date,
        payment_date, total_usd, total_customs_value, origin, opening_id, state,
        write_uid, write_date) =
       (EXCLUDED.office_section, EXCLUDED.operation_type, EXCLUDED.key_id,
        EXCLUDED.operation_rule_id, EXCLUDED.entry_date, EXCLUDED.payment_date,
        EXCLUDED.total_usd, EXCLUDED.total_customs_value, EXCLUDED.origin,
        EXCLUDED.opening_id, EXCLUDED.state, EXCLUDED.write_uid, EXCLUDED.write_date)
 -- of balances that were cancelled; no other is let through to here
 WHERE immex_pedimento.state = 'cancelled'
"""

PARTIDA = f"""
INSERT INTO immex_pedimento_partida (pedimento_id, company_id, sequence, fraccion,
    nico, description, qty_umc, umc_id, qty_umt, umt_id, value_usd, customs_value,
    igi_rate, origin_country_id, detail_state, {_STAMPED})
SELECT p.id, l.company_id, l.partida, min(l.fraccion), min(l.nico),
       COALESCE(min(l.description), min(t.name->>'en_US'), ''), sum(l.qty_umc),
       min(l.umc_id), sum(l.qty_umt), min(l.umt_id), sum(l.value_usd),
       sum(l.customs_value), min(l.igi_rate), min(l.origin_country_id), 'done', {_STAMP}
  FROM immex_opening_line l
  JOIN immex_pedimento p ON p.opening_id = l.opening_id AND p.number15 = l.number15
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template t ON t.id = pp.product_tmpl_id
 WHERE l.opening_id = %(opening_id)s
 GROUP BY p.id, l.company_id, l.partida
ON CONFLICT (pedimento_id, sequence) DO UPDATE
   SET (fraccion, nico, description, qty_umc, umc_id, qty_umt, umt_id, value_usd,
        customs_value, igi_rate, origin_country_id, detail_state) =
       (EXCLUDED.fraccion, EXCLUDED.nico, EXCLUDED.description, EXCLUDED.qty_umc,
        EXCLUDED.umc_id, EXCLUDED.qty_umt, EXCLUDED.umt_id, EXCLUDED.value_usd,
        EXCLUDED.customs_value, EXCLUDED.igi_rate, EXCLUDED.origin_country_id, 'done')
"""

GOODS = f"""
INSERT INTO immex_pedimento_goods (partida_id, pedimento_id, company_id, sequence,
    part_number, description, product_id, lot_name, qty_umc, qty_umt, value_usd,
    customs_value, value_declared, origin_country_id, factor, quantity,
    opening_quantity, declared_term_end, source, source_line, {_STAMPED})
SELECT pa.id, p.id, l.company_id, l.sequence, pp.default_code, l.description,
       l.product_id, l.lot_name, l.qty_umc, l.qty_umt, l.value_usd, l.customs_value,
       TRUE, l.origin_country_id, round(l.qty_umc / l.balance, 10), l.balance,
       l.quantity, l.declared_term_end, 'opening', l.source_line, {_STAMP}
  FROM immex_opening_line l
  JOIN immex_pedimento p ON p.opening_id = l.opening_id AND p.number15 = l.number15
  JOIN immex_pedimento_partida pa
    ON pa.pedimento_id = p.id AND pa.sequence = l.partida
  JOIN product_product pp ON pp.id = l.product_id
 WHERE l.opening_id = %(opening_id)s
ON CONFLICT (partida_id, sequence) DO UPDATE
   SET (part_number, description, product_id, lot_name, qty_umc, qty_umt, value_usd,
        customs_value, value_declared, origin_country_id, factor, quantity,
        opening_quantity, declared_term_end, source, source_line) =
       (EXCLUDED.part_number, EXCLUDED.description, EXCLUDED.product_id,
        EXCLUDED.lot_name, EXCLUDED.qty_umc, EXCLUDED.qty_umt, EXCLUDED.value_usd,
        EXCLUDED.customs_value, TRUE, EXCLUDED.origin_country_id, EXCLUDED.factor,
        EXCLUDED.quantity, EXCLUDED.opening_quantity, EXCLUDED.declared_term_end,
        EXCLUDED.source, EXCLUDED.source_line)
"""

# What a cancelled opening had and this one has not makes no layer.
STALE = """
UPDATE immex_pedimento_goods g
   SET product_id = NULL, quantity = NULL, write_uid = %(uid)s,
       write_date = now() AT TIME ZONE 'UTC'
  FROM immex_pedimento p, immex_pedimento_partida pa
 WHERE p.opening_id = %(opening_id)s AND g.pedimento_id = p.id AND pa.id = g.partida_id
   AND NOT EXISTS (
       SELECT FROM immex_opening_line l
        WHERE l.opening_id = %(opening_id)s AND l.number15 = p.number15
          AND l.partida = pa.sequence AND l.sequence = g.sequence)
"""

# Pedimentos that are recorded already, whoever recorded them.
KNOWN = """
SELECT DISTINCT ON (l.number15) l.number15, l.source_line
  FROM immex_opening_line l
  JOIN immex_pedimento p
    ON p.company_id = l.company_id AND p.number15 = l.number15
   AND p.state <> 'cancelled'
 WHERE l.opening_id = %(opening_id)s
 ORDER BY l.number15, l.source_line
"""

# The lines of a pedimento, and of a partida, must say the same of it.
AGREE = """
SELECT l.source_line, l.number15,
       CASE WHEN (l.key_id, l.entry_date, l.payment_date)
                 IS DISTINCT FROM (f.key_id, f.entry_date, f.payment_date)
            THEN 'pedimento' ELSE 'partida' END
  FROM (
    SELECT *,
           first_value(id) OVER (PARTITION BY number15 ORDER BY source_line) AS first,
           first_value(id) OVER (
               PARTITION BY number15, partida ORDER BY source_line) AS first_of_partida
      FROM immex_opening_line WHERE opening_id = %(opening_id)s
  ) l
  JOIN immex_opening_line f ON f.id = l.first
  JOIN immex_opening_line g ON g.id = l.first_of_partida
 WHERE (l.key_id, l.entry_date, l.payment_date)
       IS DISTINCT FROM (f.key_id, f.entry_date, f.payment_date)
    OR (l.fraccion, l.umc_id, l.umt_id)
       IS DISTINCT FROM (g.fraccion, g.umc_id, g.umt_id)
 ORDER BY l.source_line
 LIMIT 100
"""
