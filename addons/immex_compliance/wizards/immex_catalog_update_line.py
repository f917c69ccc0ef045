# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexCatalogUpdateLine(models.TransientModel):
    """One change of an update file, or one reason why it was refused."""

    _name = "immex.catalog.update.line"
    _description = "Change of a catalogue"
    _order = "id"

    update_id = fields.Many2one(
        "immex.catalog.update", required=True, ondelete="cascade", index=True
    )
    change = fields.Selection(
        [
            ("added", "Added"),
            ("corrected", "Corrected"),
            ("closed", "Closed"),
            ("refused", "Refused"),
        ],
        required=True,
    )
    code = fields.Char("Key")
    text = fields.Char()
