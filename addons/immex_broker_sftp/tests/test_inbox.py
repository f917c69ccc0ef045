# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.immex_compliance.services.broker import operations
from odoo.addons.immex_compliance.tests.common import m3_file, m3_partida, parts_file

from ..models import immex_broker_inbox_fetch as fetch
from .sftp_case import SftpCase

M3 = "m3456001.275"
LOG = "odoo.addons.immex_broker_sftp.models.immex_broker_inbox_fetch"


@tagged("post_install", "-at_install")
class TestInbox(SftpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inbox = cls.env["immex.broker.inbox"].create(
            {
                "broker_id": cls.broker.id,
                "company_id": cls.company.id,
                "folder": "out",
            }
        )
        cls.content = m3_file(([m3_partida()], {}))
        cls.part = {
            "numero_parte": "TERM-01",
            "cantidad_umc": "100",
            "cantidad_umt": "1.5",
            "valor_usd": "50",
            "pais_origen": "USA",
        }

    def _read(self, later=True):
        """What the scheduled action does, after the files have stood for a while."""
        inbox = self.inbox
        if later:
            for file in inbox.file_ids:
                file.seen_at -= timedelta(minutes=2)
        inbox.next_try = "2026-01-01"
        inbox.flush_recordset()
        with self.enter_registry_test_mode():
            self.env.ref("immex_broker_sftp.ir_cron_inbox").method_direct_trigger()
        self.env.invalidate_all()
        return inbox.file_ids

    def test_users_read_what_it_did(self):
        """It is scheduled work of these books, with its line in their log."""
        cron = self.env.ref("immex_broker_sftp.ir_cron_inbox")
        self._read()
        work = self.env["immex.schedule"].search([("id", "=", cron.id)])
        self.assertTrue(work.log_id)
        self.assertNotEqual(work.state, "failed", work.result)

    def _pedimentos(self):
        return self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)]
        )

    def _left(self, peer, folder="out"):
        return sorted(p.name for p in (peer.root / folder).iterdir() if p.is_file())

    def test_a_file_becomes_a_pedimento(self):
        with self._peer() as peer:
            (peer.root / "out" / M3).write_bytes(self.content)
            self.assertEqual(self._read().state, "seen")
            self.assertFalse(self._pedimentos())
            self.assertEqual(self._read(later=False).state, "seen")
            file = self._read()
            self.assertEqual(
                (file.state, file.delivery_state, file.moved), ("taken", "loaded", True)
            )
            pedimento = self._pedimentos()
            self.assertEqual(pedimento, file.delivery_id.pedimento_ids)
            self.assertEqual(file.delivery_id.broker_id, self.broker)
            self.assertFalse(self._left(peer))
            (done,) = self._left(peer, "out/done")
            self.assertTrue(done.endswith("-" + M3))
            self.assertTrue(self.inbox.read_at)
            self.assertFalse(self.inbox.error)

    def test_the_same_content_is_one_delivery(self):
        with self._peer() as peer:
            for name in (M3, "m3456002.275"):
                (peer.root / "out" / name).write_bytes(self.content)
            self._read()
            files = self._read()
            self.assertEqual(files.mapped("state"), ["taken", "taken"])
            self.assertEqual(len(files.delivery_id), 1)
            self.assertEqual(len(self._pedimentos()), 1)
            # and once more, under the name that was taken
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            self._read()
            self.assertEqual(len(self.inbox.file_ids.delivery_id), 1)
            self.assertFalse(self._left(peer))
            self.assertEqual(len(self._pedimentos()), 1)

    def test_a_part_file_comes_after_its_pedimento(self):
        with self._peer() as peer:
            (peer.root / "out" / "a.csv").write_bytes(parts_file(self.part))
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            files = self._read()
            self.assertEqual(set(files.mapped("delivery_state")), {"loaded"})
            self.assertEqual(self._pedimentos().goods_ids.product_id, self.terminal)

    def test_where_it_cannot_be_moved_it_is_remembered(self):
        with self._peer() as peer:
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            peer.trouble = {"no_move"}
            file = self._read()
            self.assertEqual((file.state, file.moved), ("taken", False))
            self.assertTrue(file.reason)
            delivery = file.delivery_id
            self._read()
            self.assertEqual(self._left(peer), [M3])
            self.assertEqual((file.delivery_id, delivery.attempts), (delivery, 1))
            peer.trouble = set()
            self._read()
            self.assertTrue(file.moved)
            self.assertFalse(self._left(peer))

    def test_a_file_that_is_being_written(self):
        with self._peer() as peer:
            target = peer.root / "out" / M3
            target.write_bytes(self.content[:200])
            (peer.root / "out" / "b.xml.part").write_bytes(b"x")
            (peer.root / "out" / ".c.xml").write_bytes(b"x")
            self._read()
            target.write_bytes(self.content)
            files = self._read()
            self.assertEqual(files.mapped("state"), ["seen", "seen"])
            self._read()
            self.assertEqual(self._pedimentos().document, "6000001")
            self.assertEqual(self._left(peer), [".c.xml", "b.xml.part"])

    def test_what_is_refused(self):
        other = self.content.replace(b"3456", b"9999")
        with self._peer() as peer:
            self.broker.max_file_mb = 1
            files = {
                "m9999001.275": other,
                "m3456002.275": b"501|nonsense|\r\n",
                "large.xml": b"<x/>" * 300_000,
                "odd.pdf": b"%PDF",
            }
            for name, content in files.items():
                (peer.root / "out" / name).write_bytes(content)
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            found = {file.name: file for file in self._read()}
            self.assertEqual(
                {name: (f.state, f.delivery_state) for name, f in found.items()},
                {
                    "m9999001.275": ("refused", False),
                    "m3456002.275": ("taken", "refused"),
                    "large.xml": ("refused", False),
                    M3: ("taken", "loaded"),
                },
            )
            self.assertIn("patent that is not", found["m9999001.275"].reason)
            self.assertIn("larger than", found["large.xml"].reason)
            self.assertTrue(found["m3456002.275"].delivery_id.issue_text)
            self.assertEqual(len(self._pedimentos()), 1)
            self.assertEqual(self._left(peer), ["odd.pdf"])

    def test_names_that_a_server_invents(self):
        with self._peer() as peer:
            peer.named = ["../../etc/m3456001.275", "..", "a\nb.xml", "/etc/x.xml"]
            self.assertFalse(self._read())
            self.assertFalse(self.inbox.error)

    def test_trouble_is_told_and_passes(self):
        with self._peer() as peer:
            (peer.root / "out" / M3).write_bytes(self.content * 20)
            self._read()
            peer.trouble = {"drop_read"}
            file = self._read()
            self.assertEqual((file.state, self.inbox.attempts), ("seen", 1))
            self.assertIn("connection was lost", self.inbox.error)
            self.assertGreater(self.inbox.next_try, fields.Datetime.now())
            (peer.root / "out" / M3).write_bytes(self.content)
            peer.trouble = set()
            self._read()
            self._read()
            self.assertEqual((self.inbox.attempts, self.inbox.error), (0, False))
            self.assertEqual(len(self._pedimentos()), 1)
            (peer.root / "out").rename(peer.root / "elsewhere")
            self._read()
            self.assertIn("no such folder", self.inbox.error)
            self.broker.appointment_ids.date_to = "2026-01-31"
            self._read()
            self.assertIn("not appointed", self.inbox.error)
            self.assertEqual(self.inbox.attempts, 2)

    def test_one_that_fails_here_does_not_stop_the_others(self):
        take = operations.take_file

        def failing(broker, user, company, kind, name, key, source):
            if name == M3:
                raise RuntimeError("a mistake of ours")
            return take(broker, user, company, kind, name, key, source)

        with self._peer() as peer:
            second = m3_file(([m3_partida()], {"document": "6000002"}))
            (peer.root / "out" / M3).write_bytes(self.content)
            (peer.root / "out" / "m3456002.275").write_bytes(second)
            self._read()
            with patch.object(operations, "take_file", failing), mute_logger(LOG):
                files = self._read()
            states = {file.name: file.state for file in files}
            self.assertEqual(states, {M3: "failed", "m3456002.275": "taken"})
            self.assertEqual(self._left(peer), [M3])
            self._read()
            self.assertEqual(len(self._pedimentos()), 2)

    def test_when_the_time_is_over_the_rest_comes_next(self):
        crons = type(self.env["ir.cron"])
        commit = crons._commit_progress

        def hasty(cron, *args, **options):
            commit(cron, *args, **options)
            return 0.0

        with self._peer() as peer:
            for number in range(3):
                content = m3_file(([m3_partida()], {"document": f"600000{number}"}))
                (peer.root / "out" / f"m345600{number}.275").write_bytes(content)
            self._read()
            taken = []
            with patch.object(crons, "_commit_progress", hasty):
                for _run in range(3):
                    files = self._read()
                    taken.append(len(files.filtered("moved")))
            # the action is called again until nothing remains
            self.assertEqual(taken[-1], 3)
            self.assertEqual(len(self._pedimentos()), 3)

    def test_what_cannot_be_moved_stops_nothing(self):
        with self._peer() as peer:
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            peer.trouble = {"no_move"}
            self._read()
            second = m3_file(([m3_partida()], {"document": "6000002"}))
            (peer.root / "out" / "m3456002.275").write_bytes(second)
            self._read()
            self._read()
            self.assertEqual(len(self._pedimentos()), 2)
            self.assertEqual(len(self._left(peer)), 2)

    def test_more_than_a_day_may_bring(self):
        with self._peer() as peer, patch.object(fetch, "MEGABYTE", 1):
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            file = self._read()
            self.assertEqual(file.state, "seen")
            self.assertIn("MiB came from the broker today", self.inbox.error)
            self.assertEqual(self._left(peer), [M3])

    def test_folders(self):
        for values in (
            {"folder": "../x"},
            {"done_folder": "out/"},
            {"done_folder": "a/../b"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.inbox.write(values)
        self.inbox.write({"done_folder": "archive"})
        with self._peer() as peer:
            (peer.root / "out" / M3).write_bytes(self.content)
            self._read()
            self._read()
            self.assertEqual(len(self._left(peer, "archive")), 1)

    def test_rights_and_companies(self):
        file = self.env["immex.broker.inbox.file"].create(
            {
                "inbox_id": self.inbox.id,
                "name": M3,
                "mark": "1:1",
                "seen_at": "2026-10-01",
            }
        )
        clerk, manager = self._user("user"), self._user("manager")
        self.assertEqual(self._as(file, clerk).name, M3)
        with self.assertRaises(AccessError):
            self._as(self.inbox, clerk).folder = "x"
        with self.assertRaises(AccessError):
            self._as(self.inbox, clerk).action_read()
        for user in (clerk, manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self._as(file, user).has_access(operation))
        self._as(self.inbox, manager).action_read()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("administrator", "sftp_stranger", elsewhere)
        for record in (self.inbox, file):
            with self.assertRaises(AccessError):
                self._as(record, stranger).check_access("read")
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "sftp_portal",
                "group_ids": [
                    Command.set(self.env.ref("immex_compliance.group_broker").ids)
                ],
            }
        )
        for record in (self.inbox, file):
            self.assertFalse(record.with_user(portal).has_access("read"))

    def test_what_was_moved_is_forgotten_after_a_year(self):
        values = {"inbox_id": self.inbox.id, "name": M3}
        old = fields.Datetime.now() - timedelta(days=366)
        files = self.env["immex.broker.inbox.file"].create(
            [
                values | {"mark": "1", "seen_at": old, "moved": True},
                values | {"mark": "2", "seen_at": old, "moved": False},
                values | {"mark": "3", "seen_at": fields.Datetime.now(), "moved": True},
            ]
        )
        files._gc_moved()
        self.assertEqual(files.exists(), files[1:])
