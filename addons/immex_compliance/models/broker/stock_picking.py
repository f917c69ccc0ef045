# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class StockPicking(models.Model):
    # a topic a file
    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    def action_immex_notice(self):
        """Action: tell the broker of this shipment."""
        self.ensure_one()
        return self.env["immex.shipment.notice"]._from_picking(self)._show()
