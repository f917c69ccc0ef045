# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..models.reconciliation.workbook import MIMETYPE
from .download import send_file


class ReconciliationDownload(Controller):
    """Work lists as workbooks, under the user's own rights."""

    @route(
        "/immex/reconciliation/<record_id:run_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def reconciliation(self, run_id):
        """The differences of a reconciliation with Data Stage."""
        run = self._find("immex.reconciliation", run_id)
        name = f"reconciliation_{run.date_from}_{run.date_to}.xlsx"
        return send_file(name, MIMETYPE, run._write_xlsx)

    @route(
        "/immex/stock_balance/<record_id:balance_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def stock_balance(self, balance_id):
        """The parts of a comparison of the customs balance with the stock."""
        balance = self._find("immex.stock.balance", balance_id)
        return send_file(f"stock_{balance.date}.xlsx", MIMETYPE, balance._write_xlsx)

    @route(
        "/immex/scccyg_replay/<record_id:replay_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def scccyg_replay(self, replay_id):
        """The charges of a replay of the authority's view."""
        replay = self._find("immex.scccyg.replay", replay_id)
        if file := replay._xlsx_file():
            stream = request.env["ir.binary"]._get_stream_from(file)
            return stream.get_response(as_attachment=True, max_age=0)
        if replay._xlsx_is_long():
            raise NotFound(request.env._("Ask for the workbook in the replay itself."))
        return send_file(replay._xlsx_name(), MIMETYPE, replay._write_xlsx)

    def _find(self, model, record_id):
        """The record, where the user may know of it."""
        record = request.env[model].search([("id", "=", record_id)])
        if not record:
            raise NotFound()
        return record
