# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastagePartida(models.Model):
    """A partida as the government's data tell it (table 551)."""

    _name = "immex.datastage.partida"
    _description = "Partida in Data Stage"
    _order = "datastage_id, sequence"
    _log_access = False

    datastage_id = fields.Many2one(
        "immex.datastage.pedimento",
        "Pedimento",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="datastage_id.company_id")
    sequence = fields.Integer("Partida", readonly=True)
    fraccion = fields.Char("Tariff Item", size=8, readonly=True)
    nico = fields.Char("NICO", size=2, readonly=True)
    description = fields.Char(readonly=True)
    unit_price = fields.Float(digits=(20, 5), readonly=True)
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2), readonly=True)
    commercial_value = fields.Float(
        "Commercial Value (MXN)", digits=(18, 2), readonly=True
    )
    value_usd = fields.Float("Value (USD)", digits=(18, 2), readonly=True)
    added_value = fields.Float("Added Value (MXN)", digits=(18, 2), readonly=True)
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3), readonly=True)
    umc_code = fields.Char("UMC", readonly=True)
    qty_umt = fields.Float("Quantity UMT", digits=(23, 5), readonly=True)
    umt_code = fields.Char("UMT", readonly=True)
    linkage = fields.Char("Vinculación", readonly=True)
    valuation_method = fields.Char(readonly=True)
    product_code = fields.Char(readonly=True)
    brand = fields.Char(readonly=True)
    model = fields.Char(readonly=True)
    origin_code = fields.Char("Origin or Destination", readonly=True)
    seller_code = fields.Char("Seller or Buyer", readonly=True)

    _sequence_unique = models.Constraint(
        "UNIQUE (datastage_id, sequence)",
        "A partida number occurs once in a pedimento.",
    )
