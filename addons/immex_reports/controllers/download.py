# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.http import Controller, Response, content_disposition, request, route

from ..models.immex_report_run import MIMETYPES

MEMORY = 4 * 1024 * 1024


def send_file(name, kind, write):
    """Response that streams what ``write`` writes: to a temporary file first, so that
    memory does not grow with the report and an error is still an error.

    :param name: of the file
    :param kind: "xlsx" or "xml"
    :param write: function of a binary stream
    """
    stream = tempfile.SpooledTemporaryFile(max_size=MEMORY)
    try:
        write(stream)
        size = stream.tell()
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    return Response(
        wrap_file(request.httprequest.environ, stream),
        headers=[
            ("Content-Type", MIMETYPES[kind]),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
        direct_passthrough=True,
    )


class ReportDownload(Controller):
    @route(
        "/immex/report/<int:run_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download(self, run_id, kind):
        """A computed report, under the user's own rights."""
        run = request.env["immex.report.run"].search([("id", "=", run_id)])
        if not run or kind not in MIMETYPES or run.state != "done":
            raise NotFound()
        return send_file(
            run._file_name(kind), kind, lambda stream: run._render(kind, stream)
        )
