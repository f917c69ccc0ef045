# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Writes the figures of a layer and a row for each way out, in one statement.

A way that is closed costs nothing that could be told: its amounts are NULL, and so is
every amount of which a figure is missing.
"""

from ...definitions.expiry_sql import figures

_AMOUNTS = ", ".join(
    f"CASE WHEN a.state <> 'closed' THEN a.{name} END"
    for name in (
        "igi",
        "cc",
        "dta",
        "iva",
        "surcharges",
        "fine_min",
        "fine_max",
        "total_min",
        "total_max",
    )
)
KEEP = f"""
WITH q AS MATERIALIZED ({figures("l.id = %(layer_id)s")}
), gone AS (
    DELETE FROM immex_way_out_line WHERE way_out_id = %(way_out_id)s
), told AS (
    UPDATE immex_way_out w
       SET expired = q.expired, services = q.services, quantity = q.left_over,
           customs_value = q.value, commercial_value = q.commercial,
           used_rate = q.igi_rate, rate_source = q.igi_source,
           used_cc_rate = q.cc_rate, factor = q.factor, surcharge_months = q.months,
           surcharge_rate = q.rate_sum, missing = NULLIF(q.missing, ''),
           deferred = q.deferred_igi + q.deferred_iva + q.deferred_cc
                      + q.deferred_other,
           computed_at = %(now)s
      FROM q
     WHERE w.id = %(way_out_id)s
)
INSERT INTO immex_way_out_line (
    way_out_id, company_id, sequence, way, state, start_by, igi, cc, dta, iva,
    surcharges, fine_min, fine_max, total_min, total_max)
SELECT %(way_out_id)s, %(company_id)s, v.*
  FROM q
  CROSS JOIN LATERAL (
      VALUES
      (1, 'rt', q.rt_state, q.safe, 0, 0, 0, 0, 0, q.late_min, q.late_max,
       q.late_min, q.late_max),
      (2, 'v1', q.v1_state, q.safe, 0, 0, 0, 0, 0, q.late_min, q.late_max,
       q.late_min, q.late_max),
      (3, 'f4', q.f4_state, q.safe, q.igi, q.cc, q.dta, q.f4_iva, 0, 0, 0,
       q.f4_cost, q.f4_cost),
      (4, 'destruction', q.destruction_state, q.destruction_by, 0, 0, 0, 0, 0, 0, 0,
       0, 0),
      (5, 'a3', q.a3_state, NULL, q.igi, q.cc, q.dta, q.a3_iva, q.surcharges, 0,
       q.late_max, q.a3_cost, q.a3_cost + q.late_max),
      (6, 'idle', 'idle', NULL, q.igi, q.cc, q.dta, q.a3_iva, q.surcharges,
       q.fine_min, q.fine_max, q.a3_cost + q.fine_min, q.a3_cost + q.fine_max)
  ) a (sequence, way, state, start_by, igi, cc, dta, iva, surcharges, fine_min,
       fine_max, total_min, total_max)
  CROSS JOIN LATERAL (
      SELECT a.sequence, a.way, a.state,
             CASE WHEN a.state IN ('open', 'conditional') THEN a.start_by END,
             {_AMOUNTS}
  ) v
RETURNING id
"""
