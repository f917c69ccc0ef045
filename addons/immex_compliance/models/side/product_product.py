# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from . import side_sql


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "immex.abstract.product.side"]

    def _immex_products(self):
        return side_sql.VARIANTS
