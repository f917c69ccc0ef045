# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
from contextlib import contextmanager
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.immex_compliance.models.cove.keeper import KEY_VARIABLE
from odoo.addons.immex_compliance.tests.common import PATENT, ImmexCase

from ..services import client
from .sftp_peer import LOGIN, PASSWORD, sftp_peer


class SftpCase(ImmexCase):
    """A broker with an SFTP server of its own, on 127.0.0.1, and a key of the server
    for secrets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key = {KEY_VARIABLE: Fernet.generate_key().decode()}
        for change in (
            patch.dict(os.environ, key),
            patch.object(client, "SILENCE", 3),
        ):
            change.start()
            cls.addClassCleanup(change.stop)
        cls.broker = cls.env["immex.broker"].create(
            {
                "name": "Agencia",
                "patent_ids": [Command.create({"name": PATENT})],
                "appointment_ids": [
                    Command.create(
                        {"company_id": cls.company.id, "date_from": "2026-01-01"}
                    )
                ],
            }
        )

    @classmethod
    def _user(cls, role, login=None, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login or f"sftp_{role}",
            groups=f"immex_compliance.group_{role}",
            company_id=company.id,
            company_ids=company.ids,
        )

    def _as(self, record, user):
        own = {"allowed_company_ids": user.company_ids.ids}
        return record.with_user(user).with_context(**own)

    @contextmanager
    def _peer(self, confirm=True, **values):
        """A server; the broker is set up for it, and a person confirmed its key."""
        with sftp_peer() as peer:
            (peer.root / "in").mkdir()
            (peer.root / "out").mkdir()
            self.broker.write(
                {
                    "sftp_host": "127.0.0.1",
                    "sftp_port": peer.port,
                    "sftp_login": LOGIN,
                    "sftp_auth": "password",
                    "sftp_password": PASSWORD,
                    "sftp_folder": "in",
                    "notice_channel": "sftp",
                }
                | values
            )
            if confirm:
                self._confirm()
            yield peer

    def _confirm(self):
        action = self.broker.action_sftp_host_key()
        wizard = self.env["immex.sftp.host.key"].browse(action["res_id"])
        wizard.action_confirm()
        return wizard
