# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...formats.number import display

LEVELS = [
    ("pedimento", "Pedimento"),
    ("partida", "Partida"),
    ("amount", "Contribution"),
    ("rate", "Rate of a contribution"),
    ("identifier", "Identifier"),
    ("total", "Sum of the partidas"),
    ("virtual", "Virtual transfer"),
]
KINDS = [
    ("missing_here", "Missing here"),
    ("missing_there", "Missing in Data Stage"),
    ("different", "Different"),
    ("version", "Another last version"),
    ("old_here", "Rectified there, not here"),
    ("old_there", "Rectified here, not there"),
    ("sum_here", "Sum differs, books"),
    ("sum_there", "Sum differs, Data Stage"),
]
FIELDS = [
    ("key_code", "Key"),
    ("operation_type", "Operation"),
    ("office_section", "Customs office and section"),
    ("rfc", "RFC"),
    ("payment_date", "Payment date"),
    ("entry_date", "Date of entry"),
    ("exchange_rate", "Exchange rate"),
    ("freight", "Freight"),
    ("insurance", "Insurance"),
    ("packing", "Packing"),
    ("other_increments", "Other increments"),
    ("gross_weight", "Gross weight"),
    ("fraccion", "Tariff item"),
    ("nico", "NICO"),
    ("origin_code", "Origin or destination"),
    ("seller_code", "Seller or buyer"),
    ("umc", "UMC"),
    ("qty_umc", "Quantity UMC"),
    ("umt", "UMT"),
    ("qty_umt", "Quantity UMT"),
    ("customs_value", "Customs value (MXN)"),
    ("commercial_value", "Commercial value (MXN)"),
    ("value_usd", "Value (USD)"),
    ("added_value", "Added value (MXN)"),
    ("linkage", "Vinculación"),
    ("valuation_method", "Valuation method"),
    ("payment_form", "Form of payment"),
    ("rate_type", "Type of rate"),
    ("complement1", "Complement 1"),
    ("complement2", "Complement 2"),
    ("amount", "Amount (MXN)"),
    ("rate", "Rate"),
]
# of a line, what people write
WRITABLE = {"user_id", "explanation"}


class ImmexReconciliationLine(models.Model):
    """A difference between the books and the government's data, with both values.

    Written by SQL under ``key``; owner and explanation are of people, and hold while
    both sides say the same.
    """

    _name = "immex.reconciliation.line"
    _inherit = "immex.abstract.owned"
    _description = "Difference with Data Stage"
    _order = "payment_date desc, number15, sequence, id"
    _rec_names_search = ["number15"]
    _log_access = False
    _check_company_auto = True

    reconciliation_id = fields.Many2one(
        "immex.reconciliation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    key = fields.Char(
        required=True, readonly=True, help="What it is about; no database id in it."
    )
    record_key = fields.Char(readonly=True)
    # records of the government that it is about
    of_pedimento = fields.Integer(readonly=True)
    of_partida = fields.Integer(readonly=True)
    of_entry = fields.Integer(readonly=True)
    level = fields.Selection(LEVELS, "Record", required=True, readonly=True)
    kind = fields.Selection(KINDS, "Difference", required=True, readonly=True)
    number15 = fields.Char("Number (15 digits)", readonly=True)
    number = fields.Char("Pedimento", compute="_compute_number")
    other_number = fields.Char(
        "Counterpart",
        readonly=True,
        help="Virtual transfer: the import that block 512 of the export names.",
    )
    payment_date = fields.Date(readonly=True)
    pedimento_id = fields.Many2one(
        "immex.pedimento",
        "Recorded",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    datastage_id = fields.Many2one(
        "immex.datastage.pedimento",
        "In Data Stage",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    sequence = fields.Integer(
        "Partida", readonly=True, help="Empty: of the whole pedimento."
    )
    code = fields.Char(
        readonly=True,
        help="Contribution or identifier; the tariff item of a virtual transfer.",
    )
    form = fields.Char(
        "Form or Complement",
        readonly=True,
        help="Form of payment of an amount, type of a rate, complement of an "
        "identifier.",
    )
    field = fields.Selection(FIELDS, readonly=True)
    ours = fields.Char(
        "Books",
        readonly=True,
        help="Of a virtual transfer: the export. Of a sum: that of the partidas (557).",
    )
    theirs = fields.Char(
        "Data Stage",
        readonly=True,
        help="Of a virtual transfer: the import. Of a sum: what the pedimento says "
        "(510), on the same side.",
    )
    ours_amount = fields.Float("Books (number)", digits=(28, 10), readonly=True)
    theirs_amount = fields.Float("Data Stage (number)", digits=(28, 10), readonly=True)
    difference = fields.Float(
        "Books Less Data Stage", digits=(28, 10), readonly=True, aggregator=None
    )
    state = fields.Selection(
        [("open", "Open"), ("explained", "Explained")],
        required=True,
        default="open",
        readonly=True,
    )
    explanation = fields.Text(help="Why it is so. Holds while both sides say the same.")
    state_user_id = fields.Many2one("res.users", "Last Decided By", readonly=True)
    state_date = fields.Datetime("Last Decided", readonly=True)

    _key_unique = models.UniqueIndex(
        "(reconciliation_id, key)", "A difference is told once."
    )
    _decided = models.Index("(company_id, key) WHERE state_date IS NOT NULL")

    @api.depends("number15")
    def _compute_number(self):
        for line in self:
            line.number = display(line.number15) if line.number15 else ""

    @api.depends("number15", "sequence", "code")
    def _compute_display_name(self):
        for line in self:
            parts = (line.number, line.sequence, line.code)
            line.display_name = " / ".join(str(part) for part in parts if part)

    # working on it -------------------------------------------------------------
    def write(self, vals):
        """A person writes the owner and the explanation; the rest is the run's."""
        if self.env.su:
            return super().write(vals)
        if set(vals) - WRITABLE:
            raise AccessError(
                self.env._(
                    "Of a difference, only who is responsible and the explanation can "
                    "be written."
                )
            )
        self._check_owner(self.env["res.users"].browse(vals.get("user_id") or []))
        self._decide()
        return super().write(vals)

    def _decide(self, **vals):
        """What a person decides stays when the comparison is made again."""
        self.check_access("write")
        decided = {"state_user_id": self.env.uid, "state_date": fields.Datetime.now()}
        self.sudo().write(vals | decided)

    def action_assign_me(self):
        """Button: I settle these."""
        self.write({"user_id": self.env.uid})
        return True

    def action_explain(self):
        """Button: the explanation says why it is so; it opens when the facts change."""
        self.check_access("write")
        todo = self.filtered(lambda line: line.state == "open")
        if any(not (line.explanation or "").strip() for line in todo):
            raise UserError(self.env._("Write the explanation first."))
        todo._decide(state="explained")
        todo.reconciliation_id._recount()
        return True

    def action_reopen(self):
        """Button: the explanation does not hold."""
        self.check_access("write")
        explained = self.filtered(lambda line: line.state == "explained")
        explained._decide(state="open")
        explained.reconciliation_id._recount()
        return True

    # the documents -------------------------------------------------------------
    def action_open_recorded(self):
        """Button: the pedimento in the books."""
        self.ensure_one()
        return self._open(self.pedimento_id)

    def action_open_datastage(self):
        """Button: the pedimento in Data Stage; a later file may have replaced it."""
        self.ensure_one()
        number = self.other_number or self.number15
        return self._open(
            self.datastage_id
            or self.env["immex.datastage.pedimento"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("number15", "=", number),
                ],
                limit=1,
            )
        )

    def _open(self, record):
        if not record:
            raise UserError(self.env._("There is no such pedimento on this side."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "view_mode": "form",
            "res_id": record.id,
        }
