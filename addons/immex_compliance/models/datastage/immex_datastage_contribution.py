# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastageContribution(models.Model):
    """A rate (509, 556), an amount (510, 557) or a rectification's difference (702)."""

    _name = "immex.datastage.contribution"
    _description = "Contribution in Data Stage"
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
    kind = fields.Selection(
        [("rate", "Rate"), ("amount", "Amount"), ("difference", "Difference (702)")],
        required=True,
        readonly=True,
    )
    code = fields.Char("Contribution", readonly=True)
    rate = fields.Float(digits=(25, 10), readonly=True)
    rate_type = fields.Char(readonly=True)
    payment_form = fields.Char("Form of Payment", readonly=True)
    amount = fields.Float("Amount (MXN)", digits=(18, 2), readonly=True)
