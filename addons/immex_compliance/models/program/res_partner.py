# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResPartner(models.Model):
    """What Anexo 24, apartado B, I-d-4 and I-e-4 ask of suppliers and customers."""

    _inherit = "res.partner"

    immex_registration_kind = fields.Selection(
        [
            ("immex", "IMMEX programme"),
            ("ecex", "ECEX"),
            ("automotive", "Automotive terminal industry"),
            ("rfe", "Strategic bonded warehouse (RFE)"),
        ],
        "Customs Registration",
        help="Of suppliers and customers in Mexico: by what they may receive goods "
        "under temporary import (Anexo 24, B-I-d and e).",
    )
    immex_registration = fields.Char(
        "Registration Number", help="Number of the programme or of the authorisation."
    )
