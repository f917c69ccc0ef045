# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a run writes: lines by difference, so that people's work on them stays.

A line is known again by ``key``: what it is about, never a database id. What a person
decided about it holds while both sides say the same; the owner and the text stay.
"""

_SAME = """(n.kind, n.ours, n.theirs) IS NOT DISTINCT FROM
       ({old}.kind, {old}.ours, {old}.theirs)"""

# How many records of the government there are, by pedimento and partida (0: none).
CHILDREN = """
CREATE TEMP TABLE tmp_rc_child ON COMMIT DROP AS
WITH p AS MATERIALIZED (
    SELECT pair, theirs_id FROM tmp_rc_pair
     WHERE kind IN ('missing_here', 'old_there') OR kind = 'both' AND compared
)
SELECT pair, sequence, sum(partidas)::integer AS partidas,
       sum(entries)::integer AS entries
  FROM (
    SELECT p.pair, s.sequence, 1 AS partidas, 0 AS entries
      FROM p JOIN immex_datastage_partida s ON s.datastage_id = p.theirs_id
    UNION ALL
    SELECT p.pair, COALESCE(c.sequence, 0), 0,
           count(*) FILTER (WHERE c.kind = 'rate')
           + count(DISTINCT (c.code, c.payment_form)) FILTER (WHERE c.kind = 'amount')
      FROM p JOIN immex_datastage_contribution c ON c.datastage_id = p.theirs_id
     GROUP BY 1, 2
    UNION ALL
    SELECT p.pair, COALESCE(c.sequence, 0), 0, count(*)
      FROM p JOIN immex_datastage_identifier c ON c.datastage_id = p.theirs_id
     GROUP BY 1, 2
  ) c GROUP BY 1, 2
"""

# with the government's records that each difference is about
NEW = """
CREATE TEMP TABLE tmp_rc_new ON COMMIT DROP AS
SELECT l.*, concat_ws('|', l.level, l.record_key, l.field,
           CASE WHEN l.kind IN ('version', 'old_here', 'old_there') THEN l.kind END)
           AS key,
       CASE WHEN l.level = 'pedimento' AND l.kind NOT IN ('missing_there', 'old_here')
            THEN 1 ELSE 0 END AS of_pedimento,
       CASE WHEN l.level = 'partida' AND l.kind <> 'missing_there' THEN 1
            WHEN l.level = 'pedimento' AND l.kind IN ('missing_here', 'old_there')
            THEN COALESCE(w.partidas, 0) ELSE 0 END AS of_partida,
       CASE WHEN l.level IN ('amount', 'rate', 'identifier')
                 AND l.kind <> 'missing_there' THEN 1
            WHEN l.level = 'pedimento' AND l.kind IN ('missing_here', 'old_there')
            THEN COALESCE(w.entries, 0)
            WHEN l.level = 'partida' AND l.kind = 'missing_here'
            THEN COALESCE(c.entries, 0) ELSE 0 END AS of_entry
  FROM tmp_rc_line l
  LEFT JOIN tmp_rc_child c ON c.pair = l.pair AND c.sequence = l.sequence
  LEFT JOIN (SELECT pair, sum(partidas)::integer AS partidas,
                    sum(entries)::integer AS entries
               FROM tmp_rc_child GROUP BY pair) w ON w.pair = l.pair
"""

GONE = """
DELETE FROM immex_reconciliation_line l
 WHERE l.reconciliation_id = %(run_id)s
   AND NOT EXISTS (SELECT FROM tmp_rc_new n WHERE n.key = l.key)
"""

CHANGED = f"""
UPDATE immex_reconciliation_line l
   SET kind = n.kind, ours = n.ours, theirs = n.theirs, ours_amount = n.ours_amount,
       theirs_amount = n.theirs_amount, difference = n.difference,
       payment_date = n.payment_date, pedimento_id = n.pedimento_id,
       datastage_id = n.datastage_id, number15 = n.number15,
       other_number = n.other_number, of_pedimento = n.of_pedimento,
       of_partida = n.of_partida, of_entry = n.of_entry,
       state = CASE WHEN {_SAME.format(old="l")} THEN l.state ELSE 'open' END
  FROM tmp_rc_new n
 WHERE l.reconciliation_id = %(run_id)s AND l.key = n.key
   AND ((n.ours_amount, n.theirs_amount, n.difference, n.payment_date, n.pedimento_id,
         n.datastage_id, n.number15, n.other_number, n.of_partida, n.of_entry)
        IS DISTINCT FROM
        (l.ours_amount, l.theirs_amount, l.difference, l.payment_date, l.pedimento_id,
         l.datastage_id, l.number15, l.other_number, l.of_partida, l.of_entry)
        OR NOT {_SAME.format(old="l")})
"""

# what people last decided about it, in whatever run of the company
ADDED = f"""
INSERT INTO immex_reconciliation_line (
    reconciliation_id, company_id, key, level, kind, number15, other_number,
    payment_date, pedimento_id, datastage_id, sequence, code, form, field, ours, theirs,
    ours_amount, theirs_amount, difference, record_key, of_pedimento, of_partida,
    of_entry, state, user_id, explanation,
    state_user_id, state_date)
SELECT %(run_id)s, %(company_id)s, n.key, n.level, n.kind, n.number15, n.other_number,
       n.payment_date, n.pedimento_id, n.datastage_id, n.sequence, n.code, n.form,
       n.field, n.ours, n.theirs, n.ours_amount, n.theirs_amount, n.difference,
       n.record_key, n.of_pedimento, n.of_partida, n.of_entry,
       CASE WHEN {_SAME.format(old="d")} THEN COALESCE(d.state, 'open')
            ELSE 'open' END,
       d.user_id, d.explanation, d.state_user_id, d.state_date
  FROM tmp_rc_new n
  LEFT JOIN (
      SELECT DISTINCT ON (key) *
        FROM immex_reconciliation_line
       WHERE company_id = %(company_id)s AND reconciliation_id <> %(run_id)s
         AND state_date IS NOT NULL
       ORDER BY key, state_date DESC, id DESC
  ) d ON d.key = n.key
 WHERE NOT EXISTS (SELECT FROM immex_reconciliation_line l
                    WHERE l.reconciliation_id = %(run_id)s AND l.key = n.key)
 ORDER BY n.payment_date, n.number15, n.sequence NULLS FIRST, n.key
"""

TOTALS = """
SELECT (SELECT count(*) FROM tmp_rc_pair
         WHERE kind IN ('both', 'missing_here', 'old_there')),
       COALESCE(sum(partidas), 0), COALESCE(sum(entries), 0),
       (SELECT count(*) FROM tmp_rc_pair WHERE NOT covered)
  FROM tmp_rc_child
"""

# Records of which something differs, and of which something is not explained.
WRONG = """
SELECT COALESCE(sum(of_pedimento), 0), COALESCE(sum(of_partida), 0),
       COALESCE(sum(of_entry), 0),
       COALESCE(sum(of_pedimento) FILTER (WHERE unsettled), 0),
       COALESCE(sum(of_partida) FILTER (WHERE unsettled), 0),
       COALESCE(sum(of_entry) FILTER (WHERE unsettled), 0)
  FROM (
    SELECT max(of_pedimento) AS of_pedimento, max(of_partida) AS of_partida,
           max(of_entry) AS of_entry,
           bool_or(state = 'open' AND of_pedimento + of_partida + of_entry > 0)
               AS unsettled
      FROM immex_reconciliation_line
     WHERE reconciliation_id = %(run_id)s
     GROUP BY record_key
  ) r
"""
