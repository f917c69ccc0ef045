# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.immex_compliance.controllers.download import send_file

from ..models.immex_report_run import MIMETYPES
from ..renderers.letter import write_letter

PDF, TEXT = "application/pdf", "text/plain; charset=utf-8"


class ReportDownload(Controller):
    @route(
        "/immex/report/<record_id:run_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download(self, run_id, kind):
        """A computed report, under the user's own rights."""
        run = request.env["immex.report.run"].search([("id", "=", run_id)])
        if not run or run.state != "done" or kind not in run._kinds():
            raise NotFound()
        if file := run._file(kind):
            stream = request.env["ir.binary"]._get_stream_from(file)
            return stream.get_response(as_attachment=True, max_age=0)
        if run.row_count > run._inline_rows():
            raise NotFound(request.env._("Ask for the file in the report itself."))
        return send_file(
            run._file_name(kind),
            MIMETYPES[kind],
            lambda stream: run._render(kind, stream),
        )

    @route(
        "/immex/letter/<record_id:access_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def letter(self, access_id):
        """The letter that gives the authority its access, under the user's rights."""
        accesses = request.env["immex.authority.access"]
        if not accesses.has_access("read"):
            raise NotFound()
        access = accesses.search([("id", "=", access_id)])
        if not access:
            raise NotFound()
        letter = access._letter()
        name = f"acceso_agace_{letter.rfc}_{letter.day:%Y%m%d}.pdf"
        return send_file(name, PDF, lambda stream: write_letter(letter, stream))

    @route(
        "/immex/month_end/<record_id:month_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def month_end(self, month_id):
        """The checklist of a month on paper, under the user's own rights."""
        months = request.env["immex.month.end"]
        month = months.has_access("read") and months.search([("id", "=", month_id)])
        if not month:
            raise NotFound()
        return send_file(month._print_name(), PDF, month._write_checklist)

    @route(
        "/immex/seal/<record_id:seal_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def seal(self, seal_id):
        """The file of a seal, under the user's own rights."""
        seals = request.env["immex.period.seal"]
        seal = seals.has_access("read") and seals.search([("id", "=", seal_id)])
        if not seal:
            raise NotFound()
        return send_file(seal._file_name(), TEXT, seal._write_file)
