# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError

QUANTITY = (18, 6)
KINDS = [
    ("over", "Received more than declared"),
    ("undeclared", "Received, its pedimento does not declare the part"),
    ("undocumented", "Received without pedimento"),
    ("short", "Received less than declared"),
    ("not_received", "Declared and not received"),
]


class ImmexReceiptCheckLine(models.Model):
    """A difference between what was received and what was declared.

    Written by SQL (``check_sql``) under a key that stays the same from one check to the
    next, so that its proposal stays with it.
    """

    _name = "immex.receipt.check.line"
    _description = "Difference of a receipt"
    _order = "check_id desc, date, id"
    _rec_name = "key"
    _log_access = False
    _check_company_auto = True

    check_id = fields.Many2one(
        "immex.receipt.check",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    pedimento_id = fields.Many2one(
        "immex.pedimento", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partida_id = fields.Many2one(
        "immex.pedimento.partida",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, ondelete="set null"
    )
    layer_id = fields.Many2one(
        "immex.layer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The layer that lacks its receipt; of what is not declared, the latest "
        "import of the part, whose value is taken.",
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    date = fields.Date(
        "Since", readonly=True, help="First receipt, or the day they were available."
    )
    declared = fields.Float(digits=QUANTITY, readonly=True)
    received = fields.Float(digits=QUANTITY, readonly=True)
    difference = fields.Float(
        "Received Less Declared", digits=QUANTITY, readonly=True, aggregator=None
    )
    customs_value = fields.Float(
        "Customs Value (MXN)",
        digits=(18, 2),
        readonly=True,
        help="Of the difference, at the declared value of the unit.",
    )
    commercial_value = fields.Float(
        "Commercial Value (MXN)", digits=(18, 2), readonly=True
    )
    regularization_id = fields.Many2one(
        "immex.regularization",
        "Proposal",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    proposal_state = fields.Selection(related="regularization_id.state")

    _key_unique = models.UniqueIndex("(check_id, key)", "A difference is told once.")

    def action_propose(self):
        """Button: what settles these differences, and what it costs."""
        if not self:
            raise UserError(self.env._("Choose the differences first."))
        proposals = self.env["immex.regularization"]
        proposals.check_access("create")
        proposals.flush_model(["state"])  # what was rejected makes room
        todo = self.filtered(
            lambda line: not line.regularization_id or line.proposal_state == "rejected"
        )
        made = proposals.create([line._proposal_values() for line in todo])
        for line, proposal in zip(todo.sudo(), made, strict=True):
            line.regularization_id = proposal
        self.regularization_id.filtered(
            lambda proposal: proposal.state == "proposed"
        ).action_compute()
        return self.regularization_id._action_open()

    def _proposal_values(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "key": self.key,
            "kind": self.kind,
            "pedimento_id": self.pedimento_id.id,
            "partida_id": self.partida_id.id,
            "picking_id": self.picking_id.id,
            "layer_id": self.layer_id.id,
            "product_id": self.product_id.id,
            "quantity": abs(self.difference),
            "declared": self.declared,
            "customs_value": self.customs_value,
            "commercial_value": self.commercial_value,
            "start_date": self.date,
        }

    def action_open_proposal(self):
        """Button: the proposal of this difference."""
        self.ensure_one()
        return self.regularization_id._action_open()
