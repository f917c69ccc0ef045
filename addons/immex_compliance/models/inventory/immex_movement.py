# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..stock.stock_location import CUSTOMS_STATUSES
from .walk import part, title, window


class ImmexMovement(models.Model):
    """A done stock move line that crossed the company's door, as customs sees it.

    Written by the engine by difference from ``stock.move.line`` (quantities can
    change after the move is done). It carries the audited event date in the plant's
    time zone, since Odoo stamps UTC now.
    """

    _name = "immex.movement"
    _inherit = "immex.abstract.grouped"
    _description = "Physical movement"
    _order = "date desc, id desc"
    _log_access = False  # written by runs alone, which tell who and when
    _rec_names_search = ["picking_id", "product_id", "lot_id"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    move_line_id = fields.Many2one("stock.move.line", required=True, ondelete="cascade")
    # searched by whoever reads the movement, with or without rights on stock
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", index="btree_not_null", bypass_search_access=True
    )
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", bypass_search_access=True)
    owner_id = fields.Many2one("res.partner")
    partner_id = fields.Many2one("res.partner", "Counterparty")
    kind = fields.Selection(
        [
            ("receipt", "Receipt"),
            ("delivery", "Delivery"),
            ("return_in", "Return from customer"),
            ("return_out", "Return to supplier"),
            ("count_loss", "Counted less"),
            ("count_surplus", "Counted more"),
            ("scrap", "Scrapped"),
            ("unbuild", "Taken apart"),
        ],
        required=True,
    )
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    date = fields.Date("Physical Date", required=True, index=True)
    customs_status = fields.Selection(CUSTOMS_STATUSES)
    qty_linked = fields.Float(
        "On Documents",
        digits=(18, 6),
        required=True,
        default=0,
        help="Part of the quantity that customs documents cover.",
    )
    qty_netted = fields.Float(
        "Undone",
        digits=(18, 6),
        required=True,
        default=0,
        help="Part that came back, or went back, before a document covered it: the "
        "movement and its return need none.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waits for its document"),
            ("partial", "Partly documented"),
            ("linked", "Documented"),
            ("undone", "Undone by its return"),
            ("none", "Needs no document"),
        ],
        required=True,
        default="waiting",
    )
    active = fields.Boolean(
        default=True, help="Off: Odoo's move line no longer says this."
    )
    link_ids = fields.One2many("immex.goods.link", "movement_id")

    production_id = fields.Many2one(
        "mrp.production", "Order", compute="_compute_walk", compute_sudo=True
    )
    layer_ids = fields.Many2many(
        "immex.layer", string="Layers", compute="_compute_walk", compute_sudo=True
    )
    exit_line_ids = fields.Many2many(
        "immex.exit.line", string="Exits", compute="_compute_walk", compute_sudo=True
    )
    layer_count = fields.Integer(compute="_compute_walk", compute_sudo=True)
    exit_count = fields.Integer(compute="_compute_walk", compute_sudo=True)

    _line_unique = models.Constraint(
        "UNIQUE (move_line_id)", "A move line is one physical movement."
    )
    _open = models.Index(
        "(company_id) WHERE active AND (state IN ('waiting', 'partial')"
        " OR kind IN ('count_loss', 'count_surplus', 'scrap'))"
    )
    _unbuilt = models.Index("(company_id) WHERE active AND kind = 'unbuild'")
    _part = models.Index("(product_id, kind) WHERE active")
    _linked_range = models.Constraint(
        "CHECK (qty_linked >= 0 AND qty_netted >= 0"
        " AND qty_linked + qty_netted <= quantity)",
        "Documents cannot cover more than the movement.",
    )

    @api.depends("picking_id", "move_line_id", "kind", "product_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for movement in self.sudo():
            document = movement.picking_id or movement._order_of_move()
            movement.display_name = title(
                document.name or kinds.get(movement.kind),
                part(movement.product_id),
                movement.date,
            )

    def _order_of_move(self):
        """Production order of the move, for what was scrapped in one."""
        move = self.move_line_id.move_id
        return move.raw_material_production_id or move.production_id

    @api.depends("link_ids", "move_line_id")
    def _compute_walk(self):
        """Where the goods stand in the books: their layers and their exits."""
        goods = self.link_ids.goods_id
        layers = self.env["immex.layer"].search(
            ["|", ("goods_id", "in", goods.ids), ("movement_id", "in", self.ids)]
        )
        exits = self.env["immex.exit.line"].search(
            ["|", ("goods_id", "in", goods.ids), ("movement_id", "in", self.ids)]
        )
        for movement in self:
            own = movement.link_ids.goods_id
            movement.production_id = movement._order_of_move()
            movement.layer_ids = layers.filtered(
                lambda layer, own=own, movement=movement: (
                    layer.goods_id in own or layer.movement_id == movement
                )
            )
            movement.exit_line_ids = exits.filtered(
                lambda line, own=own, movement=movement: (
                    line.goods_id in own or line.movement_id == movement
                )
            )
            movement.layer_count = len(movement.layer_ids)
            movement.exit_count = len(movement.exit_line_ids)

    def action_layers(self):
        """The layers that these goods made."""
        return window(
            self.env,
            self.env._("Layers"),
            "immex.layer",
            [("id", "in", self.layer_ids.ids)],
        )

    def action_exits(self):
        """The exit lines under which these goods left."""
        return window(
            self.env,
            self.env._("Exits"),
            "immex.exit.line",
            [("id", "in", self.exit_line_ids.ids)],
        )
