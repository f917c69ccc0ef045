# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoIdentifier(models.Model):
    """Identifier of the pedimento (507) or of a partida (554), Appendix 8."""

    _name = "immex.pedimento.identifier"
    _inherit = ["immex.abstract.pedimento.row"]
    _description = "Identifier of a pedimento"
    _order = "pedimento_id, partida_id, id"
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
    code = fields.Char(size=2, required=True, index=True)
    identifier_id = fields.Many2one("immex.identifier")
    complement1 = fields.Char()
    complement2 = fields.Char()
    complement3 = fields.Char()
