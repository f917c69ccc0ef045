# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

MONEY = (20, 2)


class ImmexCreditAccountLine(models.Model):
    """A tariff item of the account, fixed assets apart; commercial values in pesos."""

    _name = "immex.credit.account.line"
    _description = "Credit account: tariff item"
    _order = "account_id, fraccion, fixed_asset"
    _rec_name = "fraccion"
    _log_access = False

    account_id = fields.Many2one(
        "immex.credit.account", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id")
    fraccion = fields.Char("Tariff Item", size=8)
    fixed_asset = fields.Boolean()
    charged = fields.Float(
        "Charged (MXN)",
        digits=MONEY,
        help="Initial inventory, and imports that paid with forms 21 or 22.",
    )
    tax = fields.Float(
        "VAT and IEPS Charged (MXN)",
        digits=MONEY,
        help="Amounts that these imports paid with forms 21 or 22.",
    )
    government_tax = fields.Float(
        "The Same in Data Stage (MXN)",
        digits=MONEY,
        help="Amounts with forms 21 or 22 of the partidas (557) in the government's "
        "data, which is what the SCCCyG charges (Anexo 30, II).",
    )
    tax_difference = fields.Float(
        "Charged Otherwise (MXN)", digits=MONEY, help="Books less Data Stage."
    )
    discharged = fields.Float(
        "Discharged, Anexo 24 (MXN)",
        digits=MONEY,
        help="By documents of until then, in the ledger by part.",
    )
    reported = fields.Float(
        "Reported, Anexo 30 (MXN)",
        digits=MONEY,
        help="In discharge reports that were sent, or are valid, of periods that ended "
        "by then.",
    )
    difference = fields.Float(
        "Not Reported (MXN)",
        digits=MONEY,
        help="Anexo 24 less Anexo 30: discharged and not reported; below zero, the "
        "other way round.",
    )
    balance = fields.Float(
        "Balance, Anexo 30 (MXN)", digits=MONEY, help="Charged less reported."
    )
    over_discharged = fields.Boolean(
        help="More was reported than charged. Often a fixed asset that was imported as "
        "material, or the tariff item of the export."
    )
