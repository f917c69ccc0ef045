# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.report_delivery.server_folder import PARAMETER, write_file
from .common import ReportCase

SENDING = (
    "odoo.addons.immex_reports.models.report_delivery.immex_report_delivery_line_send"
)


@tagged("post_install", "-at_install")
class TestReportDelivery(ReportCase):
    """Reports of October, delivered in November."""

    def setUp(self):
        super().setUp()
        self._month()
        self.manager = self._user("delivery_manager", "manager")
        self.people = self.env["res.partner"].create(
            [{"name": name, "email": f"{name}@example.com"} for name in ("ana", "luis")]
        )
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.env["ir.config_parameter"].set_param(PARAMETER, str(self.root))
        self.day = date(2026, 11, 5)
        self.patch(
            self.env.registry["immex.report.delivery"],
            "_today",
            lambda _delivery: self.day,
        )

    def _user(self, login, role):
        return new_test_user(
            self.env,
            login,
            groups=f"immex_compliance.group_{role}",
            email=f"{login}@example.com",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _delivery(self, **values):
        return (
            self.env["immex.report.delivery"]
            .with_user(self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "code": "descargos",
                    "as_xml": True,
                    "way": "folder",
                    "subfolder": "anexo24/descargos",
                    **values,
                }
            )
        )

    def _night(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("immex_reports.ir_cron_delivery").method_direct_trigger()
        self.env.invalidate_all()

    def _files(self):
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def test_to_a_folder_once(self):
        delivery = self._delivery()
        self.day = date(2026, 11, 4)
        self._night()
        # not before its day: the last one that is due is September's
        self.assertEqual(delivery.line_ids.mapped("date_to"), [date(2026, 9, 30)])
        self.assertEqual(delivery.next_date, date(2026, 11, 5))
        self.day = date(2026, 11, 5)
        self._night()
        line = delivery.line_ids[0]
        self.assertEqual((line.state, line.date_from), ("done", date(2026, 10, 1)))
        self.assertIn("rows", line.message)
        files = self._files()
        self.assertEqual(len(files), 4)
        kept = line.report_run_id
        self.assertTrue(kept.kept)
        self.assertEqual(kept.create_uid, self.manager)
        for kind in ("xlsx", "xml"):
            file = kept._file(kind)
            path = self.root / "anexo24" / "descargos" / file.name
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            self.assertIn(digest, file.description)
        stamps = [path.stat().st_mtime_ns for path in files]
        self._night()
        self.assertEqual([path.stat().st_mtime_ns for path in self._files()], stamps)
        self.assertEqual(len(delivery.line_ids), 2)
        with self.assertRaisesRegex(UserError, "there already"):
            delivery.action_now()

    def test_by_mail_in_each_language(self):
        self.env["res.lang"]._activate_lang("es_MX")
        self.people[1].lang = "es_MX"
        delivery = self._delivery(way="mail", partner_ids=[(6, 0, self.people.ids)])
        before = self.env["mail.mail"].search([])
        self._night()
        line = delivery.line_ids
        self.assertEqual(line.state, "done", line.message)
        mails = self.env["mail.mail"].search([]) - before
        self.assertEqual(len(mails), 2)
        self.assertEqual(mails.recipient_ids, self.people)
        for mail in mails:
            self.assertEqual(len(mail.attachment_ids), 2)
            self.assertIn("Reporte de descargos", mail.subject)
            self.assertIn(self.company.name, mail.body_html)
        self.assertIn("ana@example.com", line.message)
        self._night()
        self.assertEqual(len(self.env["mail.mail"].search([]) - before), 2)

    def test_too_large_for_a_mail(self):
        self.env["ir.config_parameter"].set_param("immex_reports.delivery_mail_mb", "0")
        delivery = self._delivery(way="mail", partner_ids=[(6, 0, self.people.ids)])
        self._night()
        line = delivery.line_ids
        self.assertEqual(line.state, "failed")
        self.assertIn("too large", line.message)
        # who is responsible is told
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.manager.partner_id.ids)], limit=1
        )
        self.assertIn("too large", told.body)
        self._night()
        self.assertEqual(line.state, "failed", "tried again by a person only")
        delivery.write({"way": "folder"})
        line.with_user(self.manager).action_retry()
        self._night()
        self.assertEqual(line.state, "done")

    def test_large_ones_are_made_in_the_background(self):
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")
        delivery = self._delivery()
        self._night()
        line = delivery.line_ids
        self.assertEqual(line.state, "waiting")
        self.assertFalse(self._files())
        self._night()
        self.assertEqual(line.state, "waiting")
        job = line.report_run_id.job_id.sudo()
        self.assertEqual(job.user_id, self.manager)
        job._run_now()
        self._night()
        self.assertEqual(line.state, "done")
        self.assertEqual(len(self._files()), 2)

    def test_a_job_that_failed_is_told(self):
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")
        delivery = self._delivery()
        self._night()
        line = delivery.line_ids
        line.report_run_id.job_id.sudo()._finish("failed", "out of memory")
        self._night()
        self.assertEqual(line.state, "failed")
        self.assertIn("out of memory", line.message)
        line.with_user(self.manager).action_retry()
        self._night()
        line.report_run_id.job_id.sudo()._run_now()
        self._night()
        self.assertEqual(line.state, "done")

    def test_one_that_fails_stops_no_other(self):
        bad, good = self._delivery(), self._delivery(code="saldos", subfolder="b")
        (self.root / "anexo24").symlink_to("/tmp")
        self._night()
        self.assertEqual(bad.line_ids.state, "failed")
        self.assertEqual(good.line_ids.state, "done")
        said = self.env["immex.schedule.log"].search(
            [("company_id", "=", self.company.id)], order="id"
        )
        self.assertIn("cannot be written", said[0].result)
        self.assertEqual(said.mapped("state"), ["failed", "done"])
        self.assertIn("Written to the folder", said[1].words)
        self.assertFalse(Path("/tmp/descargos").exists())

    def test_what_nobody_foresaw_is_told(self):
        delivery = self._delivery()

        def broken(_line, _files):
            raise ZeroDivisionError("by zero")

        self.patch(self.env.registry["immex.report.delivery.line"], "_put", broken)
        with mute_logger(SENDING):
            self._night()
        self.assertIn("by zero", delivery.line_ids.message)

    def test_no_way_out_of_the_root(self):
        for bad in ("..", "a/../../b", "/etc", "a//b", ".hidden", "a b", "~"):
            with self.subTest(path=bad), self.assertRaises(ValidationError):
                self._delivery(subfolder=bad)
        outside = TemporaryDirectory()
        self.addCleanup(outside.cleanup)
        (self.root / "link").symlink_to(outside.name)
        source = self.root / "source"
        source.write_bytes(b"x")
        for folder, name in (("link", "f.xml"), ("", "../f.xml"), ("..", "f.xml")):
            with source.open("rb") as stream, self.assertRaises(UserError):
                write_file(self.env, folder, name, stream)
        self.assertFalse(os.listdir(outside.name))
        # a link with the file's name is replaced, not followed
        target = Path(outside.name) / "kept"
        target.write_bytes(b"mine")
        (self.root / "f.xml").symlink_to(target)
        with source.open("rb") as stream:
            write_file(self.env, "", "f.xml", stream)
        self.assertEqual(target.read_bytes(), b"mine")
        self.assertFalse((self.root / "f.xml").is_symlink())
        self.env["ir.config_parameter"].set_param(PARAMETER, "")
        with source.open("rb") as stream, self.assertRaisesRegex(UserError, PARAMETER):
            write_file(self.env, "", "f.xml", stream)

    def test_periods(self):
        month, day = self._delivery(), self._delivery(period="day", wait_days=1)
        cutoff = self._delivery(period="cutoff", cutoff_day=25, wait_days=3)
        self.assertEqual(
            month._due(date(2026, 11, 5)), [(date(2026, 10, 1), date(2026, 10, 31))]
        )
        self.assertEqual(
            month._due(date(2026, 11, 4)), [(date(2026, 9, 1), date(2026, 9, 30))]
        )
        self.assertEqual(
            day._due(date(2026, 11, 1)), [(date(2026, 10, 31), date(2026, 10, 31))]
        )
        self.assertEqual(
            cutoff._due(date(2026, 10, 28)), [(date(2026, 9, 26), date(2026, 10, 25))]
        )
        self.assertEqual(
            cutoff._due(date(2026, 10, 27)), [(date(2026, 8, 26), date(2026, 9, 25))]
        )
        # the server stood still for two months
        self.day = date(2026, 9, 5)
        month._add_due()
        self.day = date(2026, 11, 6)
        self.assertEqual(
            [last for _first, last in month._due(self.day)],
            [date(2026, 9, 30), date(2026, 10, 31)],
        )
        self.day = date(2026, 10, 28)
        cutoff._add_due()
        self.assertEqual(
            cutoff._due(date(2026, 11, 28)), [(date(2026, 10, 26), date(2026, 11, 25))]
        )

    def test_who(self):
        delivery = self._delivery()
        other = self._user("delivery_other", "manager")
        reader = self._user("delivery_reader", "user")
        with self.assertRaises(AccessError):
            delivery.with_user(reader).action_now()
        with self.assertRaises(AccessError):
            delivery.user_id = other
        delivery.with_user(other).wait_days = 4
        self.assertEqual(delivery.user_id, other, "who changes it answers for it")
        other.group_ids -= self.env.ref("immex_compliance.group_manager")
        self._night()
        line = delivery.line_ids
        self.assertEqual(line.state, "failed")
        self.assertIn("no longer works", line.message)
        with self.assertRaises(AccessError):
            line.with_user(self.manager).state = "new"
        delivery.wait_days = 5
        line.with_user(self.manager).action_retry()
        self._night()
        self.assertEqual(line.state, "done")
        with self.assertRaises(UserError):
            line.with_user(self.manager).unlink()
        elsewhere = self.env["res.company"].create({"name": "Otra"})
        stranger = new_test_user(
            self.env,
            "delivery_stranger",
            groups="immex_compliance.group_manager",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        for model in (delivery, line):
            theirs = model.with_user(stranger)
            theirs = theirs.with_context(allowed_company_ids=elsewhere.ids)
            self.assertFalse(theirs.search([]))

    def test_recipients_have_an_address(self):
        nobody = self.env["res.partner"].create({"name": "Nobody"})
        with self.assertRaises(ValidationError):
            self._delivery(way="mail", partner_ids=[(6, 0, nobody.ids)])
        with self.assertRaises(ValidationError):
            self._delivery(way="mail")
        with self.assertRaises(ValidationError):
            self._delivery(as_xlsx=False, as_xml=False)

    def test_no_recipient_is_left(self):
        """Nothing is called delivered that nobody got."""
        delivery = self._delivery(way="mail", partner_ids=[(6, 0, self.people.ids)])
        self.people[0].active = False
        self.people[1].email = False
        before = self.env["mail.mail"].search([])
        self._night()
        line = delivery.line_ids
        self.assertEqual((line.state, line.delivered_at), ("failed", False))
        self.assertIn("No recipient", line.message)
        self.assertFalse(
            (self.env["mail.mail"].search([]) - before).filtered("attachment_ids")
        )
        self.people[0].active = True
        line.with_user(self.manager).action_retry()
        self._night()
        self.assertEqual(line.state, "done", line.message)
        self.assertIn("ana@example.com", line.message)
        self.assertIn("luis", line.message)

    def test_nobody_is_made_to_answer_for_another_s_delivery(self):
        other = self._user("delivery_named", "manager")
        deliveries = self.env["immex.report.delivery"].with_user(self.manager)
        made = deliveries.with_context(default_user_id=other.id).create(
            {"company_id": self.company.id, "code": "saldos", "way": "folder"}
        )
        self.assertEqual(made.user_id, self.manager)
        copied = made.with_user(other).copy()
        self.assertEqual(copied.user_id, other)

    def test_what_was_delivered_stays(self):
        delivery = self._delivery()
        self._night()
        line = delivery.line_ids
        self.assertEqual(line.state, "done")
        with self.assertRaisesRegex(UserError, "stays"):
            delivery.unlink()
        with self.assertRaisesRegex(UserError, "stays"):
            line.report_run_id.with_user(self.manager).unlink()
        self._delivery(code="saldos").unlink()
