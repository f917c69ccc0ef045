# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A replay from its first statement to its last: see ``make``."""

from ...engine import replay as engine
from . import charges_sql as charges
from . import compare_sql as compare

STAGED = (
    "tmp_rp_report",
    "tmp_rp_form",
    "tmp_rp_theirs",
    "tmp_rp_layer",
    "tmp_rp_taken",
    "tmp_rp_ours",
    "tmp_rp_row",
    "tmp_rp_charge",
    "tmp_rp_discharge",
    "tmp_rp_cover",
    "tmp_rp_our_taken",
)
DROP = f"DROP TABLE IF EXISTS {', '.join(STAGED)}"

_NUMBER = """
    substr({n}, 1, 2) || '  ' || substr({n}, 3, 2) || '  ' || substr({n}, 5, 4)
    || '  ' || substr({n}, 9, 7)
"""
# What is left of the difference of a charge once its own cause and what no report has
# are taken off: taken by other documents, or in another order.
CHARGES = f"""
WITH uncovered AS (
    SELECT account, pk, fraccion, fixed_asset, sum(value) AS value,
           min(cause) AS cause
      FROM tmp_rp_our_taken WHERE cause IS NOT NULL
     GROUP BY account, pk, fraccion, fixed_asset
), seen AS (
    SELECT r.*, COALESCE(l.discharged, 0) AS discharged,
           COALESCE(l.remaining, 0) AS remaining, COALESCE(l.expired, FALSE) AS expired,
           COALESCE(r.our_charged, 0) - r.our_discharged AS our_balance,
           COALESCE(u.value, 0) AS uncovered, u.cause AS uncovered_cause,
           sum(r.our_discharged - COALESCE(u.value, 0) - COALESCE(l.discharged, 0))
               OVER (PARTITION BY r.account, r.fraccion, r.fixed_asset) AS reports_apart
      FROM tmp_rp_row r
      LEFT JOIN tmp_rp_left l USING (charge_id)
      LEFT JOIN uncovered u USING (account, pk, fraccion, fixed_asset)
)
INSERT INTO immex_scccyg_replay_charge (id, replay_id, company_id, account, source,
    pedimento_id, number, payment_date, fraccion, fixed_asset, value, discharged,
    remaining, tax, tax_remaining, term_end, expired, our_charged, our_discharged,
    our_balance, our_term_end, difference, cause)
SELECT charge_id, %(replay_id)s, %(company_id)s, account, source, s.pedimento_id,
       COALESCE(p.number, {_NUMBER.format(n="s.number15")}), s.payment_date, fraccion,
       fixed_asset, COALESCE(value, 0), discharged, remaining,
       COALESCE(tax, 0), COALESCE(round(tax * remaining / NULLIF(value, 0), 2), 0),
       presumed_end, expired,
       COALESCE(our_charged, 0), our_discharged, our_balance, our_end,
       remaining - our_balance,
       CASE WHEN remaining = our_balance THEN NULL
            WHEN charge_cause IS NOT NULL THEN charge_cause
            WHEN remaining - our_balance = uncovered THEN uncovered_cause
            WHEN reports_apart = 0 THEN 'peps_order'
            ELSE 'correction_due' END
  FROM seen s
  LEFT JOIN immex_pedimento p ON p.id = s.pedimento_id
"""
DISCHARGES = """
INSERT INTO immex_scccyg_replay_discharge (id, replay_id, company_id, account,
    report_id, destination, date_to, fraccion, fixed_asset, value, step, pending,
    applied, over, reason)
SELECT d.discharge_id, %(replay_id)s, %(company_id)s, d.account, d.report_id,
       d.destination, d.date_to, d.fraccion, d.fixed_asset, d.value, d.step,
       d.step > %(date)s, COALESCE(a.applied, 0), COALESCE(a.over, 0), a.reason
  FROM tmp_rp_discharge d
  LEFT JOIN tmp_rp_applied a USING (discharge_id)
"""
PIECES = """
INSERT INTO immex_scccyg_replay_piece (replay_id, company_id, charge_id, discharge_id,
    step, value)
SELECT %(replay_id)s, %(company_id)s, charge_id, discharge_id, step, value
  FROM tmp_rp_piece
"""
STEPS = """
INSERT INTO immex_scccyg_replay_step (replay_id, company_id, account, fixed_asset, step,
    charged, discharged, over, remaining, over_so_far, expired)
SELECT %(replay_id)s, %(company_id)s, account, fixed_asset, step, charged, discharged,
       over, remaining, over_so_far, expired
  FROM tmp_rp_step
"""
# The cause that weighs most is the one of the tariff item.
LINES = """
WITH charge AS (
    SELECT account, fraccion, fixed_asset, sum(value) AS charged,
           sum(discharged) AS discharged, sum(remaining) AS remaining,
           sum(tax) AS tax, sum(tax_remaining) AS tax_remaining,
           COALESCE(sum(remaining) FILTER (WHERE expired), 0) AS expired,
           sum(our_charged) AS our_charged, sum(our_discharged) AS our_discharged,
           sum(our_balance) AS our_balance
      FROM immex_scccyg_replay_charge WHERE replay_id = %(replay_id)s
     GROUP BY account, fraccion, fixed_asset
), discharge AS (
    SELECT account, fraccion, fixed_asset, sum(over) AS over,
           COALESCE(sum(value) FILTER (WHERE pending), 0) AS pending
      FROM immex_scccyg_replay_discharge WHERE replay_id = %(replay_id)s
     GROUP BY account, fraccion, fixed_asset
), cause AS (
    SELECT account, fraccion, fixed_asset, sum(value) AS explained,
           (array_agg(cause ORDER BY weight DESC, cause))[1] AS cause
      FROM (SELECT account, fraccion, fixed_asset, cause, sum(value) AS value,
                   sum(abs(value)) AS weight
              FROM immex_scccyg_replay_difference WHERE replay_id = %(replay_id)s
             GROUP BY account, fraccion, fixed_asset, cause) d
     GROUP BY account, fraccion, fixed_asset
), line AS (
    SELECT account, fraccion, fixed_asset, COALESCE(c.charged, 0) AS charged,
           COALESCE(c.discharged, 0) AS discharged,
           COALESCE(c.remaining, 0) AS remaining, COALESCE(c.tax, 0) AS tax,
           COALESCE(c.tax_remaining, 0) AS tax_remaining,
           COALESCE(c.expired, 0) AS expired,
           COALESCE(d.over, 0) AS over, COALESCE(d.pending, 0) AS pending,
           COALESCE(c.our_charged, 0) AS our_charged,
           COALESCE(c.our_discharged, 0) AS our_discharged,
           COALESCE(c.our_balance, 0) AS our_balance,
           COALESCE(x.explained, 0) AS explained, x.cause
      FROM charge c
      FULL JOIN discharge d USING (account, fraccion, fixed_asset)
      FULL JOIN cause x USING (account, fraccion, fixed_asset)
)
INSERT INTO immex_scccyg_replay_line (replay_id, company_id, account, fraccion,
    fixed_asset, charged, discharged, remaining, tax, tax_remaining, expired, over,
    balance, pending, our_charged, our_discharged, our_balance, difference,
    unexplained, cause)
SELECT %(replay_id)s, %(company_id)s, account, fraccion, fixed_asset, charged,
       discharged, remaining, tax, tax_remaining, expired, over, remaining - over,
       pending, our_charged,
       our_discharged, our_balance, remaining - over - our_balance,
       remaining - over - our_balance - explained, cause
  FROM line
"""
_SUMS = (
    "charged",
    "discharged",
    "remaining",
    "tax_remaining",
    "expired",
    "over",
    "our_balance",
)
TOTALS = f"""
UPDATE immex_scccyg_replay r
   SET ({", ".join(_SUMS)}, difference, over_count, differing_count) = (
       SELECT {", ".join(f"COALESCE(sum({name}), 0)" for name in _SUMS)},
              COALESCE(sum(difference), 0), count(*) FILTER (WHERE over > 0),
              count(*) FILTER (WHERE difference <> 0)
         FROM immex_scccyg_replay_line WHERE replay_id = r.id)
 WHERE r.id = %(replay_id)s
"""


def make(cr, params):
    """Write charges, discharges, steps, tariff items and differences of a replay.

    :param params: those of ``charges_sql`` and ``compare_sql``
    """

    def stage(table, statement):
        cr.execute(statement, params)
        cr.execute(f"ANALYZE {table}")  # pylint: disable=sql-injection

    cr.execute(DROP)
    stage("tmp_rp_report", charges.REPORT)
    stage("tmp_rp_form", charges.FORMS)
    stage("tmp_rp_theirs", charges.THEIRS)
    stage("tmp_rp_layer", compare.LAYER)
    stage("tmp_rp_taken", compare.TAKEN)
    stage("tmp_rp_ours", compare.OURS)
    stage("tmp_rp_row", compare.ROW)
    stage("tmp_rp_charge", charges.CHARGE)
    stage("tmp_rp_discharge", charges.DISCHARGE)
    engine.replay(cr, params["date"])
    stage("tmp_rp_cover", compare.COVER)
    stage("tmp_rp_our_taken", compare.OUR_TAKEN)
    for statement in (
        CHARGES,
        DISCHARGES,
        PIECES,
        STEPS,
        compare.OF_CHARGES,
        compare.OF_DOCUMENTS,
        compare.OF_REPORTS,
        LINES,
        TOTALS,
    ):
        cr.execute(statement, params)
