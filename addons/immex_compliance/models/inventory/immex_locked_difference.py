# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexLockedDifference(models.Model):
    """What a run would change in a closed period: per exit, material and import.

    Written by the engine anew whenever a closed period would change; a reopening lets
    the next run write it to the ledger (Anexo 30 III-f obliges corrections).
    """

    _name = "immex.locked.difference"
    _description = "Difference in a closed period"
    _order = "date, exit_key, product_id, layer_key"
    _rec_name = "exit_key"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    run_id = fields.Many2one("immex.discharge.run", required=True, ondelete="cascade")
    exit_key = fields.Char("Exit", required=True)
    exit_line_id = fields.Many2one("immex.exit.line", ondelete="cascade")
    exit_pedimento_id = fields.Many2one(
        related="exit_line_id.pedimento_id", string="Exit Pedimento"
    )
    date = fields.Date("Exit Date", required=True)
    product_id = fields.Many2one("product.product", "Material", required=True)
    layer_key = fields.Char("Import", help="Empty: value that no pedimento holds.")
    layer_id = fields.Many2one("immex.layer", ondelete="cascade")
    pedimento_id = fields.Many2one(
        related="layer_id.pedimento_id", string="Import Pedimento"
    )
    qty_before = fields.Float("In the Ledger", digits=(18, 6), required=True)
    qty_after = fields.Float("Would Be", digits=(18, 6), required=True)
    currency = fields.Selection(
        [("usd", "Value in USD"), ("mxn", "Customs value in MXN")],
        "Ledger by Value",
        help="Set: the difference is in the ledger by value.",
    )
    value_before = fields.Float(
        "Value in the Ledger", digits=(18, 2), required=True, default=0
    )
    value_after = fields.Float(
        "Value Would Be", digits=(18, 2), required=True, default=0
    )
