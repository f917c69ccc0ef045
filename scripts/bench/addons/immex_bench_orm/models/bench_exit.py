# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class BenchExit(models.Model):
    _name = "bench.exit"
    _description = "Exit, as an ordinary add-on keeps it"
    _order = "date, id"

    goods_id = fields.Many2one("immex.pedimento.goods", required=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    date = fields.Date(required=True, index=True)
    quantity = fields.Float(digits=(18, 6), required=True)
    delivered = fields.Float(digits=(18, 6))
    discharge_ids = fields.One2many("bench.discharge", "exit_id")
    shortage = fields.Float(digits=(18, 6), compute="_compute_shortage", store=True)

    @api.depends("quantity", "discharge_ids.quantity")
    def _compute_shortage(self):
        for line in self:
            line.shortage = line.quantity - sum(line.discharge_ids.mapped("quantity"))
