# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The home page over the ledger of the whole history.

Full size is a million ledger rows on 200,000 layers, each partida with its IGI and VAT.
Against: one second of the server, for figures and charts together.
"""

from _common import SCALE, Database, Table, discharge, load_engine
from engine import DEMANDS, PRODUCTS, SUPPLIES, history
from host import Odoo

# what partidas of imports declare: duty not subject (5), VAT on credit (21)
CONTRIBUTIONS = """
INSERT INTO immex_pedimento_contribution (pedimento_id, partida_id, company_id, kind,
    code, payment_form, amount)
SELECT a.pedimento_id, a.id, a.company_id, 'amount', t.code, t.form,
       round(a.customs_value * t.rate)
  FROM immex_pedimento_partida a
  JOIN immex_pedimento p ON p.id = a.pedimento_id
  CROSS JOIN (VALUES ('6', '5', 0.05), ('3', '21', 0.16)) t(code, form, rate)
 WHERE p.patente = '3100'
"""


def main():
    table = Table("The home page")
    size = [max(int(n * SCALE), 100) for n in (DEMANDS, SUPPLIES, PRODUCTS)]
    with Database("immex_bench_home") as database:
        company = history(database, *size)
        database.execute(CONTRIBUTIONS)
        discharge(load_engine(), database, company)
        database.vacuum()
        with Odoo(database) as odoo:
            seconds = odoo("home")
    table.add("home figures and charts / one second", seconds, 1, 1.0)


if __name__ == "__main__":
    main()
