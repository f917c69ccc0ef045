# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.immex_compliance.models.cove.keeper import Token

from ..services import client


class ImmexSftpHostKey(models.TransientModel):
    """The key that an SFTP server shows: a person compares it with what the broker says
    and confirms it. From then on only a server with this key is trusted."""

    _name = "immex.sftp.host.key"
    _description = "Key of an SFTP server, to be confirmed"

    broker_id = fields.Many2one("immex.broker", required=True, readonly=True)
    host = fields.Char(readonly=True)
    port = fields.Integer(readonly=True)
    line = fields.Char("Key", readonly=True, required=True)
    fingerprint = fields.Char(
        readonly=True,
        help="As `ssh-keygen -l` shows it. Compare it with what the broker told you, "
        "by telephone or on paper.",
    )
    former = fields.Char("Confirmed Until Now", readonly=True)

    def _fetch(self, broker):
        if not (broker.sftp_host and broker.sftp_port):
            raise UserError(self.env._("Enter the SFTP host and port first."))
        try:
            line, fingerprint = client.fetch_host_key(
                broker.sftp_host, broker.sftp_port
            )
        except client.SftpProblem as problem:
            raise UserError(broker._sftp_text(problem)) from problem
        shown = self.create(
            {
                "broker_id": broker.id,
                "host": broker.sftp_host,
                "port": broker.sftp_port,
                "line": line,
                "fingerprint": fingerprint,
                "former": broker.sftp_fingerprint,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of the SFTP Server"),
            "res_model": self._name,
            "res_id": shown.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Button: trust this key, and no other."""
        self.ensure_one()
        broker = self.broker_id
        broker._must_administer()
        if (broker.sftp_host, broker.sftp_port) != (self.host, self.port):
            raise UserError(
                self.env._("The broker has another host now: fetch its key again.")
            )
        broker.write({"sftp_host_key": Token(self.line)})
        return {"type": "ir.actions.act_window_close"}
