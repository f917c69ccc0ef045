# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..stock.stock_location import CUSTOMS_STATUSES


class ImmexFirstLoadingShort(models.Model):
    """A material that left and that no import covers, as it was when reported."""

    _name = "immex.first.loading.short"
    _description = "First loading: short"
    _order = "loading_id, product_id, customs_status"
    _log_access = False

    loading_id = fields.Many2one(
        "immex.first.loading", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="loading_id.company_id")
    product_id = fields.Many2one(
        "product.product", "Material", required=True, ondelete="cascade", index=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    customs_status = fields.Selection(CUSTOMS_STATUSES, required=True)
    exits = fields.Integer("Lines of Exits", aggregator=False)
    first_date = fields.Date("First Exit")
    last_date = fields.Date("Last Exit")
    quantity = fields.Float("Required", digits=(24, 6), aggregator=None)
    short = fields.Float(
        digits=(24, 6), aggregator=None, help="In the unit of the product."
    )
