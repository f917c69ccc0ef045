# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ...services.reasons import explain


class ImmexExchange(models.Model):
    _inherit = "immex.exchange"

    meaning = fields.Char(
        compute="_compute_meaning",
        help="What the reason means, and what to do about it.",
    )

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_meaning(self):
        for exchange in self:
            meaning = explain(exchange.reason)
            exchange.meaning = self.env._(meaning) if meaning else False
