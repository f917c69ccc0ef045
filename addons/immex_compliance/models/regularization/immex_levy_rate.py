# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexLevyRate(models.Model):
    """Rate of what a definitive import pays besides its duty, by date: DTA, VAT.

    By LIVA 27 the base of VAT is the customs value and all the other contributions;
    the base of the others is the customs value.
    """

    _name = "immex.levy.rate"
    _description = "Rate of a contribution"
    _order = "contribution_id, valid_from desc"
    _rec_name = "contribution_id"

    contribution_id = fields.Many2one(
        "immex.contribution",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('code', 'in', ('1', '3'))]",
    )
    kind = fields.Selection(
        [("percent", "Percent"), ("mille", "Per thousand"), ("amount", "Pesos")],
        required=True,
        default="percent",
    )
    rate = fields.Float(
        digits=(15, 6), required=True, help="Percentage, thousandths, or pesos."
    )
    minimum = fields.Float("Minimum (MXN)", digits=(18, 2))
    dated_back = fields.Boolean(
        "Owed Since Import",
        help="Updated and surcharged from the import on. Off: it is owed by the "
        "correction itself. RGCE 2.5.1 and 2.5.2 name VAT apart from what is updated.",
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day; empty: in force.")
    source = fields.Char(required=True)
    verified = fields.Boolean(help="Compared with the official publication.")

    _dated_unique = models.Constraint(
        "UNIQUE (contribution_id, valid_from)",
        "This contribution already has a rate from that date.",
    )
    _dates_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A rate cannot end before it starts.",
    )
    _rate_positive = models.Constraint(
        "CHECK (rate >= 0 AND minimum >= 0)", "A rate cannot be negative."
    )

    @api.depends("contribution_id", "valid_from")
    def _compute_display_name(self):
        for rate in self:
            name = rate.contribution_id.abbreviation or rate.contribution_id.code
            rate.display_name = f"{name} {rate.valid_from or ''}".strip()
