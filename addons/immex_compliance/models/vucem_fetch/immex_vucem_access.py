# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


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
