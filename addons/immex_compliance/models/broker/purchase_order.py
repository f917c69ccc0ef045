# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PurchaseOrder(models.Model):
    # a topic a file
    _inherit = "purchase.order"  # pylint: disable=consider-merging-classes-inherited

    immex_notice_count = fields.Integer(
        "Notices of Shipment",
        compute="_compute_immex_notice_count",
        groups="immex_compliance.group_user",
    )

    def _compute_immex_notice_count(self):
        counts = dict(
            self.env["immex.shipment.notice"]._read_group(
                [("purchase_id", "in", self.ids)], ["purchase_id"], ["__count"]
            )
        )
        for order in self:
            order.immex_notice_count = counts.get(order, 0)

    def action_immex_notice(self):
        """Button: tell the broker of what is ordered and was not announced yet."""
        self.ensure_one()
        return self.env["immex.shipment.notice"]._from_purchase(self)._show()

    def action_immex_notices(self):
        """Button: what the broker was told of this purchase."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_shipment_notice"
        )
        return action | {"domain": [("purchase_id", "in", self.ids)], "context": {}}
