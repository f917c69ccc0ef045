# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a planned exit would discharge, computed for real and undone.

A notice of destruction lists the import pedimentos before the event, and a planner asks
which imports a shipment frees. The run is the real one, with the exits that are only
meant beside those that are; nothing of it stays.
"""

from . import run, value

PLANNED = """
WITH meant AS (
    INSERT INTO immex_exit_line (
        company_id, source_key, kind, official, product_id, lot_id, is_waste,
        is_asset, layer_scope, layer_choice, quantity, qty_delivered, date,
        document_date, natural_key, active)
    SELECT %(company_id)s, 'P' || x.place, 'return', TRUE, x.product_id,
           NULLIF(x.lot_id, 0), x.is_waste,
           COALESCE(pt.immex_class = 'fixed_asset', FALSE),
           x.layer_scope, 'peps', x.quantity::numeric, 0,
           x.date::date, x.date::date, '~' || lpad(x.place::text, 6, '0'), TRUE
      FROM unnest(%(products)s::integer[], %(lots)s::integer[], %(wastes)s::boolean[],
                  %(scopes)s, %(quantities)s, %(dates)s) WITH ORDINALITY
           AS x(product_id, lot_id, is_waste, layer_scope, quantity, date, place)
      JOIN product_product pp ON pp.id = x.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
    RETURNING id, product_id, is_waste, date
)
INSERT INTO tmp_dirty_exit
SELECT id, product_id, CASE WHEN is_waste THEN 'waste' ELSE 'product' END, date
  FROM meant
"""

# Exits that are only meant, or those that a document already has.
ASKED = """e.company_id = %(company_id)s AND e.active AND (
       e.source_key LIKE 'P%%' AND %(document_id)s IS NULL
       OR e.pedimento_id = %(document_id)s)"""
PLACE = """CASE WHEN e.source_key LIKE 'P%%'
            THEN substr(e.source_key, 2)::integer - 1 END"""

ANSWER = f"""
SELECT {PLACE}, r.product_id, r.customs_status, r.kind,
       TRUE, l.pedimento_id, l.partida_id, l.term_end, sum(d.quantity)::text,
       sum(d.qty_umc)::text, bool_or(d.late), l.source_key,
       sum(d.value_usd)::text, sum(d.customs_value)::text, l.peps_date, l.peps_key
  FROM immex_exit_line e
  JOIN immex_requirement r ON r.exit_line_id = e.id AND r.superseded_run_id IS NULL
  JOIN immex_discharge d ON d.requirement_id = r.id AND d.superseded_run_id IS NULL
  JOIN immex_layer l ON l.id = d.layer_id
 WHERE {ASKED}
 GROUP BY e.source_key, r.product_id, r.customs_status, r.kind, l.id
UNION ALL
SELECT {PLACE}, r.product_id, r.customs_status, r.kind,
       FALSE, NULL, NULL, NULL, sum(r.qty_shortage)::text, NULL, FALSE, NULL, NULL,
       NULL, NULL, NULL
  FROM immex_exit_line e
  JOIN immex_requirement r ON r.exit_line_id = e.id AND r.superseded_run_id IS NULL
 WHERE {ASKED} AND r.qty_shortage > 0
 GROUP BY e.source_key, r.product_id, r.customs_status, r.kind
 ORDER BY 1, 2, 3, 4, 15, 16
"""

# In a year by value: whose value would be taken, beside the parts.
VALUES = f"""
SELECT {PLACE}, r.product_id, r.customs_status, r.kind,
       l.id IS NOT NULL, l.pedimento_id, l.partida_id, l.term_end, '0', NULL,
       bool_or(d.late), l.source_key, d.currency, sum(d.value)::text
  FROM immex_exit_line e
  JOIN immex_requirement r ON r.exit_line_id = e.id AND r.superseded_run_id IS NULL
  JOIN immex_value_discharge d
    ON d.requirement_id = r.id AND d.superseded_run_id IS NULL
  LEFT JOIN immex_layer l ON l.id = d.layer_id
 WHERE {ASKED}
 GROUP BY e.source_key, r.product_id, r.customs_status, r.kind, l.id, d.currency
 ORDER BY 1, 2, 3, 4, l.peps_date, l.peps_key
"""

FIELDS = ("place", "product_id", "customs_status", "kind", "covered")
FIELDS += (
    "pedimento_id",
    "partida_id",
    "term_end",
    "quantity",
    "qty_umc",
    "late",
    "layer_key",
)
VALUE_FIELDS = (*FIELDS, "currency", "value")
FIELDS += ("value_usd", "customs_value")


def simulate(cr, company_id, uid, lines, by_value=False, document_id=None):
    """What ``lines`` would discharge; the ledger is as before.

    :param lines: list of dicts: ``product_id``, ``quantity`` (text, the product's
        unit), ``date`` (text), and where they matter ``lot_id``, ``is_waste``,
        ``layer_scope``
    :param bool by_value: also what they would take in a year by value
    :param int document_id: pedimento that has the exits already: what they discharge,
        instead of ``lines``
    :return: list of dicts: ``place`` (index in ``lines``, None of a document),
        ``product_id`` (material), ``customs_status``, ``kind``, ``covered`` (False: no
        layer has it),
        ``pedimento_id``, ``partida_id`` and ``term_end`` of the layer, which itself may
        be of the simulation, ``quantity`` and ``qty_umc`` (text), ``late``,
        ``layer_key``, ``value_usd`` and ``customs_value`` (text); of value the same
        with ``currency`` and ``value`` (text) instead of these
    """
    if not lines and not document_id:
        return []
    values = {
        "products": [line["product_id"] for line in lines],
        "lots": [line.get("lot_id") or 0 for line in lines],
        "wastes": [bool(line.get("is_waste")) for line in lines],
        "scopes": [line.get("layer_scope") or "all" for line in lines],
        "quantities": [line["quantity"] for line in lines],
        "dates": [line["date"] for line in lines],
    }

    def planned(cr, ctx):
        if not document_id:
            cr.execute(PLANNED, {**ctx, **values})

    cr.execute("SAVEPOINT immex_simulation")
    try:
        ctx = run.start(cr, company_id, uid, "Simulation")
        ctx["document_id"] = document_id
        run.stages(cr, ctx, planned)
        cr.execute(ANSWER, ctx)
        rows = [dict(zip(FIELDS, row, strict=False)) for row in cr.fetchall()]
        if by_value:
            value.sync(cr, ctx)
            cr.execute(VALUES, ctx)
            rows += [dict(zip(VALUE_FIELDS, row, strict=True)) for row in cr.fetchall()]
        return rows
    finally:
        cr.execute("ROLLBACK TO SAVEPOINT immex_simulation")
        cr.execute("RELEASE SAVEPOINT immex_simulation")
