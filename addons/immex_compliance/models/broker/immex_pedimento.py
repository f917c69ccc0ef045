# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from ...formats.m3 import M3Reader


class ImmexPedimento(models.Model):
    """The document that a pedimento came as."""

    # a topic a file
    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    @api.private
    def _document(self):
        """``PedimentoDocument`` of the records that it came with, or None where it came
        without: entered by hand, or from Data Stage."""
        self.ensure_one()
        reader = M3Reader(None)
        records = self.env["immex.pedimento.record"].search(
            [("pedimento_id", "=", self.id)], order="line, id"
        )
        for record in records:
            document = reader.read_record(record.line, record.text)
            if document:
                return document
        return None

    def action_download_xml(self):
        """Button: the pedimento in our XML."""
        return {"type": "ir.actions.act_url", "url": f"/immex/pedimento/{self.id}/xml"}
