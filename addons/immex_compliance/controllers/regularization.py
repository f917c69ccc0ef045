# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..models.reconciliation.workbook import MIMETYPE
from .download import send_file


class RegularizationDownload(Controller):
    @route(
        "/immex/regularization/<record_id:proposal_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def regularization(self, proposal_id):
        """The calculation of a proposal, under the user's own rights."""
        proposal = request.env["immex.regularization"].search(
            [("id", "=", proposal_id)]
        )
        if not proposal:
            raise NotFound()
        name = f"regularization_{proposal.id}.xlsx"
        return send_file(name, MIMETYPE, proposal._write_xlsx)
