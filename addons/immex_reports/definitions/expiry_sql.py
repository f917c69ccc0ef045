# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What expires, layer by layer: what each way out costs on a day, set-based.

The day (``date_to``) is that of the balance and of the payment. The sums are those of
``immex_compliance/models/regularization/calculation.py``, which a test holds against
this query: contributions exact until each is paid, whole pesos then (CFF 20).

An amount of which a figure is missing is NULL, never zero; ``missing`` names what.

Sources: LA 108 to 112, 182-II, 183-II and III; RLA 140-III, 142, 166-II, 176; RGCE
1.6.8, 1.6.10, 2.5.2, 4.3.5, 4.3.21; Anexo 22, appendix 2 (F4, F5, A3); CFF 17-A, 20,
21; LIVA 27.
"""

from .base import KNOWN
from .stake import DEFERRED_FORMS, stake, stake_sums

NOTICE_DAYS = 30  # RLA 142-I

_FORMS = ", ".join(f"'{form}'" for form in DEFERRED_FORMS)
_DAY = "%(date_to)s::date"


def _month(day, shift=0):
    return f"(date_trunc('month', {day}) + interval '{shift} month')::date"


def _levy(code, alias):
    """Rate in force of a contribution; that of the import where it is owed since."""
    since = f"CASE WHEN p.back THEN s.since ELSE {_DAY} END"
    rate = f"""
      SELECT r.kind, r.rate, r.minimum, COALESCE(r.dated_back, FALSE) AS back
        FROM immex_levy_rate r JOIN immex_contribution c ON c.id = r.contribution_id
       WHERE c.code = '{code}'
         AND {{day}} BETWEEN r.valid_from AND COALESCE(r.valid_to, 'infinity')
       ORDER BY r.valid_from DESC LIMIT 1"""
    return f"""
  LEFT JOIN LATERAL (
      SELECT v.* FROM ({rate.format(day=_DAY)}) p
       CROSS JOIN LATERAL ({rate.format(day=since)}) v
  ) {alias} ON TRUE"""


def _amount(levy, base):
    """SQL of a contribution (columns ``<levy>_kind`` and so on) on a base; NULL where
    its rate or its base is unknown."""
    return f"""CASE WHEN {levy}_kind IS NOT NULL AND {base} IS NOT NULL THEN
             GREATEST(CASE {levy}_kind WHEN 'percent' THEN {base} * {levy}_rate * 0.01
                 WHEN 'mille' THEN {base} * {levy}_rate * 0.001
                 ELSE {levy}_rate END, COALESCE({levy}_minimum, 0)) END"""


def _owed(rate, share):
    """SQL of a duty in percent less what was paid of it; NULL where unknown."""
    return f"""CASE WHEN r.value * {rate} IS NOT NULL
                THEN GREATEST(r.value * {rate} * 0.01 - COALESCE({share}, 0), 0) END"""


def pesos(amount):
    """Whole pesos: up to fifty centavos go down (CFF 20)."""
    return f"ceil({amount} - 0.5)"


def _updated(owed):
    return f"CASE WHEN {owed} = 0 THEN 0 ELSE {owed} * d.factor END"


def _surcharge(owed, updated):
    return f"CASE WHEN {owed} = 0 THEN 0 ELSE {updated} * d.rate_sum * 0.01 END"


def _fine(situation, alias):
    """The greatest of the fines of a situation (CFF 75-V): lowest and highest."""
    bound = """(CASE f.basis WHEN 'amount' THEN f.{bound}
                 ELSE f.{bound} * 0.01 * CASE f.basis WHEN 'duties' THEN b.igi_owed
                     WHEN 'vat' THEN b.iva_owed WHEN 'commercial' THEN b.commercial
                     ELSE b.value END END
             * CASE WHEN f.period_days > 0
                    THEN ceil(GREATEST(b.days, 0)::numeric / f.period_days)
                    ELSE 1 END)"""
    ends = []
    for end in ("minimum", "maximum"):
        sql = bound.format(bound=end)
        capped = f"CASE WHEN f.capped THEN LEAST({sql}, b.commercial) ELSE {sql} END"
        ends.append(f"{pesos(capped)} AS {end}")
    # paid at the import: nothing is owed in whole pesos (LA 183-III; CFF 20)
    paid = f"(b.igi_paid > 0 AND {pesos('b.igi_owed')} <= 0)"
    return f"""
  LEFT JOIN LATERAL (
      SELECT {", ".join(ends)}
        FROM fine f
       WHERE f.situation = '{situation}'
         AND (f.condition = 'any'
              OR f.condition = 'duty' AND b.igi_rate > 0 AND {paid} IS NOT TRUE
              OR f.condition = 'exempt' AND (b.igi_rate = 0 OR {paid})
              OR f.condition = 'restricted' AND b.restricted)
       ORDER BY maximum DESC NULLS LAST, minimum DESC NULLS LAST LIMIT 1
  ) {alias} ON TRUE"""


def figures(which=""):
    """The query: a row for each temporary layer with balance and a term at the day.

    :param which: condition on the layer (alias ``l``), to read a few of them, also
        those whose stay has no term
    """
    return f"""
WITH setting AS MATERIALIZED (
    SELECT COALESCE(c.immex_factor_rounding, 'truncate') = 'truncate' AS cut,
           COALESCE(c.immex_last_index, FALSE) AS last_index,
           COALESCE(c.immex_surcharge_count, '') = 'calendar' AS calendar,
           COALESCE(c.immex_surcharge_cap, 0) AS cap,
           COALESCE(c.immex_vat_on_surcharges, FALSE) AS in_vat,
           EXISTS (SELECT FROM immex_program g
                    WHERE g.company_id = c.id AND g.kind = 'immex'
                      AND g.modality = 'services'
                      AND (g.valid_from IS NULL OR g.valid_from <= {_DAY})
                      AND (g.valid_to IS NULL OR g.valid_to >= {_DAY})) AS services
      FROM res_company c WHERE c.id = %(company_id)s
), taken AS (
    SELECT x.layer_id, sum(x.quantity) AS quantity,
           sum(x.customs_value) AS customs_value
      FROM immex_discharge x
      JOIN immex_exit_line e ON e.id = x.exit_line_id
      {"JOIN immex_layer l ON l.id = x.layer_id" if which else ""}
     WHERE x.company_id = %(company_id)s AND ({KNOWN})
       AND e.document_date <= %(date_to)s {f"AND {which}" if which else ""}
     GROUP BY x.layer_id
), layer AS MATERIALIZED (
    SELECT l.id, l.product_id, l.pedimento_id, l.partida_id, l.goods_class, l.fraccion,
           NULLIF(l.nico, '') AS nico, l.origin_country_id, l.quantity, l.qty_umt,
           l.customs_value, l.term_end, COALESCE(l.term_safe_date, l.term_end) AS safe,
           l.term_rule_id, COALESCE(l.term_start, l.peps_date) AS since, l.peps_date,
           l.peps_key, l.quantity - COALESCE(s.quantity, 0) AS left_over,
           l.customs_value - COALESCE(s.customs_value, 0) AS value,
           round(l.commercial_value * (l.quantity - COALESCE(s.quantity, 0))
                 / l.quantity, 2) AS commercial
      FROM immex_layer l
      LEFT JOIN taken s ON s.layer_id = l.id
     WHERE l.company_id = %(company_id)s AND l.active
       AND l.customs_status = 'temporary'
       {"" if which else "AND l.term_end IS NOT NULL"}
       AND l.peps_date <= %(date_to)s
       AND l.quantity > COALESCE(s.quantity, 0) {f"AND {which}" if which else ""}
), deferred AS (
    SELECT t.id, {stake_sums("t.amount", "t.code")}
      FROM (SELECT l.id, c.code, {stake("l.left_over")} AS amount
              FROM layer l
              JOIN immex_pedimento_partida a ON a.id = l.partida_id
              JOIN immex_pedimento_contribution c ON c.partida_id = a.id
             WHERE c.kind = 'amount' AND ltrim(c.payment_form, '0') IN ({_FORMS})) t
     GROUP BY t.id
), declared AS (
    -- the first rate of each contribution, and what was paid in cash
    SELECT c.partida_id,
           (array_agg(c.rate ORDER BY c.id) FILTER (
               WHERE c.kind = 'rate' AND c.code = '6'))[1] AS igi_rate,
           (array_agg(btrim(COALESCE(c.rate_type, '')) ORDER BY c.id) FILTER (
               WHERE c.kind = 'rate' AND c.code = '6'))[1] AS igi_type,
           (array_agg(c.rate ORDER BY c.id) FILTER (
               WHERE c.kind = 'rate' AND c.code = '2'))[1] AS cc_rate,
           (array_agg(btrim(COALESCE(c.rate_type, '')) ORDER BY c.id) FILTER (
               WHERE c.kind = 'rate' AND c.code = '2'))[1] AS cc_type,
           bool_or(c.kind <> 'rate' AND c.code = '2' AND c.amount > 0) AS has_cc,
           sum(c.amount) FILTER (WHERE c.kind <> 'rate' AND c.code = '6'
               AND btrim(COALESCE(c.payment_form, '')) = '0') AS igi_cash,
           sum(c.amount) FILTER (WHERE c.kind <> 'rate' AND c.code = '2'
               AND btrim(COALESCE(c.payment_form, '')) = '0') AS cc_cash
      FROM immex_pedimento_contribution c
     WHERE c.partida_id IN (SELECT partida_id FROM layer)
     GROUP BY c.partida_id
), tariff AS (
    -- the general rate of the day of import, where all NICOs of the item agree
    SELECT k.fraccion, k.nico, k.since, t.rate
      FROM (SELECT DISTINCT fraccion, nico, since FROM layer) k
      CROSS JOIN LATERAL (
          SELECT CASE WHEN count(DISTINCT q.rate) = 1
                       AND bool_and(q.specific IS NULL) THEN min(q.rate) END AS rate
            FROM (SELECT DISTINCT ON (i.code) i.code, COALESCE(r.rate, 0) AS rate,
                         NULLIF(r.specific, '') AS specific
                    FROM immex_tariff_item i
                    JOIN immex_tariff_rate r ON r.tariff_item_id = i.id
                   WHERE i.fraccion = k.fraccion
                     AND (k.nico IS NULL OR i.nico = k.nico) AND r.flow = 'import'
                     AND k.since BETWEEN r.valid_from
                         AND COALESCE(r.valid_to, 'infinity')
                   ORDER BY i.code, r.valid_from DESC, r.id DESC) q
      ) t
), inpc AS MATERIALIZED (
    SELECT {_month("month")} AS month, value FROM immex_price_index
), monthly AS MATERIALIZED (
    SELECT {_month("month")} AS month, rate FROM immex_surcharge_rate
), day AS MATERIALIZED (
    -- by day of import: factor, surcharges, and the rates that are the same for all
    SELECT s.since, m.factor, m.index_lacks, u.months, u.rate_sum, u.rate_lacks,
           dta.kind AS dta_kind, dta.rate AS dta_rate, dta.minimum AS dta_minimum,
           dta.back AS dta_back, vat.kind AS vat_kind, vat.rate AS vat_rate,
           vat.minimum AS vat_minimum, vat.back AS vat_back
      FROM (SELECT DISTINCT since FROM layer) s
      CROSS JOIN setting o
      CROSS JOIN LATERAL (
          SELECT CASE WHEN n.same THEN 1
                      WHEN n.quotient IS NULL THEN NULL
                      WHEN o.cut THEN GREATEST(trunc(n.quotient, 4), 1)
                      ELSE GREATEST(round(n.quotient, 4), 1) END AS factor,
                 NOT n.same AND n.quotient IS NULL AS index_lacks
            FROM (SELECT {_month("s.since")} >= {_month(_DAY)} AS same,
                         round(COALESCE(b.value, p.value), 40) / a.value AS quotient
                    FROM (SELECT {_month("s.since", -1)} AS old,
                                 {_month(_DAY, -1)} AS new, {_month(_DAY, -2)} AS prior
                         ) k
                    LEFT JOIN inpc a ON a.month = k.old
                    LEFT JOIN inpc b ON b.month = k.new
                    LEFT JOIN inpc p ON p.month = k.prior AND o.last_index
                         AND k.prior >= k.old) n
      ) m
      CROSS JOIN LATERAL (
          SELECT count(*) AS months,
                 CASE WHEN count(*) = count(r.rate) THEN COALESCE(sum(r.rate), 0)
                 END AS rate_sum,
                 count(*) > count(r.rate) AS rate_lacks
            FROM generate_series(0, LEAST(
                     CASE WHEN o.cap > 0 THEN o.cap ELSE 100000 END,
                     12 * extract(year FROM age({_DAY}, s.since))::integer + 13) - 1) n
            LEFT JOIN monthly r
              ON r.month = (date_trunc('month', s.since)
                            + make_interval(months => n))::date
           WHERE CASE WHEN o.calendar
                      THEN date_trunc('month', s.since) + make_interval(months => n)
                           <= {_DAY}
                      ELSE s.since + make_interval(months => n) < {_DAY} END
      ) u{_levy("1", "dta")}{_levy("3", "vat")}
), fine AS MATERIALIZED (
    SELECT f.situation, f.condition, f.basis, f.minimum, f.maximum,
           COALESCE(f.period_days, 0) AS period_days,
           COALESCE(f.capped, FALSE) AS capped
      FROM immex_fine f
     WHERE {_DAY} BETWEEN f.valid_from AND COALESCE(f.valid_to, 'infinity')
), rated AS (
    SELECT l.*, {_DAY} - l.term_end AS days,
           COALESCE(l.term_end < {_DAY}, FALSE) AS expired,
           COALESCE(NULLIF(l.commercial, 0), l.value) AS worth,
           CASE WHEN w.igi_known THEN w.igi_rate
                WHEN c.igi_type IN ('', '1') THEN c.igi_rate
                WHEN c.igi_type IS NULL THEN t.rate END AS igi_rate,
           CASE WHEN w.igi_known THEN 'entered'
                WHEN c.igi_type IN ('', '1') AND c.igi_rate IS NOT NULL THEN 'declared'
                WHEN c.igi_type IS NULL AND t.rate IS NOT NULL THEN 'tariff'
                ELSE 'unknown' END AS igi_source,
           CASE WHEN w.cc_known THEN w.cc_rate
                WHEN c.cc_type IN ('', '1') THEN c.cc_rate
                WHEN c.cc_type IS NULL AND c.has_cc IS NOT TRUE THEN 0 END AS cc_rate,
           COALESCE(w.no_dta, FALSE) AS no_dta,
           COALESCE(w.restricted, FALSE) AS restricted,
           round(COALESCE(c.igi_cash * l.value, 0), 40)
               / NULLIF(a.customs_value, 0) AS igi_share,
           round(COALESCE(c.cc_cash * l.value, 0), 40)
               / NULLIF(a.customs_value, 0) AS cc_share
      FROM layer l
      LEFT JOIN immex_pedimento_partida a ON a.id = l.partida_id
      LEFT JOIN declared c ON c.partida_id = l.partida_id
      LEFT JOIN tariff t ON t.fraccion = l.fraccion AND t.since = l.since
           AND t.nico IS NOT DISTINCT FROM l.nico
      LEFT JOIN immex_way_out w ON w.layer_id = l.id
), owed AS (
    SELECT r.*, COALESCE(r.igi_share, 0) AS igi_paid,
           CASE WHEN r.cc_rate > 0 THEN COALESCE(r.cc_share, 0) ELSE 0 END AS cc_paid,
           {_owed("r.igi_rate", "r.igi_share")} AS igi_owed,
           CASE WHEN r.cc_rate = 0 THEN 0
                ELSE {_owed("r.cc_rate", "r.cc_share")} END AS cc_owed
      FROM rated r
), updated AS (
    SELECT r.*, d.factor, d.rate_sum, d.months, d.index_lacks, d.rate_lacks,
           d.vat_kind, d.vat_rate, d.vat_minimum, d.vat_back, d.dta_kind, o.in_vat,
           o.services, {_updated("r.igi_owed")} AS igi,
           {_updated("r.cc_owed")} AS cc,
           CASE WHEN r.no_dta THEN 0 ELSE x.dta
                * CASE WHEN d.dta_back THEN d.factor ELSE 1 END END AS dta,
           CASE WHEN r.no_dta OR NOT d.dta_back THEN 0
                ELSE x.dta * d.factor * d.rate_sum * 0.01 END AS dta_surcharge
      FROM owed r
      CROSS JOIN setting o
      JOIN day d ON d.since = r.since
      CROSS JOIN LATERAL (
          SELECT {_amount("d.dta", "r.value")} AS dta
      ) x
), based AS (
    SELECT d.*, {_surcharge("d.igi_owed", "d.igi")} AS igi_surcharge,
           {_surcharge("d.cc_owed", "d.cc")} AS cc_surcharge,
           d.value + d.igi_paid + d.cc_paid + d.igi + d.cc + d.dta AS vat_base
      FROM updated d
), taxed AS (
    SELECT b.*, f4.amount AS f4_vat, a3.amount AS a3_vat,
           CASE WHEN b.vat_back THEN f4.amount * b.factor ELSE f4.amount END
               AS f4_vat_updated,
           CASE WHEN b.vat_back THEN a3.amount * b.factor ELSE a3.amount END
               AS a3_vat_updated,
           b.igi_surcharge + b.cc_surcharge + b.dta_surcharge
               + CASE WHEN b.vat_back THEN a3.amount * b.factor * b.rate_sum * 0.01
                      ELSE 0 END AS surcharges
      FROM based b
      CROSS JOIN LATERAL (
          SELECT b.vat_base + CASE WHEN b.in_vat THEN b.igi_surcharge + b.cc_surcharge
                                        + b.dta_surcharge ELSE 0 END AS a3_base
      ) k
      CROSS JOIN LATERAL (
          SELECT {_amount("b.vat", "b.vat_base")} AS amount
      ) f4
      CROSS JOIN LATERAL (
          SELECT {_amount("b.vat", "k.a3_base")} AS amount
      ) a3
), costed AS (
    SELECT b.id, b.product_id, b.pedimento_id, b.partida_id, b.goods_class, b.fraccion,
           b.nico, b.origin_country_id, b.term_rule_id, b.term_end, b.safe, b.since,
           b.peps_date, b.peps_key, b.days, b.expired, b.services, b.left_over, b.value,
           b.worth AS commercial, b.igi_rate, b.igi_source, b.cc_rate, b.restricted,
           b.factor, b.months, b.rate_sum, b.igi_paid, b.igi_owed,
           b.a3_vat AS iva_owed,
           {pesos("b.igi")} AS igi, {pesos("b.cc")} AS cc, {pesos("b.dta")} AS dta,
           {pesos("b.f4_vat_updated")} AS f4_iva, {pesos("b.a3_vat_updated")} AS a3_iva,
           {pesos("b.surcharges")} AS surcharges,
           concat_ws(', ',
               CASE WHEN COALESCE(b.value, 0) <= 0 THEN 'value' END,
               CASE WHEN b.igi_rate IS NULL THEN 'igi' END,
               CASE WHEN b.cc_rate IS NULL THEN 'cc' END,
               CASE WHEN NOT b.no_dta AND b.dta_kind IS NULL THEN 'dta' END,
               CASE WHEN b.vat_kind IS NULL THEN 'iva' END,
               CASE WHEN b.index_lacks AND b.factor IS NULL
                         AND (b.igi IS NULL AND b.igi_owed > 0
                              OR b.cc IS NULL AND b.cc_owed > 0
                              OR b.dta IS NULL AND b.dta_kind IS NOT NULL)
                    THEN 'inpc' END,
               CASE WHEN b.rate_lacks AND b.surcharges IS NULL THEN 'surcharges' END
           ) AS missing
      FROM taxed b
)
SELECT b.*, COALESCE(s.igi, 0) AS deferred_igi, COALESCE(s.iva, 0) AS deferred_iva,
       COALESCE(s.cc, 0) AS deferred_cc, COALESCE(s.other, 0) AS deferred_other,
       CASE WHEN b.value > 0 THEN b.igi + b.cc + b.dta + b.f4_iva END AS f4_cost,
       CASE WHEN b.value > 0
            THEN b.igi + b.cc + b.dta + b.a3_iva + b.surcharges END AS a3_cost,
       CASE WHEN b.expired THEN late.minimum ELSE 0 END AS late_min,
       CASE WHEN b.expired THEN late.maximum ELSE 0 END AS late_max,
       CASE WHEN b.igi_rate IS NOT NULL THEN found.minimum END AS fine_min,
       CASE WHEN b.igi_rate IS NOT NULL THEN found.maximum END AS fine_max,
       CASE WHEN b.expired THEN 'late' ELSE 'open' END AS rt_state,
       CASE WHEN b.expired THEN 'late'
            WHEN b.goods_class IN ('fixed_asset', 'container') OR b.services THEN 'open'
            ELSE 'conditional' END AS v1_state,
       CASE WHEN b.expired THEN 'closed'
            WHEN b.goods_class = 'container' THEN 'conditional'
            ELSE 'open' END AS f4_state,
       CASE WHEN b.expired OR b.safe - {NOTICE_DAYS} < {_DAY} THEN 'closed'
            WHEN b.goods_class = 'waste' THEN 'open'
            ELSE 'conditional' END AS destruction_state,
       CASE WHEN b.expired THEN 'open' ELSE 'closed' END AS a3_state,
       b.safe - {NOTICE_DAYS} AS destruction_by
  FROM costed b
  LEFT JOIN deferred s ON s.id = b.id
  {_fine("late_return", "late")}
  {_fine("expired", "found")}
"""
