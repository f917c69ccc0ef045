# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import os
from unittest.mock import patch

import paramiko

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.immex_compliance.models.cove.keeper import KEY_VARIABLE

from .sftp_case import SftpCase
from .sftp_peer import LOGIN, PASSWORD, sftp_peer

SECRETS = (
    "sftp_password",
    "sftp_private_key",
    "sftp_passphrase",
    "sftp_secret_token",
)


@tagged("post_install", "-at_install")
class TestSftpServer(SftpCase):
    def _stored(self):
        """The broker's whole row and what its chatter says, as text."""
        self.broker.flush_recordset()
        self.env.cr.execute(
            "SELECT row_to_json(b)::text FROM immex_broker b WHERE id = %s",
            [self.broker.id],
        )
        (row,) = self.env.cr.fetchone()
        tracked = self.broker.message_ids.sudo().tracking_value_ids
        return row + str(self.broker.message_ids.mapped("body")) + str(tracked.read())

    def test_a_server_that_nobody_confirmed_gets_nothing(self):
        with self._peer(confirm=False) as peer:
            with self.assertRaisesRegex(UserError, "Nobody has confirmed"):
                self.broker.action_sftp_test()
            wizard = self._confirm()
            self.assertRegex(wizard.fingerprint, "^SHA256:")
            self.assertEqual(self.broker.sftp_fingerprint, wizard.fingerprint)
            self.assertFalse(peer.tried)
            self.broker.action_sftp_test()
            self.assertEqual(peer.tried, [("password", LOGIN, PASSWORD)])

    def test_another_key_is_refused_and_shown(self):
        with self._peer():
            line = self.broker.sftp_host_key
            with sftp_peer() as thief:
                # at the very place of the one that was confirmed
                self.broker.flush_recordset()
                self.env.cr.execute(
                    "UPDATE immex_broker SET sftp_port = %s WHERE id = %s",
                    [thief.port, self.broker.id],
                )
                self.broker.invalidate_recordset()
                with self.assertRaisesRegex(UserError, "another key"):
                    self.broker.action_sftp_test()
                self.assertFalse(thief.tried)
                action = self.broker.action_sftp_host_key()
                wizard = self.env["immex.sftp.host.key"].browse(action["res_id"])
                self.assertEqual(wizard.former, self.broker.sftp_fingerprint)
                self.assertNotEqual(wizard.fingerprint, wizard.former)
                self.assertEqual(self.broker.sftp_host_key, line)
                self.broker.sftp_host = "localhost"
                with self.assertRaisesRegex(UserError, "another host"):
                    wizard.action_confirm()

    def test_a_server_elsewhere_is_one_that_nobody_confirmed(self):
        with self._peer(), sftp_peer() as other:
            self.assertTrue(self.broker.sftp_fingerprint)
            self.broker.sftp_port = other.port
            self.assertFalse(self.broker.sftp_fingerprint)
            with self.assertRaisesRegex(UserError, "Nobody has confirmed"):
                self.broker.action_sftp_test()
            self.assertFalse(other.tried)

    def test_keys_and_tokens_come_from_here_alone(self):
        with self._peer():
            before = self.broker.sftp_host_key, self.broker.sftp_secret_token
            self.broker.write(
                {"sftp_host_key": "ssh-ed25519 AAAA", "sftp_secret_token": "x"}
            )
            after = self.broker.sftp_host_key, self.broker.sftp_secret_token
            self.assertEqual(before, after)
            copied = self.broker.copy()
            self.assertFalse(copied.sftp_host_key)
            self.assertFalse(copied.sftp_secret_kept)

    def test_a_secret_is_kept_encrypted_and_shown_to_nobody(self):
        with self._peer():
            self.assertTrue(self.broker.sftp_secret_kept)
            self.assertNotIn(PASSWORD, self._stored())
            self.broker.invalidate_recordset()
            self.assertFalse(self.broker.sftp_password)
            for role in ("user", "manager"):
                mine = self._as(self.broker, self._user(role))
                self.assertTrue(mine.sftp_fingerprint)
                for field in SECRETS:
                    with self.subTest(role=role, field=field):
                        with self.assertRaises(AccessError):
                            mine.read([field])
                with self.assertRaises(AccessError):
                    mine.write({"sftp_password": "x"})
            administrator = self._as(self.broker, self._user("administrator"))
            (read,) = administrator.read(["sftp_password", "sftp_private_key"])
            self.assertFalse(read["sftp_password"] or read["sftp_private_key"])
            with self.assertRaises(AccessError):
                administrator.read(["sftp_secret_token"])
            fields = self.env["immex.broker"].fields_get(SECRETS)
            self.assertFalse([n for n in fields if fields[n].get("exportable", True)])

    def test_without_a_key_of_the_server_nothing_is_kept(self):
        with patch.dict(os.environ, {KEY_VARIABLE: ""}):
            with self.assertRaisesRegex(UserError, "no key to keep secrets"):
                self.broker.sftp_password = "x"
        with self._peer():
            other = {KEY_VARIABLE: "A" * 43 + "="}
            with patch.dict(os.environ, other):
                with self.assertRaisesRegex(UserError, "enter it again"):
                    self.broker.action_sftp_test()
            self.broker.action_sftp_forget()
            self.assertFalse(self.broker.sftp_secret_kept)
            with self.assertRaisesRegex(UserError, "no password or private key"):
                self.broker.action_sftp_test()

    def test_a_private_key_with_its_passphrase(self):
        key = paramiko.ECDSAKey.generate()
        stream = io.StringIO()
        key.write_private_key(stream, "sesame")
        text = stream.getvalue()
        with self._peer() as peer:
            peer.accepted.add(key.get_base64())
            values = {"sftp_auth": "key", "sftp_private_key": text}
            for wrong in (None, "another"):
                with self.assertRaisesRegex(UserError, "no private key") as caught:
                    self.broker.write(values | {"sftp_passphrase": wrong})
                self.assertNotIn(text[40:80], str(caught.exception))
                self.assertIsNone(caught.exception.__cause__)
            self.broker.write(values | {"sftp_passphrase": "sesame"})
            self.assertIn(key.get_base64(), self.broker.sftp_public_key)
            self.assertNotIn("sesame", self._stored())
            self.assertNotIn(text.splitlines()[1], self._stored())
            self.broker.action_sftp_test()
            self.assertEqual(peer.tried[-1][0], "publickey")

    def test_a_key_pair_of_our_own(self):
        with self._peer() as peer:
            self.broker.action_sftp_make_key()
            self.assertEqual(self.broker.sftp_auth, "key")
            with self.assertRaisesRegex(UserError, "does not accept the login"):
                self.broker.action_sftp_test()
            peer.accepted.add(self.broker.sftp_public_key.split()[1])
            self.broker.action_sftp_test()

    def test_who_may(self):
        with self._peer():
            manager = self._as(self.broker, self._user("manager"))
            for name in (
                "action_sftp_host_key",
                "action_sftp_make_key",
                "action_sftp_forget",
            ):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    getattr(manager, name)()
            manager.action_sftp_test()
            with self.assertRaises(AccessError):
                self._as(self.broker, self._user("user")).action_sftp_test()
            wizard = self._confirm()
            with self.assertRaises(AccessError):
                wizard.with_user(manager.env.user).action_confirm()

    def test_what_is_missing(self):
        with self.assertRaises(ValidationError):
            self.broker.notice_channel = "sftp"
        with self.assertRaisesRegex(UserError, "host and port"):
            self.broker.action_sftp_host_key()
        with self.assertRaisesRegex(UserError, "host, port and login"):
            self.broker.action_sftp_test()
        with self.assertRaises(ValidationError):
            self.broker.sftp_folder = "../other"
        with self._peer() as peer:
            self.broker.sftp_folder = "nowhere"
            with self.assertRaisesRegex(UserError, "no such folder"):
                self.broker.action_sftp_test()
            peer.close()
            with self.assertRaisesRegex(UserError, "does not answer"):
                self.broker.action_sftp_host_key()
