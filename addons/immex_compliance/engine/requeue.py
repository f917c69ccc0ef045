# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Recompute of chosen products, from a date: their facts are read and discharged anew.

The queue of changes is fed with every fact of those products since that date, as if it
had changed, so that the run that follows reads them again whatever the triggers saw;
and the run computes their ledger anew from that date on. What comes out as it stands
is not written. Facts that are gone are found by what they made.
"""

# Every fact that names the products, by the day that orders it. What the engine made
# of a fact is asked too: the fact may name another product by now, or be gone.
QUEUE = """
WITH fact AS (
    SELECT 'G' AS kind, p.id
      FROM immex_pedimento p
      JOIN immex_pedimento_goods g ON g.pedimento_id = p.id
     WHERE p.company_id = %(company_id)s
       AND (%(products)s::integer[] IS NULL OR g.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL
            OR COALESCE(GREATEST(p.payment_date, p.entry_date), 'infinity')
               >= %(since)s)
    UNION
    SELECT 'G', l.pedimento_id
      FROM immex_layer l
     WHERE l.company_id = %(company_id)s AND l.active AND l.pedimento_id IS NOT NULL
       AND (%(products)s::integer[] IS NULL OR l.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL
            OR GREATEST(l.peps_date, l.available_date) >= %(since)s)
    UNION
    SELECT 'G', e.pedimento_id
      FROM immex_exit_line e
     WHERE e.company_id = %(company_id)s AND e.active AND e.pedimento_id IS NOT NULL
       AND (%(products)s::integer[] IS NULL OR e.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL OR e.date >= %(since)s)
    UNION
    SELECT 'L', l.id
      FROM stock_move_line l
      LEFT JOIN stock_picking t ON t.id = l.picking_id
     WHERE l.company_id = %(company_id)s AND l.state = 'done'
       AND (%(products)s::integer[] IS NULL OR l.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL
            OR COALESCE(t.immex_event_date,
                        (l.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)
               >= %(since)s)
    UNION
    SELECT 'L', m.move_line_id
      FROM immex_movement m
     WHERE m.company_id = %(company_id)s AND m.active AND m.move_line_id IS NOT NULL
       AND (%(products)s::integer[] IS NULL OR m.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL OR m.date >= %(since)s)
    UNION
    SELECT 'O', o.id
      FROM mrp_production o
      JOIN stock_move m ON o.id IN (m.raw_material_production_id, m.production_id)
     WHERE o.company_id = %(company_id)s AND o.state = 'done'
       AND (%(products)s::integer[] IS NULL OR m.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL
            OR COALESCE(o.immex_event_date,
                        (o.date_finished AT TIME ZONE 'UTC'
                         AT TIME ZONE %(tz)s)::date) >= %(since)s)
    UNION
    SELECT 'O', n.production_id
      FROM immex_production_layer n
      LEFT JOIN immex_production_consumption c ON c.production_layer_id = n.id
     WHERE n.company_id = %(company_id)s AND n.active AND n.production_id IS NOT NULL
       AND (%(products)s::integer[] IS NULL OR n.product_id = ANY(%(products)s)
            OR c.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL OR n.date >= %(since)s)
    UNION
    SELECT 'D', d.id
      FROM immex_destruction d
      JOIN immex_destruction_line l ON l.destruction_id = d.id
     WHERE d.company_id = %(company_id)s
       AND (%(products)s::integer[] IS NULL OR l.product_id = ANY(%(products)s))
       AND (%(since)s::date IS NULL
            OR GREATEST(d.notice_date, d.act_date) >= %(since)s)
)
INSERT INTO immex_change (company_id, kind, ref_id)
SELECT %(company_id)s, kind, id FROM fact
"""

# Once layers and exits are known: what is computed anew even where no fact differs.
LAYERS = """
INSERT INTO tmp_dirty_layer (product_id, customs_status, since)
SELECT product_id, customs_status, COALESCE(%(since)s::date, min(peps_date))
  FROM immex_layer
 WHERE company_id = %(company_id)s
   AND (%(products)s::integer[] IS NULL OR product_id = ANY(%(products)s))
 GROUP BY product_id, customs_status
UNION ALL
SELECT product_id, customs_status, COALESCE(%(since)s::date, min(date))
  FROM immex_requirement
 WHERE company_id = %(company_id)s AND superseded_run_id IS NULL
   AND (%(products)s::integer[] IS NULL OR product_id = ANY(%(products)s))
   AND (%(since)s::date IS NULL OR date >= %(since)s)
 GROUP BY product_id, customs_status
"""
EXITS = """
INSERT INTO tmp_dirty_exit (exit_line_id, product_id, kind, since)
SELECT id, product_id, CASE WHEN is_waste THEN 'waste' ELSE 'product' END, date
  FROM immex_exit_line
 WHERE company_id = %(company_id)s AND active
   AND (%(products)s::integer[] IS NULL OR product_id = ANY(%(products)s))
   AND (%(since)s::date IS NULL OR date >= %(since)s)
"""

ZONE = """
SELECT COALESCE(p.tz, 'America/Mexico_City')
  FROM res_company c JOIN res_partner p ON p.id = c.partner_id
 WHERE c.id = %(company_id)s
"""


def queue(cr, company_id, products=None, since=None):
    """Feed the queue of ``company_id`` with facts; return how many.

    :param products: ids of products; None for all
    :param since: first day, in the plant's time zone; None for all days
    """
    params = _params(products, since) | {"company_id": company_id}
    cr.execute(ZONE, params)
    params["tz"] = cr.fetchone()[0]
    cr.execute(QUEUE, params)
    return cr.rowcount


def anew(products=None, since=None):
    """What ``run.stages`` is given as ``planned``: computes those products anew."""
    params = _params(products, since)

    def planned(cr, ctx):
        if not ctx["full"]:
            cr.execute(LAYERS, {**ctx, **params})
            cr.execute(EXITS, {**ctx, **params})

    return planned


def _params(products, since):
    return {"products": list(products) if products else None, "since": since or None}
