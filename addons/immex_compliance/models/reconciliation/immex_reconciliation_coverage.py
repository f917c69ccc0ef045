# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

from . import coverage

GAPS_TOLD = 12  # periods without a file that the page names


class ImmexReconciliation(models.Model):
    """Which days of the period the loaded Data Stage files tell of."""

    _inherit = "immex.reconciliation"

    is_covered = fields.Boolean(
        compute="_compute_gaps",
        help="The loaded Data Stage files tell of every day of the period.",
    )
    gaps = fields.Char(
        "Not Covered",
        compute="_compute_gaps",
        help="Months and days of the period that no loaded Data Stage file tells of: "
        "by its table Resumen, its name, or the months of its payments.",
    )
    uncovered_count = fields.Integer(
        "Pedimentos Without File",
        readonly=True,
        copy=False,
        help="Pedimentos of the books that were paid on days that no Data Stage file "
        "tells of: they are not compared, and not told as missing there.",
    )

    @api.depends("company_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_gaps(self):
        for company, runs in self.grouped("company_id").items():
            covered = self._covered(company)
            for run in runs:
                missing = (
                    coverage.gaps(covered, run.date_from, run.date_to)
                    if run.date_from and run.date_to
                    else []
                )
                told = [self._tell_period(*period) for period in missing[:GAPS_TOLD]]
                told += ["..."] * (len(missing) > GAPS_TOLD)
                run.gaps = ", ".join(told) or False
                run.is_covered = not missing

    def _tell_period(self, first, last):
        """A period in the user's words: months where it is whole months."""
        if (first, last) == coverage.months(first, last):
            days = [
                format_date(self.env, day, date_format="MMM y") for day in (first, last)
            ]
        else:
            days = [format_date(self.env, day) for day in (first, last)]
        return " - ".join(dict.fromkeys(days))

    @api.model
    def _covered(self, company):
        """Periods that the Data Stage files of ``company`` tell of."""
        summaries = defaultdict(list)
        for row in self.env["immex.datastage.record"].search(
            [("company_id", "=", company.id), ("table_name", "=", "Resumen")]
        ):
            summaries[row.file_id].append(row.content)
        files = self.env["immex.pedimento.file"].search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "datastage"),
                ("state", "=", "loaded"),
            ]
        )
        return [
            period
            for file in files
            for period in coverage.of_file(
                file.name,
                summaries[file],
                (file.period_from, file.period_to),
                file.create_date.date(),
            )
        ]
