# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.http import Response, content_disposition, request, route
from odoo.http import Controller

from ..models.immex_report_run import MIMETYPES

MEMORY = 4 * 1024 * 1024


def send_report(run, kind):
    """Render a report to a temporary file and stream it."""
    if kind not in MIMETYPES:
        raise NotFound()
    stream = tempfile.SpooledTemporaryFile(max_size=MEMORY)
    run._render(kind, stream)
    size = stream.tell()
    stream.seek(0)
    return Response(
        wrap_file(request.httprequest.environ, stream),
        headers=[
            ("Content-Type", MIMETYPES[kind]),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(run._file_name(kind))),
        ],
        direct_passthrough=True,
    )


class ReportDownload(Controller):
    @route(
        "/immex/report/<int:run_id>/<string:kind>", type="http", auth="user", readonly=True
    )
    def download(self, run_id, kind):
        """A report of the user, under the user's own rights."""
        run = request.env["immex.report.run"].browse(run_id).exists()
        if not run:
            raise NotFound()
        run.check_access("read")
        return send_report(run, kind)
