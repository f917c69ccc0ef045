# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    immex_in_use = fields.Boolean(related="company_id.immex_in_use")
    immex_cove_ids = fields.Many2many(
        "immex.cove",
        string="Acuses de Valor",
        copy=False,
        groups="immex_compliance.group_user",
    )
    immex_cove_numbers = fields.Char(
        "COVE",
        compute="_compute_immex_cove_numbers",
        compute_sudo=True,
        help="E-documents under which VUCEM registered the value of this invoice.",
    )

    @api.depends("immex_cove_ids.edocument")
    def _compute_immex_cove_numbers(self):
        for move in self:
            numbers = move.immex_cove_ids.mapped("edocument")
            move.immex_cove_numbers = ", ".join(filter(None, numbers))

    def action_immex_cove(self):
        """Show the COVE of these invoices; without any, make the draft of one."""
        coves = self.immex_cove_ids
        return (coves or coves._from_invoices(self))._open()

    def action_immex_cove_new(self):
        """One more COVE of these invoices, as for a shipment in parts."""
        return self.env["immex.cove"]._from_invoices(self)._open()
