# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ...services.reasons import explain

MEANING = "immex.vucem.meaning"


class ImmexVucemMeaning(models.AbstractModel):
    """What VUCEM, its server or the network said, in the words of who has to act on it;
    the original stays beside it."""

    _name = MEANING
    _description = "Meaning of what VUCEM said"
    _said = "reason"  # field with the original

    meaning = fields.Char(
        compute="_compute_meaning",
        help="What the reason means, and what to do about it.",
    )

    @api.depends(lambda self: (self._said,))
    @api.depends_context("lang")
    def _compute_meaning(self):
        for record in self:
            meaning = explain(record[self._said])
            record.meaning = self.env._(meaning) if meaning else False
