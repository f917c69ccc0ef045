# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..models.reconciliation.workbook import MIMETYPE
from .download import send_file


class ScccygDownload(Controller):
    """What the validator found, under the user's own rights."""

    @route(
        "/immex/scccyg_validation/<record_id:validation_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def validation(self, validation_id):
        """The hits of a validation as a workbook."""
        validation = request.env["immex.scccyg.validation"].search(
            [("id", "=", validation_id)]
        )
        if not validation:
            raise NotFound()
        return send_file(
            f"validation_{validation.id}.xlsx", MIMETYPE, validation._write_xlsx
        )
