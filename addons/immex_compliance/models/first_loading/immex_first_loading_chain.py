# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexFirstLoadingChain(models.Model):
    """A pedimento that was rectified: its first version, how many, and the last one."""

    _name = "immex.first.loading.chain"
    _description = "First loading: rectifications"
    _order = "loading_id, first_paid, id"
    _log_access = False

    loading_id = fields.Many2one(
        "immex.first.loading", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="loading_id.company_id")
    original_id = fields.Many2one(
        "immex.pedimento",
        required=True,
        ondelete="cascade",
        index=True,
        help="First version that is recorded: its dates stay those of the layers.",
    )
    last_id = fields.Many2one(
        "immex.pedimento",
        "Last Version",
        required=True,
        ondelete="cascade",
        index=True,
        help="Its quantities and values count.",
    )
    versions = fields.Integer(aggregator=False, help="The first one among them.")
    first_paid = fields.Date("Original Paid")
    last_paid = fields.Date("Last Version Paid")
    customs_value = fields.Float("Customs Value, Original (MXN)", digits=(20, 2))
    customs_value_last = fields.Float(
        "Customs Value, Last Version (MXN)", digits=(20, 2)
    )
    incomplete = fields.Boolean(
        "Begins Before",
        help="The first version that is recorded is a rectification itself: the Data "
        "Stage of an earlier time is missing.",
    )
