# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexUnit(models.Model):
    _inherit = "immex.unit"

    cove_code = fields.Char(
        "COVE Unit",
        size=10,
        help="Key of this unit in the catalogue of COVE (C62_1 is a piece).",
    )
