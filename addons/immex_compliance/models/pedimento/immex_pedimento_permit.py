# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoPermit(models.Model):
    """Permit, NOM or authorisation of a partida (record 553)."""

    _name = "immex.pedimento.permit"
    _description = "Permit of a partida"
    _order = "pedimento_id, partida_id, id"
    _rec_name = "number"
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    partida_id = fields.Many2one(
        "immex.pedimento.partida",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True)
    code = fields.Char("Key", size=3, required=True)
    signature = fields.Char("Discharge Signature")
    number = fields.Char("Permit Number")
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    quantity = fields.Float(digits=(24, 6))
