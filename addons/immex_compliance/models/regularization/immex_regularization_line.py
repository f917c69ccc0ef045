# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexRegularizationLine(models.Model):
    """A contribution of a proposal; exact in the column, pesos where it is paid."""

    _name = "immex.regularization.line"
    _description = "Contribution of a proposal"
    _order = "regularization_id, role, sequence"
    _rec_name = "contribution_id"
    _log_access = False
    _check_company_auto = True

    regularization_id = fields.Many2one(
        "immex.regularization",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    role = fields.Selection(
        [("correction", "Of the correction"), ("idle", "If nothing is done")],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Char(size=2, required=True, readonly=True)
    contribution_id = fields.Many2one("immex.contribution", readonly=True)
    abbreviation = fields.Char(related="contribution_id.abbreviation")
    kind = fields.Selection(
        [("percent", "%"), ("mille", "Per thousand"), ("amount", "Pesos")],
        "Of",
        readonly=True,
    )
    base = fields.Float("Base (MXN)", digits=(18, 2), readonly=True, aggregator=None)
    rate = fields.Float(digits=(15, 6), readonly=True, aggregator=None)
    amount = fields.Float(digits=(18, 2), readonly=True, aggregator=None)
    paid = fields.Float("Paid Before", digits=(18, 2), readonly=True, aggregator=None)
    factor = fields.Float("INPC Factor", digits=(10, 4), readonly=True, aggregator=None)
    updated = fields.Float(digits=(18, 2), readonly=True, aggregator=None)
    months = fields.Integer(readonly=True, aggregator=None)
    rate_sum = fields.Float(
        "Surcharge (%)", digits=(10, 4), readonly=True, aggregator=None
    )
    surcharge = fields.Float(digits=(18, 2), readonly=True, aggregator=None)
    payable = fields.Float(
        "To Pay (MXN)",
        digits=(18, 0),
        readonly=True,
        help="Whole pesos, rounded once (CFF 20); surcharges are one contribution.",
    )
