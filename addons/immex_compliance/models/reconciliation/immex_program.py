# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexProgram(models.Model):
    """The programme shows how far its company's books agree with the government's."""

    _inherit = "immex.program"

    reconciliation_id = fields.Many2one(
        "immex.reconciliation",
        "Last Reconciliation",
        compute="_compute_reconciliation",
        help="The company's last one with Data Stage.",
    )
    reconciliation_share = fields.Float(
        "Agree (%)", digits=(6, 2), compute="_compute_reconciliation"
    )

    def _compute_reconciliation(self):
        runs = self.env["immex.reconciliation"]
        for company, programs in self.grouped("company_id").items():
            latest = runs._latest_share(company)
            programs.reconciliation_id = latest.get("id", False)
            programs.reconciliation_share = latest.get("share", 0)

    def action_open_reconciliation(self):
        """Button: what that figure is made of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.reconciliation",
            "view_mode": "form",
            "res_id": self.reconciliation_id.id,
        }
