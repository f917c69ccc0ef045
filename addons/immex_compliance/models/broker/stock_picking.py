# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class StockPicking(models.Model):
    # a topic a file
    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    def action_immex_notice(self):
        """Action: tell the broker of this shipment."""
        self.ensure_one()
        notice = self.env["immex.shipment.notice"]._from_picking(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": notice._name,
            "res_id": notice.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
