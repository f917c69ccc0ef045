# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..pedimento import immex_pedimento_file_load
from .loader import VucemLoader

immex_pedimento_file_load.LOADERS["vucem"] = VucemLoader
immex_pedimento_file_load.MIMETYPES["vucem"] = "application/xml"


class ImmexPedimentoFile(models.Model):
    # the loader needs this package
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.pedimento.file"

    kind = fields.Selection(
        selection_add=[("vucem", "Answers of VUCEM (XML)")],
        ondelete={"vucem": "cascade"},
    )

    @api.model
    @api.private
    def _kinds_of_people(self):
        """Customs' own word comes from customs alone: its checks are more lenient."""
        return [kind for kind in super()._kinds_of_people() if kind[0] != "vucem"]

    @api.private
    def _job_ended(self, state, error, exception):
        """What was too large to be loaded at once tells its fetch how it ended."""
        result = super()._job_ended(state, error, exception)
        fetches = self.env["immex.vucem.fetch"].sudo()
        for fetch in fetches.search([("file_id", "in", self.ids)]):
            fetch._loaded(fetch.file_id.state, error)
        return result
