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
    immex_sum_tolerance = fields.Float(
        "Tolerance of Sums, per Row",
        digits=(18, 2),
        default=1,
        required=True,
        help="Reconciliation: the amounts of a pedimento's partidas may sum to so many "
        "pesos more or less than the pedimento's own amount, for each of their rows, "
        "since every row is rounded.",
    )

    # corrections: models/regularization
    immex_receipt_tolerance = fields.Float(
        "Tolerance of Receipts (%)",
        digits=(6, 3),
        default=0,
        help="Receipts and pedimentos agree where they differ by no more.",
    )
    immex_receipt_grace = fields.Integer(
        "Days of Grace of Receipts",
        default=5,
        help="So many days a receipt may wait for its pedimento, and a pedimento for "
        "its receipt.",
    )
    immex_r1_months = fields.Integer(
        "Rectify Within (months)",
        default=0,
        help="From payment on. The law sets no term for a spontaneous rectification "
        "(LA 89, RGCE 6.1.1): 0 sets none.",
    )
    immex_factor_rounding = fields.Selection(
        [("truncate", "Cut"), ("round", "Rounded")],
        "Updating Factor",
        default="truncate",
        required=True,
        help="Factors are computed to the ten-thousandth (CFF 17-A, last paragraph).",
    )
    immex_last_index = fields.Boolean(
        "Use the Last Published INPC",
        help="Where the index of the month before payment is not published yet, the "
        "one of the month before that (CFF 17-A). Off: the missing month is reported.",
    )
    immex_surcharge_count = fields.Selection(
        [
            ("elapsed", "Months or fractions from the day of import"),
            ("calendar", "Calendar months, first and last counted"),
        ],
        "Months of Surcharges",
        default="elapsed",
        required=True,
        help="CFF 21 counts each month or fraction from the day on which payment was "
        "due; RGCE 2.5.1 and 2.5.2 say from the month of import.",
    )
    immex_surcharge_cap = fields.Integer(
        "Months of Surcharges at Most",
        default=60,
        help="Surcharges run for up to five years (CFF 21). 0: no limit.",
    )
    immex_vat_on_surcharges = fields.Boolean(
        "VAT on Surcharges",
        help="Surcharges enter the base of VAT, as accessories of the contributions "
        "(LIVA 27). Ask your customs counsel.",
    )

    _immex_expiring_days = models.Constraint(
        "CHECK (immex_expiring_days BETWEEN 0 AND 3650)",
        "The expiry alert takes between 0 and 3650 days.",
    )

    _immex_tolerances = models.Constraint(
        "CHECK (immex_money_tolerance >= 0 AND immex_quantity_tolerance >= 0 "
        "AND immex_sum_tolerance >= 0)",
        "A tolerance is not below zero.",
    )

    _immex_receipt_settings = models.Constraint(
        "CHECK (immex_receipt_tolerance BETWEEN 0 AND 100 "
        "AND immex_receipt_grace BETWEEN 0 AND 3650 "
        "AND immex_r1_months BETWEEN 0 AND 120 "
        "AND immex_surcharge_cap BETWEEN 0 AND 600)",
        "Tolerance, days and months of corrections are out of range.",
    )

    @api.depends("immex_program_ids.kind")
    def _compute_immex_in_use(self):
        for company in self:
            company.immex_in_use = "immex" in company.immex_program_ids.mapped("kind")

    def _immex_timezone(self):
        """Time zone of the plant: dates of documents are dates of this zone."""
        self.ensure_one()
        return self.partner_id.tz or "America/Mexico_City"
