# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    immex_responsible_ids = fields.Many2many(
        "res.users",
        "immex_company_responsible",
        "company_id",
        "user_id",
        "Customs Responsible",
        domain="[('share', '=', False)]",
        help="Get an activity for each month in which temporary imports expire, and "
        "the weekly mail.",
    )

    def _immex_responsible(self):
        """Those of them who still work with the books of this company."""
        self.ensure_one()
        return self.sudo().immex_responsible_ids.filtered(
            lambda user: (
                user.active
                and self in user.company_ids
                and user.has_group("immex_compliance.group_user")
            )
        )
