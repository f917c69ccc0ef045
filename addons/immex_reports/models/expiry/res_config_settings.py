# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    immex_responsible_ids = fields.Many2many(
        related="company_id.immex_responsible_ids", readonly=False
    )
