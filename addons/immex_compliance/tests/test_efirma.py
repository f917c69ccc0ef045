# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import timedelta

from cryptography.fernet import Fernet
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..formats import efirma
from . import efirma_make as make
from .cove_case import SERVER_KEY, CoveCase, server_key


@tagged("post_install", "-at_install")
class TestEfirma(CoveCase):
    """The e.firma of a company: what is read, kept, refused and shown to whom."""

    def _stored(self, record):
        """All that the database holds of a record, as text."""
        record.flush_recordset()
        self.env.cr.execute(
            "SELECT to_jsonb(efirma)::text, private_key, passphrase_token"
            " FROM immex_efirma efirma WHERE id = %s",
            (record.id,),
        )
        return self.env.cr.fetchone()

    def test_read_from_the_certificate(self):
        with server_key(""):
            record = self._efirma()
            self.assertEqual(record.rfc, "ADN150203AB1")
            self.assertEqual(record.serial, make.SERIAL)
            self.assertEqual(record.state, "valid")
            self.assertFalse(record.unattended)

    def test_signs_with_the_kept_passphrase(self):
        with server_key():
            record = self._efirma()
            self.assertTrue(record.unattended)
            certificate, signature = record._sign("|a|ñ|")
        self.assertTrue(efirma.verify(certificate, "|a|ñ|", signature))
        self.assertFalse(efirma.verify(certificate, "|a|n|", signature))

    def test_nothing_in_the_clear(self):
        with server_key():
            record = self._efirma()
        text, key, token = self._stored(record)
        kept = base64.b64decode(bytes(key))
        self.assertNotIn(make.PASSPHRASE, text)
        self.assertNotIn(make.PASSPHRASE.encode(), kept)
        efirma.check_encrypted(kept)
        self.assertTrue(token.startswith("gAAAA"))
        self.assertEqual(
            Fernet(SERVER_KEY).decrypt(token.encode()).decode(), make.PASSPHRASE
        )
        # the field itself gives nothing back
        record.invalidate_recordset()
        self.assertFalse(record.passphrase)

    def test_without_a_key_of_the_server_it_is_asked(self):
        with server_key(""):
            record = self._efirma()
            self.assertFalse(self._stored(record)[2])
            with self.assertRaisesRegex(UserError, "not kept"):
                record._sign("|a|")
            certificate, signature = record._sign("|a|", make.PASSPHRASE)
        self.assertTrue(efirma.verify(certificate, "|a|", signature))

    def test_the_key_of_the_server_is_replaced(self):
        other = Fernet.generate_key().decode()
        with server_key():
            record = self._efirma()
        with server_key(f"{other},{SERVER_KEY}"):
            self.assertTrue(record._sign("|a|"))
        with (
            server_key(other),
            self.assertRaisesRegex(UserError, "another key of the server"),
        ):
            record._sign("|a|")
        with (
            server_key("short-secret"),
            self.assertRaisesRegex(UserError, "IMMEX_EFIRMA_KEY") as caught,
        ):
            record._sign("|a|")
        self.assertNotIn("short-secret", str(caught.exception))

    def test_refused(self):
        clear = base64.b64encode(make.key_file(passphrase=None))
        other = base64.b64encode(make.key_file(1))
        foreign = base64.b64encode(make.certificate("AAA010101AAA"))
        seal = base64.b64encode(make.certificate(uses=make.CSD))
        cases = (
            ({"passphrase": "no es"}, "passphrase does not open"),
            ({"private_key": clear}, "not an encrypted private key"),
            ({"private_key": other, "passphrase": make.PASSPHRASE}, "not the one of"),
            ({"certificate": foreign}, "has the RFC"),
            ({"certificate": seal}, "seal for invoices"),
            ({"certificate": "%%%"}, "arrived broken"),
        )
        with server_key():
            record = self._efirma()
            for values, message in cases:
                with (
                    self.subTest(message=message),
                    self.assertRaisesRegex(ValidationError, message) as caught,
                    self.env.cr.savepoint(),
                ):
                    record.write(values)
                self.assertNotIn("no es", str(caught.exception))
                record.invalidate_recordset()

    def test_new_files_forget_the_old_passphrase(self):
        with server_key():
            record = self._efirma()
            record.write({"private_key": base64.b64encode(make.key_file(1))})
            self.assertFalse(record.unattended)

    def test_a_token_is_not_set_from_outside(self):
        with server_key():
            record = self._efirma()
            before = record.passphrase_token
            record.write({"passphrase_token": "gAAAA"})
            self.assertEqual(record.passphrase_token, before)
            record.action_forget()
            self.assertFalse(record.unattended)

    def test_expired(self):
        with server_key():
            record = self._efirma(days=10)
            self.assertEqual(record.state, "expiring")
            record._sign("|a|")
        later = fields.Datetime.now() + timedelta(days=11)
        with server_key(""), freeze_time(later):
            record.invalidate_recordset()
            self.assertEqual(record.state, "expired")
            with self.assertRaisesRegex(ValidationError, "expired on"):
                record._sign("|a|", make.PASSPHRASE)

    def test_reminder_once(self):
        with server_key():
            record = self._efirma(days=59)
        self.env["immex.efirma"]._cron_expiry()
        self.env["immex.efirma"]._cron_expiry()
        self.assertEqual(len(record.activity_ids), 1)
        self.assertIn(make.SERIAL, record.activity_ids.summary)
        record.activity_ids.unlink()
        record.valid_until = fields.Datetime.now() + timedelta(days=61)
        self.env["immex.efirma"]._cron_expiry()
        self.assertFalse(record.activity_ids)

    def test_a_reminder_that_fails_stops_no_other(self):
        mine = self.company
        other = self.env["res.company"].create({"name": "Otra"})
        with server_key():
            first = self._efirma(days=10)
            self.patch(type(self), "company", other)
            second = self._efirma(days=10)
        self.assertEqual((first + second).company_id, mine + other)
        real, failed = type(first)._remind_expiry, []

        def remind(record):
            if not failed:
                failed.append(record)
                raise ValueError("a broken company")
            real(record)

        self.patch(type(first), "_remind_expiry", remind)
        with mute_logger("odoo.addons.immex_compliance.models.schedule.ir_cron"):
            self.env["immex.efirma"]._cron_expiry()
        self.assertFalse(failed[0].activity_ids)
        self.assertEqual(len((first + second).activity_ids), 1)

    def test_who_reads_what(self):
        with server_key():
            record = self._efirma()
        for role in ("user", "manager", "administrator"):
            user = new_test_user(
                self.env,
                f"efirma_{role}",
                groups=f"immex_compliance.group_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            own = record.with_user(user)
            own.invalidate_recordset()
            self.assertEqual(own.rfc, "ADN150203AB1")
            read = own.read()[0]
            for name in (
                "certificate",
                "private_key",
                "passphrase",
                "passphrase_token",
            ):
                with self.subTest(role=role, field=name):
                    self.assertNotIn(name, read)
                    with self.assertRaises(AccessError):
                        own.read([name])
            with self.assertRaises(AccessError):
                own.search([("passphrase_token", "=like", "g%")])
            with self.assertRaises(AccessError):
                own.write({"user_id": user.id})
            with self.assertRaises(AccessError):
                own.action_forget()

    def test_not_exported(self):
        names = ("certificate", "private_key", "passphrase", "passphrase_token")
        for name in names:
            self.assertFalse(self.env["immex.efirma"]._fields[name].exportable)
        exported = self.env["immex.efirma"].fields_get(names, ["exportable"])
        self.assertFalse(any(values["exportable"] for values in exported.values()))
        with server_key():
            record = self._efirma()
        self.assertFalse(
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", record._name), ("res_id", "=", record.id)])
        )

    def test_nothing_in_the_log(self):
        wrong = "otra-clave-777"
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs, server_key():
            record = self._efirma()
            record._sign("|a|")
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                record.write({"passphrase": wrong})
        text = "\n".join(logs.output)
        for secret in (make.PASSPHRASE, wrong, SERVER_KEY):
            self.assertNotIn(secret, text)
