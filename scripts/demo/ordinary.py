# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An ordinary company to try the setup assistant on:
``make shell DB=immex_demo < scripts/demo/ordinary.py``, after the demo.

Two years of purchases, orders and sales without any IMMEX field, a customs manager
(login and password ``ordinary``), and the files of its broker and of the government in
``out/ordinary``. What the balance has to be is printed, added up from the documents.
"""

import os
from pathlib import Path

from odoo.addons.immex_compliance.tests.ordinary_make import Ordinary

out = Path(os.environ.get("IMMEX_OUT", "out")) / "ordinary"
out.mkdir(parents=True, exist_ok=True)
name = "Ensambles Ordinarios SA de CV"
before = env["res.company"].search_count([("name", "=like", f"{name}%")])  # noqa: F821
# run once more: another one, to begin anew
made = Ordinary(env, name=f"{name} {before + 1}" if before else name).make()  # noqa: F821
company = made.company
user = env["res.users"].search([("login", "=", "ordinary")])  # noqa: F821
groups = [
    env.ref(name).id  # noqa: F821
    for name in (
        "immex_compliance.group_manager",
        "stock.group_stock_user",
        "mrp.group_mrp_user",
        "purchase.group_purchase_user",
        "sales_team.group_sale_salesman",
        "base.group_multi_company",
    )
]
values = {
    "company_ids": [(6, 0, company.ids)],
    "company_id": company.id,
    "group_ids": [(6, 0, [env.ref("base.group_user").id, *groups])],  # noqa: F821
}
if user:
    user.write(values)
else:
    env["res.users"].create(  # noqa: F821
        values | {"name": "Olga Ordinaria", "login": "ordinary", "password": "ordinary"}
    )
(out / "datastage.zip").write_bytes(made.data_stage())
(out / "m3456001.275").write_bytes(made.broker_file())
# two ways to describe one part, and words that no product bears
(out / "m3456003.275").write_bytes(
    made.uncoded_file(
        ("EO-RESIN-07", "RESINA EPOXICA BICOMPONENTE"),
        ("EO-RESIN-07", "Resina epóxica, bicomponente"),
        ("EO-CONN-4P", "FERRETERIA VARIA"),
    )
)
env.cr.commit()  # noqa: F821
print(f"Company {company.name}; log in as ordinary / ordinary")
print(f"Files: {out}/datastage.zip (government), {out}/m3456001.275 (broker)")
print("The balance has to be:")
for code, left in made.balance().items():
    print(f"  {code}: {left}")
print(f"Later: {out}/m3456003.275 (broker, partidas without part codes)")
