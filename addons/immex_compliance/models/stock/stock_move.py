# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockMove(models.Model):
    _inherit = "stock.move"

    immex_merma_qty = fields.Float(
        "Merma",
        digits=(18, 6),
        copy=False,
        help="Part of what the order drew that was consumed or lost in the process "
        "and is not in the product (Customs Law, art. 2-XI), in the product's unit. "
        "Leaves with the product.",
    )
    immex_waste_qty = fields.Float(
        "Waste (desperdicio)",
        digits=(18, 6),
        copy=False,
        help="Part of what the order drew that remains as residue (Customs Law, "
        "art. 2-XII), in the product's unit. Waits for its own exit.",
    )
    immex_waste_product_id = fields.Many2one(
        "product.product",
        "Waste Part",
        copy=False,
        domain=[("immex_class", "=", "waste")],
        help="By-product of the order that this residue became. Empty: the residue "
        "keeps the part number of the material.",
    )

    @api.constrains("immex_merma_qty", "immex_waste_qty")
    def _check_immex_split(self):
        for move in self:
            if move.immex_merma_qty < 0 or move.immex_waste_qty < 0:
                raise ValidationError(
                    self.env._(
                        "Merma and waste of %(product)s cannot be negative.",
                        product=move.product_id.display_name,
                    )
                )
