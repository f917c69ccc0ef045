# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastageIdentifier(models.Model):
    """An identifier of a pedimento (507) or of a partida (554)."""

    _name = "immex.datastage.identifier"
    _description = "Identifier in Data Stage"
    _order = "datastage_id, sequence, id"
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
    sequence = fields.Integer(
        "Partida", readonly=True, help="Empty: of the whole pedimento."
    )
    code = fields.Char("Identifier", readonly=True)
    complement1 = fields.Char(readonly=True)
    complement2 = fields.Char(readonly=True)
