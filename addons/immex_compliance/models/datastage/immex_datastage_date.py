# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastageDate(models.Model):
    """A date of a pedimento (506)."""

    _name = "immex.datastage.date"
    _description = "Date in Data Stage"
    _order = "datastage_id, id"
    _log_access = False

    datastage_id = fields.Many2one(
        "immex.datastage.pedimento",
        "Pedimento",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="datastage_id.company_id")
    kind = fields.Char("Type", readonly=True)
    date = fields.Date(readonly=True)
