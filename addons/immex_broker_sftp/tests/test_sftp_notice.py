# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os

from odoo import fields
from odoo.tests import tagged

from odoo.addons.immex_compliance.models.broker.immex_shipment_notice_send import WAITS

from .sftp_case import SftpCase
from .sftp_peer import PASSWORD


@tagged("post_install", "-at_install")
class TestSftpNotice(SftpCase):
    def _notice(self, **values):
        delivery = self._transfer("outgoing", [(self.cable, 3)], done=False)
        notice = self.env["immex.shipment.notice"]._from_picking(delivery)
        notice.write({"broker_id": self.broker.id} | values)
        notice.action_send()
        return notice

    def _send(self, notice):
        """What the scheduled action does in a turn."""
        notice.next_try = "2026-01-01"
        found = self.env["immex.shipment.notice"]._next()
        self.assertEqual(found, notice)
        found._send()

    def test_into_the_folder_of_the_broker(self):
        with self._peer() as peer:
            notice = self._notice()
            self.assertEqual(notice.channel, "sftp")
            with self.enter_registry_test_mode():
                self.env.ref("immex_compliance.ir_cron_notice").method_direct_trigger()
            notice.invalidate_recordset()
            self.assertEqual((notice.state, notice.attempts), ("sent", 1))
            (file,) = (peer.root / "in").iterdir()
            self.assertEqual(file.name, f"notice-{notice.notice_key}.xml")
            self.assertEqual(file.read_text(), notice.content)
            self.assertEqual(notice.answer, f"sftp://127.0.0.1/in/{file.name}")

    def test_never_twice(self):
        """What got there, though nobody told us, is not written again."""
        with self._peer() as peer:
            notice = self._notice()
            self._send(notice)
            written = list(peer.written)
            notice.state = "waiting"
            self._send(notice)
            self.assertEqual(notice.state, "sent")
            self.assertEqual(peer.written, written)
            self.assertEqual(len(os.listdir(peer.root / "in")), 1)

    def test_trouble_and_the_way_out_of_it(self):
        with self._peer() as peer:
            notice = self._notice()
            told = []
            for number, trouble in enumerate(
                ("full", "drop", "read_only", "damage", "no_move"), 1
            ):
                peer.trouble = {trouble}
                self._send(notice)
                self.assertEqual((notice.state, notice.attempts), ("waiting", number))
                told.append(notice.error)
                due = (notice.next_try - fields.Datetime.now()).total_seconds() / 60
                self.assertAlmostEqual(due, WAITS[number - 1], delta=0.2)
                self.assertFalse(list((peer.root / "in").glob("notice*")))
            self.assertIn("connection was lost", told[1])
            self.assertIn("did not let us", told[2])
            peer.trouble = set()
            self.broker.sftp_password = "another"
            self._send(notice)
            self.assertIn("does not accept the login", notice.error)
            self.broker.sftp_password = PASSWORD
            self._send(notice)
            self.assertEqual((notice.state, notice.error), ("sent", False))
            self.assertEqual(len(os.listdir(peer.root / "in")), 1)

    def test_tried_as_often_as_any_then_a_person_decides(self):
        with self._peer() as peer:
            notice = self._notice()
            peer.close()
            for _try in range(len(WAITS) + 1):
                self._send(notice)
            self.assertEqual(notice.state, "failed")
        with self._peer():
            notice.action_send()
            self._send(notice)
            self.assertEqual(notice.state, "sent")

    def test_an_id_is_no_path(self):
        with self._peer() as peer:
            notice = self._notice(notice_key="../../x")
            self._send(notice)
            self.assertEqual(notice.state, "waiting")
            self.assertTrue(notice.error)
            self.assertFalse(peer.written)

    def test_the_reason_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("es_MX")
        self.env["ir.module.module"]._load_module_terms(
            ["immex_broker_sftp"], ["es_MX"], overwrite=True
        )
        clerk = self._user("manager", "sftp_es")
        clerk.lang = "es_MX"
        with self._peer() as peer:
            delivery = self._transfer("outgoing", [(self.cable, 3)], done=False)
            notices = self._as(self.env["immex.shipment.notice"], clerk)
            notice = notices._from_picking(delivery)
            notice.broker_id = self.broker
            notice.action_send()
            peer.close()
            self._send(notice.sudo().with_context(lang=None))
            self.assertIn("El servidor SFTP no responde", notice.error)
