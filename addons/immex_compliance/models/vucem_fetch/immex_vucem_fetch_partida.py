# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexVucemFetchPartida(models.Model):
    """A partida of a pedimento that is being fetched, and the exchange that asks."""

    _name = "immex.vucem.fetch.partida"
    _description = "Partida being fetched from VUCEM"
    _order = "fetch_id, number"
    _rec_name = "number"

    fetch_id = fields.Many2one("immex.vucem.fetch", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="fetch_id.company_id", store=True)
    number = fields.Integer(required=True, readonly=True)
    exchange_id = fields.Many2one(
        "immex.exchange", index="btree_not_null", readonly=True, ondelete="set null"
    )
    exchange_state = fields.Selection(related="exchange_id.state")
    exchange_reason = fields.Char(related="exchange_id.reason")
    answered = fields.Boolean(readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE (fetch_id, number)", "A partida is asked for once."
    )
