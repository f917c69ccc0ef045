# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Temporary balances at a day as they were known then and as they are known now, by
layer and place. Pure text, set-based.

*Then* is what the books said when a run ended: the run of the report, else the last one
that had ended by the end of the day. Ledger rows carry the run that wrote them and the
one that superseded them; layers and the dates of exits have their earlier versions in
tables of their own (``immex_compliance/engine/history.py``).

Customs knows no place within the company (discharge rule 5: sub-manufacture moves the
place, not the balance), so the place is derived: of each part, what was on hand in a
place at the end of the day takes the newest layers, since PEPS gives the oldest ones to
production; what no place holds is in production, in products, or without a stock move.
"""

from .stake import half_up

_DAY = "%(date_to)s::date"
# of a layer, now or as a version tells it
ATTRIBUTES = (
    "product_id",
    "pedimento_id",
    "partida_id",
    "goods_class",
    "quantity",
    "customs_value",
    "fraccion",
    "origin_country_id",
    "peps_date",
    "peps_key",
    "term_end",
)


def _attributes(alias):
    return ", ".join(f"{alias}.{name}" for name in ATTRIBUTES)


_NOW = "x.superseded_run_id IS NULL AND e.document_date <= %(date_to)s"
_THEN = """x.run_id <= m.run
           AND (x.superseded_run_id IS NULL OR x.superseded_run_id > m.run)
           AND CASE WHEN v.exit_line_id IS NULL THEN e.document_date
                    ELSE v.document_date END <= %(date_to)s"""


def _position(end):
    """Customs value up to a position of the balance: shares sum to the whole."""
    return half_up("b.value", end, "b.quantity", 2)


PLACED = f"""
WITH zone AS MATERIALIZED (
    SELECT c.id, c.subcontracting_location_id,
           COALESCE(p.tz, 'America/Mexico_City') AS tz
      FROM res_company c JOIN res_partner p ON p.id = c.partner_id
     WHERE c.id = %(company_id)s
), moment AS MATERIALIZED (
    SELECT COALESCE(%(known_run_id)s::integer, (
        SELECT max(r.id)
          FROM immex_discharge_run r CROSS JOIN zone z
         WHERE r.company_id = %(company_id)s AND r.state = 'done'
           AND (r.finished_at AT TIME ZONE 'UTC' AT TIME ZONE z.tz)::date
               <= %(date_to)s)) AS run
), older AS MATERIALIZED (
    SELECT DISTINCT ON (v.layer_id) v.*
      FROM immex_layer_version v CROSS JOIN moment m
     WHERE v.company_id = %(company_id)s AND v.until_run > m.run
     ORDER BY v.layer_id, v.until_run, v.id
), older_exit AS MATERIALIZED (
    SELECT DISTINCT ON (v.exit_line_id) v.exit_line_id, v.document_date
      FROM immex_exit_line_version v CROSS JOIN moment m
     WHERE v.company_id = %(company_id)s AND v.until_run > m.run
     ORDER BY v.exit_line_id, v.until_run, v.id
), layer AS (
    SELECT 'latest' AS side, l.id, l.customs_status, {_attributes("l")}
      FROM immex_layer l
     WHERE l.company_id = %(company_id)s AND l.active
    UNION ALL
    SELECT 'then', l.id, l.customs_status, {_attributes("l")}
      FROM immex_layer l CROSS JOIN moment m
     WHERE l.company_id = %(company_id)s AND l.active
       AND COALESCE(l.first_run, 0) <= m.run
       AND NOT EXISTS (SELECT FROM older o WHERE o.layer_id = l.id)
    UNION ALL
    SELECT 'then', o.layer_id, o.customs_status, {_attributes("o")}
      FROM older o
      JOIN immex_layer l ON l.id = o.layer_id
      CROSS JOIN moment m
     WHERE o.active AND COALESCE(l.first_run, 0) <= m.run
), taken AS (
    SELECT x.layer_id, sum(x.quantity) FILTER (WHERE {_NOW}) AS now_quantity,
           sum(x.customs_value) FILTER (WHERE {_NOW}) AS now_value,
           sum(x.quantity) FILTER (WHERE {_THEN}) AS then_quantity,
           sum(x.customs_value) FILTER (WHERE {_THEN}) AS then_value
      FROM immex_discharge x
      JOIN immex_exit_line e ON e.id = x.exit_line_id
      CROSS JOIN moment m
      LEFT JOIN older_exit v ON v.exit_line_id = e.id
     WHERE x.company_id = %(company_id)s
     GROUP BY x.layer_id
), balance AS (
    SELECT b.*, sum(b.quantity) OVER part AS upto
      FROM (
        SELECT l.side, l.id, l.product_id, l.pedimento_id, l.partida_id, l.goods_class,
               l.fraccion, l.origin_country_id, l.peps_date, l.peps_key, l.term_end,
               l.quantity - COALESCE(CASE l.side WHEN 'latest' THEN t.now_quantity
                                     ELSE t.then_quantity END, 0) AS quantity,
               l.customs_value - COALESCE(CASE l.side WHEN 'latest' THEN t.now_value
                                          ELSE t.then_value END, 0) AS value
          FROM layer l
          LEFT JOIN taken t ON t.layer_id = l.id
         WHERE l.customs_status = 'temporary' AND l.peps_date <= %(date_to)s
      ) b
     WHERE b.quantity > 0
    WINDOW part AS (
        PARTITION BY b.side, b.product_id
        ORDER BY b.peps_date DESC, b.peps_key COLLATE "C" DESC, b.id DESC)
), place AS (
    -- where a place of the company is, and whether a sub-manufacturer has it
    SELECT w.id, w.warehouse_id,
           s.parent_path IS NOT NULL AND starts_with(w.parent_path, s.parent_path)
               AS outside
      FROM stock_location w
      JOIN zone z ON z.id = w.company_id
      LEFT JOIN stock_location s ON s.id = z.subcontracting_location_id
     WHERE w.usage IN ('internal', 'transit')
), on_hand AS (
    SELECT h.product_id, h.outside, h.place_id, sum(h.sign * h.quantity) AS quantity
      FROM (
        SELECT l.product_id, p.outside, d.sign,
               CASE WHEN p.outside THEN COALESCE(k.partner_id, o.subcontractor_id)
                    ELSE p.warehouse_id END AS place_id,
               l.quantity_product_uom::numeric AS quantity
          FROM stock_move_line l
          CROSS JOIN zone z
          JOIN stock_move m ON m.id = l.move_id
          LEFT JOIN stock_picking k ON k.id = l.picking_id
          LEFT JOIN mrp_production o
            ON o.id = COALESCE(m.raw_material_production_id, m.production_id)
          CROSS JOIN LATERAL (VALUES (l.location_id, -1), (l.location_dest_id, 1))
               AS d (location_id, sign)
          JOIN place p ON p.id = d.location_id
         WHERE l.company_id = %(company_id)s AND l.state = 'done'
           AND COALESCE(k.immex_event_date, o.immex_event_date,
                        (l.date AT TIME ZONE 'UTC' AT TIME ZONE z.tz)::date)
               <= %(date_to)s
      ) h
     GROUP BY h.product_id, h.outside, h.place_id
    HAVING sum(h.sign * h.quantity) > 0
), spot AS (
    SELECT h.*, sum(h.quantity) OVER (
               PARTITION BY h.product_id ORDER BY h.outside, h.place_id) AS upto
      FROM on_hand h
), held AS (
    SELECT product_id, sum(quantity) AS quantity FROM on_hand GROUP BY product_id
), piece AS (
    -- positions from the newest unit of the part on; of the layer, from its beginning
    SELECT b.*, s.outside, s.place_id,
           GREATEST(b.upto - b.quantity, s.upto - s.quantity) - b.upto + b.quantity
               AS since_piece,
           LEAST(b.upto, s.upto) - b.upto + b.quantity AS upto_piece
      FROM balance b
      JOIN spot s ON s.product_id = b.product_id
       AND s.upto - s.quantity < b.upto AND b.upto - b.quantity < s.upto
    UNION ALL
    SELECT b.*, NULL, NULL,
           GREATEST(COALESCE(h.quantity, 0) - b.upto + b.quantity, 0), b.quantity
      FROM balance b
      LEFT JOIN held h ON h.product_id = b.product_id
     WHERE b.upto > COALESCE(h.quantity, 0)
)
SELECT b.id, b.product_id, b.pedimento_id, b.partida_id, b.goods_class, b.fraccion,
       b.origin_country_id, b.term_end, b.outside, b.place_id,
       min(b.peps_date) AS peps_date, min(b.peps_key COLLATE "C") AS peps_key,
       COALESCE(sum(b.upto_piece - b.since_piece) FILTER (WHERE b.side = 'then'), 0)
           AS then_quantity,
       COALESCE(sum(b.upto_piece - b.since_piece) FILTER (WHERE b.side = 'latest'), 0)
           AS now_quantity,
       sum({_position("b.upto_piece")} - {_position("b.since_piece")})
           FILTER (WHERE b.side = 'then') AS then_value,
       sum({_position("b.upto_piece")} - {_position("b.since_piece")})
           FILTER (WHERE b.side = 'latest') AS now_value
  FROM piece b
 GROUP BY b.id, b.product_id, b.pedimento_id, b.partida_id, b.goods_class, b.fraccion,
       b.origin_country_id, b.term_end, b.outside, b.place_id
"""
