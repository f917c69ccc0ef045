# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Our ledger by part beside the authority's view, and what differs.

Commercial values in pesos. Of a tariff item of an account:

    authority (remaining - over) - ours
        = charges of theirs - charges of ours                per pedimento
        + discharged by us and in no report that was applied  per exit document
        + discharged by us - reported                         per report

so the causes sum to the difference, exactly. Parameters: those of ``charges_sql``,
``expiring`` (reports take imports whose term ends within the period) and ``replay_id``.
"""

from ..scccyg.scccyg_sql import CAUSE, DESTINATION, DOCUMENT_DATE, PAID, WHOLE, share

LAYER = f"""
CREATE TEMP TABLE tmp_rp_layer ON COMMIT DROP AS
SELECT l.id, p.id AS pedimento_id, p.year || p.number15 AS pk, p.number15,
       {PAID} AS payment_date, p.entry_date, COALESCE(l.fraccion, '') AS fraccion,
       l.goods_class = 'fixed_asset' AS fixed_asset, {WHOLE} AS value,
       {PAID} < %(start)s AS initial, l.term_end,
       CASE WHEN {PAID} < %(start)s THEN %(initial_account)s
            ELSE COALESCE(f.account, g.account, 'none') END AS account
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  LEFT JOIN tmp_rp_form f ON f.pedimento_id = p.id AND f.partida_id = l.partida_id
  LEFT JOIN tmp_rp_form g ON g.pedimento_id = p.id AND g.partida_id IS NULL
 WHERE l.company_id = %(company_id)s AND l.active AND l.customs_status = 'temporary'
   AND {PAID} <= %(date)s
"""
# What left before the certification is not in the initial inventory.
TAKEN = f"""
CREATE TEMP TABLE tmp_rp_taken ON COMMIT DROP AS
SELECT t.account, t.pk, t.fraccion, t.fixed_asset, t.term_end,
       t.initial AND {DOCUMENT_DATE} < %(start)s AS before,
       {DESTINATION} AS destination, {DOCUMENT_DATE} AS date,
       e.pedimento_id AS exit_pedimento_id, n.id AS destruction_id,
       sum({share("d")}) AS value
  FROM immex_discharge d
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN tmp_rp_layer t ON t.id = l.id
  {CAUSE}
 WHERE d.company_id = %(company_id)s AND d.superseded_run_id IS NULL AND e.official
   AND {DOCUMENT_DATE} <= %(date)s
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
OURS = """
CREATE TEMP TABLE tmp_rp_ours ON COMMIT DROP AS
SELECT l.account, l.pk, l.fraccion, l.fixed_asset, l.pedimento_id, l.number15,
       l.payment_date, l.entry_date, l.initial, l.term_end,
       l.value - COALESCE(t.before, 0) AS charged, COALESCE(t.since, 0) AS discharged
  FROM (SELECT account, pk, fraccion, fixed_asset, min(pedimento_id) AS pedimento_id,
               min(number15) AS number15, min(payment_date) AS payment_date,
               min(entry_date) AS entry_date, bool_or(initial) AS initial,
               min(term_end) AS term_end, sum(value) AS value
          FROM tmp_rp_layer GROUP BY account, pk, fraccion, fixed_asset) l
  LEFT JOIN (SELECT account, pk, fraccion, fixed_asset,
                    sum(value) FILTER (WHERE before) AS before,
                    sum(value) FILTER (WHERE NOT before) AS since
               FROM tmp_rp_taken GROUP BY account, pk, fraccion, fixed_asset) t
 USING (account, pk, fraccion, fixed_asset)
 WHERE l.value <> COALESCE(t.before, 0) OR t.since <> 0
"""

# Charges of both sides, by account, pedimento, tariff item and class, numbered in the
# order in which people read them. A pedimento that Data Stage knows as rectified has
# its charge on the rectification.
ROW = """
CREATE TEMP TABLE tmp_rp_row ON COMMIT DROP AS
WITH joined AS (
    SELECT account, pk, fraccion, fixed_asset, t.source, t.value, t.tax,
           COALESCE(t.pedimento_id, o.pedimento_id) AS pedimento_id,
           COALESCE(t.number15, o.number15) AS number15,
           COALESCE(t.payment_date, o.payment_date) AS payment_date,
           COALESCE(t.entry_date, o.entry_date) AS entry_date, t.rectifies,
           o.charged AS our_charged, COALESCE(o.discharged, 0) AS our_discharged,
           o.term_end AS our_end, o.initial
      FROM (SELECT account, pk, fraccion, fixed_asset, min(source) AS source,
                   sum(value) AS value, sum(tax) AS tax,
                   min(pedimento_id) AS pedimento_id,
                   min(number15) AS number15, min(payment_date) AS payment_date,
                   min(entry_date) AS entry_date, bool_or(rectifies) AS rectifies
              FROM tmp_rp_theirs GROUP BY account, pk, fraccion, fixed_asset) t
      FULL JOIN tmp_rp_ours o USING (account, pk, fraccion, fixed_asset)
), told AS (
    SELECT j.*, bool_or(our_charged IS NOT NULL) OVER same AS our_same,
           bool_or(our_charged IS NOT NULL) OVER item AS our_item,
           bool_or(our_charged IS NOT NULL) OVER paper AS our_paper,
           bool_or(value IS NOT NULL) OVER same AS their_same,
           bool_or(value IS NOT NULL) OVER item AS their_item,
           bool_or(value IS NOT NULL) OVER paper AS their_paper
      FROM joined j
    WINDOW same AS (PARTITION BY pk, fraccion, fixed_asset),
           item AS (PARTITION BY pk, fraccion), paper AS (PARTITION BY pk)
)
SELECT nextval('immex_scccyg_replay_charge_id_seq') AS charge_id, account, pk,
       fraccion, fixed_asset, COALESCE(source, 'ours') AS source, pedimento_id,
       number15, payment_date, value, tax, our_charged, our_discharged, our_end,
       LEAST(CASE WHEN %(charge_date)s = 'entry' THEN COALESCE(entry_date, payment_date)
                  ELSE payment_date END, %(date)s::date) AS charge_date,
       CASE WHEN value IS NULL THEN NULL
            WHEN fixed_asset AND %(months_asset)s > 0
            THEN (payment_date + %(months_asset)s * interval '1 month')::date
            WHEN NOT fixed_asset AND %(months)s > 0
            THEN (payment_date + %(months)s * interval '1 month')::date
            END AS presumed_end,
       COALESCE(value, 0) - COALESCE(our_charged, 0) AS charge_difference,
       CASE WHEN account = 'none' THEN 'payment_form'
            WHEN COALESCE(value, 0) = COALESCE(our_charged, 0) THEN NULL
            WHEN our_charged IS NULL THEN
                CASE WHEN our_same THEN 'payment_form'
                     WHEN our_item THEN 'fixed_asset'
                     WHEN our_paper THEN 'tariff_item'
                     WHEN pedimento_id IS NOT NULL THEN 'no_layer'
                     WHEN rectifies THEN 'rectification'
                     ELSE 'unknown' END
            WHEN value IS NULL THEN
                CASE WHEN their_same THEN 'payment_form'
                     WHEN their_item THEN 'fixed_asset'
                     WHEN their_paper THEN 'tariff_item'
                     WHEN EXISTS (SELECT FROM immex_datastage_pedimento s
                                   WHERE s.pedimento_id = t.pedimento_id
                                     AND s.superseded) THEN 'rectification'
                     WHEN initial THEN 'not_in_inventory'
                     ELSE 'payment_form' END
            ELSE 'value' END AS charge_cause
  FROM (SELECT * FROM told
         ORDER BY account, fraccion, fixed_asset, payment_date, pk) t
"""

# Which report covers the documents of a destination and day.
COVER = """
CREATE TEMP TABLE tmp_rp_cover ON COMMIT DROP AS
SELECT d.destination, d.date, a.id AS report_id, a.date_from, a.date_to,
       b.id AS pending_id
  FROM (SELECT DISTINCT destination, date FROM tmp_rp_taken
         WHERE NOT before AND account <> 'none') d
  LEFT JOIN LATERAL (
       SELECT r.id, r.date_from, r.date_to FROM tmp_rp_report r
        WHERE r.state = 'applied' AND r.destination = d.destination
          AND d.date BETWEEN r.date_from AND r.date_to
        ORDER BY r.id DESC LIMIT 1) a ON TRUE
  LEFT JOIN LATERAL (
       SELECT r.id FROM tmp_rp_report r
        WHERE r.state = 'pending' AND r.destination = d.destination
          AND d.date BETWEEN r.date_from AND r.date_to
        ORDER BY r.id DESC LIMIT 1) b ON TRUE
"""
# Our discharges since the certification, with the report that holds them or why none.
OUR_TAKEN = """
CREATE TEMP TABLE tmp_rp_our_taken ON COMMIT DROP AS
SELECT t.account, t.pk, t.fraccion, t.fixed_asset, t.exit_pedimento_id,
       t.destruction_id, c.report_id, c.pending_id, t.value,
       CASE WHEN %(account)s <> 'both' AND t.account <> %(account)s THEN 'not_reported'
            WHEN c.report_id IS NULL AND c.pending_id IS NOT NULL THEN 'not_applied'
            WHEN c.report_id IS NULL THEN 'not_reported'
            WHEN NOT %(expiring)s AND t.term_end BETWEEN c.date_from AND c.date_to
            THEN 'expiring' END AS cause
  FROM tmp_rp_taken t
  LEFT JOIN tmp_rp_cover c
    ON c.destination IS NOT DISTINCT FROM t.destination AND c.date = t.date
 WHERE NOT t.before AND t.account <> 'none'
"""

_DIFFERENCE = """
INSERT INTO immex_scccyg_replay_difference (replay_id, company_id, account, fraccion,
    fixed_asset, cause, value, pedimento_id, exit_pedimento_id, destruction_id,
    report_id, charge_id)
"""
OF_CHARGES = f"""
{_DIFFERENCE}
SELECT %(replay_id)s, %(company_id)s, account, fraccion, fixed_asset, charge_cause,
       CASE WHEN account = 'none' THEN our_discharged - our_charged
            ELSE charge_difference END,
       pedimento_id, NULL, NULL, NULL, charge_id
  FROM tmp_rp_row
 WHERE CASE WHEN account = 'none' THEN our_discharged <> our_charged
            ELSE charge_difference <> 0 END
"""
OF_DOCUMENTS = f"""
{_DIFFERENCE}
SELECT %(replay_id)s, %(company_id)s, account, fraccion, fixed_asset, cause, sum(value),
       NULL, exit_pedimento_id, destruction_id, named_id, NULL
  FROM (SELECT t.*, CASE cause WHEN 'not_applied' THEN pending_id
                               WHEN 'expiring' THEN report_id END AS named_id
          FROM tmp_rp_our_taken t WHERE cause IS NOT NULL) t
 GROUP BY account, fraccion, fixed_asset, cause, exit_pedimento_id, destruction_id,
          named_id
HAVING sum(value) <> 0
"""
OF_REPORTS = f"""
WITH reported AS (
    SELECT r.report_id, p.account, p.fraccion, p.fixed_asset, sum(p.value) AS value
      FROM (SELECT p.discharge_id, p.account, d.fraccion, d.fixed_asset, p.value
              FROM tmp_rp_piece p JOIN tmp_rp_discharge d USING (discharge_id)
            UNION ALL
            SELECT discharge_id, d.account, d.fraccion, d.fixed_asset, a.over
              FROM tmp_rp_applied a JOIN tmp_rp_discharge d USING (discharge_id)) p
      JOIN tmp_rp_discharge r USING (discharge_id)
     GROUP BY r.report_id, p.account, p.fraccion, p.fixed_asset
), books AS (
    SELECT report_id, account, fraccion, fixed_asset, sum(value) AS value
      FROM tmp_rp_our_taken WHERE cause IS NULL
     GROUP BY report_id, account, fraccion, fixed_asset
), both_sides AS (
    SELECT report_id, account, fraccion, fixed_asset,
           COALESCE(b.value, 0) AS ours, COALESCE(r.value, 0) AS theirs,
           sum(b.value) OVER w AS our_sum, sum(r.value) OVER w AS their_sum
      FROM reported r
      FULL JOIN books b USING (report_id, account, fraccion, fixed_asset)
    WINDOW w AS (PARTITION BY report_id, fraccion, fixed_asset)
), under_way AS (
    -- corrections that were not sent yet, or not applied
    SELECT replaces_id AS report_id FROM immex_scccyg_report
     WHERE company_id = %(company_id)s AND replaces_id IS NOT NULL
       AND state IN ('draft', 'written', 'rejected')
    UNION
    SELECT replaces_id FROM tmp_rp_report
     WHERE state = 'pending' AND replaces_id IS NOT NULL
)
{_DIFFERENCE}
SELECT %(replay_id)s, %(company_id)s, account, fraccion, fixed_asset,
       CASE WHEN our_sum = their_sum THEN 'peps_order'
            WHEN u.report_id IS NOT NULL THEN 'correction_pending'
            WHEN our_sum IS NULL THEN 'not_in_ledger'
            ELSE 'correction_due' END,
       ours - theirs, NULL, NULL, NULL, report_id, NULL
  FROM both_sides s
  LEFT JOIN under_way u USING (report_id)
 WHERE ours <> theirs
"""
