# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    immex_hours_checked_at = fields.Datetime(
        "Inventory Update Checked Until",
        readonly=True,
        help="Pedimentos whose hours ended before were told of already.",
    )
