# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.immex_compliance.services.notice import channels


class ImmexShipmentNotice(models.Model):
    """The way by SFTP."""

    _inherit = "immex.shipment.notice"

    def _send_sftp(self):
        """Into the broker's folder: whole or not at all, and once, since the file
        bears the notice's id."""
        # a scheduled action has no language; who made the notice reads what went wrong
        broker = self.broker_id.with_context(lang=self.create_uid.lang)
        try:
            with broker._sftp_session() as session:
                session.put_once(
                    broker.sftp_folder or "", self._filename(), self.content.encode()
                )
        except UserError as error:
            raise channels.NotSent(str(error)) from error
        path = f"{broker.sftp_folder or ''}/{self._filename()}".lstrip("/")
        return channels.Answer(message=f"sftp://{broker.sftp_host}/{path}")
