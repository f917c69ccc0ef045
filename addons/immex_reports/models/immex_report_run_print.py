# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .immex_report_run import RENDERERS

PRINT_PARAMETER = "immex_reports.print_rows"
PRINT_ROWS = 20_000  # some 700 pages


class ImmexReportRun(models.Model):
    """How much of a report is printed: beyond some hundred pages nobody reads paper."""

    _inherit = "immex.report.run"  # pylint: disable=consider-merging-classes-inherited

    def _print_rows(self):
        value = self.env["ir.config_parameter"].sudo().get_param(PRINT_PARAMETER, "")
        return int(value) if value.isdigit() else PRINT_ROWS

    def _kinds(self):
        """The files that this report can be, the printed one where it is short enough.

        :return: list of keys of ``RENDERERS``
        """
        self.ensure_one()
        printed = self.row_count <= self._print_rows()
        return [kind for kind in RENDERERS if printed or kind != "pdf"]

    def _check_printed(self, kind):
        if kind in self._kinds():
            return
        raise UserError(self._too_long_to_print(self.row_count))

    def _too_long_to_print(self, rows):
        return self.env._(
            "This report has %(rows)s rows, and no more than %(limit)s are printed. "
            "Download it for Excel, or choose a shorter period.",
            rows=formatLang(self.env, rows, digits=0),
            limit=formatLang(self.env, self._print_rows(), digits=0),
        )
