# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.inventory.immex_requirement import REQUIREMENT_KINDS
from ..models.stock.stock_location import CUSTOMS_STATUSES


class ImmexSimulationResult(models.TransientModel):
    """Material that a planned exit would take, and from which import."""

    _name = "immex.simulation.result"
    _description = "Simulated discharge"
    _order = "line_id, product_id, id"

    simulation_id = fields.Many2one(
        "immex.simulation", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one("immex.simulation.line", "What Leaves")
    product_id = fields.Many2one("product.product", "Material")
    customs_status = fields.Selection(CUSTOMS_STATUSES)
    kind = fields.Selection(REQUIREMENT_KINDS)
    covered = fields.Boolean(help="Off: no layer has it.")
    pedimento_id = fields.Many2one("immex.pedimento", "Import Pedimento")
    partida_id = fields.Many2one("immex.pedimento.partida", "Import Partida")
    term_end = fields.Date("Expires")
    quantity = fields.Float(digits=(18, 6))
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3))
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2))
    late = fields.Boolean("After Its Term")
    currency = fields.Selection(
        [("usd", "Value in USD"), ("mxn", "Customs value in MXN")],
        "Ledger by Value",
        help="Set: the line is of the ledger by value.",
    )
    value = fields.Float(digits=(18, 2))
