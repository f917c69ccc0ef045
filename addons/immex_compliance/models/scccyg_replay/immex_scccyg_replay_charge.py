# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .words import ACCOUNTS, CAUSES, MONEY


class ImmexScccygReplayCharge(models.Model):
    """A charge: a pedimento and tariff item of an account, theirs beside ours."""

    _name = "immex.scccyg.replay.charge"
    _description = "Authority's view: charge"
    _order = "replay_id desc, id"  # by account, tariff item, class and payment
    _rec_name = "number"
    _log_access = False

    replay_id = fields.Many2one(
        "immex.scccyg.replay", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    account = fields.Selection(ACCOUNTS)
    source = fields.Selection(
        [
            ("initial", "Initial inventory"),
            ("government", "Data Stage"),
            ("books", "The books"),
            ("ours", "No charge"),
        ],
        "Charged By",
        help="Where the charge is known from. Imports that Data Stage does not have "
        "are taken from the company's own pedimentos.",
    )
    pedimento_id = fields.Many2one("immex.pedimento", ondelete="set null", index=True)
    number = fields.Char("Pedimento Number")
    payment_date = fields.Date()
    fraccion = fields.Char("Tariff Item", size=8)
    fixed_asset = fields.Boolean()
    value = fields.Float("Charged (MXN)", digits=MONEY)
    discharged = fields.Float("Applied (MXN)", digits=MONEY)
    remaining = fields.Float("Remaining (MXN)", digits=MONEY)
    tax = fields.Float(
        "VAT and IEPS Charged (MXN)",
        digits=MONEY,
        help="Amounts with forms of payment 21 or 22 of these imports; the initial "
        "inventory tells none.",
    )
    tax_remaining = fields.Float(
        "VAT and IEPS Pending (MXN)",
        digits=MONEY,
        help="Of the tax, the share of the commercial value that remains.",
    )
    term_end = fields.Date(
        "Presumed Expiry",
        help="Last day of the term that the SCCCyG is taken to presume.",
    )
    expired = fields.Boolean(help="Something remains, and the presumed term has ended.")
    our_charged = fields.Float("Charged, Ours (MXN)", digits=MONEY)
    our_discharged = fields.Float("Discharged, Ours (MXN)", digits=MONEY)
    our_balance = fields.Float("Balance, Anexo 24 (MXN)", digits=MONEY)
    our_term_end = fields.Date("Our Expiry", help="The first one of its layers.")
    difference = fields.Float(
        "Difference (MXN)", digits=MONEY, help="Remaining of the authority less ours."
    )
    cause = fields.Selection(CAUSES, "Why")
    piece_ids = fields.One2many("immex.scccyg.replay.piece", "charge_id")

    _place = models.Index("(replay_id, id)")
