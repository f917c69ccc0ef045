# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "immex.cove.source"]

    immex_in_use = fields.Boolean(related="company_id.immex_in_use")

    def _immex_cove_draft(self):
        return self.env["immex.cove"]._from_invoices(self)
