# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rules on the lines of an initial inventory (Anexo 30, I)."""

from .. import scccyg_sql as sql
from .stage_sql import named

_NUMBER = "concat_ws(' ', t.section, t.patente, t.document)"
_KNOWN = """
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_match m ON m.line = t.line
 WHERE t.kind = 'initial'
"""

TWICE = f"""
SELECT t.line, 6, 'fraccion', concat_ws(' ', {_NUMBER}, t.fraccion), NULL, t.first
  FROM (SELECT *, min(line) OVER (
               PARTITION BY patente, document, section, payment_date, fraccion,
                            fixed_asset) AS first
          FROM tmp_scccyg_line WHERE kind = 'initial') t
 WHERE t.line > t.first
"""
AFTER = """
SELECT line, 5, 'fecha', payment_date::text, (%(start)s::date - 1)::text, NULL::integer
  FROM tmp_scccyg_line WHERE kind = 'initial' AND payment_date >= %(start)s
"""
DATE = f"""
SELECT t.line, 5, 'fecha', t.payment_date::text, m.paid::text, NULL::integer
{_KNOWN}
   AND t.payment_date IS DISTINCT FROM m.paid
   AND t.payment_date IS DISTINCT FROM m.date AND t.payment_date < %(start)s
"""
NOT_TEMPORARY = f"""
SELECT t.line, 3, 'pedimento', concat_ws(' ', {_NUMBER}, m.key_code),
       {named("m.its_destination")}, NULL::integer
{_KNOWN}
   AND (m.operation_type = '2' OR m.rule_id IS NOT NULL
        AND (m.effect, m.customs_status) IS DISTINCT FROM ('entry', 'temporary'))
"""
# The layers of the pedimentos that the file names, by tariff item.
_LAYERS = f"""
(SELECT l.pedimento_id, l.fraccion COLLATE "C" AS fraccion,
        l.goods_class = 'fixed_asset' AS fixed_asset, sum({sql.WHOLE}) AS value
   FROM immex_layer l
  WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
    AND l.pedimento_id IN (SELECT pedimento_id FROM tmp_scccyg_match)
  GROUP BY 1, 2, 3)
"""
_JOINED = f"""
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_match m ON m.line = t.line AND m.pedimento_id IS NOT NULL
  JOIN (SELECT pedimento_id, min(fraccion) AS fraccion FROM {_LAYERS} y
         GROUP BY pedimento_id) a ON a.pedimento_id = m.pedimento_id
  LEFT JOIN {_LAYERS} l ON l.pedimento_id = m.pedimento_id
        AND l.fraccion = t.fraccion AND l.fixed_asset = t.fixed_asset
  LEFT JOIN {_LAYERS} o ON o.pedimento_id = m.pedimento_id
        AND o.fraccion = t.fraccion AND o.fixed_asset <> t.fixed_asset
 WHERE t.kind = 'initial'
"""
FRACCION = f"""
SELECT t.line, 6, 'fraccion', t.fraccion, a.fraccion, NULL::integer
{_JOINED} AND l.fraccion IS NULL AND o.fraccion IS NULL
"""
ASSET = f"""
SELECT t.line, 8, 'af', t.fraccion, o.value::text, NULL::integer
{_JOINED} AND l.fraccion IS NULL AND o.fraccion IS NOT NULL
"""
VALUE = f"""
SELECT t.line, 7, 'valor', t.value::text, l.value::text, NULL::integer
{_JOINED} AND t.value > l.value
"""
# What the books have pending at the end of the day before the certification. A value
# above that of the import has its own rule.
_PENDING = f"""
(SELECT g.pedimento_id, g.fraccion COLLATE "C" AS fraccion, g.fixed_asset,
        round(g.value, %(decimals)s) AS value
   FROM ({sql.PENDING.replace("%(date_to)s", "(%(start)s::date - 1)")}) g)
"""
LEDGER = f"""
SELECT t.line, 7, 'valor', t.value::text, COALESCE(b.value, 0)::text, NULL::integer
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_match m ON m.line = t.line
  JOIN {_LAYERS} l ON l.pedimento_id = m.pedimento_id
   AND l.fraccion = t.fraccion AND l.fixed_asset = t.fixed_asset
  LEFT JOIN {_PENDING} b ON b.pedimento_id = m.pedimento_id
        AND b.fraccion = t.fraccion AND b.fixed_asset = t.fixed_asset
 WHERE t.kind = 'initial' AND t.value BETWEEN 0.000001 AND l.value
   AND t.value <> COALESCE(b.value, 0)
"""
MISSING = f"""
SELECT 0, 0, NULL, concat_ws(' ', p.office_section, p.patente, p.document, b.fraccion),
       b.value::text, NULL::integer
  FROM {_PENDING} b
  JOIN immex_pedimento p ON p.id = b.pedimento_id
 WHERE NOT %(damaged)s
   AND EXISTS (SELECT FROM tmp_scccyg_line WHERE kind IN ('initial', 'zero'))
   AND NOT EXISTS (
       SELECT FROM tmp_scccyg_line t JOIN tmp_scccyg_match m ON m.line = t.line
        WHERE t.kind = 'initial'
          AND m.pedimento_id = b.pedimento_id AND t.fraccion = b.fraccion)
"""

RULES = {
    "inventory_twice": TWICE,
    "inventory_after": AFTER,
    "inventory_date": DATE,
    "inventory_not_temporary": NOT_TEMPORARY,
    "inventory_fraccion": FRACCION,
    "inventory_asset": ASSET,
    "inventory_value": VALUE,
    "inventory_ledger": LEDGER,
    "inventory_missing": MISSING,
}
