# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    immex_in_use = fields.Boolean(related="company_id.immex_in_use")
    immex_event_date = fields.Date(
        "Production Date (Customs)",
        copy=False,
        help="Date of the production in the plant's time zone, when it differs from "
        "the date on which the order was closed in Odoo.",
    )
