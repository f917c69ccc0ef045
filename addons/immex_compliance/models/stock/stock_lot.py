# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .stock_location import CUSTOMS_STATUSES


class StockLot(models.Model):
    _inherit = "stock.lot"

    immex_customs_status = fields.Selection(
        CUSTOMS_STATUSES,
        "Customs Status",
        help="Units of this lot have this customs status wherever they lie.",
    )
