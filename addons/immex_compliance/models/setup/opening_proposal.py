# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A file of initial balances begun from what was on hand: quantities, units and tariff
items are Odoo's; pedimento, dates, partida and values are left for a person, since
nothing in Odoo knows them."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from ...formats.checked_table import TOTAL
from ...formats.opening import COLUMNS

# A spreadsheet takes what begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

# Controlled parts but for products and waste, in the places and lots of the company
# that are not marked as of another status, without those that only purchases in Mexico
# brought. With the unit that a confirmed code or the product's own tells, and what it
# is in it. ``shared``: the file's number would not tell one part.
ON_HAND = """
WITH line AS (
    SELECT l.product_id, CASE WHEN pt.tracking <> 'none' THEN l.lot_id END AS lot_id,
           l.quantity_product_uom::numeric AS quantity, d.sign,
           src.usage NOT IN ('internal', 'transit')
               AND t.immex_customs_status IS DISTINCT FROM 'domestic'
               AND d.sign > 0 AS came
      FROM stock_move_line l
      JOIN stock_move m ON m.id = l.move_id
      JOIN product_product pp ON pp.id = l.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
      JOIN stock_location src ON src.id = l.location_id
      LEFT JOIN stock_picking t ON t.id = l.picking_id
      LEFT JOIN mrp_production o
        ON o.id = COALESCE(m.raw_material_production_id, m.production_id)
      LEFT JOIN stock_lot k ON k.id = l.lot_id
     CROSS JOIN LATERAL (VALUES (l.location_id, -1), (l.location_dest_id, 1))
           AS d (location_id, sign)
      JOIN stock_location w ON w.id = d.location_id AND w.company_id = l.company_id
       AND w.usage IN ('internal', 'transit')
     WHERE l.company_id = %(company_id)s AND l.state = 'done'
       AND pt.immex_class IS NOT NULL AND pt.immex_class NOT IN ('product', 'waste')
       AND COALESCE(w.immex_customs_status, 'temporary') = 'temporary'
       AND COALESCE(k.immex_customs_status, 'temporary') = 'temporary'
       AND COALESCE(t.immex_event_date, o.immex_event_date,
                    (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)
           <= %(cutoff)s
), held AS (
    SELECT product_id, lot_id, sum(sign * quantity) AS quantity
      FROM line
     WHERE product_id IN (SELECT product_id FROM line WHERE came)
     GROUP BY product_id, lot_id
    HAVING sum(sign * quantity) > 0
)
SELECT btrim(COALESCE(pp.default_code, '')) AS code,
       (SELECT count(*)
          FROM product_product sp JOIN product_template st ON st.id = sp.product_tmpl_id
         WHERE sp.default_code = pp.default_code AND sp.active
           AND st.immex_class IS NOT NULL
           AND (st.company_id IS NULL OR st.company_id = %(company_id)s)
       ) <> 1 AS shared,
       left(COALESCE(NULLIF(pt.immex_customs_description, ''), pt.name->>'en_US'), 250)
           AS description,
       COALESCE(k.name, '') AS lot, round(h.quantity, 6) AS quantity,
       COALESCE(u.code, '') AS umc,
       round(h.quantity * u.customs_qty / u.part_qty, 3) AS qty_umc,
       COALESCE(tu.code, '') AS umt, COALESCE(i.fraccion, '') AS fraccion,
       COALESCE(i.nico, '') AS nico
  FROM held h
  JOIN product_product pp ON pp.id = h.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  LEFT JOIN stock_lot k ON k.id = h.lot_id
  LEFT JOIN immex_tariff_item i ON i.id = pt.immex_tariff_item_id
  LEFT JOIN immex_unit tu ON tu.id = i.unit_id
  LEFT JOIN LATERAL (
       SELECT * FROM (
           (SELECT 1 AS place, iu.code, x.factor AS customs_qty,
                   COALESCE(NULLIF(x.part_quantity, 0), 1) AS part_qty
              FROM immex_setup_part x JOIN immex_unit iu ON iu.id = x.umc_id
             WHERE x.company_id = %(company_id)s AND x.product_id = pp.id
               AND x.state = 'confirmed' AND x.kind <> 'made' AND x.factor > 0
             ORDER BY x.lines DESC, x.id LIMIT 1)
           UNION ALL
           (SELECT 2, iu.code, 1, 1 FROM immex_unit iu WHERE iu.uom_id = pt.uom_id
             ORDER BY iu.code LIMIT 1)
       ) o ORDER BY place LIMIT 1
       ) u ON TRUE
 ORDER BY pp.default_code, k.name, pp.id
"""

# Products on hand that have materials in them: another file of the opening tells which.
PRODUCTS = """
SELECT count(*)
  FROM (
    SELECT l.product_id
      FROM stock_move_line l
      JOIN product_product pp ON pp.id = l.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
     CROSS JOIN LATERAL (VALUES (l.location_id, -1), (l.location_dest_id, 1))
           AS d (location_id, sign)
      JOIN stock_location w ON w.id = d.location_id AND w.company_id = l.company_id
       AND w.usage IN ('internal', 'transit')
     WHERE l.company_id = %(company_id)s AND l.state = 'done'
       AND pt.immex_class = 'product'
       AND (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date <= %(cutoff)s
     GROUP BY l.product_id
    HAVING sum(d.sign * l.quantity_product_uom) > 0
  ) s
"""

# The first day on which something entered under a pedimento that is recorded here.
FIRST_ENTRY = """
SELECT min(COALESCE(entry_date, payment_date)) FROM immex_pedimento
 WHERE company_id = %(company_id)s AND state <> 'cancelled' AND operation_type = '1'
   AND origin <> 'opening'
"""


@dataclass(frozen=True)
class Proposal:
    """Lines of a file of balances (by column, as text), what could not be one since a
    file cannot name it, and how many products were on hand."""

    lines: list
    nameless: list
    products: int


def propose(cr, company_id, cutoff, tz):
    """What was on hand at the end of a day, as a :class:`Proposal`."""
    params = {"company_id": company_id, "cutoff": cutoff, "tz": tz}
    cr.execute(ON_HAND, params)
    lines, nameless = [], []
    for row in cr.fetchall():
        code, shared, description, lot, quantity, umc, qty_umc, umt, *item = row
        if not code or shared or code.startswith(FORMULA):
            nameless.append(description)
            continue
        if description.startswith(FORMULA):
            description = ""
        lines.append(
            {
                "numero_parte": code,
                "descripcion": description,
                "lote": lot,
                "saldo": _text(quantity),
                "saldo_umc": _text(qty_umc) if qty_umc else "",
                "umc": umc,
                # the tariff's quantity follows only where its unit is the same
                "saldo_umt": _text(qty_umc) if qty_umc and umt == umc else "",
                "umt": umt,
                "fraccion": item[0],
                "nico": item[1],
            }
        )
    cr.execute(PRODUCTS, params)
    return Proposal(lines, nameless, cr.fetchone()[0])


def write_csv(lines):
    """Bytes of the file, UTF-8 with its mark since spreadsheets look for it. Sums of
    what is not known yet are left empty too."""
    total = sum((Decimal(line["saldo"]) for line in lines), Decimal(0))
    last = {"numero_parte": TOTAL, "secuencia": str(len(lines)), "saldo": _text(total)}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows([*lines, last])
    return text.getvalue().encode("utf-8-sig")


def _text(number):
    """A quantity without zeros at its end, never in powers of ten."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
