# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ...tools.cff import CFF_SQL
from ..program.immex_program import CERTIFICATIONS
from ..stock.product_template import IMMEX_CLASSES


class ImmexTermRule(models.Model):
    """How long goods may stay, by their class, the way they came and the company's
    certification, by date (LA 108; Decreto IMMEX art. 4; RGCE 4.3.21, 7.3.3).

    The rule with the lowest sequence that fits wins; the layer remembers it. Months
    are counted as the Federal Fiscal Code counts them (art. 12).
    """

    _name = "immex.term.rule"
    _description = "Term rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    goods_class = fields.Selection(
        IMMEX_CLASSES, help="Empty: goods of art. 108-I (not assets nor containers)."
    )
    origin_class = fields.Selection(
        [
            ("import", "Import"),
            ("virtual_immex", "Virtual transfer from a company with programme"),
            ("virtual_national", "National supplier without programme"),
        ],
        help="Empty fits every way of entry.",
    )
    certification = fields.Selection(CERTIFICATIONS, help="Empty fits every company.")
    months = fields.Integer(help="Zero: as long as the programme lives.")
    legal_source = fields.Char(required=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    active = fields.Boolean(default=True)

    _months_positive = models.Constraint(
        "CHECK (months >= 0)", "A term cannot be negative."
    )

    def init(self):
        for statement in CFF_SQL:
            self.env.cr.execute(statement)
