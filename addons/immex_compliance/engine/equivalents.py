# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Equivalent parts: one PEPS stack for parts that a company holds to be the same goods.

Off until the company switches it on. A group counts for temporary layers only, and
while all of these bear one tariff item and one unit; a layer that differs breaks the
group, which is a finding, and its parts stand alone again. What a layer of one part
gives to the requirement of another is marked in the ledger (``chosen_by``).
"""

from .statements import execute

DROP = "DROP TABLE IF EXISTS tmp_part_group, tmp_group_turned"

# Groups whose parts' layers came to differ, or came to agree again.
TURNED = """
CREATE TEMP TABLE tmp_group_turned (id integer) ON COMMIT DROP;
WITH turned AS (
    UPDATE immex_equivalence e
       SET broken = s.broken
      FROM (
        SELECT e.id, count(DISTINCT (l.fraccion, l.umt_id)) > 1 AS broken
          FROM immex_equivalence e
          JOIN immex_equivalence_part p ON p.equivalence_id = e.id
          LEFT JOIN immex_layer l
            ON l.company_id = e.company_id AND l.active
           AND l.product_id = p.product_id AND l.customs_status = 'temporary'
         WHERE e.company_id = %(company_id)s
         GROUP BY e.id
      ) s
     WHERE s.id = e.id AND e.broken IS DISTINCT FROM s.broken
    RETURNING e.id
)
INSERT INTO tmp_group_turned SELECT id FROM turned
"""

GROUP = """
CREATE TEMP TABLE tmp_part_group ON COMMIT DROP AS
SELECT p.product_id, e.id AS group_id
  FROM immex_equivalence e
  JOIN res_company c ON c.id = e.company_id AND c.immex_use_equivalents
  JOIN immex_equivalence_part p ON p.equivalence_id = e.id
 WHERE e.company_id = %(company_id)s AND e.active AND NOT e.broken
"""

# A change of one part is a change of all; a group that turned, from the first open day.
WIDEN = """
WITH changed AS (
    SELECT g.group_id, min(d.since) AS since
      FROM tmp_dirty_part d JOIN tmp_part_group g USING (product_id)
     WHERE d.customs_status = 'temporary'
     GROUP BY g.group_id
), part AS (
    SELECT g.product_id, c.since
      FROM changed c JOIN tmp_part_group g USING (group_id)
    UNION
    SELECT p.product_id, %(lock)s::date + 1
      FROM tmp_group_turned t
      JOIN immex_equivalence_part p ON p.equivalence_id = t.id
), first AS (
    SELECT product_id, min(since) AS since FROM part GROUP BY product_id
), moved AS (
    UPDATE tmp_dirty_part d
       SET since = LEAST(d.since, f.since)
      FROM first f
     WHERE f.product_id = d.product_id AND d.customs_status = 'temporary'
    RETURNING d.product_id
)
INSERT INTO tmp_dirty_part (product_id, customs_status, since, held)
SELECT f.product_id, 'temporary', f.since, FALSE
  FROM first f
 WHERE NOT EXISTS (SELECT FROM moved m WHERE m.product_id = f.product_id)
"""


def widen(cr, ctx):
    """Make ``tmp_part_group`` and have ``tmp_dirty_part`` hold whole groups."""
    execute(cr, ctx, DROP, TURNED, GROUP)
    if not ctx["full"]:
        execute(cr, ctx, WIDEN)
