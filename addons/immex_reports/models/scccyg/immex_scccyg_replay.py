# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexScccygReplay(models.Model):
    _inherit = "immex.scccyg.replay"

    def _report_of_replay(self, code):
        self.ensure_one()
        run = self.env["immex.report.run"].create(
            {"company_id": self.company_id.id, "code": code, "date_to": self.date}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.report.run",
            "view_mode": "form",
            "res_id": run.id,
        }

    def action_summary(self):
        """Button: Anexo 24 against Anexo 30 by tariff item, as a report."""
        return self._report_of_replay("anexo30_resumen")

    def action_detail(self):
        """Button: Anexo 24 against Anexo 30 by pedimento, as a report."""
        return self._report_of_replay("anexo30_detalle")

    def action_charged(self):
        """Button: charges and balances by tariff item, as a report."""
        return self._report_of_replay("anexo30_cargos")
