# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

POSITION = (32, 12)


class ImmexProductionUse(models.Model):
    """Units of a product that an exit, an order or a disassembly took by PEPS.

    ``node_from`` to ``node_to`` is the piece on the layer's own axis, from 0 to its
    quantity in the order of taking; ``demand_from`` to ``demand_to`` the same on the
    axis of what took it. Written by the engine by difference.
    """

    _name = "immex.production.use"
    _description = "Use of production"
    _order = "production_layer_id, node_from"
    _log_access = False  # written by runs alone, which tell who and when
    _rec_name = "production_layer_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    production_layer_id = fields.Many2one(
        "immex.production.layer", ondelete="restrict", index="btree_not_null"
    )
    layer_id = fields.Many2one(
        "immex.layer",
        "Imported As Such",
        ondelete="restrict",
        index="btree_not_null",
        help="The unit was imported, not made here.",
    )
    product_id = fields.Many2one("product.product", required=True)
    kind = fields.Selection(
        [("product", "Product"), ("waste", "Waste (desperdicio)")], required=True
    )
    exit_line_id = fields.Many2one(
        "immex.exit.line", "Exit", ondelete="restrict", index="btree_not_null"
    )
    consumption_id = fields.Many2one(
        "immex.production.consumption",
        "Drawn by an Order",
        ondelete="restrict",
        index="btree_not_null",
    )
    movement_id = fields.Many2one(
        "immex.movement",
        "Disassembly",
        ondelete="restrict",
        index="btree_not_null",
    )
    lot_id = fields.Many2one("stock.lot", "Lot or Serial")
    date = fields.Date(required=True, help="Of the exit, or of the order that drew it.")
    demand_from = fields.Float(digits=POSITION, required=True)
    demand_to = fields.Float(digits=POSITION, required=True)
    node_from = fields.Float("From", digits=POSITION, required=True)
    node_to = fields.Float("To", digits=POSITION, required=True)

    _tail = models.Index("(company_id, product_id, date)")
    _taker = models.Constraint(
        "CHECK (num_nonnulls(exit_line_id, consumption_id, movement_id) = 1"
        " AND num_nonnulls(production_layer_id, layer_id) = 1)",
        "One exit, one order or one disassembly took the units, of one layer.",
    )
    _piece = models.Constraint(
        "CHECK (node_to > node_from AND node_from >= 0 AND demand_from >= 0"
        " AND node_to - node_from = demand_to - demand_from)",
        "A piece of production has a length, the same on both axes.",
    )
