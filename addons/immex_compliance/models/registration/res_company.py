# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    immex_update_hours = fields.Integer(
        "Inventory Update (hours)",
        default=48,
        required=True,
        help="Hours from the end of customs clearance within which a pedimento must be "
        "in the inventory control: 48 (Anexo 24, apartado C, first paragraph; RGCE "
        "7.1.1-XIV); 24 for a SECIIT (Anexo 24, apartado B).",
    )

    _immex_update_hours = models.Constraint(
        "CHECK (immex_update_hours BETWEEN 1 AND 8760)",
        "The hours of the inventory update are between 1 and 8760.",
    )
