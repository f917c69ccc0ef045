# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.http import Controller, Response, content_disposition, request, route

from ..models.reconciliation.workbook import MIMETYPE

MEMORY = 4 * 1024 * 1024


class StockBalanceDownload(Controller):
    @route(
        "/immex/stock_balance/<int:balance_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def stock_balance(self, balance_id):
        """The parts of a comparison, under the user's own rights."""
        balance = request.env["immex.stock.balance"].search([("id", "=", balance_id)])
        if not balance:
            raise NotFound()
        stream = tempfile.SpooledTemporaryFile(max_size=MEMORY)
        try:
            balance._write_xlsx(stream)
            size = stream.tell()
            stream.seek(0)
        except BaseException:
            stream.close()
            raise
        return Response(
            wrap_file(request.httprequest.environ, stream),
            headers=[
                ("Content-Type", MIMETYPE),
                ("Content-Length", str(size)),
                (
                    "Content-Disposition",
                    content_disposition(f"stock_{balance.date}.xlsx"),
                ),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
            direct_passthrough=True,
        )
