# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastageReference(models.Model):
    """A pedimento that a return or change of regime discharges (512)."""

    _name = "immex.datastage.reference"
    _description = "Pedimento named in Data Stage"
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
    patente = fields.Char("Patent", readonly=True)
    document = fields.Char(readonly=True)
    office_section = fields.Char(readonly=True)
    key_code = fields.Char("Key", readonly=True)
    date = fields.Date(readonly=True)
    fraccion = fields.Char("Tariff Item", readonly=True)
    unit_code = fields.Char("Unit", readonly=True)
    quantity = fields.Float(digits=(24, 6), readonly=True)
