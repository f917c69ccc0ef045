# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..inventory.immex_finding import OPEN_STATES
from ..inventory.walk import window

QUANTITY = (18, 6)


class ImmexStockBalanceLine(models.Model):
    """A part: what the layers hold, what is on hand, and why the two differ.

    The explaining figures and what is left unexplained sum to the difference, exactly.
    Written by SQL (``balance_sql``); a person gives it an owner and explains the rest.
    """

    _name = "immex.stock.balance.line"
    _inherit = "immex.abstract.owned"
    _description = "Part in a stock comparison"
    _order = "balance_id desc, product_id"
    _rec_name = "product_id"
    _log_access = False
    _check_company_auto = True

    balance_id = fields.Many2one(
        "immex.stock.balance",
        "Comparison",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    customs_balance = fields.Float(
        digits=QUANTITY,
        readonly=True,
        help="Customs balance: layers less discharges, every status.",
    )
    temporary_balance = fields.Float(
        "Of It Temporary",
        digits=QUANTITY,
        readonly=True,
        help="Temporary imports only.",
    )
    on_hand = fields.Float(
        digits=QUANTITY,
        readonly=True,
        help="By Odoo's done moves, in the company's own places, whoever owns it.",
    )
    valued = fields.Float(
        "Valued Quantity",
        digits=QUANTITY,
        readonly=True,
        help="What Odoo's valuation counts: goods of the principal are not in it.",
    )
    difference = fields.Float(
        "Customs Less On Hand",
        digits=QUANTITY,
        readonly=True,
        help="Customs balance less on hand.",
    )
    in_production = fields.Float(
        "In Production and Products",
        digits=QUANTITY,
        readonly=True,
        help="In production and products: drawn by orders and not yet gone in products "
        "or waste.",
    )
    made_here = fields.Float(
        digits=QUANTITY, readonly=True, help="Put out by orders of the company: less."
    )
    at_subcontractor = fields.Float(
        "At Sub-manufacturers",
        digits=QUANTITY,
        readonly=True,
        help="At sub-manufacturers: on hand in the company's subcontracting locations.",
    )
    not_received = fields.Float(
        "Declared, Not Received",
        digits=QUANTITY,
        readonly=True,
        help="Declared, not received: import pedimentos and remesas less the receipts "
        "that name them.",
    )
    undocumented_receipts = fields.Float(
        "Receipts Without Pedimento",
        digits=QUANTITY,
        readonly=True,
        help="Receipts without pedimento, less: on hand, and no layer.",
    )
    undocumented_exits = fields.Float(
        "Deliveries Without Document",
        digits=QUANTITY,
        readonly=True,
        help="Deliveries without document: gone, and still charged.",
    )
    not_delivered = fields.Float(
        "Exit Declared, Not Delivered",
        digits=QUANTITY,
        readonly=True,
        help="Exit declared, not delivered, less: discharged by a document, and still "
        "on hand or scrapped.",
    )
    counted = fields.Float(
        "Counted and Scrapped",
        digits=QUANTITY,
        readonly=True,
        help="Counted and scrapped: counted less, scrapped and taken apart, less what "
        "was counted more.",
    )
    shortage = fields.Float(
        "Exits Without Layer",
        digits=QUANTITY,
        readonly=True,
        help="Exits without layer: required of an exit, and no layer gave it.",
    )
    without_move = fields.Float(
        "Layers Without Move",
        digits=QUANTITY,
        readonly=True,
        help="Layers without move: of initial balances and changes of regime.",
    )
    unexplained = fields.Float(
        "Left Unexplained",
        digits=QUANTITY,
        readonly=True,
        help="Left unexplained: mostly stock moves that the last run of the discharge "
        "has not seen.",
    )
    state = fields.Selection(
        [("agrees", "Accounted for"), ("open", "Open"), ("explained", "Explained")],
        required=True,
        readonly=True,
        default="open",
    )
    explanation = fields.Text(
        help="It stays while the same quantity is left unexplained."
    )
    touched_at = fields.Datetime("Last Worked On", readonly=True)
    place_ids = fields.One2many("immex.stock.balance.place", "line_id")
    finding_count = fields.Integer("Open Findings", compute="_compute_finding_count")

    _touched = models.Index("(company_id, product_id) WHERE touched_at IS NOT NULL")
    _part_unique = models.Constraint(
        "UNIQUE (balance_id, product_id)", "A part occurs once in a comparison."
    )

    def write(self, vals):
        """A person writes who is responsible and the explanation; no more."""
        if self.env.su:
            return super().write(vals)
        if set(vals) - {"explanation", "user_id"}:
            raise AccessError(
                self.env._(
                    "Of a part, only who is responsible and the explanation can be "
                    "written."
                )
            )
        self.check_access("write")
        self._check_owner(self.env["res.users"].browse(vals.get("user_id") or []))
        return self.sudo().write(vals | {"touched_at": fields.Datetime.now()})

    def _compute_finding_count(self):
        counts = {
            (company, product): count
            for company, product, count in self.env["immex.finding"]._read_group(
                self._findings(), ["company_id", "product_id"], ["__count"]
            )
        }
        for line in self:
            line.finding_count = counts.get((line.company_id, line.product_id), 0)

    def _findings(self):
        return [
            ("company_id", "in", self.company_id.ids),
            ("product_id", "in", self.product_id.ids),
            ("state", "in", OPEN_STATES),
        ]

    def action_findings(self):
        """Button: what is known to be wrong with the part, as of now."""
        self.ensure_one()
        return window(
            self.env, self.env._("Open Findings"), "immex.finding", self._findings()
        )

    def action_explain(self):
        """Button: what is left of these parts has its explanation."""
        self.check_access("write")
        todo = self.filtered(lambda line: line.state == "open")
        if any(not (line.explanation or "").strip() for line in todo):
            raise UserError(self.env._("Write the explanation first."))
        todo.sudo().write({"state": "explained", "touched_at": fields.Datetime.now()})
        return True

    def action_reopen(self):
        """Button: the explanation does not hold."""
        self.check_access("write")
        done = self.filtered(lambda line: line.state == "explained")
        done.sudo().write({"state": "open", "touched_at": fields.Datetime.now()})
        return True
