# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexScccygLayout(models.Model):
    """What the replay of the authority's view takes for granted.

    Anexo 30 tells that discharges go by PEPS, by tariff item and fortnight, and that
    terms are presumed; not by which date, nor which terms. So these are assumptions.
    """

    # a topic a file: the model itself is long enough
    _inherit = "immex.scccyg.layout"  # pylint: disable=consider-merging-classes-inherited

    charge_date = fields.Selection(
        [("payment", "Date of payment"), ("entry", "Date of entry")],
        "Order of Charges",
        required=True,
        default="payment",
        tracking=True,
        help="By which date the oldest charge is the one that is discharged first. The "
        "annex names the date of payment for the initial inventory and leaves the rest "
        "open.",
    )
    applied_by = fields.Selection(
        [("sent", "The day it was sent"), ("period", "The end of its period")],
        "A Report Counts From",
        required=True,
        default="sent",
        tracking=True,
        help="Discharges are applied at the end of the fortnight of that day "
        "(Anexo 30, V-a-1).",
    )
    presumed_months = fields.Integer(
        "Presumed Term (months)",
        required=True,
        default=18,
        tracking=True,
        help="From payment, of material; 36 for an authorised economic operator. 0 for "
        "none. The SCCCyG's terms are presumed, the company's own are those of its "
        "layers (Anexo 30, V-a-2).",
    )
    presumed_months_asset = fields.Integer(
        "Presumed Term of Fixed Assets (months)",
        required=True,
        default=0,
        tracking=True,
        help="0 for none: fixed assets stay while the programme is in force.",
    )
    initial_account = fields.Selection(
        [("credit", "Credit"), ("guarantee", "Guarantee")],
        "Initial Inventory Counts As",
        required=True,
        default="credit",
        tracking=True,
        help="Where the company has both: the file of the inventory does not tell.",
    )

    _months_positive = models.Constraint(
        "CHECK (presumed_months >= 0 AND presumed_months_asset >= 0)",
        "A presumed term is a number of months, or 0 for none.",
    )

    def _replay_settings(self):
        """What a replay takes of these settings, as it keeps it."""
        self.ensure_one()
        initial = self.initial_account if self.account == "both" else self.account
        return {
            "account": self.account,
            "start_date": self.start_date,
            "expiring": self.expiring,
            "charge_date": self.charge_date,
            "applied_by": self.applied_by,
            "presumed_months": self.presumed_months,
            "presumed_months_asset": self.presumed_months_asset,
            "initial_account": initial,
        }
