# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from . import side_sql


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "immex.abstract.product.side"]

    def _immex_products(self):
        return side_sql.TEMPLATES
