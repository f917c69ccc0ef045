# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .immex_stock_balance_line import QUANTITY


class ImmexStockBalancePlace(models.Model):
    """What of a part was on hand in one place, at the end of the comparison's day.

    Customs knows no place within the company, so that only the stock is told by place.
    """

    _name = "immex.stock.balance.place"
    _description = "Stock of a part in a place"
    _order = "balance_id desc, product_id, location_id"
    _rec_name = "location_id"
    _log_access = False

    line_id = fields.Many2one(
        "immex.stock.balance.line",
        "Part",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    balance_id = fields.Many2one(
        "immex.stock.balance",
        "Comparison",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    location_id = fields.Many2one(
        "stock.location",
        "Place",
        required=True,
        readonly=True,
        ondelete="cascade",
        bypass_search_access=True,
    )
    at_subcontractor = fields.Boolean("At a Sub-manufacturer", readonly=True)
    quantity = fields.Float("On Hand", digits=QUANTITY, readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
