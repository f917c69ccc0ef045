# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexScccygLayout(models.Model):
    # a topic a file: the model itself is long enough
    _inherit = "immex.scccyg.layout"  # pylint: disable=consider-merging-classes-inherited

    must_validate = fields.Boolean(
        "Only Validated Files Are Sent",
        tracking=True,
        help="A report is marked as sent after its file was validated. Without this, "
        "only the errors of a validation that was made hold it back.",
    )
