# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexSurchargeRate(models.Model):
    """Surcharge (recargos por mora) of a month: a percentage (CFF 21, LIF 8)."""

    _name = "immex.surcharge.rate"
    _description = "Surcharge rate (recargos)"
    _inherit = ["immex.monthly.figure"]

    rate = fields.Float(
        "Rate (%)",
        digits=(10, 6),
        required=True,
        help="Of the month, for late payment (recargos por mora).",
    )

    _rate_positive = models.Constraint(
        "CHECK (rate >= 0)", "A surcharge rate cannot be negative."
    )
