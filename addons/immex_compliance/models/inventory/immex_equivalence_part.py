# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexEquivalencePart(models.Model):
    """A part of a group of equivalents; it is in one group of a company at most."""

    _name = "immex.equivalence.part"
    _description = "Part of a group of equivalents"
    _order = "equivalence_id, product_id"
    _rec_name = "product_id"

    equivalence_id = fields.Many2one(
        "immex.equivalence", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="equivalence_id.company_id", store=True, index=True
    )
    product_id = fields.Many2one(
        "product.product",
        "Part",
        required=True,
        ondelete="restrict",
        domain=[("immex_class", "in", ("material", "indirect", "packaging"))],
    )

    _once = models.Constraint(
        "UNIQUE (company_id, product_id)",
        "This part is already in a group of equivalents.",
    )
