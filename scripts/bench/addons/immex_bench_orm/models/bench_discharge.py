# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class BenchDischarge(models.Model):
    _name = "bench.discharge"
    _description = "Discharge, as an ordinary add-on keeps it"

    layer_id = fields.Many2one("bench.layer", required=True, index=True)
    exit_id = fields.Many2one("bench.exit", required=True, index=True)
    quantity = fields.Float(digits=(18, 6), required=True)
    qty_umc = fields.Float(digits=(18, 3))
    qty_umt = fields.Float(digits=(18, 5))
    value_usd = fields.Float(digits=(18, 2))
    customs_value = fields.Float(digits=(18, 2))
