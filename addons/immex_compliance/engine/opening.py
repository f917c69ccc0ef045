# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Initial balances: what another system discharged until its last day, the cut-off.

``ctx["opening"]`` is the cut-off of the company's posted initial balances, as text;
``-infinity`` where there are none, and then nothing here runs.

- Pedimentos of the opening make layers of what remained, available from the day after
  the cut-off, with their original dates for PEPS and for the term.
- Other imports that entered until the cut-off make none: what remains of them is in
  the balances.
- Exits until the cut-off stay exits, and use up the production that they took, so that
  later exits are told of the right orders; they require nothing and are no findings.
"""

from .statements import execute

NEVER = "-infinity"

CUTOFF = """
SELECT COALESCE(max(cutoff_date)::text, '-infinity') FROM immex_opening
 WHERE company_id = %(company_id)s AND state = 'posted'
"""

# Receipts of goods with another status than temporary are nobody's balance.
LAYERS = """
UPDATE tmp_layer t
   SET source = 'opening', qty_received = t.quantity,
       available_date = %(opening)s::date + 1,
       term_end = COALESCE(g.declared_term_end, t.term_end),
       term_safe_date = COALESCE(LEAST(g.declared_term_end, t.term_safe_date),
                                 t.term_safe_date)
  FROM immex_pedimento p, immex_pedimento_goods g
 WHERE p.id = t.pedimento_id AND p.opening_id IS NOT NULL AND g.id = t.goods_id
"""
EARLIER = """
DELETE FROM tmp_layer
 WHERE source NOT IN ('opening', 'domestic') AND available_date <= %(opening)s
"""

REQUIREMENTS = "DELETE FROM tmp_requirement WHERE date <= %(opening)s"

# What the balances themselves are wrong about is found whatever its date.
FINDINGS = """
DELETE FROM tmp_finding f
 WHERE f.date <= %(opening)s
   AND NOT EXISTS (SELECT FROM immex_pedimento p
                    WHERE p.id = f.pedimento_id AND p.opening_id IS NOT NULL)
"""


def cutoff(cr, ctx):
    """Last day of the system before this one, as text."""
    cr.execute(CUTOFF, ctx)
    return cr.fetchone()[0]


def apply(cr, ctx, *statements):
    """Run statements of this module, where there is an opening."""
    if ctx["opening"] != NEVER:
        execute(cr, ctx, *statements)
