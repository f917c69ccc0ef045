# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDetailProposalLine(models.TransientModel):
    """One part of the proposed split; every figure may be changed before it counts."""

    _name = "immex.detail.proposal.line"
    _description = "Proposed part of a partida"
    _order = "proposal_id, id"

    proposal_id = fields.Many2one(
        "immex.detail.proposal", required=True, ondelete="cascade"
    )
    pedimento_id = fields.Many2one(related="proposal_id.pedimento_id")
    partida_id = fields.Many2one(
        "immex.pedimento.partida",
        domain="[('pedimento_id', '=', pedimento_id)]",
        help="Empty: more than one partida could hold the part.",
    )
    product_id = fields.Many2one("product.product", required=True)
    document = fields.Char(readonly=True, help="Receipt or invoice lines behind it.")
    quantity = fields.Float(
        "Quantity in the Source",
        digits=(18, 6),
        readonly=True,
        help="In the product's unit.",
    )
    lot_name = fields.Char("Lot or Serial")
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3))
    qty_umt = fields.Float("Quantity UMT", digits=(23, 5))
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
