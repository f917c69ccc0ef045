# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexFirstLoadingBalance(models.Model):
    """First balance of the temporary inventory, by tariff item and month of expiry."""

    _name = "immex.first.loading.balance"
    _description = "First loading: balance"
    _order = "loading_id, fraccion, umt_code, month"
    _log_access = False

    loading_id = fields.Many2one(
        "immex.first.loading", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="loading_id.company_id")
    fraccion = fields.Char("Tariff Item", size=8)
    umt_code = fields.Char("UMT", help="Unit of the tariff: the quantities are in it.")
    month = fields.Char(
        "Month of Expiry", size=7, help="Year and month. Empty: no term ends."
    )
    layers = fields.Integer("Imports", help="Layers, most of them a part of a partida.")
    imported = fields.Float("Imported (UMT)", digits=(24, 5), aggregator=None)
    discharged = fields.Float("Discharged (UMT)", digits=(24, 5), aggregator=None)
    remaining = fields.Float("Balance (UMT)", digits=(24, 5), aggregator=None)
    customs_value = fields.Float("Customs Value of the Balance (MXN)", digits=(20, 2))
