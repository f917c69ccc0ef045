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
    immex_sum_tolerance = fields.Float(
        related="company_id.immex_sum_tolerance", readonly=False
    )
    immex_receipt_tolerance = fields.Float(
        related="company_id.immex_receipt_tolerance", readonly=False
    )
    immex_receipt_grace = fields.Integer(
        related="company_id.immex_receipt_grace", readonly=False
    )
    immex_r1_months = fields.Integer(
        related="company_id.immex_r1_months", readonly=False
    )
    immex_factor_rounding = fields.Selection(
        related="company_id.immex_factor_rounding", readonly=False
    )
    immex_last_index = fields.Boolean(
        related="company_id.immex_last_index", readonly=False
    )
    immex_surcharge_count = fields.Selection(
        related="company_id.immex_surcharge_count", readonly=False
    )
    immex_surcharge_cap = fields.Integer(
        related="company_id.immex_surcharge_cap", readonly=False
    )
    immex_vat_on_surcharges = fields.Boolean(
        related="company_id.immex_vat_on_surcharges", readonly=False
    )
