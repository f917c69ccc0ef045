# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements of the first loading.

Parameters: ``loading_id``, ``company_id``, ``date_from`` and ``date_to`` (None: open).
"""

_PERIOD = """
       s.company_id = %(company_id)s
   AND (%(date_from)s::date IS NULL OR s.payment_date >= %(date_from)s::date)
   AND (%(date_to)s::date IS NULL OR s.payment_date <= %(date_to)s::date)
"""

MONTHS = f"""
SELECT DISTINCT to_char(s.payment_date, 'YYYY-MM')
  FROM immex_datastage_pedimento s
 WHERE {_PERIOD} AND s.payment_date IS NOT NULL ORDER BY 1
"""

WAITING = """
SELECT (SELECT count(*) FROM immex_pedimento_partida a
          JOIN immex_pedimento p ON p.id = a.pedimento_id
         WHERE p.company_id = %(company_id)s AND p.origin = 'datastage'
           AND a.detail_state <> 'done'),
       (SELECT count(*) FROM immex_pedimento_goods g
          JOIN immex_pedimento_partida a ON a.id = g.partida_id
          JOIN immex_pedimento p ON p.id = g.pedimento_id
         WHERE p.company_id = %(company_id)s AND p.origin = 'datastage'
           AND a.detail_state IN ('unmapped', 'no_factor', 'mismatch')),
       (SELECT count(*) FROM immex_requirement r
         WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
           AND r.qty_shortage > 0)
"""

CHOSEN = f"""
SELECT s.id FROM immex_datastage_pedimento s
 WHERE {_PERIOD} AND s.pedimento_id IS NULL AND s.paid_at IS NOT NULL
 ORDER BY s.payment_date, s.number15
"""

CLEAR = """
WITH lines AS (
    DELETE FROM immex_first_loading_line WHERE loading_id = %(loading_id)s
), chains AS (
    DELETE FROM immex_first_loading_chain WHERE loading_id = %(loading_id)s
)
DELETE FROM immex_first_loading_passed WHERE loading_id = %(loading_id)s
"""

UNPAID = f"""
INSERT INTO immex_first_loading_passed (loading_id, datastage_id, kind, reason)
SELECT %(loading_id)s, s.id, 'passed', %(reason)s FROM immex_datastage_pedimento s
 WHERE {_PERIOD} AND s.pedimento_id IS NULL AND s.paid_at IS NULL
"""

PASSED = """
INSERT INTO immex_first_loading_passed (loading_id, datastage_id, kind, reason)
VALUES (%s, %s, %s, %s)
"""

# Chains with a version in the period: of the books, where the detail follows them.
CHAINS = f"""
INSERT INTO immex_first_loading_chain (loading_id, original_id, last_id, versions,
    first_paid, last_paid, customs_value, customs_value_last, incomplete)
SELECT %(loading_id)s, f.id, v.id,
       1 + (SELECT count(*) FROM immex_pedimento r WHERE r.root_id = f.id
               AND r.state <> 'cancelled'),
       f.payment_date, v.payment_date, f.total_customs_value, v.total_customs_value,
       named.incomplete
  FROM (SELECT DISTINCT COALESCE(p.root_id, p.id) AS id
          FROM immex_datastage_pedimento s
          JOIN immex_pedimento p ON p.id = s.pedimento_id AND p.state <> 'cancelled'
         WHERE {_PERIOD}) c
  JOIN immex_pedimento f ON f.id = c.id
  JOIN immex_pedimento v ON v.id = COALESCE(f.current_id, f.id)
 CROSS JOIN LATERAL (
     SELECT EXISTS (SELECT FROM immex_pedimento_reference x
                     WHERE x.pedimento_id = f.id AND x.kind = 'rectified')
            AS incomplete) named
 WHERE f.current_id IS NOT NULL OR named.incomplete
"""

# What customs has, and what of it was recorded when this began.
BEFORE = f"""
WITH chosen AS (
    SELECT s.id, s.pedimento_id, extract(year FROM s.payment_date)::integer AS year,
           s.operation_type, s.key_code
      FROM immex_datastage_pedimento s WHERE {_PERIOD}
), partidas AS (
    SELECT a.datastage_id AS id, count(*) AS partidas,
           sum(CASE WHEN c.operation_type = '1' THEN a.customs_value
                    ELSE a.commercial_value END) AS value
      FROM immex_datastage_partida a JOIN chosen c ON c.id = a.datastage_id
     GROUP BY a.datastage_id
), paid AS (
    SELECT t.datastage_id AS id, sum(t.amount) AS amount
      FROM immex_datastage_contribution t JOIN chosen c ON c.id = t.datastage_id
     WHERE t.kind = 'amount' GROUP BY t.datastage_id
)
INSERT INTO immex_first_loading_line (loading_id, year, operation_type, key_code,
    government, before, after, missing, partidas, partidas_after, customs_value,
    customs_value_after, contributions, contributions_after)
SELECT %(loading_id)s, c.year, c.operation_type, c.key_code, count(*),
       count(c.pedimento_id), 0, 0, COALESCE(sum(a.partidas), 0), 0,
       COALESCE(sum(a.value), 0), 0, COALESCE(sum(t.amount), 0), 0
  FROM chosen c
  LEFT JOIN partidas a ON a.id = c.id
  LEFT JOIN paid t ON t.id = c.id
 GROUP BY c.year, c.operation_type, c.key_code
"""

# What of it is recorded now.
AFTER = f"""
WITH chosen AS (
    SELECT s.pedimento_id AS id, extract(year FROM s.payment_date)::integer AS year,
           s.operation_type, s.key_code
      FROM immex_datastage_pedimento s
     WHERE {_PERIOD} AND s.pedimento_id IS NOT NULL
), partidas AS (
    SELECT a.pedimento_id AS id, count(*) AS partidas,
           sum(CASE WHEN c.operation_type = '1' THEN a.customs_value
                    ELSE a.commercial_value END) AS value
      FROM immex_pedimento_partida a JOIN chosen c ON c.id = a.pedimento_id
     GROUP BY a.pedimento_id
), paid AS (
    SELECT t.pedimento_id AS id, sum(t.amount) AS amount
      FROM immex_pedimento_contribution t JOIN chosen c ON c.id = t.pedimento_id
     WHERE t.kind = 'amount' GROUP BY t.pedimento_id
), summed AS (
    SELECT c.year, c.operation_type, c.key_code, count(*) AS after,
           sum(a.partidas) AS partidas, sum(a.value) AS value, sum(t.amount) AS amount
      FROM chosen c
      LEFT JOIN partidas a ON a.id = c.id
      LEFT JOIN paid t ON t.id = c.id
     GROUP BY c.year, c.operation_type, c.key_code
)
UPDATE immex_first_loading_line l
   SET after = COALESCE(s.after, 0), missing = l.government - COALESCE(s.after, 0),
       partidas_after = COALESCE(s.partidas, 0),
       customs_value_after = COALESCE(s.value, 0),
       contributions_after = COALESCE(s.amount, 0)
  FROM immex_first_loading_line o
  LEFT JOIN summed s ON s.year = o.year
       AND s.operation_type IS NOT DISTINCT FROM o.operation_type
       AND s.key_code IS NOT DISTINCT FROM o.key_code
 WHERE o.id = l.id AND l.loading_id = %(loading_id)s
"""

COUNTS = f"""
UPDATE immex_first_loading f
   SET government_count = n.government, before_count = n.before,
       after_count = n.after,
       passed_count = (SELECT count(*) FROM immex_first_loading_passed p
                        WHERE p.loading_id = f.id AND p.kind = 'passed'),
       warning_count = (SELECT count(*) FROM immex_first_loading_passed p
                         WHERE p.loading_id = f.id AND p.kind = 'warning'),
       chain_count = (SELECT count(*) FROM immex_datastage_pedimento s
                       WHERE {_PERIOD} AND s.superseded)
  FROM (SELECT COALESCE(sum(government), 0) AS government,
               COALESCE(sum(before), 0) AS before, COALESCE(sum(after), 0) AS after
          FROM immex_first_loading_line WHERE loading_id = %(loading_id)s) n
 WHERE f.id = %(loading_id)s
"""

CLEAR_BALANCE = """
WITH short AS (
    DELETE FROM immex_first_loading_short WHERE loading_id = %(loading_id)s
)
DELETE FROM immex_first_loading_balance WHERE loading_id = %(loading_id)s
"""

BALANCE = """
INSERT INTO immex_first_loading_balance (loading_id, fraccion, umt_code, month, layers,
    imported, discharged, remaining, customs_value)
SELECT %(loading_id)s, l.fraccion, u.code, to_char(l.term_end, 'YYYY-MM'), count(*),
       sum(l.qty_umt), COALESCE(sum(d.qty_umt), 0),
       sum(l.qty_umt - COALESCE(d.qty_umt, 0)),
       sum(l.customs_value - COALESCE(d.customs_value, 0))
  FROM immex_layer l
  LEFT JOIN immex_unit u ON u.id = l.umt_id
  LEFT JOIN (SELECT layer_id, sum(qty_umt) AS qty_umt,
                    sum(customs_value) AS customs_value
               FROM immex_discharge
              WHERE company_id = %(company_id)s AND superseded_run_id IS NULL
              GROUP BY layer_id) d ON d.layer_id = l.id
 WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
 GROUP BY l.fraccion, u.code, to_char(l.term_end, 'YYYY-MM')
"""

# What left and no import covers, in the unit of the product.
SHORT = """
INSERT INTO immex_first_loading_short (loading_id, product_id, customs_status, exits,
    first_date, last_date, quantity, short)
SELECT %(loading_id)s, r.product_id, r.customs_status, count(DISTINCT r.exit_line_id),
       min(r.date), max(r.date), sum(r.quantity), sum(r.qty_shortage)
  FROM immex_requirement r
 WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
   AND r.qty_shortage > 0
 GROUP BY r.product_id, r.customs_status
"""


def gaps(months):
    """Months (YYYY-MM) that are missing between the first and the last."""
    found, known = [], set(months)
    if not months:
        return found
    year, month = map(int, months[0].split("-"))
    while (name := f"{year:04}-{month:02}") < months[-1]:
        if name not in known:
            found.append(name)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found
