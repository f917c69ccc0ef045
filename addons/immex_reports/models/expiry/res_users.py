# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"  # pylint: disable=consider-merging-classes-inherited

    immex_weekly_mail = fields.Boolean(
        "Weekly Customs Mail",
        default=True,
        help="What is open in the customs books, once a week: to who is responsible "
        "for the company, or for findings.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["immex_weekly_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["immex_weekly_mail"]
