# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexLayer(models.Model):
    _inherit = "immex.layer"

    def action_ways_out(self):
        """Button: what can be done with what is left of the layer, and its cost."""
        self.ensure_one()
        self.check_access("read")
        today = self.env["immex.home"].with_company(self.company_id)._today()
        records = self.env["immex.way.out"]
        found = records.search([("layer_id", "=", self.id)], limit=1)
        if found:
            found.write({"date": today})
        else:
            found = records.create({"layer_id": self.id, "date": today})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ways Out"),
            "res_model": "immex.way.out",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": found.id,
        }
