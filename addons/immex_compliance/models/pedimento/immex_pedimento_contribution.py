# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoContribution(models.Model):
    """Rate (509, 556) or amount (510, 557) of a contribution, Appendix 12.

    A rate has ``rate`` and ``rate_type``, an amount has ``payment_form`` and
    ``amount`` (MXN, whole pesos). ``partida_id`` is empty at pedimento level.
    """

    _name = "immex.pedimento.contribution"
    _inherit = ["immex.abstract.pedimento.row"]
    _description = "Contribution of a pedimento"
    _order = "pedimento_id, partida_id, kind desc, code, id"
    _rec_name = "code"
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
        ondelete="cascade",
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection([("rate", "Rate"), ("amount", "Amount")], required=True)
    code = fields.Char(size=2, required=True)
    contribution_id = fields.Many2one("immex.contribution")
    rate = fields.Float(digits=(25, 10))
    rate_type = fields.Char(size=2)
    payment_form = fields.Char(size=3)
    amount = fields.Float("Amount (MXN)", digits=(18, 2))
