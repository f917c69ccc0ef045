# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

IMMEX_CLASSES = [
    ("material", "Material"),
    ("indirect", "Indirect material"),
    ("product", "Product"),
    ("fixed_asset", "Fixed asset"),
    ("container", "Container"),
    ("packaging", "Packaging"),
    ("waste", "Waste (desperdicio)"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    immex_class = fields.Selection(
        IMMEX_CLASSES,
        "IMMEX Class",
        index="btree_not_null",
        help="Empty: the product is outside inventory control. Fixed assets and "
        "containers have ledgers of their own (Customs Law, art. 108-II, III).",
    )
    immex_tariff_item_id = fields.Many2one(
        "immex.tariff.item",
        "Tariff Item",
        help="Proposed for new documents. Balances use the tariff item that the "
        "import declared.",
    )
    immex_customs_description = fields.Char("Customs Description")
    immex_factor_ids = fields.One2many("immex.part.factor", "product_tmpl_id")
