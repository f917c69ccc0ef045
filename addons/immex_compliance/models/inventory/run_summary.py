# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The numbers of a run's result page, counted in the database.

What the run discharged and superseded is its own, for ever. What is short, what
expires and what does not add up is as the ledger stands now.
"""

LIMIT = 20  # rows of a table; the rest is a click away

# Exit lines are counted by grouping twice, which hashes; count(DISTINCT) would sort.
LEDGER = """
SELECT e.kind, d.kind, sum(d.rows)::bigint, count(*), COALESCE(sum(d.value), 0)::text
  FROM (
    SELECT exit_line_id, kind, count(*) AS rows, sum(customs_value) AS value
      FROM immex_discharge
     WHERE {column} = %(run_id)s
     GROUP BY exit_line_id, kind
  ) d
  JOIN immex_exit_line e ON e.id = d.exit_line_id
 GROUP BY e.kind, d.kind
 ORDER BY e.kind, d.kind
"""
DISCHARGED = LEDGER.format(column="run_id")
SUPERSEDED = LEDGER.format(column="superseded_run_id")

# Why nothing covers it: what the layers of that part hold at the day of the exit.
SHORT = """
WITH short AS (
    SELECT r.id, r.product_id, r.customs_status, r.unexplained, r.qty_shortage, r.date,
           r.run_id, e.layer_scope
      FROM immex_requirement r
      JOIN immex_exit_line e ON e.id = r.exit_line_id
     WHERE r.company_id = %(company_id)s AND r.superseded_run_id IS NULL
       AND r.qty_shortage > 0
), part AS (
    SELECT s.product_id, l.customs_status, count(l.id) AS layers,
           max(l.available_date) FILTER (
               WHERE l.qty_discharged < l.quantity) AS last_available,
           min(l.term_end) FILTER (
               WHERE l.qty_discharged < l.quantity) AS first_end,
           min(l.available_date) FILTER (
               WHERE l.qty_discharged < l.quantity AND h.held) AS first_held
      FROM (SELECT DISTINCT product_id FROM short) s
      JOIN immex_layer l
        ON l.company_id = %(company_id)s AND l.active AND l.product_id = s.product_id
      -- kept for documents that are not executed yet
      LEFT JOIN LATERAL (
           SELECT TRUE AS held FROM immex_reservation r
            WHERE r.layer_id = l.id AND NOT EXISTS (
                  SELECT FROM immex_exit_line e
                   WHERE e.company_id = r.company_id AND e.active
                     AND e.source_key = r.document_key)
            LIMIT 1) h ON TRUE
     GROUP BY s.product_id, l.customs_status
), told AS (
    SELECT s.*,
           CASE WHEN s.unexplained THEN 'unexplained'
                WHEN p.layers IS NULL AND EXISTS (
                     SELECT FROM part o WHERE o.product_id = s.product_id)
                THEN 'status'
                WHEN p.layers IS NULL THEN 'none'
                WHEN p.first_held <= s.date THEN 'reserved'
                WHEN p.last_available > s.date THEN 'later'
                WHEN s.layer_scope = 'unexpired' AND p.first_end < s.date
                THEN 'expired'
                ELSE 'used'
           END AS why
      FROM short s
      LEFT JOIN part p
        ON p.product_id = s.product_id AND p.customs_status = s.customs_status
)
SELECT product_id, why, count(*), count(*) FILTER (WHERE run_id = %(run_id)s),
       sum(qty_shortage)::text, min(date), count(*) OVER ()
  FROM told
 GROUP BY product_id, why
 ORDER BY sum(qty_shortage) DESC, product_id, why
 LIMIT %(limit)s
"""

# The safe date is the term's last day or less than a month before it.
EXPIRING = """
SELECT l.id, l.term_safe_date, l.pedimento_id, l.product_id,
       (l.quantity - l.qty_discharged)::text, count(*) OVER ()
  FROM immex_layer l
 WHERE l.company_id = %(company_id)s AND l.active AND l.qty_discharged < l.quantity
   AND l.term_end >= %(today)s::date
   AND l.term_end <= %(today)s::date + %(days)s + 31
   AND COALESCE(l.term_safe_date, l.term_end) <= %(today)s::date + %(days)s
 ORDER BY l.term_safe_date, l.peps_key
 LIMIT %(limit)s
"""
EXPIRED = """
SELECT count(*)
  FROM immex_layer
 WHERE company_id = %(company_id)s AND active AND qty_discharged < quantity
   AND term_end < %(today)s::date
"""
FINDINGS = """
SELECT severity, code, count(*), count(*) FILTER (WHERE user_id IS NULL),
       count(*) FILTER (WHERE run_id = %(run_id)s)
  FROM immex_finding
 WHERE company_id = %(company_id)s AND state IN ('open', 'progress')
 GROUP BY severity, code
 ORDER BY severity, count(*) DESC, code
"""


def ask(cr, statement, params):
    """Rows of one of the statements above."""
    # a first run wrote every row there is: they are hashed in memory
    cr.execute("SET LOCAL work_mem = '64MB'")
    cr.execute(statement, {"limit": LIMIT, **params})
    return cr.fetchall()
