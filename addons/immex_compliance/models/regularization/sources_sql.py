# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Figures that a proposal starts from, read exactly: numbers come as texts."""

from datetime import date
from decimal import Decimal

from .calculation import Tables

FACTS = """
SELECT r.id, r.customs_value::text, COALESCE(NULLIF(r.commercial_value, 0),
       r.customs_value)::text, r.igi_rate::text, r.cc_rate::text,
       a.customs_value::text
  FROM immex_regularization r
  LEFT JOIN immex_pedimento_partida a ON a.id = r.partida_id
 WHERE r.id = ANY (%(ids)s)
"""

# Last rate and last amounts of the import partida (records 556, 557); rates of one
# contribution come in the order of the file.
DECLARED = """
SELECT r.id, c.kind, c.code, c.rate::text, c.rate_type, c.payment_form, c.amount::text
  FROM immex_regularization r
  JOIN immex_pedimento_contribution c ON c.partida_id = r.partida_id
 WHERE r.id = ANY (%(ids)s) ORDER BY r.id, c.id
"""

# Of a layer, what its discharges left of its values.
REMAINS = """
SELECT l.quantity - l.qty_discharged,
       COALESCE(l.customs_value, 0) - COALESCE(d.customs_value, 0),
       round(COALESCE(l.commercial_value, 0) * (l.quantity - l.qty_discharged)
             / l.quantity, 2)
  FROM immex_layer l
  LEFT JOIN LATERAL (
       SELECT sum(x.customs_value) AS customs_value
         FROM immex_discharge x
        WHERE x.layer_id = l.id AND x.superseded_run_id IS NULL
       ) d ON TRUE
 WHERE l.id = %(layer_id)s AND l.quantity > 0
"""

INDEX = "SELECT month, value::text FROM immex_price_index"
SURCHARGE = "SELECT month, rate::text FROM immex_surcharge_rate"

LEVY = """
SELECT r.kind, r.rate::text, r.minimum::text, r.dated_back, r.verified
  FROM immex_levy_rate r JOIN immex_contribution c ON c.id = r.contribution_id
 WHERE c.code = %(code)s
   AND %(date)s::date BETWEEN r.valid_from AND COALESCE(r.valid_to, 'infinity')
 ORDER BY r.valid_from DESC LIMIT 1
"""

FINES = """
SELECT f.id, f.situation, f.condition, f.basis, f.minimum::text, f.maximum::text,
       COALESCE(f.period_days, 0), COALESCE(f.capped, FALSE)
  FROM immex_fine f
 WHERE %(date)s::date BETWEEN f.valid_from AND COALESCE(f.valid_to, 'infinity')
 ORDER BY f.id
"""

CASH = "0"  # form of payment, Anexo 22, Appendix 13


def decimal(text):
    return Decimal(text or 0)


def tables(cr):
    """:class:`Tables` of all the months that were entered: some hundreds."""
    found = []
    for statement in (INDEX, SURCHARGE):
        cr.execute(statement)
        found.append({day.replace(day=1): decimal(v) for day, v in cr.fetchall()})
    return Tables(*found)


def facts(cr, ids):
    """``{id: (customs, commercial, igi rate, cc rate, value of the partida)}``."""
    cr.execute(FACTS, {"ids": list(ids)})
    return {
        row_id: tuple(decimal(value) for value in values)
        for row_id, *values in cr.fetchall()
    }


def declared(cr, ids):
    """``{id: ({code: (rate, rate type)}, {code: pesos paid in cash})}``."""
    cr.execute(DECLARED, {"ids": list(ids)})
    found = {row_id: ({}, {}) for row_id in ids}
    for row_id, kind, code, rate, rate_type, form, amount in cr.fetchall():
        rates, cash = found[row_id]
        if kind == "rate":
            rates.setdefault(code, (decimal(rate), (rate_type or "").strip()))
        elif (form or "").strip() == CASH:
            cash[code] = cash.get(code, Decimal(0)) + decimal(amount)
    return found


def remains(cr, layer_id):
    """(quantity, customs value, commercial value) that a layer still holds."""
    cr.execute(REMAINS, {"layer_id": layer_id})
    return cr.fetchone()


def levy_rate(cr, code, day: date):
    """(kind, rate, minimum, dated back, verified) in force on ``day``, or None."""
    cr.execute(LEVY, {"code": code, "date": day})
    row = cr.fetchone()
    if not row:
        return None
    kind, rate, minimum, back, verified = row
    return kind, decimal(rate), decimal(minimum) or None, bool(back), bool(verified)


def fines(cr, day: date):
    """Fines in force on ``day``: (id, situation, condition, basis, min, max, ...)."""
    cr.execute(FINES, {"date": day})
    return [
        (fine_id, situation, condition, basis, decimal(low), decimal(high), days, cap)
        for fine_id, situation, condition, basis, low, high, days, cap in cr.fetchall()
    ]
