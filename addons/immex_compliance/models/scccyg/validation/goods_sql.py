# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rules on the tariff items and values of a discharge report, and over-discharge."""

from .. import scccyg_sql as sql
from .document_sql import period

_GOODS = "concat_ws(' ', t.fraccion, CASE WHEN t.fixed_asset THEN 'AF' END)"
_LINES = """
  FROM tmp_scccyg_line t
  JOIN tmp_scccyg_head h ON h.head = t.head
"""

TWICE = f"""
SELECT t.line, 2, 'fraccion', {_GOODS}, NULL, t.first
  FROM (SELECT *, min(line) OVER (PARTITION BY head, fraccion, fixed_asset) AS first
          FROM tmp_scccyg_line WHERE kind = 'goods') t
 WHERE t.line > t.first
"""
ZERO = """
SELECT line, CASE kind WHEN 'goods' THEN 3 ELSE 7 END, 'valor', value::text, NULL,
       NULL::integer
  FROM tmp_scccyg_line WHERE kind IN ('goods', 'initial') AND value = 0
"""
UNKNOWN = """
SELECT t.line, CASE kind WHEN 'goods' THEN 2 ELSE 6 END, 'fraccion', t.fraccion, NULL,
       NULL::integer
  FROM tmp_scccyg_line t
  LEFT JOIN (SELECT DISTINCT fraccion COLLATE "C" AS fraccion FROM immex_tariff_item) i
    ON i.fraccion = t.fraccion
 WHERE t.kind IN ('goods', 'initial') AND i.fraccion IS NULL
   AND EXISTS (SELECT FROM immex_tariff_item)
"""

# What can be discharged at the end of each report, and what others discharged by then.
_CHARGED = """
(SELECT d.date_to, c.fraccion, c.fixed_asset, sum(c.value) AS value
   FROM (SELECT DISTINCT date_to FROM tmp_scccyg_head) d
   JOIN tmp_scccyg_charge c ON c.date <= d.date_to
  GROUP BY d.date_to, c.fraccion, c.fixed_asset)
"""
_REPORTED = """
(SELECT d.date_to, g.fraccion COLLATE "C" AS fraccion,
        COALESCE(g.fixed_asset, FALSE) AS fixed_asset, sum(g.value) AS value
   FROM (SELECT DISTINCT date_to FROM tmp_scccyg_head) d
   JOIN tmp_scccyg_sent s ON s.report_kind = 'discharge' AND s.date_to <= d.date_to
   JOIN immex_scccyg_goods g ON g.report_id = s.report_id
  GROUP BY 1, 2, 3)
"""
_WITH_CHARGE = f"""
{_LINES}
  LEFT JOIN {_CHARGED} c ON c.date_to = h.date_to AND c.fraccion = t.fraccion
        AND c.fixed_asset = t.fixed_asset
  LEFT JOIN {_CHARGED} o ON o.date_to = h.date_to AND o.fraccion = t.fraccion
        AND o.fixed_asset <> t.fixed_asset
 WHERE t.kind = 'goods' AND t.value > 0 AND c.fraccion IS NULL
"""
NOT_CHARGED = f"""
SELECT t.line, 2, 'fraccion', {_GOODS}, NULL, NULL::integer
{_WITH_CHARGE} AND o.fraccion IS NULL
"""
ASSET_FLAG = f"""
SELECT t.line, 4, 'af', {_GOODS}, o.value::text, NULL::integer
{_WITH_CHARGE} AND o.fraccion IS NOT NULL
"""
# Of a tariff item and flag: all that was discharged until the end of the period, by
# this file and those sent, above all that was charged.
OVER = f"""
SELECT f.line, 3, 'valor', concat_ws(' ', f.fraccion, f.value + COALESCE(r.value, 0)),
       c.value::text, NULL::integer
  FROM (SELECT h.date_to, t.fraccion, t.fixed_asset, min(t.line) AS line,
               sum(sum(t.value)) OVER (
                   PARTITION BY t.fraccion, t.fixed_asset ORDER BY h.date_to) AS value
        {_LINES}
         WHERE t.kind = 'goods'
         GROUP BY h.date_to, t.fraccion, t.fixed_asset) f
  JOIN {_CHARGED} c USING (date_to, fraccion, fixed_asset)
  LEFT JOIN {_REPORTED} r USING (date_to, fraccion, fixed_asset)
 WHERE f.value + COALESCE(r.value, 0) > c.value
"""

# The file against the ledger of the same period; a value counts with the decimals of
# the file.
_BOOKS = f"""
(SELECT h.head, g.fraccion COLLATE "C" AS fraccion, g.fixed_asset,
        round(g.value, %(decimals)s) AS value
   FROM tmp_scccyg_head h JOIN LATERAL ({period(sql.PERIOD_GOODS)}) g ON TRUE)
"""
_EXPIRING = f"""
(SELECT h.head, g.fraccion COLLATE "C" AS fraccion, g.fixed_asset, g.value
   FROM tmp_scccyg_head h
   JOIN LATERAL ({period(sql.PERIOD_EXPIRING)}) g ON TRUE)
"""
_FILE = """
(SELECT head, fraccion, fixed_asset, min(line) AS line, sum(value) AS value
   FROM tmp_scccyg_line
  WHERE kind = 'goods' AND head IN (SELECT head FROM tmp_scccyg_head)
  GROUP BY head, fraccion, fixed_asset)
"""
_WITH_EXPIRED = f"""
  LEFT JOIN {_EXPIRING} x USING (head, fraccion, fixed_asset)
"""
_TAKES_EXPIRING = "round(COALESCE(b.value, 0) + x.value, %(decimals)s) = f.value"
EXPIRING = f"""
SELECT f.line, 3, 'valor', concat_ws(' ', f.fraccion, f.value),
       COALESCE(b.value, 0)::text, NULL::integer
  FROM {_FILE} f
  LEFT JOIN {_BOOKS} b USING (head, fraccion, fixed_asset)
  JOIN {_EXPIRING} x USING (head, fraccion, fixed_asset)
 WHERE {_TAKES_EXPIRING}
"""
# what nothing was charged for has its own rule
LEDGER = f"""
SELECT COALESCE(f.line, t.head), CASE WHEN f.line IS NULL THEN 0 ELSE 3 END,
       'valor', concat_ws(' ', t.fraccion, COALESCE(f.value, 0)),
       COALESCE(b.value, 0)::text, NULL::integer
  FROM (SELECT head, fraccion, fixed_asset FROM {_FILE} f1
         UNION SELECT head, fraccion, fixed_asset FROM {_BOOKS} b1) t
  LEFT JOIN {_FILE} f USING (head, fraccion, fixed_asset)
  LEFT JOIN {_BOOKS} b USING (head, fraccion, fixed_asset)
  {_WITH_EXPIRED}
 WHERE COALESCE(f.value, 0) <> COALESCE(b.value, 0)
   AND NOT %(damaged)s AND ({_TAKES_EXPIRING}) IS NOT TRUE
   AND EXISTS (SELECT FROM tmp_scccyg_charge c
                 JOIN tmp_scccyg_head h ON h.head = t.head AND c.date <= h.date_to
                WHERE c.fraccion = t.fraccion AND c.fixed_asset = t.fixed_asset)
"""

RULES = {
    "goods_twice": TWICE,
    "value_zero": ZERO,
    "fraccion_unknown": UNKNOWN,
    "not_charged": NOT_CHARGED,
    "asset_flag": ASSET_FLAG,
    "over_discharged": OVER,
    "expiring": EXPIRING,
    "ledger_value": LEDGER,
}
