# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .immex_report_run_print import PRINT_PARAMETER, PRINT_ROWS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    immex_print_rows = fields.Integer(
        "Rows Printed at Most",
        config_parameter=PRINT_PARAMETER,
        default=PRINT_ROWS,
        help="A report with more rows is not made as PDF.",
    )
