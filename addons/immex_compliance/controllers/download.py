# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile

from werkzeug.wsgi import wrap_file

from odoo.http import Response, content_disposition, request

MEMORY = 4 * 1024 * 1024


def send_file(name, mimetype, write):
    """Response that streams what ``write`` writes: to a temporary file first, so that
    memory does not grow with the file and an error is still an error.

    :param name: of the file
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
            ("Content-Type", mimetype),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
        direct_passthrough=True,
    )
