# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexRegularizationFine(models.Model):
    """A fine of a proposal: with the correction, or if the authority finds it."""

    _name = "immex.regularization.fine"
    _description = "Fine of a proposal"
    _order = "regularization_id, role desc, highest desc, id"
    _rec_name = "fine_id"
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
        [("correction", "With the correction"), ("idle", "If the authority finds it")],
        required=True,
        readonly=True,
    )
    fine_id = fields.Many2one(
        "immex.fine", "Article", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char(related="fine_id.name")
    lowest = fields.Float("Lowest (MXN)", digits=(18, 0), readonly=True)
    highest = fields.Float("Highest (MXN)", digits=(18, 0), readonly=True)
    reduction = fields.Float(related="fine_id.reduction")
    reduction_article = fields.Char(related="fine_id.reduction_article")
    counts = fields.Boolean(
        "Counted",
        readonly=True,
        help="Of several fines for one act, the greatest (CFF 75-V).",
    )
