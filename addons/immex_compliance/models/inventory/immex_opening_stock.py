# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..stock.stock_location import CUSTOMS_STATUSES


class ImmexOpeningStock(models.Model):
    """A line of a file of products on hand at the cut-off, as it was read: a material
    of products that no order in Odoo made. ``quantity`` in the product's unit, the
    same in all lines of a product, lot and order; the others in the material's.
    """

    _name = "immex.opening.stock"
    _description = "Material in products on hand"
    _order = "opening_id, source_line, id"
    _rec_name = "product_id"
    _check_company_auto = True

    opening_id = fields.Many2one(
        "immex.opening", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    source_line = fields.Integer("Line in File", required=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial")
    order_name = fields.Char("Order")
    quantity = fields.Float("On Hand", digits=(18, 6), required=True)
    material_id = fields.Many2one("product.product", required=True)
    customs_status = fields.Selection(CUSTOMS_STATUSES, required=True)
    qty_incorporated = fields.Float("Incorporated", digits=(18, 6), required=True)
    qty_merma = fields.Float("Merma", digits=(18, 6), required=True, default=0)

    _material_unique = models.UniqueIndex(
        "(opening_id, product_id, COALESCE(lot_id, 0), COALESCE(order_name, ''),"
        " material_id, customs_status)",
        "A material occurs once in a product on hand.",
    )
