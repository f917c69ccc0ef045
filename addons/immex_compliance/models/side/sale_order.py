# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from . import side_sql


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "immex.abstract.side"]

    def _immex_side(self):
        return self._immex_side_sql(side_sql.OF_TRANSFERS, transfers=side_sql.SALES)
