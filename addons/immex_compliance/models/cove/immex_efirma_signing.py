# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import ValidationError

SIGNED_MODELS = ("immex.cove", "immex.edocument")
TASKS = [("send", "Sign and send"), ("query", "Ask for the answer")]


class ImmexEfirmaSigning(models.TransientModel):
    """Asks for the passphrase of the e.firma and signs with it.

    The passphrase is a field without a column: what it is for is done when it is
    given, and nothing of it is stored.
    """

    _name = "immex.efirma.signing"
    _description = "Passphrase of the e.firma"

    task = fields.Selection(TASKS, required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    record_ids = fields.Char(required=True, readonly=True)
    passphrase = fields.Char(
        compute="_compute_passphrase",
        inverse="_inverse_passphrase",
        exportable=False,
        help="Of the private key of the company's e.firma. It is used now and kept "
        "nowhere.",
    )

    def _compute_passphrase(self):
        self.passphrase = False

    def _inverse_passphrase(self):
        for wizard in self.filtered("passphrase"):
            wizard._records()._sign(wizard.task, wizard.passphrase)

    def _records(self):
        if self.model not in SIGNED_MODELS:
            raise ValidationError(self.env._("Nothing of this kind is signed."))
        ids = [int(number) for number in self.record_ids.split(",") if number.isdigit()]
        return self.env[self.model].browse(ids).exists()

    def action_sign(self):
        """Close: saving has signed already."""
        return {"type": "ir.actions.act_window_close"}
