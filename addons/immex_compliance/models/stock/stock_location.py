# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

CUSTOMS_STATUSES = [
    ("temporary", "Temporary import"),
    ("definitive", "Definitive import"),
    ("domestic", "Domestic"),
]


class StockLocation(models.Model):
    _inherit = "stock.location"

    immex_customs_status = fields.Selection(
        CUSTOMS_STATUSES,
        "Customs Status Kept Here",
        help="Units consumed from this location have this customs status. Empty: "
        "the lot, the owner or the company's policy decides.",
    )
