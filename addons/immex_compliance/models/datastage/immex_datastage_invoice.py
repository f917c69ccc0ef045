# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastageInvoice(models.Model):
    """An invoice of a pedimento (505)."""

    _name = "immex.datastage.invoice"
    _description = "Invoice in Data Stage"
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
    number = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    incoterm = fields.Char(readonly=True)
    currency = fields.Char(readonly=True)
    value_usd = fields.Float("Value (USD)", digits=(18, 2), readonly=True)
    value_currency = fields.Float("Value (Currency)", digits=(18, 2), readonly=True)
    country_code = fields.Char("Country", readonly=True)
    state_code = fields.Char("State", readonly=True)
    tax_id = fields.Char("Tax ID", readonly=True)
    partner_name = fields.Char("Supplier or Buyer", readonly=True)
    street = fields.Char(readonly=True)
    number_in = fields.Char(readonly=True)
    number_out = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
