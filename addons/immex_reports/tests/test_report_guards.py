# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..definitions import REPORTS
from ..hooks import uninstall_hook
from .common import ReportCase

PERIOD = {"date_from": "2026-10-01", "date_to": "2026-10-31"}


@tagged("post_install", "-at_install")
class TestReportGuards(ReportCase):
    """What came of a report is written by the work alone, whoever asked for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader, cls.manager = (
            new_test_user(
                cls.env,
                f"guard_{role}",
                groups=f"immex_compliance.group_{role}",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for role in ("user", "manager")
        )

    def _runs(self, user):
        return self.env(user=user, context={})["immex.report.run"]

    def _asked(self, user, **values):
        values = {"company_id": self.company.id, "code": "descargos", **PERIOD} | values
        return self._runs(user).create(values)

    def _authority_s(self):
        """A report as the authority has it made."""
        period = [fields.Date.to_date(day) for day in PERIOD.values()]
        runs = self.env["immex.report.run"]
        run = runs._of_authority(self.company, REPORTS["descargos"], period)
        run.job_id._run_now()
        self.assertEqual(run.state, "done")
        self.assertTrue(run.for_authority and run.attachment_ids)
        return run

    def test_a_report_cannot_be_given_out_for_the_authority_s(self):
        self._month()
        forged = {"for_authority": True, "state": "done", "row_count": 0}
        forged["computed_at"] = "2099-01-01 00:00:00"
        for user in (self.reader, self.manager):
            for name, value in (forged | {"kept": True}).items():
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        self._asked(user, **{name: value})
                    with self.assertRaises(AccessError):
                        self._asked(user).write({name: value})
            context = {f"default_{name}": value for name, value in forged.items()}
            run = (
                self._runs(user)
                .with_context(**context)
                .create({"company_id": self.company.id, "code": "descargos", **PERIOD})
            )
            self.assertEqual((run.for_authority, run.state), (False, "draft"))
        real = self._authority_s()
        self.assertGreater(real.row_count, 0)
        self.assertEqual(real.search_count([("for_authority", "=", True)]), 1)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_files_of_the_authority_and_kept_ones_stay(self):
        self._month()
        kept = self._asked(self.manager)
        kept.action_keep()
        for run in (self._authority_s(), kept):
            mine = run.with_user(self.manager)
            file = mine._file("xml")
            before = file.raw
            with self.assertRaises(AccessError):
                file.write({"raw": b"<forged/>"})
            with self.assertRaises(AccessError):
                file.unlink()
            with self.assertRaises(AccessError):
                file.create(
                    {
                        "name": file.name,
                        "raw": b"<forged/>",
                        "res_model": run._name,
                        "res_id": run.id,
                    }
                )
            with self.assertRaises(AccessError):
                mine.write({"kept": False})
            run.invalidate_recordset()
            self.assertEqual(run._file("xml").raw, before)
            # it is looked at all the same
            self.assertEqual(mine.action_screen()["domain"], [("run_id", "=", run.id)])
            self.assertIn(f"{run.id}/xlsx", mine.action_xlsx()["url"])
        with self.assertRaises(AccessError):
            self.env["immex.report.run"].search(
                [("for_authority", "=", True)]
            ).with_user(self.manager).unlink()

    def test_a_copy_is_to_be_made(self):
        self._month()
        run = self._asked(self.reader)
        run.action_keep()
        self.assertGreater(run.row_count, 0)
        copied = run.copy()
        self.assertEqual(
            (copied.state, copied.row_count, copied.computed_at, copied.kept),
            ("draft", 0, False, False),
        )

    def test_people_s_own_reports(self):
        """What the buttons do, with no more rights than a reader's."""
        self._month()
        run = self._asked(self.reader)
        run.action_screen()
        self.assertEqual(run.state, "done")
        run.write({"date_from": "2026-10-02"})
        self.assertEqual(run.state, "draft")
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")
        run.action_xlsx()
        self.assertEqual(run.state, "waiting")
        run.job_id.sudo()._run_now()
        self.assertEqual(run.state, "done")
        run.action_recompute()
        self.assertEqual(run.state, "waiting")
        run.job_id.sudo()._finish("failed", "x")
        self.assertEqual(run.state, "draft")
        run.action_keep()
        run.job_id.sudo()._run_now()
        self.assertEqual((run.state, run.kept), ("done", True))
        self.assertEqual(len(run.attachment_ids), 3)

    def test_nothing_stays_in_the_database(self):
        """What Odoo does not know of goes by the add-on's own hand."""
        functions = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'immex_access%'"
        self.env.cr.execute(functions)
        self.assertEqual(self.env.cr.fetchone(), (1,))
        uninstall_hook(self.env)
        self.env.cr.execute(functions)
        self.assertEqual(self.env.cr.fetchone(), (0,))
