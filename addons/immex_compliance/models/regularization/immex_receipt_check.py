# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.context import without_defaults
from . import check_sql

INLINE = 50_000  # movements that a request reads by itself


class ImmexReceiptCheck(models.Model):
    """Goods received against what the pedimentos declare, at the end of a day.

    By what the last run of the discharge knew. Made again, it finds its differences
    anew; what was proposed for a difference stays with it.
    """

    _name = "immex.receipt.check"
    _description = "Receipts against pedimentos"
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(
        "At the End Of", required=True, default=fields.Date.context_today
    )
    tolerance = fields.Float(
        "Tolerance (%)",
        digits=(6, 3),
        default=lambda self: self.env.company.immex_receipt_tolerance,
        help="Of what the pedimento declares; nearer quantities agree.",
    )
    grace = fields.Integer(
        "Days of Grace",
        default=lambda self: self.env.company.immex_receipt_grace,
        help="So many days a receipt may wait for its pedimento, and a pedimento for "
        "its receipt.",
    )
    state = fields.Selection(
        [
            ("draft", "Not made yet"),
            ("waiting", "Being made"),
            ("done", "Made"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    user_id = fields.Many2one("res.users", "Made By", readonly=True)
    done_at = fields.Datetime("Made At", readonly=True)
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, ondelete="set null"
    )
    line_ids = fields.One2many("immex.receipt.check.line", "check_id")
    line_count = fields.Integer("Differences", compute="_compute_counts")
    open_count = fields.Integer("Without Proposal", compute="_compute_counts")

    _allowance = models.Constraint(
        "CHECK (tolerance BETWEEN 0 AND 100 AND grace BETWEEN 0 AND 3650)",
        "The tolerance is a percentage, and the grace is between 0 and 3650 days.",
    )

    @api.depends("line_ids", "line_ids.regularization_id")
    def _compute_counts(self):
        counts = {}
        for check, proposal, count in self.env["immex.receipt.check.line"]._read_group(
            [("check_id", "in", self.ids)],
            ["check_id", "regularization_id"],
            ["__count"],
        ):
            total, without = counts.get(check.id, (0, 0))
            counts[check.id] = (total + count, without + (0 if proposal else count))
        for check in self:
            check.line_count, check.open_count = counts.get(check.id, (0, 0))

    # who may write what --------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals, {"company_id", "date", "tolerance", "grace"})
        asked = without_defaults(self, ("company_id", "date", "tolerance", "grace"))
        return super(ImmexReceiptCheck, asked).create(vals_list)

    def write(self, vals):
        self._check_written(vals, {"date", "tolerance", "grace"})
        return super().write(vals)

    def _check_written(self, vals, allowed):
        if not self.env.su and set(vals) - allowed:
            raise AccessError(
                self.env._(
                    "Of a check of receipts, only its date, tolerance and days of "
                    "grace can be written."
                )
            )

    # making --------------------------------------------------------------------
    def action_run(self):
        """Button: compare, in the background where there is much to read."""
        self.ensure_one()
        self.check_access("write")
        check = self.sudo()
        if check.state == "waiting":
            raise UserError(self.env._("It is being made already."))
        check.user_id = self.env.user
        movements = self.env["immex.movement"].sudo()
        domain = [("company_id", "=", self.company_id.id)]
        if movements.search_count(domain, limit=INLINE + 1) <= INLINE:
            check._make()
            return True
        check.state = "waiting"
        check.job_id = self.env["immex.job"]._enqueue(
            check.company_id,
            "receipt_check",
            self.env._("Receipts against pedimentos at %(date)s", date=check.date),
            receipt_check_id=check.id,
        )
        return check.job_id._action_open()

    @api.private
    def _make(self):
        """Write the differences anew, in this transaction."""
        self.ensure_one()
        self.env.flush_all()
        # exact: the column as it is, never a float of Python
        self.env.cr.execute(
            "SELECT tolerance::text FROM immex_receipt_check WHERE id = %s", [self.id]
        )
        check_sql.make(
            self.env.cr,
            {
                "check_id": self.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "grace": self.grace,
                "tolerance": self.env.cr.fetchone()[0] or "0",
            },
        )
        self.env["immex.receipt.check.line"].invalidate_model()
        self.invalidate_recordset()
        self.sudo().write({"state": "done", "done_at": fields.Datetime.now()})

    def action_lines(self):
        """Button: the differences of this check."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_receipt_check_line"
        )
        return action | {"domain": [("check_id", "=", self.id)], "context": {}}
