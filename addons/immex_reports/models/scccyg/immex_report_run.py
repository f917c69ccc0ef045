# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import ValidationError

# reports that show the authority's view of their cut-off date
REPLAYED = ("anexo30_resumen", "anexo30_detalle", "anexo30_cargos")


class ImmexReportRun(models.Model):
    # a topic a file: the model itself is long enough
    _inherit = "immex.report.run"  # pylint: disable=consider-merging-classes-inherited

    @api.constrains("code", "known_run_id")
    def _check_replayed_now(self):
        """The replay is made of the books as they are: no page says otherwise."""
        if any(run.known_run_id and run.code in REPLAYED for run in self):
            raise ValidationError(
                self.env._(
                    "The authority's view is made of the books as they are now: leave "
                    "the run empty."
                )
            )

    def _reads_own_writes(self):
        return self.code in REPLAYED or super()._reads_own_writes()

    def _fill(self):
        """Replay the authority's view first, as the books are now.

        Whoever may ask for reports may ask for these: the replay is made on their
        behalf, and kept. A company without settings has no account: its report is
        empty.
        """
        if self.code in REPLAYED:
            self.check_access("read")
            layouts = self.env["immex.scccyg.layout"].sudo()
            if layouts.search_count([("company_id", "=", self.company_id.id)], limit=1):
                self.env["immex.scccyg.replay"]._of(self.company_id, self.date_to)
        return super()._fill()
