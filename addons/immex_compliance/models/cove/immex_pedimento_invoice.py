# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexPedimentoInvoice(models.Model):
    _inherit = "immex.pedimento.invoice"

    cove_id = fields.Many2one(
        "immex.cove",
        "Own COVE",
        compute="_compute_cove_id",
        help="The COVE registered here that the pedimento declares.",
    )

    # not stored: pedimentos and COVE come in any order, by bulk
    @api.depends("number", "company_id")
    def _compute_cove_id(self):
        coves = self.env["immex.cove"].search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                ("edocument", "in", list(set(self.mapped("number")) - {False})),
            ],
            ["company_id", "edocument"],
        )
        known = {(cove.company_id, cove.edocument): cove for cove in coves}
        for invoice in self:
            invoice.cove_id = known.get((invoice.company_id, invoice.number))
