# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Amounts of the partidas (557) against those of their pedimento (510), on either side.

Of contributions that Appendix 12 puts at the partida alone, by payment form. Where a
side tells amounts of one of the two levels only, there is nothing to compare there.
"""

from .compared_fields import key

# One side: each amount with its partida's number, or 0. Rows of partidas are counted,
# since each of them is rounded by itself.
_SUMS = """
WITH amount AS MATERIALIZED (
    {amounts}
), summed AS (
    SELECT pair, code, form,
           COALESCE(sum(amount) FILTER (WHERE of_partida), 0) AS partidas,
           COALESCE(sum(amount) FILTER (WHERE NOT of_partida), 0) AS pedimento,
           count(*) FILTER (WHERE of_partida) AS row_count
      FROM amount
     WHERE pair IN (SELECT pair FROM amount GROUP BY pair
                    HAVING bool_or(of_partida) AND bool_or(NOT of_partida))
       AND code IN (SELECT code FROM immex_contribution
                     WHERE levels LIKE '%%P%%' AND levels NOT LIKE '%%G%%')
     GROUP BY pair, code, form
)
INSERT INTO tmp_rc_line (level, kind, pair, code, form, ours, theirs, ours_amount,
    theirs_amount, difference, record_key, number15, payment_date, pedimento_id,
    datastage_id)
SELECT 'total', '{kind}', p.pair, s.code, s.form, trim_scale(s.partidas)::text,
       trim_scale(s.pedimento)::text, s.partidas, s.pedimento, s.partidas - s.pedimento,
       concat_ws('|', p.number15, '{kind}', s.code, COALESCE(s.form, '')),
       p.number15, p.payment_date, p.ours_id, p.theirs_id
  FROM summed s
  JOIN tmp_rc_pair p ON p.pair = s.pair
 WHERE abs(s.partidas - s.pedimento)
       > %(sums)s::numeric * greatest(s.row_count, 1)
"""

# of initial balances only what remained is recorded
OURS = _SUMS.format(
    kind="sum_here",
    amounts=f"""
    SELECT p.pair, {key("c.code")} AS code, {key("c.payment_form")} AS form,
           c.partida_id IS NOT NULL AS of_partida, c.amount
      FROM tmp_rc_pair p
      JOIN immex_pedimento o ON o.id = p.ours_id AND o.origin <> 'opening'
      JOIN immex_pedimento_contribution c ON c.pedimento_id = o.id
     WHERE c.kind = 'amount'
""",
)
# keys came into the store without their zeros
THEIRS = _SUMS.format(
    kind="sum_there",
    amounts="""
    SELECT p.pair, c.code, c.payment_form AS form,
           COALESCE(c.sequence, 0) > 0 AS of_partida, c.amount
      FROM tmp_rc_pair p
      JOIN immex_datastage_contribution c ON c.datastage_id = p.theirs_id
     WHERE c.kind = 'amount'
""",
)
