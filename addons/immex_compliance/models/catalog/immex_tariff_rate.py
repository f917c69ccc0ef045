# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexTariffRate(models.Model):
    """Duty rate of a tariff item, by date. Loaded from an update file."""

    _name = "immex.tariff.rate"
    _description = "Duty rate"
    _order = "tariff_item_id, flow, valid_from desc"

    tariff_item_id = fields.Many2one(
        "immex.tariff.item", required=True, ondelete="cascade", index=True
    )
    flow = fields.Selection(
        [("import", "Import (IGI)"), ("export", "Export (IGE)")], required=True
    )
    rate = fields.Float(
        "Rate (%)", digits=(15, 10), help="Ad valorem; empty text means exempt at 0."
    )
    specific = fields.Char(help="Rate that is not ad valorem, as published.")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    source = fields.Char(required=True)
    verified = fields.Boolean(
        help="Compared with the official publication. Unverified rates serve for "
        "estimates only."
    )

    _dated_unique = models.Constraint(
        "UNIQUE (tariff_item_id, flow, valid_from)",
        "This tariff item already has a rate from that date.",
    )
