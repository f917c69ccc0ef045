# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import sys
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..models.cove import abstract_signed_document
from ..services import vucem
from . import efirma_make as make
from .common import RFC
from .cove_case import SERVER_KEY, CoveCase, server_key

SUPPORT = Path(__file__).resolve().parents[3] / "tests" / "support"
SERVICE_KEY = "a" * 32 + "Clave-De-Servicios-Web-1234567-ok"


def peer_class():
    """The test peer lies beside the add-ons, with what tests the whole."""
    if str(SUPPORT) not in sys.path:
        sys.path.append(str(SUPPORT))
    from cove_peer import CovePeer  # noqa: PLC0415

    return CovePeer


class VucemCase(CoveCase):
    """A company that signs by itself and talks to the test peer over HTTP."""

    def setUp(self):
        super().setUp()
        self.startPatcher(server_key())
        self.peer = peer_class()({RFC: SERVICE_KEY})
        self.enterContext(self.peer)
        self.startPatcher(patch.object(vucem, "TIMEOUT", (2, 1)))
        self.efirma = self._efirma()
        self.access = self.env["immex.vucem.access"].create(
            {
                "company_id": self.company.id,
                "rfc": RFC,
                "service_key": SERVICE_KEY,
                "address": self.peer.address,
            }
        )

    def _draft(self, kind="out_invoice", **values):
        invoice = self._invoice(kind, [(self.terminal, 3, 10), (self.connector, 2, 4)])
        action = invoice.action_immex_cove()
        cove = self.env["immex.cove"].browse(action["res_id"])
        cove.write(values)
        return cove

    def _deliver(self):
        """The cron that sends, now, whatever was to wait."""
        self.env["immex.exchange"].search([("state", "=", "waiting")]).write(
            {"next_try": fields.Datetime.now()}
        )
        self._run("ir_cron_exchange")

    def _run(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"immex_compliance.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _ask(self, record):
        """The cron that asks for answers, when it is due; then the one that sends."""
        if record.state == "sent":
            record.next_query = fields.Datetime.now()
        self._run("ir_cron_cove")
        self._deliver()


@tagged("post_install", "-at_install")
class TestCove(VucemCase):
    """From an invoice to the e-document, and what can go wrong on the way."""

    def test_registered(self):
        self.peer.patience = 1
        cove = self._draft(
            patents="3456, 0973", query_rfcs="OAQ030623UL8", remarks="Parte  1 & 2 ñ"
        )
        cove.action_send()
        self.assertEqual(cove.state, "signed")
        self.assertFalse(self.peer.requests)
        self._deliver()
        self.assertEqual((cove.state, cove.operation_number), ("sent", "216068"))
        self._ask(cove)
        self.assertEqual((cove.state, cove.edocument), ("sent", False))
        self._ask(cove)
        self.assertEqual((cove.state, cove.edocument), ("accepted", "COVE260000001"))
        self.assertIn("240 días", cove.legend)
        self.assertEqual(cove.move_ids.immex_cove_numbers, "COVE260000001")
        self.assertEqual(cove.signer_id, self.env.user)
        self.assertEqual(cove.certificate_serial, make.SERIAL)
        self.assertIn("|Parte 1 & 2 ñ|OAQ030623UL8|3456|0973|", cove.original_string)
        exchanges = self.env["immex.exchange"].search(
            [("res_model", "=", "immex.cove"), ("res_id", "=", cove.id)]
        )
        self.assertEqual(exchanges.mapped("state"), ["done"] * 3)

    def test_a_list_is_registered(self):
        invoices = self._invoice("out_invoice", [(self.terminal, 3, 10)])
        invoices += self._invoice("out_invoice", [(self.connector, 2, 4)])
        cove = self.env["immex.cove"].browse(invoices.action_immex_cove_new()["res_id"])
        cove.number = "REL-1"
        cove.action_send()
        self._deliver()
        self._ask(cove)
        self.assertEqual(cove.edocument, "COVE260000001")
        self.assertTrue(self.peer.requests[0][1].endswith("RelacionFacturasNoIA"))

    def test_an_addendum(self):
        cove = self._draft()
        with self.assertRaisesRegex(UserError, "Only an accepted"):
            cove.action_correct()
        cove.action_send()
        self._deliver()
        self._ask(cove)
        correction = cove.browse(cove.action_correct()["res_id"])
        self.assertEqual(correction.corrected_edocument, cove.edocument)
        self.assertEqual(len(correction.line_ids), 2)
        correction.line_ids[0].write({"quantity": 4, "total": 40})
        correction.action_send()
        self._deliver()
        self._ask(correction)
        self.assertEqual(correction.edocument, "ADEN260000002")
        sent = self.peer.requests[2][2].decode()
        self.assertIn("e-document>COVE260000001<", sent)

    def test_rejected(self):
        self.peer.refusals = ["País : no existe el pais en el catálogo"]
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self._ask(cove)
        self.assertEqual(cove.state, "rejected")
        self.assertIn("no existe el pais", cove.answer)
        cove.action_draft()
        cove.line_ids[0].description = "OTRA"
        cove.action_send()
        self._deliver()
        self._ask(cove)
        self.assertEqual(cove.state, "accepted")

    def test_what_was_signed_is_not_changed(self):
        cove = self._draft()
        cove.action_send()
        for change in (
            lambda: cove.write({"number": "X"}),
            lambda: cove.line_ids[0].write({"total": 1}),
            lambda: cove.line_ids[0].unlink(),
            lambda: cove.write({"line_ids": [(0, 0, {"description": "X"})]}),
            cove.unlink,
            cove.action_send,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        cove.action_draft()  # in time: it leaves the queue
        self.assertEqual(cove.state, "draft")
        self._deliver()
        self.assertFalse(self.peer.requests)

    def test_never_sent_twice(self):
        """Whatever breaks after the message left, it is not repeated by itself."""
        for manner in ("silence", "reset", "truncated", "http500", "html", "wrong"):
            with self.subTest(manner):
                self.peer.silence = 2
                self.peer.requests.clear()
                self.peer.misbehave = [manner]
                cove = self._draft()
                cove.action_send()
                for _again in range(3):
                    self._deliver()
                self.assertEqual(cove.state, "unclear")
                self.assertTrue(cove.answer)
                self.assertEqual(len(self.peer.requests), 1)
                self.assertTrue(cove.activity_ids)
                with self.assertRaises(UserError):
                    cove.action_send()

    def test_unclear_and_it_arrived(self):
        self.peer.misbehave = ["reset"]
        cove = self._draft()
        cove.action_send()
        self._deliver()
        with self.assertRaisesRegex(UserError, "operation number"):
            cove.action_arrived()
        cove.found_number = self.peer.received[0][0]
        cove.action_arrived()
        self._ask(cove)
        self.assertEqual(cove.edocument, "COVE260000001")
        self.assertEqual(len(self.peer.received), 1)

    def test_unclear_and_it_did_not(self):
        self.peer.misbehave = ["http500"]
        cove = self._draft()
        cove.action_send()
        self._deliver()
        cove.action_not_arrived()
        self.assertEqual(cove.state, "draft")
        cove.action_send()
        self._deliver()
        self._ask(cove)
        self.assertEqual(cove.state, "accepted")
        self.assertEqual(len(self.peer.received), 1)

    def test_a_fault_of_the_server_says_nothing_of_the_document(self):
        self.peer.misbehave = ["server_fault"]
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self._deliver()
        self.assertEqual(cove.state, "unclear")
        self.assertEqual(len(self.peer.requests), 1)
        self.assertIn("no disponible", cove.answer)

    def test_a_worker_died(self):
        cove = self._draft()
        cove.action_send()
        cove.exchange_id.sudo().state = "sending"
        self._deliver()
        self.assertEqual(cove.state, "unclear")
        self.assertFalse(self.peer.requests)

    def test_service_down(self):
        """What never left waits, and leaves when the service is back."""
        self.access.address = "http://127.0.0.1:9"
        cove = self._draft()
        cove.action_send()
        for _again in range(3):
            self._deliver()
        exchange = cove.exchange_id
        self.assertEqual((cove.state, exchange.state), ("signed", "waiting"))
        self.assertEqual(exchange.tries, 3)
        self.assertGreater(
            exchange.next_try, fields.Datetime.now() + timedelta(minutes=4)
        )
        self.access.address = self.peer.address
        self._deliver()
        self.assertEqual(cove.state, "sent")

    def test_a_question_is_repeated(self):
        cove = self._draft()
        cove.action_send()
        self._deliver()
        for manner in ("silence", "truncated", "http500", "reset", "server_fault"):
            self.peer.silence = 2
            self.peer.misbehave = [manner]
            cove.next_query = fields.Datetime.now()
        self._ask(cove)
        self.assertEqual(cove.state, "sent")
        self._deliver()
        self.assertEqual(cove.state, "accepted")

    def test_those_that_nobody_asks_for_hold_up_nobody(self):
        other = self.env["res.company"].create({"name": "Otra SA de CV"})
        theirs = self.env["immex.cove"].create({"company_id": other.id, "number": "1"})
        cove = self._draft()
        cove.action_send()
        self._deliver()
        theirs.write({"state": "sent", "next_query": "2026-01-01"})
        with patch.object(abstract_signed_document, "DUE", 1):
            self._ask(cove)
        self.assertEqual(cove.state, "accepted")
        self.assertEqual((theirs.state, theirs.queries), ("sent", 0))

    def test_one_question_at_a_time(self):
        """While the service is down the last question waits; no others pile up."""
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self.access.address = "http://127.0.0.1:9"
        for times in (2, 3, 4):
            self._ask(cove)
            self.assertEqual(cove.queries, times)
        cove.action_query()
        questions = [("res_model", "=", cove._name), ("repeatable", "=", True)]
        self.assertEqual(self.env["immex.exchange"].search_count(questions), 1)
        self.access.address = self.peer.address
        self._deliver()
        self.assertEqual(cove.state, "accepted")

    def test_wrong_login(self):
        self.access.service_key = "another"
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self.assertEqual(cove.state, "draft")
        self.assertIn("FailedAuthentication", cove.answer)
        self.assertIn("make a new key", cove.meaning)
        self.assertEqual(cove.exchange_id.meaning, cove.meaning)
        view = self.env["immex.cove"].get_view(view_type="form")
        self.assertIn('name="meaning"', view["arch"])
        self.assertFalse(self.peer.received)

    def test_signature_that_vucem_refuses(self):
        """The peer computes the original string itself: another text is seen."""
        cove = self._draft()
        real = type(self.efirma)._sign

        def other(record, text, *arguments):
            return real(record, text + "x|", *arguments)

        with patch.object(type(self.efirma), "_sign", other):
            cove.action_send()
        self._deliver()
        self._ask(cove)
        self.assertEqual(cove.state, "rejected")
        self.assertIn("Firma inválida", cove.answer)

    def test_expired_certificate(self):
        cove = self._draft()
        self.efirma.certificate = base64.b64encode(make.certificate(RFC, days=-1))
        self.efirma.passphrase_token = False
        with self.assertRaisesRegex(ValidationError, "expired on"):
            cove._sign("send", make.PASSPHRASE)
        self.assertEqual(cove.state, "draft")

    def test_expired_while_waiting_for_the_answer(self):
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self.efirma.write(
            {
                "certificate": base64.b64encode(make.certificate(RFC, days=-1)),
            }
        )
        self.env.flush_all()
        token = self.efirma.passphrase_token
        self.env.cr.execute(
            "UPDATE immex_efirma SET passphrase_token = %s",
            (self._token() if not token else token,),
        )
        self.efirma.invalidate_recordset()
        cove.invalidate_recordset()
        self._ask(cove)
        self.assertEqual(cove.state, "sent")
        self.assertIn("expired on", cove.answer)

    def _token(self):
        from cryptography.fernet import Fernet  # noqa: PLC0415

        return Fernet(SERVER_KEY).encrypt(make.PASSPHRASE.encode()).decode()

    def test_the_passphrase_is_asked(self):
        self.efirma.action_forget()
        cove = self._draft()
        action = cove.action_send()
        self.assertEqual(action["res_model"], "immex.efirma.signing")
        self.assertEqual(cove.state, "draft")
        wizards = self.env["immex.efirma.signing"].with_context(**action["context"])
        with self.assertRaisesRegex(ValidationError, "passphrase does not open"):
            wizards.create({"passphrase": "wrong"})
        with Form(wizards) as form:
            form.passphrase = make.PASSPHRASE
        wizard = form.save()
        self.assertEqual(cove.state, "signed")
        wizard.invalidate_recordset()
        self.assertFalse(wizard.passphrase)
        self.env.cr.execute(
            "SELECT to_jsonb(w)::text FROM immex_efirma_signing w WHERE id = %s",
            (wizard.id,),
        )
        self.assertNotIn(make.PASSPHRASE, self.env.cr.fetchone()[0])
        self._deliver()
        # nobody asks by itself without the passphrase
        cove.next_query = fields.Datetime.now()
        self._run("ir_cron_cove")
        self.assertEqual(cove.queries, 1)
        action = cove.action_query()
        wizards.with_context(**action["context"]).create(
            {"passphrase": make.PASSPHRASE}
        )
        self._deliver()
        self.assertEqual(cove.state, "accepted")

    def test_no_secret_is_kept(self):
        """Neither in exchanges nor in logs, exports or what other roles read."""
        self.peer.misbehave = ["good", "fault"]
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            cove = self._draft()
            cove.action_send()
            self._deliver()
            self._ask(cove)
        self.assertIn(SERVICE_KEY, self.peer.requests[0][2].decode())
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT string_agg(to_jsonb(e)::text, '') FROM immex_exchange e"
        )
        kept = self.env.cr.fetchone()[0]
        self.env.cr.execute(
            "SELECT string_agg(to_jsonb(a)::text, '') FROM immex_vucem_access a"
        )
        kept += self.env.cr.fetchone()[0] + "\n".join(logs.output)
        for secret in (SERVICE_KEY, make.PASSPHRASE, SERVER_KEY):
            self.assertNotIn(secret, kept)
        self.assertIn("solicitarRecibirCoveServicio", kept)
        self.assertFalse(
            self.env["immex.vucem.access"]._fields["service_key"].exportable
        )
        user = new_test_user(
            self.env,
            "vucem_admin",
            groups="immex_compliance.group_administrator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        own = self.access.with_user(user)
        self.assertEqual(own.rfc, RFC)
        for name in ("service_key", "service_key_token"):
            with self.assertRaises(AccessError):
                own.read([name])

    def test_only_managers_send(self):
        cove = self._draft()
        user = new_test_user(
            self.env,
            "cove_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertEqual(cove.with_user(user).number, cove.number)
        for action in ("action_send", "action_correct", "action_not_arrived"):
            with self.subTest(action), self.assertRaises(UserError):
                getattr(cove.with_user(user), action)()
        manager = new_test_user(
            self.env,
            "cove_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        own = cove.with_user(manager)
        for values in (
            {"state": "accepted"},
            {"edocument": "COVE260000009"},
            {"operation_number": "1"},
            {"original_string": "|x|"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                own.write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                own.copy(values)
        own.action_send()
        self._deliver()
        self.assertEqual(cove.state, "sent")
        self.assertEqual(cove.signer_id, manager)

    def test_the_key_goes_only_where_it_is_safe(self):
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.access.address = "http://www.ventanillaunica.gob.mx"
