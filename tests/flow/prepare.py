# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the company of the flow has before its customs manager comes to work.

An ordinary Odoo: products, a bill of materials, a confirmed purchase, a planned order,
a sale that is to be delivered. Nothing of customs but the programme.
Runs in Odoo's shell, with ``SCRIPTS`` set to the folder of the demo's scripts.
"""

# ruff: noqa: F821  (Odoo's shell gives env)
import sys

sys.path.insert(0, SCRIPTS)

from odoo import Command  # noqa: E402

import october  # noqa: E402
from company import Company  # noqa: E402

told = Company(env(su=True)).make()
kobold = told.partners["kobold"]
(paper,) = [d for d in october.IMPORTS if d.partner == "kobold"]

harness = env["product.product"].create(
    {
        "name": "Arnés de prueba",
        "default_code": "FLU-10",
        "type": "consu",
        "is_storable": True,
        "immex_class": "product",
        "weight": 0.4,
        "immex_tariff_item_id": told.products["ARN-100"].immex_tariff_item_id.id,
        "immex_factor_ids": [
            Command.create(
                {
                    "unit_id": env.ref("immex_compliance.unit_1").id,
                    "factor": 0.4,
                    "valid_from": "2026-01-01",
                }
            )
        ],
    }
)
bom = env["mrp.bom"].create(
    {
        "product_tmpl_id": harness.product_tmpl_id.id,
        "product_qty": 1,
        "bom_line_ids": [
            Command.create({"product_id": told.products[code].id, "product_qty": each})
            for code, each in (("C-0201", 2), ("S-0401", 8), ("A-0602", 0.5))
        ],
    }
)
purchase = env["purchase.order"].create(
    {
        "partner_id": kobold.id,
        "partner_ref": paper.invoice,
        "order_line": [
            Command.create(
                {
                    "product_id": told.products[code].id,
                    "product_qty": quantity,
                    "price_unit": 1,
                }
            )
            for code, quantity in paper.lines
        ],
    }
)
purchase.button_confirm()
order = env["mrp.production"].create(
    {"product_id": harness.id, "product_qty": 100, "bom_id": bom.id}
)
order.action_confirm()
sale = env["sale.order"].create(
    {
        "partner_id": told.partners["principal"].id,
        "order_line": [
            Command.create({"product_id": harness.id, "product_uom_qty": 60})
        ],
    }
)
sale.action_confirm()
manager = env["res.users"].search([("login", "=", "aduanas")])
for name in (
    "stock.group_stock_user",
    "mrp.group_mrp_user",
    "purchase.group_purchase_user",
    "sales_team.group_sale_salesman_all_leads",
):
    manager.group_ids = [Command.link(env.ref(name).id)]
manager.lang = LANG
env.cr.commit()
print(
    "FLOW",
    purchase.picking_ids.id,
    order.id,
    sale.picking_ids.id,
    told.company.id,
)
