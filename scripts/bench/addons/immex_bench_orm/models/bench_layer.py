# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import float_compare


class BenchLayer(models.Model):
    _name = "bench.layer"
    _description = "Layer, as an ordinary add-on keeps it"
    _order = "date, id"

    goods_id = fields.Many2one("immex.pedimento.goods", required=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    date = fields.Date(required=True, index=True)
    quantity = fields.Float(digits=(18, 6), required=True)
    discharge_ids = fields.One2many("bench.discharge", "layer_id")
    balance = fields.Float(
        digits=(18, 6), compute="_compute_balance", store=True, index=True
    )

    @api.depends("quantity", "discharge_ids.quantity")
    def _compute_balance(self):
        for layer in self:
            layer.balance = layer.quantity - sum(layer.discharge_ids.mapped("quantity"))

    @api.model
    def discharge_all(self):
        """Movements, layers of the imports, then exits in the order of their dates."""
        self.env["bench.movement"].record_all()
        goods = self.env["immex.pedimento.goods"].search([])
        imports = goods.filtered(lambda g: g.pedimento_id.operation_type == "1")
        for line in imports:
            self.create(
                {
                    "goods_id": line.id,
                    "product_id": line.product_id.id,
                    "date": line.pedimento_id.entry_date,
                    "quantity": line.quantity,
                }
            )
        exits = (goods - imports).sorted(lambda g: (g.pedimento_id.payment_date, g.id))
        for line in exits:
            self._discharge(line)
        self.env.flush_all()
        return len(exits)

    def _discharge(self, line):
        movements = self.env["bench.movement"].search([("goods_id", "=", line.id)])
        leaving = self.env["bench.exit"].create(
            {
                "goods_id": line.id,
                "product_id": line.product_id.id,
                "date": line.pedimento_id.payment_date,
                "quantity": line.quantity,
                "delivered": sum(movements.mapped("quantity")),
            }
        )
        wanted = line.quantity
        layers = self.search(
            [
                ("product_id", "=", line.product_id.id),
                ("date", "<=", line.pedimento_id.payment_date),
                ("balance", ">", 0),
            ]
        )
        for layer in layers:
            taken = min(wanted, layer.balance)
            source, share = layer.goods_id, taken / layer.quantity
            self.env["bench.discharge"].create(
                {
                    "layer_id": layer.id,
                    "exit_id": leaving.id,
                    "quantity": taken,
                    "qty_umc": source.qty_umc * share,
                    "qty_umt": source.qty_umt * share,
                    "value_usd": source.value_usd * share,
                    "customs_value": source.customs_value * share,
                }
            )
            wanted -= taken
            if float_compare(wanted, 0, precision_digits=6) <= 0:
                break
