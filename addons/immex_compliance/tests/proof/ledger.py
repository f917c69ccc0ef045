# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the engine's ledger says of each history, and how that differs."""

from collections import defaultdict

from .oracle import Balance, Discharge, Requirement, Verdict

NOTHING = Verdict()

# The history is known by its part; its names lose their beginning, and numbers of
# pedimentos the digits of office and patent, which tell histories apart.
CLEAN = r"""
CREATE OR REPLACE FUNCTION pg_temp.clean(key text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(
        regexp_replace(key, 'H[0-9]+/', '', 'g'),
        '(^|[|])([0-9]{2})[0-9]{6}([0-9]{7})[|]', '\1\2\3|')
$$
"""
HISTORY = "substring(pp.default_code from '^H([0-9]+)/')::integer"

DISCHARGES = f"""
SELECT {HISTORY}, pg_temp.clean(e.natural_key), pg_temp.clean(r.natural_key),
       l.customs_status || '|' || pg_temp.clean(l.peps_key), d.kind,
       d.layer_from, d.quantity, d.qty_umc, d.qty_umt, d.value_usd, d.customs_value,
       d.late, d.after_consumption
  FROM immex_discharge d
  JOIN immex_requirement r ON r.id = d.requirement_id
  JOIN immex_exit_line e ON e.id = d.exit_line_id
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN product_product pp ON pp.id = d.product_id
 WHERE d.company_id = %s AND d.superseded_run_id IS NULL
"""
REQUIREMENTS = f"""
SELECT {HISTORY}, pg_temp.clean(e.natural_key), pg_temp.clean(r.natural_key),
       pg_temp.clean(pp.default_code), r.customs_status, r.kind, r.quantity,
       r.qty_shortage, r.unexplained
  FROM immex_requirement r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
  JOIN product_product pp ON pp.id = r.product_id
 WHERE r.company_id = %s AND r.superseded_run_id IS NULL
"""
BALANCES = f"""
SELECT {HISTORY}, l.customs_status || '|' || pg_temp.clean(l.peps_key),
       pg_temp.clean(pp.default_code), l.quantity, l.qty_discharged, l.term_end
  FROM immex_layer l
  JOIN product_product pp ON pp.id = l.product_id
 WHERE l.company_id = %s AND l.active
"""


def read(cr, company):
    """{number of the history: Verdict} from the engine's tables."""
    cr.execute(CLEAN)
    found = defaultdict(Verdict)
    for statement, kind, name in (
        (DISCHARGES, Discharge, "discharges"),
        (REQUIREMENTS, Requirement, "requirements"),
        (BALANCES, Balance, "balances"),
    ):
        cr.execute(statement, (company,))
        for number, *row in cr.fetchall():
            getattr(found[number], name).append(kind(*row))
    for verdict in found.values():
        verdict.discharges.sort(key=lambda row: (row.layer, row.start))
        verdict.requirements.sort()
        verdict.balances.sort()
    return found


def difference(want, got):
    """Lines that tell what one verdict has and the other has not."""
    lines = []
    for name in ("discharges", "requirements", "balances"):
        expected, found = getattr(want, name), getattr(got, name)
        lines += [f"missing {row}" for row in expected if row not in found]
        lines += [f"wrong   {row}" for row in found if row not in expected]
        if not lines and len(expected) != len(found):
            lines.append(f"{name}: {len(found)} rows instead of {len(expected)}")
    return lines
