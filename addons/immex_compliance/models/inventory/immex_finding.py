# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_repr
from odoo.tools.translate import LazyTranslate

from ..wording import by_count
from .finding_steps import ABOUT, ABOUT_ORDER, NEXT_STEPS

_lt = LazyTranslate(__name__)

OPEN_STATES = ("open", "progress")
OF_PEOPLE = {"note", "user_id", "due_date"}  # the rest is the engine's

FINDING_CODES = [
    ("receipt_without_pedimento", "Receipt without pedimento"),
    ("layer_without_receipt", "Layer without receipt"),
    ("receipt_short", "Received less than declared (faltante)"),
    ("receipt_over", "Received more than declared (sobrante)"),
    ("partida_without_detail", "Partida without part detail"),
    ("goods_unmapped", "Part without product"),
    ("factor_missing", "Unit factor missing"),
    ("no_rule", "No rule covers the operation"),
    ("no_production_layer", "Exit whose product has no production"),
    ("shortage", "Requirement without layer"),
    ("delivery_difference", "Delivered quantity differs from the document"),
    ("exit_without_delivery", "Exit document without delivery"),
    ("exit_without_document", "Delivery without customs document"),
    ("layer_after_consumption", "Layer later than the consumption"),
    ("late_return", "Late return (retorno extemporáneo)"),
    ("count_loss", "Counted less than the books"),
    ("count_surplus", "Counted more than the books"),
    ("scrap_unassigned", "Scrapped outside an order"),
    ("mixed_principals", "Order mixes principals"),
    ("split_exceeds_drawn", "Merma and waste exceed what was drawn"),
    ("unreceived_return", "Return without its document"),
    ("production_cycle", "Orders consume each other"),
    ("unbuilt_import", "Taken apart, made by no order"),
    ("peps_mismatch", "Named import differs from PEPS"),
    ("locked_change", "Closed period would change"),
    ("rectified_difference", "Rectification changes quantities"),
    ("rejected_export_late", "Return of an export after a year"),
    ("equivalence_broken", "Equivalent parts differ"),
    ("remesa_difference", "Remesas and partidas differ"),
    ("period_difference", "Period consumption is not accounted for"),
    ("value_short", "Value that no pedimento holds"),
]

# What is wrong and what settles it, by code.
MESSAGES = {
    "value_short": _lt(
        "An exit takes a value of %(expected)s in %(product)s and no pedimento that "
        "may serve it holds %(quantity)s of it (discharge by value)."
    ),
    "receipt_without_pedimento": _lt(
        "%(quantity)s of %(product)s came with %(transfer)s and no pedimento covers "
        "them. Load the pedimento or write its number on the transfer."
    ),
    "layer_without_receipt": _lt(
        "Pedimento %(pedimento)s declares %(expected)s of %(product)s and no receipt "
        "names it. Write the pedimento's number on the receipt."
    ),
    "receipt_short": _lt(
        "Faltante: pedimento %(pedimento)s declares %(expected)s of %(product)s, "
        "%(quantity)s came. Receive the rest, or rectify."
    ),
    "receipt_over": _lt(
        "Sobrante: %(quantity)s of %(product)s came with %(transfer)s beyond the "
        "pedimento (%(expected)s came in all). Rectify (R1) or regularise (A3)."
    ),
    "partida_without_detail": _lt(
        "Partida %(partida)s of pedimento %(pedimento)s is not split in parts. Load "
        "the broker's part file or enter the parts; they sum to the partida."
    ),
    "goods_unmapped": _lt(
        "Partida %(partida)s of pedimento %(pedimento)s has a part number that no "
        "product bears. Choose the product in the waiting list."
    ),
    "factor_missing": _lt(
        "Partida %(partida)s of pedimento %(pedimento)s is declared in a unit that "
        "the product has no factor for. Enter the factor on the product."
    ),
    "no_rule": _lt(
        "No rule tells what pedimento %(pedimento)s does to the inventory. Enter its "
        "case, or add a rule."
    ),
    "no_production_layer": _lt(
        "%(quantity)s of %(product)s left, and no production order of that date tells "
        "the materials in them. Close the order, or date it before the exit."
    ),
    "shortage": _lt(
        "An exit needs %(expected)s of %(product)s and no layer holds %(quantity)s of "
        "them at its date. Look for an import that is missing or dated later."
    ),
    "delivery_difference": _lt(
        "Pedimento %(pedimento)s declares %(expected)s of %(product)s, %(quantity)s "
        "were delivered. The document rules; rectify it if it is wrong."
    ),
    "exit_without_delivery": _lt(
        "Pedimento %(pedimento)s declares the exit of %(expected)s of %(product)s and "
        "no delivery names it. Write the pedimento's number on the delivery."
    ),
    "exit_without_document": _lt(
        "%(quantity)s of %(product)s left with %(transfer)s without a customs "
        "document: the temporary balance stays charged. File F4, V5 or another exit."
    ),
    "layer_after_consumption": _lt(
        "%(quantity)s of %(product)s were used before pedimento %(pedimento)s made "
        "them available. Check the dates of the order and of the import."
    ),
    "late_return": _lt(
        "Retorno extemporáneo: %(quantity)s of %(product)s of pedimento "
        "%(pedimento)s left after their term (Customs Law, art. 183-II)."
    ),
    "count_loss": _lt(
        "A count found %(quantity)s of %(product)s missing. A count never discharges: "
        "show that it was merma, waste or theft, or regularise (A3)."
    ),
    "count_surplus": _lt(
        "A count found %(quantity)s of %(product)s too many. A surplus makes no "
        "temporary layer: rectify (R1) or regularise (A3, RGCE 2.5.1)."
    ),
    "scrap_unassigned": _lt(
        "%(quantity)s of %(product)s were scrapped outside a production order. They "
        "stay in the temporary inventory until their own exit."
    ),
    "mixed_principals": _lt(
        "Order %(order)s mixes material of several principals. Check the owners of "
        "what it consumed."
    ),
    "split_exceeds_drawn": _lt(
        "Order %(order)s declares %(quantity)s of %(product)s as merma and waste and "
        "drew %(expected)s. Correct merma and waste on the order."
    ),
    "unbuilt_import": _lt(
        "%(quantity)s of %(product)s were taken apart by an unbuild order and no order "
        "had made them: their parts have no import to be discharged from."
    ),
    "production_cycle": _lt(
        "Order %(order)s used a product that was made from its own output. Correct "
        "the components or the dates of the orders."
    ),
    "unreceived_return": _lt(
        "%(quantity)s of %(product)s came back from a customer with %(transfer)s and "
        "no pedimento covers them (key IN, case II)."
    ),
    "locked_change": _lt(
        "The ledger of a closed period has %(expected)s of %(product)s for an exit of "
        "%(date)s; by what is known now it would be %(quantity)s, or other imports. "
        "See the differences of closed periods; an administrator may reopen it."
    ),
    "equivalence_broken": _lt(
        "Imports of %(product)s and of its equivalent parts bear different tariff "
        "items or units, so each part stands alone. Correct the pedimento, or take the "
        "part out of the group."
    ),
    "rejected_export_late": _lt(
        "Pedimento %(pedimento)s brings back %(quantity)s of %(product)s as a rejected "
        "export, and none was exported in the year before (LA 103). Correct the "
        "pedimento, or explain which export came back."
    ),
    "rectified_difference": _lt(
        "Pedimento %(pedimento)s rectifies %(expected)s of %(product)s to "
        "%(quantity)s. What was discharged beyond it was taken elsewhere by PEPS, or "
        "is short: check the exits of this part."
    ),
    "remesa_difference": _lt(
        "The remesas of pedimento %(pedimento)s carried %(quantity)s of %(product)s, "
        "its partidas declare %(expected)s. The pedimento rules: correct the remesas, "
        "or rectify it."
    ),
    "peps_mismatch": _lt(
        "Pedimento %(pedimento)s names imports other than those that PEPS discharges. "
        "Compare its descargos with the ledger."
    ),
    "period_difference": _lt(
        "The period used %(expected)s of %(product)s by its ratified counts; its "
        "orders and what was spread account for %(quantity)s."
    ),
}


class ImmexFinding(models.Model):
    """Something that does not add up, and what is missing to settle it.

    Written by the engine by difference under ``key``: a finding whose cause is gone
    is resolved by the next run. Owner and note are of people and stay.
    """

    _name = "immex.finding"
    _inherit = "immex.abstract.owned"
    _description = "Finding"
    _order = "severity, date desc, id desc"
    _rec_name = "message"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    code = fields.Selection(FINDING_CODES, required=True, index=True)
    severity = fields.Selection(
        [("1_critical", "Critical"), ("2_warning", "Warning"), ("3_info", "Note")],
        required=True,
    )
    key = fields.Char(required=True)
    date = fields.Date()
    product_id = fields.Many2one("product.product")
    quantity = fields.Float(digits=(18, 6))
    expected = fields.Float(digits=(18, 6))
    pedimento_id = fields.Many2one(
        "immex.pedimento", index="btree_not_null", ondelete="cascade"
    )
    partida_id = fields.Many2one("immex.pedimento.partida", ondelete="cascade")
    goods_id = fields.Many2one("immex.pedimento.goods", ondelete="cascade")
    movement_id = fields.Many2one("immex.movement", ondelete="cascade")
    layer_id = fields.Many2one(
        "immex.layer", index="btree_not_null", ondelete="cascade"
    )
    exit_line_id = fields.Many2one(
        "immex.exit.line", index="btree_not_null", ondelete="cascade"
    )
    production_id = fields.Many2one("mrp.production", ondelete="cascade")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("progress", "In Progress"),
            ("explained", "Explained"),
            ("resolved", "Resolved"),
        ],
        required=True,
        default="open",
        index=True,
    )
    state_user_id = fields.Many2one("res.users", "State Set By", readonly=True)
    state_date = fields.Datetime("State Since", readonly=True)
    note = fields.Text("Explanation")
    next_step = fields.Char(compute="_compute_next_step")
    # names a transfer and an order, which a reader of the books may not read in Odoo
    message = fields.Char(compute="_compute_message", compute_sudo=True)
    run_id = fields.Many2one("immex.discharge.run", "Last Seen", ondelete="set null")

    _todo = models.Index(
        "(company_id, severity, code) WHERE state IN ('open', 'progress')"
    )
    _key_unique = models.Constraint(
        "UNIQUE (company_id, key)", "This finding is already recorded."
    )

    @api.depends("code", "product_id", "quantity", "expected", "pedimento_id")
    @api.depends_context("lang")
    def _compute_message(self):
        # names of orders and transfers are told to who has no right to open them
        for finding in self.sudo():
            text = MESSAGES.get(finding.code)
            translated = self.env._(text) if text else ""
            finding.message = translated % {
                "product": finding.product_id.display_name or "",
                "quantity": finding._format(finding.quantity),
                "expected": finding._format(finding.expected),
                "pedimento": finding.pedimento_id.number or "",
                "partida": finding.partida_id.sequence or "",
                "order": finding.production_id.name or "",
                "transfer": finding.movement_id.picking_id.name or "",
            }

    def _format(self, value):
        text = float_repr(value or 0.0, 6).rstrip("0").rstrip(".")
        return f"{text} {self.product_id.uom_id.name or ''}".strip()

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for finding in self:
            text = NEXT_STEPS.get(finding.code)
            finding.next_step = self.env._(text) if text else ""

    # working on it ---------------------------------------------------------------
    def write(self, vals):
        """A person writes the note, the owner and the due date."""
        if self.env.su:
            return super().write(vals)
        if set(vals) - OF_PEOPLE:
            raise AccessError(
                self.env._(
                    "Of a finding, only who is responsible, the due date and the "
                    "explanation can be written."
                )
            )
        if "user_id" in vals:
            self._assign(self.env["res.users"].browse(vals["user_id"] or []))
            vals = {name: value for name, value in vals.items() if name != "user_id"}
        return super().write(vals) if vals else True

    def _assign(self, user):
        """Give these findings to ``user``; to nobody where it is empty."""
        self.check_access("write")
        self._check_owner(user)
        given = self.filtered(lambda finding: finding.user_id != user)
        # one message for all of them, not one for each
        quiet = given.sudo().with_context(mail_auto_subscribe_no_notify=True)
        quiet.write({"user_id": user.id})
        todo = self.filtered(lambda finding: finding.state in OPEN_STATES)
        todo._set_state("progress" if user else "open")
        if given and user and user != self.env.user:
            given._notify_owner(user)

    def _set_state(self, state):
        changed = self.filtered(lambda finding: finding.state != state)
        changed.sudo().write(
            {
                "state": state,
                "state_user_id": self.env.uid,
                "state_date": fields.Datetime.now(),
            }
        )

    def _notify_owner(self, user):
        """One message, however many findings."""
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Customs findings for you"),
            body=by_count(
                len(self),
                self.env._(
                    "%(user)s gave you a finding of the customs books: %(first)s",
                    user=self.env.user.name,
                    first=self[:1].message,
                ),
                self.env._(
                    "%(user)s gave you %(count)s findings of the customs books: "
                    "%(first)s",
                    user=self.env.user.name,
                    count=len(self),
                    first=self[:1].message,
                ),
            ),
        )

    def action_assign_me(self):
        """Button: I settle these."""
        self._assign(self.env.user)
        return True

    def action_explain(self):
        """Button: the note says why it is so; it reopens when the facts change."""
        self.check_access("write")
        todo = self.filtered(lambda finding: finding.state in OPEN_STATES)
        if any(not (finding.note or "").strip() for finding in todo):
            raise UserError(self.env._("Write the explanation first."))
        todo._set_state("explained")
        return True

    def action_reopen(self):
        """Button: the explanation does not hold."""
        self.check_access("write")
        explained = self.filtered(lambda finding: finding.state == "explained")
        owned = explained.filtered("user_id")
        owned._set_state("progress")
        (explained - owned)._set_state("open")
        return True

    def action_open_record(self):
        """Button: the record that the work begins at."""
        self.ensure_one()
        for path in (ABOUT.get(self.code), *ABOUT_ORDER):
            record = self.sudo().mapped(path)[:1] if path else None
            if record and record.with_env(self.env).has_access("read"):
                return {
                    "type": "ir.actions.act_window",
                    "res_model": record._name,
                    "view_mode": "form",
                    "res_id": record.id,
                }
        raise UserError(self.env._("What this finding was about is gone."))
