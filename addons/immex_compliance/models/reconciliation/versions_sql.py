# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which pedimento of the books is compared with which of the government's data.

A rectification (R1) has a number of its own, so it is chains that are matched, by the
number of any version, and their last versions that are compared.
"""

# record 701 names the version before, and the first one; either may be missing
NAMED = """
CREATE TEMP TABLE tmp_rc_named ON COMMIT DROP AS
SELECT id, payment_date, previous_patente AS patente, previous_document AS document,
       left(previous_section, 2) AS office
  FROM immex_datastage_pedimento
 WHERE company_id = %(company_id)s AND previous_document IS NOT NULL
UNION
SELECT id, payment_date, original_patente, original_document, left(original_section, 2)
  FROM immex_datastage_pedimento
 WHERE company_id = %(company_id)s AND original_document IS NOT NULL
"""

# numbers come again after ten years
_NEAR = """{alias}.patente = n.patente AND {alias}.document = n.document
       AND {alias}.office = n.office AND {alias}.payment_date <= n.payment_date
       AND {alias}.payment_date > n.payment_date - interval '9 years'"""

THEIRS = f"""
CREATE TEMP TABLE tmp_rc_theirs ON COMMIT DROP AS
WITH RECURSIVE found AS MATERIALIZED (
    SELECT n.id AS a, v.id AS b
      FROM tmp_rc_named n
      JOIN immex_datastage_pedimento v
        ON v.company_id = %(company_id)s AND v.id <> n.id
       AND {_NEAR.format(alias="v")}
), tie AS MATERIALIZED (
    SELECT a, b FROM found UNION SELECT b, a FROM found
), walk AS (
    SELECT a AS seed, a AS id FROM tie
    UNION
    SELECT w.seed, t.b FROM walk w JOIN tie t ON t.a = w.id
), chain AS (
    SELECT id, min(seed) AS chain FROM walk GROUP BY id
)
SELECT p.id, COALESCE(c.chain, p.id) AS chain, p.year, p.office, p.patente, p.document,
       p.number15, p.payment_date, p.operation_type,
       row_number() OVER (PARTITION BY COALESCE(c.chain, p.id)
           ORDER BY p.superseded, p.payment_date DESC, p.number15 DESC) = 1 AS last
  FROM immex_datastage_pedimento p
  LEFT JOIN chain c ON c.id = p.id
 WHERE p.company_id = %(company_id)s
"""

OURS = """
CREATE TEMP TABLE tmp_rc_ours ON COMMIT DROP AS
SELECT p.id, COALESCE(p.root_id, p.id) AS chain, p.year, p.office, p.patente,
       p.document, p.number15, p.payment_date, p.current_id IS NULL AS last,
       p.origin = 'opening' AS opening
  FROM immex_pedimento p
 WHERE p.company_id = %(company_id)s AND p.state <> 'cancelled'
"""

# Chains of either side that have a pedimento in common, or name one of the other.
MET = f"""
CREATE TEMP TABLE tmp_rc_met ON COMMIT DROP AS
SELECT t.chain AS theirs, o.chain AS ours
  FROM tmp_rc_theirs t
  JOIN tmp_rc_ours o USING (year, office, patente, document)
UNION
SELECT t.chain, o.chain
  FROM tmp_rc_named n
  JOIN tmp_rc_theirs t ON t.id = n.id
  JOIN tmp_rc_ours o ON {_NEAR.format(alias="o")}
UNION
SELECT t.chain, o.chain
  FROM immex_pedimento_reference r
  JOIN tmp_rc_ours o ON o.id = r.pedimento_id
  JOIN tmp_rc_theirs t
    ON t.patente = r.patente AND t.document = r.document
   AND t.office = left(r.office_section, 2) AND t.payment_date <= o.payment_date
   AND t.payment_date > o.payment_date - interval '9 years'
 WHERE r.company_id = %(company_id)s AND r.kind = 'rectified'
"""

# One chain here may meet two there (a 701 is missing on one side): the one that ends in
# the same pedimento is its pair, and what is left over counts as a version too many.
PAIRS = """
CREATE TEMP TABLE tmp_rc_pair ON COMMIT DROP AS
WITH last AS (
    SELECT m.theirs, m.ours, t.id AS theirs_id, o.id AS ours_id,
           (o.year, o.office, o.patente, o.document)
           = (t.year, t.office, t.patente, t.document) AS same,
           t.payment_date AS theirs_date, o.payment_date AS ours_date,
           t.number15 AS theirs_number, o.number15 AS ours_number
      FROM tmp_rc_met m
      JOIN tmp_rc_theirs t ON t.chain = m.theirs AND t.last
      JOIN tmp_rc_ours o ON o.chain = m.ours AND o.last
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY theirs ORDER BY same DESC,
                  ours_date DESC NULLS LAST, ours_number DESC) AS for_theirs,
           row_number() OVER (PARTITION BY ours ORDER BY same DESC,
                  theirs_date DESC NULLS LAST, theirs_number DESC) AS for_ours
      FROM last
), mutual AS MATERIALIZED (
    SELECT * FROM ranked WHERE for_theirs = 1 AND for_ours = 1
), every AS (
    SELECT 'both' AS kind, ours_id, theirs_id FROM mutual
    UNION ALL
    SELECT 'old_here', ours_id, theirs_id FROM ranked
     WHERE for_ours = 1 AND ours NOT IN (SELECT ours FROM mutual)
    UNION ALL
    SELECT 'old_there', ours_id, theirs_id FROM ranked
     WHERE for_theirs = 1 AND theirs NOT IN (SELECT theirs FROM mutual)
    UNION ALL
    SELECT 'missing_here', NULL, t.id FROM tmp_rc_theirs t
     WHERE t.last AND NOT EXISTS (
           SELECT FROM tmp_rc_met m WHERE m.theirs = t.chain)
    UNION ALL
    SELECT 'missing_there', o.id, NULL FROM tmp_rc_ours o
     WHERE o.last AND NOT EXISTS (SELECT FROM tmp_rc_met m WHERE m.ours = o.chain)
)
SELECT row_number() OVER (ORDER BY e.theirs_id, e.ours_id)::integer AS pair, e.kind,
       e.ours_id, e.theirs_id, o.number15 AS ours_number, t.number15 AS theirs_number,
       -- of initial balances only what remained is recorded
       e.kind = 'both' AND NOT o.opening AS compared,
       -- what no file could tell of is not missing there
       e.kind <> 'missing_there' OR COALESCE(o.payment_date <@ (
           SELECT range_agg(daterange(first, last, '[]'))
             FROM unnest(%(covered_from)s::date[], %(covered_to)s::date[])
                  AS c (first, last)), FALSE) AS covered,
       COALESCE(d.tables, f.row_counts, '{}'::jsonb) AS tables,
       CASE WHEN e.kind = 'old_here' THEN o.number15
            ELSE COALESCE(t.number15, o.number15) END AS number15,
       CASE WHEN e.kind = 'old_here' THEN o.payment_date
            ELSE COALESCE(t.payment_date, o.payment_date) END AS payment_date
  FROM every e
  LEFT JOIN tmp_rc_ours o ON o.id = e.ours_id
  LEFT JOIN tmp_rc_theirs t ON t.id = e.theirs_id
  LEFT JOIN immex_datastage_pedimento d ON d.id = e.theirs_id
  LEFT JOIN immex_pedimento_file f ON f.id = d.file_id
 WHERE o.payment_date BETWEEN %(date_from)s AND %(date_to)s
    OR t.payment_date BETWEEN %(date_from)s AND %(date_to)s
"""

# name of the temporary table -> statement and index
TABLES = (
    ("tmp_rc_named", NAMED, "document"),
    ("tmp_rc_theirs", THEIRS, "document, patente"),
    ("tmp_rc_ours", OURS, "document, patente"),
    ("tmp_rc_met", MET, "theirs"),
    ("tmp_rc_pair", PAIRS, "pair"),
)
