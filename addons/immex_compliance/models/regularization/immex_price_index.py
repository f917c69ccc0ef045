# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPriceIndex(models.Model):
    """INPC of a month, as INEGI publishes it, all on one base (CFF 17-A, 20)."""

    _name = "immex.price.index"
    _description = "Price index (INPC)"
    _inherit = ["immex.monthly.figure"]

    value = fields.Float("INPC", digits=(16, 6), required=True)

    _value_positive = models.Constraint(
        "CHECK (value > 0)", "A price index is greater than zero."
    )
