# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..formats.pedimento_xml import PedimentoXmlWriter


class ImmexPedimentoXml(http.Controller):
    """A pedimento in our XML, from the records that it came with."""

    @http.route(
        "/immex/pedimento/<record_id:pedimento_id>/xml", type="http", auth="user"
    )
    def pedimento_xml(self, pedimento_id):
        """Download the XML; 404 where it has no records, or is not the user's."""
        pedimento = request.env["immex.pedimento"].browse(pedimento_id)
        try:
            pedimento.check_access("read")
            document = pedimento._document()
        except (AccessError, MissingError):
            document = None
        if document is None:
            raise request.not_found()
        stream = io.BytesIO()
        writer = PedimentoXmlWriter(stream)
        writer.document(document)
        writer.close()
        return request.make_response(
            stream.getvalue(),
            [
                ("Content-Type", "application/xml"),
                (
                    "Content-Disposition",
                    content_disposition(f"pedimento_{pedimento.number15}.xml"),
                ),
            ],
        )
