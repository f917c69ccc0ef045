# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "immex.cove.source"]

    def _immex_cove_draft(self):
        return self.env["immex.cove"]._from_transfers(self)
