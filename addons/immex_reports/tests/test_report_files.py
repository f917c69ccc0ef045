# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import io
from contextlib import nullcontext
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import immex_report_run_files, reading
from .common import ReportCase


@tagged("post_install", "-at_install")
class TestReportFiles(ReportCase):
    """Reports that are too large for a request."""

    def setUp(self):
        super().setUp()
        self._month()

    def _all_are_large(self):
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")

    def test_files_in_the_background(self):
        self._all_are_large()
        run = self._new_run("descargos")
        action = run.action_xlsx()
        self.assertEqual(action["res_model"], "immex.job")
        self.assertEqual(run.state, "waiting")
        with self.assertRaises(UserError):
            run.date_to = "2026-10-30"
        with self.assertRaises(UserError):
            run.action_recompute()
        # asked for again: the same work
        self.assertEqual(run.action_xml()["res_id"], run.job_id.id)
        self.assertEqual(run.action_screen()["res_id"], run.job_id.id)
        run.job_id._run_now()
        self.assertEqual(run.job_id.state, "done")
        self.assertEqual(run.state, "done")
        self.assertFalse(run.kept)
        self.assertEqual(run.job_id.action_open_report()["res_id"], run.id)
        self.assertEqual(len(run.attachment_ids), 3)
        for kind in ("xlsx", "xml"):
            stream = io.BytesIO()
            run._render(kind, stream)
            file = run._file(kind)
            self.assertEqual(file.raw, stream.getvalue())
            digest = hashlib.sha256(stream.getvalue()).hexdigest()
            self.assertEqual(file.description, f"SHA-256 {digest}")
            self.assertEqual(
                run._action_download(kind)["url"], f"/immex/report/{run.id}/{kind}"
            )

    def test_screen_alone_makes_no_files(self):
        self._all_are_large()
        run = self._new_run("descargos")
        run.action_screen()
        run.job_id._run_now()
        self.assertTrue(run.row_count)
        self.assertFalse(run.attachment_ids)
        self.assertEqual(run.action_screen()["res_model"], "immex.report.descargos")
        # and the files later, of the same rows
        before = run.computed_at
        run.action_xml()
        self.assertEqual(run.state, "waiting")
        run.job_id._run_now()
        self.assertEqual(len(run.attachment_ids), 3)
        self.assertEqual(run.computed_at, before)

    def test_files_go_with_their_rows(self):
        self._all_are_large()
        run = self._new_run("entradas")
        run.action_xlsx()
        run.job_id._run_now()
        files = run.attachment_ids
        run.date_from = "2026-09-01"
        self.assertFalse(files.exists())
        self.assertEqual(run.state, "draft")
        run.action_xlsx()
        run.job_id._run_now()
        self.assertEqual(len(run.attachment_ids), 3)

    def test_kept_in_the_background(self):
        self._all_are_large()
        run = self._new_run("entradas")
        run.action_keep()
        run.job_id._run_now()
        self.assertTrue(run.kept)
        self.assertEqual(len(run.attachment_ids), 3)
        with self.assertRaises(UserError):
            run.action_recompute()

    def test_work_that_fails_leaves_the_report_as_it_was(self):
        self._all_are_large()
        run = self._new_run("entradas")
        run.action_keep()
        with patch.object(
            immex_report_run_files.SourceFile, "attach", side_effect=UserError("full")
        ):
            run.job_id._run_now()
        self.assertEqual(run.job_id.state, "failed")
        self.assertEqual(run.state, "draft")
        self.assertFalse(run.kept)
        self.assertFalse(run.row_count)
        run.action_xlsx()
        run.job_id.action_cancel()
        self.assertEqual(run.state, "draft")

    def test_a_query_that_takes_too_long_goes_to_the_background(self):
        """PostgreSQL expected few rows, and the request would wait for them."""
        run = self._new_run("descargos")
        with patch.object(immex_report_run_files, "INLINE_SECONDS", 0.001):
            action = run.action_screen()
        self.assertEqual(action["res_model"], "immex.job")
        self.assertEqual(run.state, "waiting")
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone(), ("0",))
        run.job_id._run_now()
        self.assertEqual(run.action_screen()["res_model"], "immex.report.descargos")
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone(), ("0",))

    def test_a_queue_has_an_end(self):
        self._all_are_large()
        self.env["ir.config_parameter"].set_param("immex_reports.waiting_reports", "2")
        runs = [self._new_run("saldos") for _turn in range(3)]
        for run in runs[:2]:
            run.action_xlsx()
        with self.assertRaisesRegex(UserError, "2 reports of .* wait"):
            runs[2].action_xlsx()
        runs[0].job_id._run_now()
        runs[2].action_xlsx()
        self.assertEqual(runs[2].state, "waiting")

    def test_too_long_to_print(self):
        self.env["ir.config_parameter"].set_param("immex_reports.print_rows", "1")
        run = self._new_run("descargos")
        run.action_keep()
        self.assertGreater(run.row_count, 1)
        self.assertFalse(run._file("pdf"))
        self.assertEqual(len(run.attachment_ids), 2)
        with self.assertRaisesRegex(UserError, "Excel"):
            run.action_pdf()
        short = self._new_run("saldos")
        self.assertTrue(short.action_pdf()["url"].endswith("/pdf"))
        # in the background as well
        self._all_are_large()
        other = self._new_run("descargos")
        other.action_xlsx()
        other.job_id._run_now()
        self.assertEqual(len(other.attachment_ids), 2)

    def test_progress_counts_every_file(self):
        self._all_are_large()
        run = self._new_run("descargos")
        run.action_xlsx()
        told = []
        with (
            patch.object(immex_report_run_files, "EVERY", 1),
            patch.object(
                immex_report_run_files, "tell", lambda *words: told.append(words)
            ),
        ):
            run.job_id._run_now()
        total = 3 * run.row_count
        shares = [done for done, whole, *_rest in told if whole == total]
        self.assertEqual(shares, sorted(shares))
        self.assertEqual(max(shares), total - 1)
        self.assertGreaterEqual(len(shares), total)

    def test_computed_by_the_replica(self):
        """Rows that a replica computes are those that the primary computes. The test's
        own cursor stands for the replica's: only it sees what the test wrote."""
        self.env.flush_all()
        runs = self._new_run("descargos"), self._new_run("descargos")
        runs[0]._fill()
        with (
            patch.object(reading, "config", {"db_replica_host": "replica"}),
            patch.object(
                reading, "reading_cursor", side_effect=lambda _: nullcontext(self.cr)
            ) as replica,
        ):
            runs[1]._fill()
        replica.assert_called_once()
        self.assertTrue(runs[0].row_count)
        self.assertEqual(list(runs[0]._rows()), list(runs[1]._rows()))
        self.assertEqual(runs[0].row_count, runs[1].row_count)

    def test_what_was_just_written_is_on_no_replica(self):
        """The replay that these reports show is of their own transaction."""
        self.env.cr.execute(
            "UPDATE immex_layer SET commercial_value = 70 WHERE company_id = %s",
            [self.company.id],
        )
        run = self._new_run("anexo30_resumen")
        with (
            patch.object(reading, "config", {"db_replica_host": "replica"}),
            patch.object(reading, "reading_cursor") as replica,
        ):
            run._fill()
        replica.assert_not_called()
        self.assertTrue(run.row_count)
