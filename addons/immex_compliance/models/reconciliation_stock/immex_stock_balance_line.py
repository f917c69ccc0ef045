# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

QUANTITY = (18, 6)


class ImmexStockBalanceLine(models.Model):
    """A part: what the layers hold, what is on hand, and why the two differ.

    The explaining figures and what is left unexplained sum to the difference, exactly.
    Written by SQL (``balance_sql``); a person gives it an owner and explains the rest.
    """

    _name = "immex.stock.balance.line"
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
        digits=QUANTITY, readonly=True, help="Layers less discharges, every status."
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
    difference = fields.Float("Customs Less On Hand", digits=QUANTITY, readonly=True)
    in_production = fields.Float(
        "In Production and Products",
        digits=QUANTITY,
        readonly=True,
        help="Drawn by orders and not yet gone in products or waste.",
    )
    made_here = fields.Float(
        digits=QUANTITY, readonly=True, help="Put out by orders of the company: less."
    )
    at_subcontractor = fields.Float(
        "At Sub-manufacturers", digits=QUANTITY, readonly=True
    )
    not_received = fields.Float(
        "Declared, Not Received",
        digits=QUANTITY,
        readonly=True,
        help="Import pedimentos and remesas less the receipts that name them.",
    )
    undocumented_receipts = fields.Float(
        "Receipts Without Pedimento", digits=QUANTITY, readonly=True, help="Less."
    )
    undocumented_exits = fields.Float(
        "Deliveries Without Document", digits=QUANTITY, readonly=True
    )
    not_delivered = fields.Float(
        "Exit Declared, Not Delivered",
        digits=QUANTITY,
        readonly=True,
        help="Less: discharged by a document, and still on hand or scrapped.",
    )
    counted = fields.Float(
        "Counted and Scrapped",
        digits=QUANTITY,
        readonly=True,
        help="Counted less, scrapped and taken apart, less what was counted more.",
    )
    shortage = fields.Float("Exits Without Layer", digits=QUANTITY, readonly=True)
    without_move = fields.Float(
        "Layers Without Move",
        digits=QUANTITY,
        readonly=True,
        help="Of initial balances and changes of regime.",
    )
    unexplained = fields.Float("Left Unexplained", digits=QUANTITY, readonly=True)
    state = fields.Selection(
        [("agrees", "Accounted for"), ("open", "Open"), ("explained", "Explained")],
        required=True,
        readonly=True,
        default="open",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who settles it.",
    )
    explanation = fields.Text(
        help="It stays while the same quantity is left unexplained."
    )
    touched_at = fields.Datetime("Last Worked On", readonly=True)

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
        if vals.get("user_id"):
            self._check_owner(self.env["res.users"].browse(vals["user_id"]))
        return self.sudo().write(vals | {"touched_at": fields.Datetime.now()})

    def _check_owner(self, user):
        """Only who reads the books of the company can settle a part."""
        known = user.sudo()
        for company in self.company_id:
            if company not in known.company_ids or not known.has_group(
                "immex_compliance.group_user"
            ):
                raise UserError(
                    self.env._(
                        "%(user)s does not work with the customs books of %(company)s.",
                        user=known.name,
                        company=company.name,
                    )
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
