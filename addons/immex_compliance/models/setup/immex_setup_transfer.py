# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..stock.stock_location import CUSTOMS_STATUSES
from . import transfer_sql as sql


class ImmexSetupTransfer(models.Model):
    """The pedimento of a receipt or delivery of the past: proposed, then confirmed.

    Only a delivery that names its pedimento is the exit that the pedimento declares;
    without it the same goods would leave twice.
    """

    _name = "immex.setup.transfer"
    _description = "Past transfer and its pedimento"
    _order = "score desc, date, id"
    _rec_name = "picking_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(related="picking_id.partner_id")
    origin = fields.Char(related="picking_id.origin")
    way = fields.Selection(
        [("1", "Received"), ("2", "Delivered")],
        "Direction",
        required=True,
        readonly=True,
    )
    date = fields.Date(readonly=True)
    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        index="btree_not_null",
        domain="[('operation_type', '=', way), ('state', '!=', 'cancelled')]",
        help="Choose another one where the proposal is wrong.",
    )
    payment_date = fields.Date(related="pedimento_id.payment_date")
    score = fields.Integer(readonly=True, aggregator=None, help="Of 100.")
    covered = fields.Float(
        "Covered (%)",
        digits=(6, 2),
        readonly=True,
        aggregator=None,
        help="How much of the transfer the pedimento declares.",
    )
    days = fields.Integer(
        "Days Apart", readonly=True, aggregator=None, help="From pedimento to transfer."
    )
    reason = fields.Selection(
        [
            ("invoice", "Same invoice"),
            ("same", "Same parts and quantities"),
            ("part", "Part of what it declares"),
            ("some", "More than it declares"),
            ("over", "Others have taken what it declares"),
            ("person", "Chosen by a person"),
            ("none", "Nothing found"),
        ],
        "Why",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To Confirm"),
            ("confirmed", "Confirmed"),
            ("domestic", "Domestic"),
            ("rejected", "Without Pedimento"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    confirmed_by = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    status_before = fields.Selection(CUSTOMS_STATUSES, readonly=True)

    _picking_unique = models.Constraint(
        "UNIQUE (company_id, picking_id)", "This transfer is in the list already."
    )

    def write(self, vals):
        if not self.env.su:
            if set(vals) - {"pedimento_id"}:
                raise AccessError(
                    self.env._("Of a past transfer, only the pedimento is written.")
                )
            self._check_open()
            vals = vals | {"reason": "person", "score": 100}
        return super().write(vals)

    def _check_open(self):
        if any(record.state != "open" for record in self):
            raise UserError(self.env._("Undo the confirmation first."))

    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers join past transfers."))
        self.check_access("write")

    @api.model
    def _find(self, company):
        """Propose anew what no person confirmed or rejected, for the whole company."""
        params = {
            "company_id": company.id,
            "uid": self.env.uid,
            "tz": company.sudo()._immex_timezone(),
        }
        cr = self.env.cr
        self.env.flush_all()
        for statement in (
            sql.CLEAR,
            sql.DROP,
            sql.TRANSFER_LINES,
            sql.TRANSFERS,
            sql.PAPER_LINES,
        ):
            cr.execute(statement, params)
        cr.execute("CREATE INDEX ON tmp_paper_line (product_id, day)")
        cr.execute("CREATE INDEX ON tmp_paper_line (pedimento_id)")
        cr.execute("ANALYZE tmp_transfer_line, tmp_transfer, tmp_paper_line")
        cr.execute(sql.NUMBERS, params)
        cr.execute("ANALYZE tmp_number")
        for statement in (sql.PAIRS, sql.CHOSEN, sql.PROPOSE):
            cr.execute(statement, params)
        self.invalidate_model()

    def _apply(self, statement):
        self.env.flush_all()
        self.env.cr.execute(statement, {"ids": self.ids, "uid": self.env.uid})
        self.env.invalidate_all()

    def action_confirm(self):
        """Button, of a line or of many: they crossed under these pedimentos."""
        self._check_manager()
        chosen = self.filtered(lambda record: record.state == "open")
        missing = chosen.filtered(lambda record: not record.pedimento_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose the pedimento of: %(transfers)s",
                    transfers=", ".join(missing[:20].mapped("display_name")),
                )
            )
        chosen._apply(sql.CONFIRM)
        return True

    def action_domestic(self):
        """Button: these receipts are purchases in Mexico."""
        self._check_manager()
        self._check_open()
        if "2" in self.mapped("way"):
            raise UserError(self.env._("Only receipts are domestic."))
        self._apply(sql.DOMESTIC)
        return True

    def action_reject(self):
        """Button: these transfers have no pedimento; deliveries stay as findings."""
        self._check_manager()
        self._check_open()
        self.sudo().write({"state": "rejected", "confirmed_by": self.env.uid})
        return True

    def action_undo(self):
        """Button: open again."""
        self._check_manager()
        settled = self.filtered(
            lambda record: record.state in ("confirmed", "domestic")
        )
        settled._apply(sql.UNDO)
        rejected = (self - settled).filtered(lambda record: record.state == "rejected")
        rejected.sudo().write({"state": "open", "confirmed_by": False})
        return True
