# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.http import Controller, Response, content_disposition, request, route

from ..models.reconciliation.workbook import MIMETYPE

MEMORY = 4 * 1024 * 1024


class ReconciliationDownload(Controller):
    @route(
        "/immex/reconciliation/<int:run_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, run_id):
        """The differences of a run, under the user's own rights.

        To a temporary file first: memory does not grow with the list, and an error is
        still an error.
        """
        run = request.env["immex.reconciliation"].search([("id", "=", run_id)])
        if not run:
            raise NotFound()
        stream = tempfile.SpooledTemporaryFile(max_size=MEMORY)
        try:
            run._write_xlsx(stream)
            size = stream.tell()
            stream.seek(0)
        except BaseException:
            stream.close()
            raise
        name = f"reconciliation_{run.date_from}_{run.date_to}.xlsx"
        return Response(
            wrap_file(request.httprequest.environ, stream),
            headers=[
                ("Content-Type", MIMETYPE),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
            direct_passthrough=True,
        )
