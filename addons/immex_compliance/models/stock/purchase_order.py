# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    immex_in_use = fields.Boolean(related="company_id.immex_in_use")

    def action_immex_broker_draft(self):
        """Button: draft of the pedimento of this purchase."""
        return self.env["immex.broker.draft"]._open(self)
