# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    immex_program_ids = fields.One2many("immex.program", "company_id")
    immex_in_use = fields.Boolean(
        "Under IMMEX",
        compute="_compute_immex_in_use",
        store=True,
        help="The company has an IMMEX programme: transfers and orders show their "
        "customs fields.",
    )
    immex_peps_date = fields.Selection(
        [("entry", "Declared date of entry"), ("payment", "Payment date")],
        "PEPS Date",
        default="entry",
        required=True,
        help="Date that orders the layers. Anexo 24 A-II-a-3 records the declared "
        "date of entry; some auditors order by payment.",
    )
    immex_status_policy = fields.Selection(
        [
            ("temporary", "Temporary, unless marked otherwise"),
            ("domestic", "Domestic, unless marked otherwise"),
        ],
        "Unmarked Consumption",
        default="temporary",
        required=True,
        help="Customs status of a consumed unit whose lot, location and owner do "
        "not tell, for parts that exist in both statuses.",
    )

    immex_use_equivalents = fields.Boolean(
        "Equivalent Parts Serve Each Other",
        help="Parts of one group of equivalents share one PEPS stack: an import of one "
        "may be discharged by the exit of another of the same tariff item and unit. "
        "Every such use is marked in the ledger. Ask your customs counsel first.",
    )
    immex_expiring_days = fields.Integer(
        "Expiry Alert (days)",
        default=60,
        required=True,
        help="Layers with balance are about to expire from so many days before their "
        "safe date.",
    )
    immex_money_tolerance = fields.Float(
        "Tolerance of Amounts",
        digits=(18, 2),
        default=1,
        required=True,
        help="Reconciliation with Data Stage: values and contributions differ where "
        "they are further apart than this. Pesos and dollars alike.",
    )
    immex_quantity_tolerance = fields.Float(
        "Tolerance of Quantities",
        digits=(18, 5),
        default=0,
        required=True,
        help="Reconciliation with Data Stage: quantities and weights differ where they "
        "are further apart than this, in their own unit.",
    )

    _immex_expiring_days = models.Constraint(
        "CHECK (immex_expiring_days BETWEEN 0 AND 3650)",
        "The expiry alert takes between 0 and 3650 days.",
    )

    _immex_tolerances = models.Constraint(
        "CHECK (immex_money_tolerance >= 0 AND immex_quantity_tolerance >= 0)",
        "A tolerance is not below zero.",
    )

    @api.depends("immex_program_ids.kind")
    def _compute_immex_in_use(self):
        for company in self:
            company.immex_in_use = "immex" in company.immex_program_ids.mapped("kind")

    def _immex_timezone(self):
        """Time zone of the plant: dates of documents are dates of this zone."""
        self.ensure_one()
        return self.partner_id.tz or "America/Mexico_City"
