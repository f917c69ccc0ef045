# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the home page reads of layers and ledger: one statement a figure.

Each takes ``rows``, the query of Odoo's own search, with the rights of who looks, so
that a figure counts the rows that its list shows. Rows are summed by day, and days by
who asks. Sums are ``numeric``, handed out as texts: a cursor would make floats of them.
"""

from ...definitions.stake import half_up, stake, stake_sums

_LEFT = "(l.quantity - l.qty_discharged)"
_STAKE = stake(_LEFT)
_VALUE = half_up("COALESCE(l.customs_value, 0)", _LEFT, "NULLIF(l.quantity, 0)", 2)

LAYER = ("term_end", "term_safe_date", "partida_id", "quantity", "qty_discharged")
LAYER += ("customs_value", "qty_umt")
# What is left, by day of expiry: layers, customs value, and the contributions of
# Appendix 12 that fall due when the goods stay (what is no IGI, VAT or countervailing
# duty is IEPS); and of how many layers no contribution at all is declared, so that
# nobody knows. The layers are few of many: their contributions are looked up.
LEFT = f"""
WITH l AS MATERIALIZED (%(rows)s)
SELECT l.term_end, COALESCE(l.term_safe_date, l.term_end), count(*),
       sum({_VALUE})::text, sum(s.igi)::text, sum(s.iva)::text, sum(s.cc)::text,
       sum(s.other)::text, count(*) FILTER (WHERE s.declared = 0)
  FROM l
  LEFT JOIN LATERAL (
      SELECT {stake_sums("t.stake", "t.code")}, count(*) AS declared
        FROM (SELECT c.code, CASE WHEN ltrim(c.payment_form, '0') = ANY(%(forms)s)
                                  THEN {_STAKE} END AS stake
                FROM immex_pedimento_partida a
                JOIN immex_pedimento_contribution c ON c.partida_id = a.id
               WHERE a.id = l.partida_id AND c.kind = 'amount') t
  ) s ON TRUE
 GROUP BY 1, 2
"""

FLOW = """
SELECT r.day, sum(r.customs_value)::text
  FROM (%(rows)s) r(day, customs_value) GROUP BY r.day
"""
