# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Charges and discharge reports as the authority has them, for ``engine.replay``.

Parameters: ``company_id``, ``date`` (cut-off), ``start`` (certification in force
since), ``account``, ``initial_account``, ``charge_date``, ``applied_by``, ``months``
and ``months_asset`` (presumptive term; 0 is none).
"""

from ...engine.replay import fortnight
from ..scccyg.scccyg_sql import ASSET_KEYS, GOVERNMENT_ASSET, GOVERNMENT_PAID, PAID

# Versions that the authority had by the cut-off. A report is applied at the end of the
# fortnight in which it came; a correction replaces the whole of it then (III-h, V-a-1).
REPORT = f"""
CREATE TEMP TABLE tmp_rp_report ON COMMIT DROP AS
WITH told AS (
    SELECT r.id, r.kind, r.destination, r.date_from, r.date_to, r.replaces_id,
           CASE WHEN r.kind = 'initial' THEN s.sent ELSE {fortnight("s.sent")} END
               AS step
      FROM immex_scccyg_report r
     CROSS JOIN LATERAL (
           SELECT CASE WHEN %(applied_by)s = 'sent' THEN COALESCE(r.sent_on, r.date_to)
                       ELSE r.date_to END AS sent) s
     WHERE r.company_id = %(company_id)s AND r.state IN ('sent', 'valid', 'replaced')
       AND s.sent <= %(date)s
)
SELECT t.*, CASE WHEN t.step > %(date)s THEN 'pending'
                 WHEN EXISTS (SELECT FROM told x WHERE x.replaces_id = t.id
                                 AND x.step <= %(date)s) THEN 'replaced'
                 ELSE 'applied' END AS state
  FROM told t
"""

# What the pedimento pays in all tells of its partidas where none tells of its own.
FORMS = """
CREATE TEMP TABLE tmp_rp_form ON COMMIT DROP AS
SELECT pedimento_id, partida_id, account, tax
  FROM (
    SELECT pedimento_id, partida_id,
           CASE WHEN bool_or(payment_form = '21') THEN 'credit' ELSE 'guarantee' END
               AS account, sum(amount) AS tax,
           bool_or(partida_id IS NOT NULL) OVER (PARTITION BY pedimento_id)
               AS by_partida
      FROM immex_pedimento_contribution
     WHERE company_id = %(company_id)s AND kind = 'amount'
       AND payment_form IN ('21', '22')
     GROUP BY pedimento_id, partida_id) f
 WHERE partida_id IS NOT NULL OR NOT by_partida
"""

# The pedimento's own record at the authority where Data Stage has it, else the books'.
# One that is in Data Stage, rectified or not, is not read from the books as well.
THEIRS = f"""
CREATE TEMP TABLE tmp_rp_theirs ON COMMIT DROP AS
SELECT 'initial' AS source, %(initial_account)s AS account, q.id AS pedimento_id,
       q.year || q.number15 AS pk, q.number15, min(g.payment_date) AS payment_date,
       min(q.entry_date) AS entry_date, COALESCE(g.fraccion, '') AS fraccion,
       COALESCE(g.fixed_asset, FALSE) AS fixed_asset, sum(g.value) AS value,
       0::numeric AS tax, FALSE AS rectifies
  FROM immex_scccyg_goods g
  JOIN tmp_rp_report r ON r.id = g.report_id
  JOIN immex_pedimento p ON p.id = g.pedimento_id
  JOIN immex_pedimento q ON q.id = COALESCE(p.current_id, p.id)
 WHERE r.kind = 'initial' AND r.state = 'applied' AND g.value <> 0
 GROUP BY q.id, 8, 9
UNION ALL
SELECT 'government', c.account, t.pedimento_id, t.year || t.number15, t.number15,
       k.paid, t.entry_date, COALESCE(s.fraccion, ''), k.fixed_asset,
       sum(COALESCE(s.commercial_value, 0)), sum(c.tax),
       t.previous_document IS NOT NULL
  FROM immex_datastage_pedimento t
  JOIN immex_datastage_partida s ON s.datastage_id = t.id
  JOIN (SELECT datastage_id, sequence,
               CASE WHEN bool_or(payment_form = '21') THEN 'credit'
                    ELSE 'guarantee' END AS account, sum(amount) AS tax
          FROM immex_datastage_contribution
         WHERE kind = 'amount' AND payment_form IN ('21', '22')
         GROUP BY datastage_id, sequence) c
    ON c.datastage_id = t.id AND c.sequence = s.sequence
 CROSS JOIN LATERAL (
       SELECT {GOVERNMENT_ASSET} AS fixed_asset,
              {GOVERNMENT_PAID} AS paid) k
 WHERE t.company_id = %(company_id)s AND t.operation_type = '1'
   AND t.superseded IS NOT TRUE
   AND k.paid BETWEEN %(start)s AND %(date)s
 GROUP BY t.id, c.account, 6, 8, k.fixed_asset
UNION ALL
SELECT 'books', COALESCE(f.account, g.account), p.id, p.year || p.number15,
       p.number15, {PAID}, p.entry_date, COALESCE(s.fraccion, ''),
       k.fixed_asset,
       sum(COALESCE(s.commercial_value, 0)), sum(COALESCE(f.tax, 0)),
       p.rectifies_id IS NOT NULL
  FROM immex_pedimento p
  LEFT JOIN immex_pedimento b ON b.id = p.root_id
  JOIN immex_pedimento_key y ON y.id = COALESCE(b.key_id, p.key_id)
  JOIN immex_pedimento_partida s ON s.pedimento_id = p.id
  LEFT JOIN tmp_rp_form f ON f.pedimento_id = p.id AND f.partida_id = s.id
  LEFT JOIN tmp_rp_form g ON g.pedimento_id = p.id AND g.partida_id IS NULL
 CROSS JOIN LATERAL (
       SELECT y.code IN {ASSET_KEYS} OR EXISTS (
              SELECT FROM immex_pedimento_identifier i
               WHERE i.pedimento_id = p.id AND i.code = 'AF'
                 AND (i.partida_id = s.id OR i.partida_id IS NULL)) AS fixed_asset) k
 WHERE p.company_id = %(company_id)s AND p.operation_type = '1'
   AND p.current_id IS NULL AND p.state <> 'cancelled'
   AND {PAID} BETWEEN %(start)s AND %(date)s
   AND COALESCE(f.account, g.account) IS NOT NULL
   AND NOT EXISTS (
       SELECT FROM immex_datastage_pedimento t
        WHERE t.company_id = p.company_id AND t.year = p.year
          AND t.number15 = p.number15)
 GROUP BY p.id, COALESCE(f.account, g.account), 8, k.fixed_asset
"""

# What the engine reads, of the rows that ``compare_sql`` joined with our books.
CHARGE = """
CREATE TEMP TABLE tmp_rp_charge ON COMMIT DROP AS
SELECT r.charge_id, CASE WHEN %(account)s = 'both' THEN 'both' ELSE r.account END
           AS pool, r.account, r.fraccion, r.fixed_asset, r.charge_date,
       r.pk || r.account AS natural_key, r.value, r.presumed_end AS term_end
  FROM tmp_rp_row r
 WHERE r.value IS NOT NULL
"""
# An account of both is discharged as one; what is too much is told of the credit.
DISCHARGE = """
CREATE TEMP TABLE tmp_rp_discharge ON COMMIT DROP AS
SELECT nextval('immex_scccyg_replay_discharge_id_seq') AS discharge_id,
       %(account)s AS pool,
       CASE WHEN %(account)s = 'both' THEN 'credit' ELSE %(account)s END AS account,
       COALESCE(g.fraccion, '') AS fraccion,
       COALESCE(g.fixed_asset, FALSE) AS fixed_asset, r.step,
       r.date_to || ' ' || r.destination || ' ' || lpad(r.id::text, 12, '0')
           AS natural_key,
       sum(g.value) AS value, r.id AS report_id, r.destination, r.date_to
  FROM tmp_rp_report r
  JOIN immex_scccyg_goods g ON g.report_id = r.id
 WHERE r.kind = 'discharge' AND r.state IN ('applied', 'pending') AND g.value > 0
 GROUP BY r.id, r.step, r.destination, r.date_to, 4, 5
"""
