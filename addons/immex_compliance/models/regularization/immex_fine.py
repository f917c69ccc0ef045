# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

SITUATIONS = [
    ("undocumented", "Goods without customs document, found by the authority"),
    ("expired", "Not returned in time, found by the authority"),
    ("late_return", "Not returned in time, corrected after the audit began"),
    ("inexact", "Inexact data in a pedimento, found by the authority"),
]


class ImmexFine(models.Model):
    """A fine of the Customs Law, by date: what self-correction saves.

    Amounts change every year (LA 5, RGCE 1.1.6, Anexo 2); percentages with the law.
    """

    _name = "immex.fine"
    _description = "Fine"
    _order = "situation, article, valid_from desc"
    _rec_name = "article"

    article = fields.Char(required=True, help="Article and fraction of the law.")
    name = fields.Char("What It Punishes", required=True, translate=True)
    situation = fields.Selection(SITUATIONS, required=True, index=True)
    condition = fields.Selection(
        [
            ("any", "Always"),
            ("duty", "The goods pay duty"),
            ("exempt", "The goods are exempt"),
            ("restricted", "Restrictions or countervailing duties not proved"),
        ],
        required=True,
        default="any",
        help="Goods whose duty was paid at the import count as exempt (LA 183-III).",
    )
    basis = fields.Selection(
        [
            ("amount", "Pesos"),
            ("duties", "% of omitted duties"),
            ("vat", "% of omitted VAT"),
            ("commercial", "% of commercial value"),
            ("customs", "% of customs value"),
        ],
        required=True,
        default="amount",
        help="Omitted contributions count without their update (LA 5).",
    )
    minimum = fields.Float(digits=(18, 2), required=True)
    maximum = fields.Float(digits=(18, 2), required=True)
    period_days = fields.Integer(
        "For Each (days)",
        help="The fine is due for each period of so many days or fraction; 0: once.",
    )
    capped = fields.Boolean("At Most the Value of the Goods")
    reduction = fields.Float(
        "Reduction (%)",
        digits=(5, 2),
        help="If paid in time once it is imposed; shown, never taken off.",
    )
    reduction_article = fields.Char()
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day; empty: in force.")
    source = fields.Char(required=True)

    _range = models.Constraint(
        "CHECK (minimum >= 0 AND maximum >= minimum AND period_days >= 0 "
        "AND reduction BETWEEN 0 AND 100)",
        "A fine goes from its minimum to its maximum, and a reduction is a percentage.",
    )
    _dates_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A fine cannot end before it starts.",
    )
    _dated_unique = models.Constraint(
        "UNIQUE (article, situation, condition, valid_from)",
        "This fine is already recorded from that date.",
    )
