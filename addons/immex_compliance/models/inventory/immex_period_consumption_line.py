# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ..stock.stock_location import CUSTOMS_STATUSES

DIGITS = (18, 6)
FREE = {"explanation"}  # what may be written when the document is ratified


def _exact(number):
    return Decimal(float_repr(number, DIGITS[1]))


class ImmexPeriodConsumptionLine(models.Model):
    """What a period used of one material, by counts and by orders.

    All quantities in the product's unit::

        period_consumption = opening + receipts - exits - closing
        difference = period_consumption - order_consumption

    A positive difference is spread over the period's production as ratified; a
    negative one (orders drew more than is gone) discharges nothing less: it stays a
    finding, since a count never takes back what a document discharged.
    """

    _name = "immex.period.consumption.line"
    _description = "Material of a period consumption"
    _order = "document_id, product_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    document_id = fields.Many2one(
        "immex.period.consumption", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="document_id.company_id", store=True, index=True
    )
    product_id = fields.Many2one(
        "product.product",
        "Material",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("immex_class", "in", ("material", "indirect"))],
    )
    immex_class = fields.Selection(related="product_id.immex_class")
    customs_status = fields.Selection(
        CUSTOMS_STATUSES,
        required=True,
        default="temporary",
        help="Customs status of what the difference takes.",
    )
    opening = fields.Float(digits=DIGITS, required=True, default=0)
    receipts = fields.Float(digits=DIGITS, required=True, default=0)
    exits = fields.Float("Other Exits", digits=DIGITS, required=True, default=0)
    closing = fields.Float(digits=DIGITS, required=True, default=0)
    counted = fields.Boolean(
        "Physical Count",
        help="Opening and closing come from a count: filling again keeps them.",
    )
    order_consumption = fields.Float(
        "Drawn by Orders", digits=DIGITS, required=True, default=0, readonly=True
    )
    period_consumption = fields.Float(
        "Used in the Period", digits=DIGITS, compute="_compute_difference", store=True
    )
    difference = fields.Float(digits=DIGITS, compute="_compute_difference", store=True)
    to_spread = fields.Float(
        digits=DIGITS,
        compute="_compute_to_spread",
        store=True,
        readonly=False,
        help="Part of the difference that the products of the period carry.",
    )
    spread_kind = fields.Selection(
        [("incorporated", "Incorporated"), ("merma", "Merma")],
        "As",
        required=True,
        default="incorporated",
        help="Consumables are used up in the process: merma (Customs Law, art. 2-XI).",
    )
    explanation = fields.Char()
    qty_accounted = fields.Float(
        "Accounted For",
        digits=DIGITS,
        readonly=True,
        copy=False,
        help="Drawn by orders and spread, as of the last run.",
    )

    _product_unique = models.Constraint(
        "UNIQUE (document_id, product_id)", "A material occurs once in a document."
    )
    _spread_range = models.Constraint(
        # the ORM inserts first and computes the difference after
        "CHECK (to_spread >= 0 AND (difference IS NULL"
        " OR to_spread <= GREATEST(difference, 0)))",
        "No more than the difference can be spread.",
    )
    _unsettled = models.Index("(company_id) WHERE qty_accounted <> period_consumption")

    @api.depends("opening", "receipts", "exits", "closing", "order_consumption")
    def _compute_difference(self):
        for line in self:
            used = (
                _exact(line.opening)
                + _exact(line.receipts)
                - _exact(line.exits)
                - _exact(line.closing)
            )
            line.period_consumption = float(used)
            line.difference = float(used - _exact(line.order_consumption))

    @api.depends("difference")
    def _compute_to_spread(self):
        for line in self:
            line.to_spread = max(line.difference, 0)

    @api.onchange("opening", "closing")
    def _onchange_count(self):
        if (self.opening, self.closing) != (
            self._origin.opening,
            self._origin.closing,
        ):
            self.counted = True

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id.immex_class == "indirect":
            self.spread_kind = "merma"

    def _check_draft(self):
        if any(line.document_id.state != "draft" for line in self):
            raise UserError(
                self.env._(
                    "A ratified document is not changed. Make a new version of it."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        if not FREE.issuperset(vals):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()
