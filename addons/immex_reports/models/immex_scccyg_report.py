# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from ..definitions.words import SCCCYG_DESTINATIONS


class ImmexScccygReport(models.Model):
    _inherit = "immex.scccyg.report"

    def action_worksheet(self):
        """Button: what each figure of the report is made of, and what is left out."""
        self.ensure_one()
        run = self.env["immex.report.run"].create(
            {
                "company_id": self.company_id.id,
                "code": "anexo30",
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
        )
        action = run.action_screen()
        word = SCCCYG_DESTINATIONS.get(self.destination)
        if action.get("domain") and word:
            action = action | {"domain": [*action["domain"], ("destino", "=", word)]}
        return action
