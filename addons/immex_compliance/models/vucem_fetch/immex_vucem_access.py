# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexVucemAccess(models.Model):
    """Which offices are asked by themselves, and since when."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.vucem.access"

    fetch_since = fields.Date(
        help="The first day of which the pedimentos of the RFC are fetched by "
        "themselves, day by day; none: only what is asked for by its number."
    )
    office_ids = fields.Many2many(
        "immex.customs.office",
        string="Offices to Ask",
        help="VUCEM lists the pedimentos of one office at a time: those through which "
        "the company's goods go.",
    )
    other_offices = fields.Char(
        "Offices That Are Not Asked",
        compute="_compute_other_offices",
        help="Customs offices of pedimentos that the books have since that day, and "
        "whose lists are not asked for.",
    )

    @api.depends("company_id", "fetch_since", "office_ids")
    def _compute_other_offices(self):
        pedimentos = self.env["immex.pedimento"]
        for access in self:
            asked = {
                (code or "").ljust(3, "0") for code in access.office_ids.mapped("code")
            }
            known = pedimentos._read_group(
                [
                    ("company_id", "=", access.company_id.id),
                    ("payment_date", ">=", access.fetch_since),
                    ("office_section", "!=", False),
                ],
                ["office_section"],
            )
            codes = sorted({section for (section,) in known} - asked)
            access.other_offices = access.fetch_since and ", ".join(codes)
