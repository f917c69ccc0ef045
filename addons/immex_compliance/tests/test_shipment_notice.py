# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
import tempfile
import threading
import time
from base64 import b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.broker.immex_broker_notice import FOLDER
from ..models.broker.immex_shipment_notice_send import WAITS
from ..services.notice import channels, document
from .common import ImmexCase
from .cove_case import server_key

NAMES = {"n": document.NAMESPACE}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ANSWER = f"""<s:Envelope xmlns:s="{SOAP}"><s:Body>
<n:receiveNoticeResponse xmlns:n="{document.NAMESPACE}"><n:accepted>%s</n:accepted>
<n:reference>REF-1</n:reference><n:message>%s</n:message></n:receiveNoticeResponse>
</s:Body></s:Envelope>"""
FAULT = f"""<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault>
<faultcode>s:%s</faultcode><faultstring>no</faultstring></s:Fault></s:Body>
</s:Envelope>"""


class Peer(BaseHTTPRequestHandler):
    """A broker's service: checks every call against the schema; answers as told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = etree.fromstring(body).find(f"{{{SOAP}}}Body")[0]
        document.schema().assertValid(call)
        peer = self.server
        peer.calls.append((call, self.headers.get("Authorization")))
        status, answer = peer.answers.pop(0)
        if isinstance(answer, bytes):
            # as it is, and the end; after that, silence
            self.wfile.write(answer)
            time.sleep(status)
            return
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_args):
        pass


HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n"


@contextmanager
def serving(*answers):
    peer = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    peer.calls, peer.answers = [], list(answers)
    thread = threading.Thread(target=peer.serve_forever, daemon=True)
    thread.start()
    try:
        yield peer, f"http://127.0.0.1:{peer.server_port}/notice"
    finally:
        peer.shutdown()
        peer.server_close()
        thread.join()


@tagged("post_install", "-at_install")
class TestShipmentNotice(ImmexCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.broker = cls.env["immex.broker"].create(
            {
                "name": "Agencia",
                "patent_ids": [fields.Command.create({"name": "3456"})],
                "appointment_ids": [
                    fields.Command.create(
                        {"company_id": cls.company.id, "date_from": "2026-01-01"}
                    )
                ],
                "notice_channel": "mail",
                "notice_email": "trafico@agencia.example",
            }
        )
        cls.item = cls.env["immex.tariff.item"].search(
            [("fraccion", "=", "85369099")], limit=1
        )
        cls.terminal.product_tmpl_id.immex_tariff_item_id = cls.item
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.supplier.id,
                "company_id": cls.company.id,
                "currency_id": cls.env.ref("base.USD").id,
                "order_line": [
                    fields.Command.create(
                        {
                            "product_id": cls.terminal.id,
                            "product_qty": 100,
                            "price_unit": 0.5,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        cls.picking = order.picking_ids

    def _notice(self, **values):
        action = self.picking.action_immex_notice()
        notice = self.env["immex.shipment.notice"].browse(action["res_id"])
        notice.write({"cove_numbers": "COVE26000001A COVE26000002B"} | values)
        return notice

    def _send(self, notice):
        """What the scheduled action does in a turn."""
        notice.next_try = "2026-01-01"
        found = self.env["immex.shipment.notice"]._next()
        self.assertEqual(found, notice)
        found._send()

    def test_made_of_a_receipt(self):
        notice = self._notice()
        self.assertEqual(notice.broker_id, self.broker)
        self.assertEqual((notice.direction, notice.state), ("import", "draft"))
        line = notice.line_ids
        self.assertEqual(line.currency_id.name, "USD")
        self.assertEqual(self._exact(line, "quantity", "value"), (100, 50))
        # never imported: where the supplier sits is no origin
        self.assertFalse(line.origin_id)
        line.origin_id = self.env.ref("base.us")
        root = etree.fromstring(notice._build())
        self.assertEqual(
            [
                root.findtext(f".//n:{name}", namespaces=NAMES)
                for name in ("companyRfc", "tariffItem", "quantity", "value", "origin")
            ],
            ["ADN150203AB1", "85369099", "100.00000", "50.00", "US"],
        )
        self.assertEqual(len(root.findall("n:coveNumber", NAMES)), 2)

    def test_of_a_delivery_and_of_nothing_else(self):
        delivery = self._transfer("outgoing", [(self.cable, 3)], done=False)
        notice = self.env["immex.shipment.notice"]._from_picking(delivery)
        self.assertEqual(notice.direction, "export")
        self.assertEqual(notice.line_ids.currency_id, self.company.currency_id)
        notice.line_ids.unlink()
        notice.broker_id = self.broker
        with self.assertRaisesRegex(UserError, "not complete"):
            notice.action_send()
        self.picking.picking_type_id = self.warehouse.int_type_id
        with self.assertRaises(UserError):
            self.picking.action_immex_notice()

    def test_by_mail_once(self):
        notice = self._notice()
        notice.action_send()
        self._send(notice)
        self.assertEqual((notice.state, notice.attempts), ("sent", 1))
        mail = self.env["mail.mail"].search(
            [("model", "=", notice._name), ("res_id", "=", notice.id)]
        )
        self.assertEqual(mail.email_to, "trafico@agencia.example")
        self.assertEqual(mail.attachment_ids.raw.decode(), notice.content)
        self.assertFalse(self.env["immex.shipment.notice"]._next())
        with self.assertRaises(UserError):
            notice.action_send()

    def test_a_mail_that_is_not_taken(self):
        notice = self._notice()
        notice.action_send()
        self._send(notice)
        notice.mail_id.write({"state": "exception", "failure_reason": "No such host"})
        with self.enter_registry_test_mode():
            self.env.ref("immex_compliance.ir_cron_notice").method_direct_trigger()
        notice.invalidate_recordset()
        self.assertEqual((notice.state, notice.error), ("failed", "No such host"))
        notice.action_send()
        self._send(notice)
        self.assertEqual((notice.state, notice.error), ("sent", False))
        notice.mail_id.state = "sent"
        notice._follow_mails()
        self.assertEqual(notice.state, "sent")

    def test_scheduled_action_sends_all_that_waits(self):
        notices = self._notice() | self._notice() | self._notice()
        notices[:2].action_send()
        with self.enter_registry_test_mode():
            self.env.ref("immex_compliance.ir_cron_notice").method_direct_trigger()
        notices.invalidate_recordset()
        self.assertEqual(notices.mapped("state"), ["sent", "sent", "draft"])

    def test_into_a_folder(self):
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(os.path.join(root, "agencia"))
            self.env["ir.config_parameter"].set_param(FOLDER, root)
            self.broker.write(
                {"notice_channel": "folder", "notice_folder": "../elsewhere"}
            )
            notice = self._notice()
            notice.action_send()
            self._send(notice)
            self.assertEqual((notice.state, notice.attempts), ("waiting", 1))
            self.assertIn("There is no folder", notice.error)
            self.broker.notice_folder = "agencia"
            self._send(notice)
            self.assertEqual(notice.state, "sent")
            (file,) = Path(root, "agencia").iterdir()
            self.assertEqual(file.read_text(), notice.content)
            for folder in ("/etc", "..", "agencia/../..", "nowhere"):
                with self.subTest(folder=folder), self.assertRaises(channels.NotSent):
                    channels.drop(root, folder, "x.xml", b"")

    def test_to_the_brokers_service(self):
        with (
            server_key(),
            serving((200, ANSWER % ("true", "thanks"))) as (peer, address),
        ):
            self.broker.write(
                {
                    "notice_channel": "soap",
                    "notice_url": address,
                    "notice_login": "company",
                    "notice_key": "secret",
                }
            )
            notice = self._notice()
            notice.action_send()
            self._send(notice)
        self.assertEqual(
            (notice.state, notice.answer, notice.answer_reference),
            ("sent", "thanks", "REF-1"),
        )
        ((call, authorization),) = peer.calls
        self.assertTrue(authorization.startswith("Basic "))
        told = call.find("n:notice", NAMES)
        kept = etree.fromstring(notice.content.encode())
        self.assertEqual(
            [(e.tag, (e.text or "").strip()) for e in told.iter()],
            [(e.tag, (e.text or "").strip()) for e in kept.iter()],
        )

    def test_the_key_is_a_secret(self):
        """Kept encrypted, shown to nobody, sent where it is safe and nowhere else."""
        soap = {"notice_channel": "soap", "notice_login": "company"}
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.broker.write(soap | {"notice_url": "http://broker.example/notice"})
        with self.assertRaisesRegex(UserError, "immex_efirma_key"):
            self.broker.notice_key = "s3same"
        with (
            server_key(),
            serving((200, ANSWER % ("true", "")), (200, "secret page")) as served,
            patch.dict(os.environ, {"NETRC": "/dev/null", "http_proxy": "127.0.0.1:9"}),
        ):
            peer, address = served
            self.broker.write(soap | {"notice_url": address, "notice_key": "s3same"})
            self.broker.invalidate_recordset()
            self.assertFalse(self.broker.notice_key)
            self.broker.notice_key_token = "from outside"
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT to_jsonb(b)::text FROM immex_broker b WHERE id = %s",
                (self.broker.id,),
            )
            kept = self.env.cr.fetchone()[0]
            self.assertNotIn("s3same", kept)
            self.assertNotIn("from outside", kept)
            first, second = self._notice(), self._notice()
            for notice in (first, second):
                notice.action_send()
                self._send(notice)
            self.assertEqual(
                peer.calls[0][1], f"Basic {b64encode(b'company:s3same').decode()}"
            )
            self.assertEqual((first.state, second.state), ("sent", "waiting"))
            self.assertNotIn("secret page", second.error)
        second.next_try = "2026-01-01"
        second._send()
        self.assertIn("under another key", second.error)

    def test_what_was_sent_stays_as_it_went(self):
        values = {"company_id": self.company.id, "company_ids": self.company.ids}
        manager = new_test_user(
            self.env, "manager_k", groups="immex_compliance.group_manager", **values
        )
        notice = self._notice().with_user(manager)
        notice.line_ids.quantity = 99
        notice.reference = "R-1"
        for name, value in (("state", "sent"), ("content", "x"), ("answer", "x")):
            with self.subTest(name), self.assertRaises(AccessError):
                notice.write({name: value})
            made = notice.with_context(**{f"default_{name}": value})
            with self.subTest(name), self.assertRaises(AccessError):
                made.create({"direction": "import", "reference": "x"})
        notice.action_send()
        line = notice.line_ids
        for change in (
            lambda: notice.write({"reference": "R-2"}),
            lambda: notice.write({"line_ids": [fields.Command.clear()]}),
            lambda: line.write({"value": 1}),
            lambda: line.copy(),
            line.unlink,
        ):
            with self.assertRaisesRegex(UserError, "not changed any more"):
                change()
        self._send(self.env["immex.shipment.notice"].browse(notice.id))
        self.assertEqual((notice.state, notice.reference), ("sent", "R-1"))

    def test_a_service_in_trouble(self):
        """The same notice under the same id, later and later; then a person decides."""
        trouble = [
            (500, "<html>down</html>"),
            (200, ""),
            (503, ""),
            (302, ""),
            (200, ANSWER % ("true", "x" * channels.MAX_ANSWER)),
            (500, FAULT % "Server"),
            (200, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ]
        with serving(*trouble, (200, ANSWER % ("true", ""))) as (peer, address):
            self.broker.write({"notice_channel": "soap", "notice_url": address})
            notice = self._notice()
            notice.action_send()
            for tries, wait in enumerate(WAITS, 1):
                self._send(notice)
                self.assertEqual((notice.state, notice.attempts), ("waiting", tries))
                self.assertTrue(notice.error)
                due = (notice.next_try - fields.Datetime.now()).total_seconds() / 60
                self.assertAlmostEqual(due, wait, delta=0.2)
                self.assertFalse(self.env["immex.shipment.notice"]._next())
            self.broker.notice_url = "http://127.0.0.1:1/"
            self._send(notice)
            self.assertEqual(notice.state, "failed")
            self.broker.notice_url = address
            notice.action_send()
            self._send(notice)
        self.assertEqual(notice.state, "sent")
        keys = {
            call.findtext(".//n:noticeId", namespaces=NAMES) for call, _a in peer.calls
        }
        self.assertEqual(keys, {notice.notice_key})

    def test_a_service_that_breaks_off(self):
        """In the middle of its answer: the notice waits, and those behind it go."""
        chunked = HEAD.replace(b"1.0", b"1.1")
        trouble = [
            (0, HEAD + b"Content-Length: 500\r\n\r\n<x>"),
            (2, HEAD + b"Content-Length: 500\r\n\r\n<x>"),
            (0, chunked + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\n"),
            (0, HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde"),
        ]
        with (
            patch.object(channels, "SILENCE", 1),
            serving(*trouble) as (_peer, address),
        ):
            self.broker.write({"notice_channel": "soap", "notice_url": address})
            notice = self._notice()
            notice.action_send()
            for tries in range(1, len(trouble) + 1):
                self._send(notice)
                self.assertEqual((notice.state, notice.attempts), ("waiting", tries))
                self.assertTrue(notice.error)
                self.assertFalse(self.env["immex.shipment.notice"]._next())

    def test_one_notice_does_not_hold_the_queue(self):
        first, second = self._notice(), self._notice()
        (first | second).action_send()
        first.next_try, second.next_try = "2026-01-01", "2026-01-02"
        first.content = "<broken"
        first.broker_id = self.broker.copy(
            {"notice_channel": "soap", "notice_url": "http://127.0.0.1:1/"}
        )
        with (
            self.enter_registry_test_mode(),
            mute_logger(
                "odoo.addons.immex_compliance.models.broker.immex_shipment_notice_send"
            ),
        ):
            self.env.ref("immex_compliance.ir_cron_notice").method_direct_trigger()
        (first | second).invalidate_recordset()
        self.assertEqual((first.state, first.attempts), ("waiting", 1))
        self.assertIn("XMLSyntaxError", first.error)
        self.assertEqual(second.state, "sent")

    def test_a_broker_that_says_no(self):
        answers = [(200, ANSWER % ("false", "no order")), (500, FAULT % "Client")]
        with serving(*answers) as (_peer, address):
            self.broker.write({"notice_channel": "soap", "notice_url": address})
            for error in ("no order", "no"):
                notice = self._notice()
                notice.action_send()
                self._send(notice)
                self.assertEqual((notice.state, notice.error), ("refused", error))
        with serving((200, ANSWER % ("true", ""))) as (peer, address):
            self.broker.notice_url = address
            with self.assertRaises(UserError):
                notice.action_send()
            before = notice.notice_key
            notice.action_draft()
            notice.line_ids.quantity = 77
            notice.action_send()
            self._send(notice)
            with self.assertRaises(UserError):
                notice.action_draft()
        ((call, _authorization),) = peer.calls
        told = [
            call.findtext(f".//n:{name}", namespaces=NAMES)
            for name in ("noticeId", "quantity")
        ]
        self.assertEqual(told, [notice.notice_key, "77.00000"])
        self.assertNotEqual(notice.notice_key, before)

    def test_who_may(self):
        self.broker.appointment_ids.date_to = "2026-01-31"
        notice = self._notice(broker_id=self.broker.id)
        with self.assertRaisesRegex(UserError, "not appointed"):
            notice.action_send()
        with self.assertRaises(ValidationError):
            self.broker.write({"notice_channel": "soap", "notice_url": "file:///etc"})
        values = {"company_id": self.company.id, "company_ids": self.company.ids}
        clerk = new_test_user(
            self.env, "clerk_n", groups="immex_compliance.group_user", **values
        )
        self.assertTrue(notice.with_user(clerk).reference)
        with self.assertRaises(AccessError):
            notice.with_user(clerk).write({"reference": "x"})
        self.broker.appointment_ids.date_to = False
        with self.assertRaises(AccessError):
            notice.with_user(clerk).action_send()
        self.assertEqual(notice.state, "draft")
        manager = new_test_user(
            self.env, "manager_n", groups="immex_compliance.group_manager", **values
        )
        with self.assertRaises(AccessError):
            self.broker.with_user(manager).read(["notice_key"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "manager_o",
            groups="immex_compliance.group_manager",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        own = {"allowed_company_ids": stranger.company_ids.ids}
        with self.assertRaises(AccessError):
            notice.with_user(stranger).with_context(**own).read(["reference"])
