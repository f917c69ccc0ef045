# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoObservation(models.Model):
    """Observations of a pedimento (511) or of a partida (558), chunks joined."""

    _name = "immex.pedimento.observation"
    _description = "Observation of a pedimento"
    _order = "pedimento_id, partida_id, id"
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
    text = fields.Text(required=True)
