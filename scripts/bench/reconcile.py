# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Books against the government's data.

Full size is 100,000 partidas with 200,000 contributions and 100,000 identifiers on
either side. Against: bare hash joins of the same rows that count those of which
something differs; they know no versions, no tolerance, no sum, no missing row's kind,
and write nothing.
"""

from pathlib import Path

from _common import SCALE, Database, Table, fill
from host import Odoo

PEDIMENTOS = 2000
FACTS = Path(__file__).with_suffix(".sql")
# what a partida is compared by, but for its units, which are ids on one side
FIELDS = """fraccion nico origin_code seller_code qty_umc qty_umt customs_value
    commercial_value value_usd added_value linkage valuation_method""".split()
BARE = f"""
SELECT count(*) FROM immex_pedimento p
  JOIN immex_datastage_pedimento d USING (company_id, year, office, patente, document)
  JOIN immex_pedimento_partida o ON o.pedimento_id = p.id
  FULL JOIN immex_datastage_partida t
    ON t.datastage_id = d.id AND t.sequence = o.sequence
 WHERE ({", ".join(f"o.{name}" for name in FIELDS)})
       IS DISTINCT FROM ({", ".join(f"t.{name}" for name in FIELDS)})
"""
BARE_CONTRIBUTIONS = """
SELECT count(*) FROM immex_pedimento p
  JOIN immex_datastage_pedimento d USING (company_id, year, office, patente, document)
  JOIN immex_pedimento_contribution o ON o.pedimento_id = p.id
  LEFT JOIN immex_pedimento_partida s ON s.id = o.partida_id
  FULL JOIN immex_datastage_contribution t
    ON t.datastage_id = d.id AND COALESCE(t.sequence, 0) = COALESCE(s.sequence, 0)
   AND t.kind = o.kind AND t.code = o.code
 WHERE (o.payment_form, o.amount, o.rate, o.rate_type)
       IS DISTINCT FROM (t.payment_form, t.amount, t.rate, t.rate_type)
"""
BARE_IDENTIFIERS = """
SELECT count(*) FROM immex_pedimento p
  JOIN immex_datastage_pedimento d USING (company_id, year, office, patente, document)
  JOIN immex_pedimento_identifier o ON o.pedimento_id = p.id
  JOIN immex_pedimento_partida s ON s.id = o.partida_id
  FULL JOIN immex_datastage_identifier t
    ON t.datastage_id = d.id AND t.sequence = s.sequence AND t.code = o.code
 WHERE (o.complement1, o.complement2) IS DISTINCT FROM (t.complement1, t.complement2)
"""


def bare(cr):
    cr.execute(BARE)
    different = cr.fetchone()[0]
    for statement in (BARE_CONTRIBUTIONS, BARE_IDENTIFIERS):
        cr.execute(statement)
        if not different or cr.fetchone()[0]:
            raise AssertionError("The bare join found something else.")


def main():
    table = Table("Reconciliation")
    with Database("immex_bench_reconcile") as database:
        count = max(int(PEDIMENTOS * SCALE), 2)
        fill(database, FACTS.read_text(encoding="utf-8"), {"count": count})
        database.timed(bare)  # into memory
        against = database.timed(bare)
        with Odoo(database) as odoo:
            seconds, again = odoo("reconcile")
    table.add("reconcile with Data Stage / bare hash joins", seconds, against, 10)
    table.add("the same facts once more / the first time", again, seconds, 1.2)


if __name__ == "__main__":
    main()
