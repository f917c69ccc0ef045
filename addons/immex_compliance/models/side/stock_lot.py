# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from . import side_sql


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "immex.abstract.side"]

    def _immex_side(self):
        return self._immex_side_sql(side_sql.LOTS)
