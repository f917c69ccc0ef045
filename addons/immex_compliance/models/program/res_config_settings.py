# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    immex_peps_date = fields.Selection(
        related="company_id.immex_peps_date", readonly=False
    )
    immex_status_policy = fields.Selection(
        related="company_id.immex_status_policy", readonly=False
    )
    immex_use_equivalents = fields.Boolean(
        related="company_id.immex_use_equivalents", readonly=False
    )
    immex_expiring_days = fields.Integer(
        related="company_id.immex_expiring_days", readonly=False
    )
    immex_money_tolerance = fields.Float(
        related="company_id.immex_money_tolerance", readonly=False
    )
    immex_quantity_tolerance = fields.Float(
        related="company_id.immex_quantity_tolerance", readonly=False
    )
