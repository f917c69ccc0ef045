# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..stock.stock_location import CUSTOMS_STATUSES


class ImmexMovement(models.Model):
    """A done stock move line that crossed the company's door, as customs sees it.

    Written by the engine by difference from ``stock.move.line`` (quantities can
    change after the move is done). It carries the audited event date in the plant's
    time zone, since Odoo stamps UTC now.
    """

    _name = "immex.movement"
    _description = "Physical movement"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    move_line_id = fields.Many2one(
        "stock.move.line", required=True, ondelete="cascade", index=True
    )
    picking_id = fields.Many2one("stock.picking", "Transfer", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial")
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
        index=True,
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
        index=True,
    )
    active = fields.Boolean(
        default=True, help="Off: Odoo's move line no longer says this."
    )
    link_ids = fields.One2many("immex.goods.link", "movement_id")

    _line_unique = models.Constraint(
        "UNIQUE (move_line_id)", "A move line is one physical movement."
    )
    _open = models.Index(
        "(company_id) WHERE active AND (state IN ('waiting', 'partial')"
        " OR kind IN ('count_loss', 'count_surplus', 'scrap'))"
    )
    _part = models.Index("(product_id, kind) WHERE active")
    _linked_range = models.Constraint(
        "CHECK (qty_linked >= 0 AND qty_netted >= 0"
        " AND qty_linked + qty_netted <= quantity)",
        "Documents cannot cover more than the movement.",
    )
