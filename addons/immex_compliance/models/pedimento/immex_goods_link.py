# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexGoodsLink(models.Model):
    """How much of a physical movement belongs to a goods line (many to many)."""

    _name = "immex.goods.link"
    _description = "Goods line and physical movement"
    _order = "goods_id, id"
    _check_company_auto = True

    goods_id = fields.Many2one(
        "immex.pedimento.goods", required=True, ondelete="cascade"
    )
    movement_id = fields.Many2one(
        "immex.movement", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    source = fields.Selection(
        [("transfer", "Transfer names the pedimento"), ("manual", "Linked by a user")],
        required=True,
        default="transfer",
    )

    _pair_unique = models.Constraint(
        "UNIQUE (goods_id, movement_id)", "This movement is already linked to the line."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A link needs a quantity greater than zero."
    )
