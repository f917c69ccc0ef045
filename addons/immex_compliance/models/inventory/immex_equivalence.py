# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ImmexEquivalence(models.Model):
    """Parts that the company holds to be the same goods: one PEPS stack.

    Counts only where the company switched it on, for temporary imports, and while all
    of these bear one tariff item and one unit (UMT).
    """

    _name = "immex.equivalence"
    _description = "Equivalent parts"
    _order = "name"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    part_ids = fields.One2many("immex.equivalence.part", "equivalence_id", "Parts")
    justification = fields.Text(
        help="Why these parts are the same goods: what the auditor will ask."
    )
    broken = fields.Boolean(
        readonly=True,
        default=False,
        help="Imports of these parts bear different tariff items or units: each part "
        "stands alone until that is corrected.",
    )
    switched_on = fields.Boolean(related="company_id.immex_use_equivalents")
    active = fields.Boolean(default=True)

    @api.constrains("part_ids")
    def _check_units(self):
        for group in self:
            units = group.part_ids.product_id.uom_id
            if len(units) > 1:
                raise ValidationError(
                    self.env._(
                        "The parts of %(group)s have different units: %(units)s. "
                        "Equivalent parts are counted in one unit.",
                        group=group.name,
                        units=", ".join(units.mapped("name")),
                    )
                )
