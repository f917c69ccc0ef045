# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class BenchMovement(models.Model):
    _name = "bench.movement"
    _description = "Goods through the door, as an ordinary add-on keeps them"

    move_line_id = fields.Many2one("stock.move.line", required=True, index=True)
    picking_id = fields.Many2one("stock.picking", required=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    goods_id = fields.Many2one("immex.pedimento.goods", index=True)
    date = fields.Date(required=True, index=True)
    quantity = fields.Float(digits=(18, 6), required=True)

    @api.model
    def record_all(self):
        """What came in and what left, with the line of the pedimento that says so."""
        lines = self.env["stock.move.line"].search(
            [("picking_id.immex_pedimento_id", "!=", False), ("state", "=", "done")],
            order="date, id",
        )
        for line in lines:
            picking = line.picking_id
            goods = self.env["immex.pedimento.goods"].search(
                [
                    ("pedimento_id", "=", picking.immex_pedimento_id.id),
                    ("product_id", "=", line.product_id.id),
                ],
                order="id",
            )
            taken = self.search([("goods_id", "in", goods.ids)]).goods_id
            self.create(
                {
                    "move_line_id": line.id,
                    "picking_id": picking.id,
                    "product_id": line.product_id.id,
                    "goods_id": (goods - taken)[:1].id,
                    "date": picking.immex_event_date,
                    "quantity": line.quantity_product_uom,
                }
            )
