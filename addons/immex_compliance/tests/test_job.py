# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import socket
import time
from datetime import timedelta
from subprocess import PIPE, Popen

import psutil

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.job.immex_job import LOST_AFTER
from ..models.job.reporting import Cancelled, listening, report
from .common import m3_file, m3_partida
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestJob(ImportCase):
    """Here the work runs in the test's transaction; tests/whole starts processes."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_file_mb", "0"
        )
        self.content = m3_file(([m3_partida()], {}))

    def _waiting(self, content=None):
        result = self._load(content or self.content)
        self.assertTrue(result.waiting)
        self.assertEqual(result.file.state, "waiting")
        self.assertFalse(result.file.pedimento_ids)
        return result.file

    def test_a_large_file_waits_and_is_loaded(self):
        file = self._waiting()
        self.assertEqual(file.job_state, "waiting")
        file.job_id._run_now()
        self.assertEqual((file.state, file.job_state), ("loaded", "done"))
        self.assertEqual(file.pedimento_ids.document, "6000001")
        self.assertEqual(file.attachment_id.raw, self.content)
        self.assertEqual(file.job_progress, 100)

    def test_the_same_file_waits_once(self):
        file = self._waiting()
        again = self._load(self.content)
        self.assertTrue(again.recognised)
        self.assertEqual(again.file, file)

    def test_a_refused_file_keeps_its_issues(self):
        file = self._waiting(m3_file(([m3_partida(umc="99")], {})))
        file.job_id._run_now()
        self.assertEqual((file.state, file.job_state), ("refused", "failed"))
        self.assertTrue(file.issue_ids.filtered("line"))
        self.assertFalse(file.pedimento_ids)
        self.assertTrue(file.job_error)
        # the same bytes may come again
        self.assertTrue(self._load(m3_file(([m3_partida(umc="99")], {}))).waiting)

    def test_what_is_recorded_already(self):
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_file_mb", "4"
        )
        self._load(self.content)
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_file_mb", "0"
        )
        file = self._waiting(m3_file(([m3_partida()], {}), name="another.275"))
        file.job_id._run_now()
        self.assertEqual((file.state, file.job_state), ("known", "done"))

    def test_stopped_and_tried_again(self):
        file = self._waiting()
        file.action_cancel()
        self.assertEqual((file.state, file.job_state), ("stopped", "cancelled"))
        file.action_retry()
        self.assertEqual((file.state, file.job_state), ("waiting", "waiting"))
        with self.assertRaises(UserError):
            file.action_retry()
        file.job_id._run_now()
        self.assertEqual(file.state, "loaded")

    def test_who_may_stop(self):
        file = self._waiting()
        other = new_test_user(
            self.env,
            "immex_other",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            file.with_user(other).action_cancel()

    def test_work_that_is_asked_to_stop_is_undone(self):
        file = self._waiting()

        def listen(_done, _total, _what):
            raise Cancelled

        self.patch(type(file.job_id), "_listener", lambda job: listen)
        before = self.env["immex.pedimento"].search_count([])
        file.job_id._run_now()
        self.assertEqual((file.state, file.job_state), ("stopped", "cancelled"))
        self.assertEqual(self.env["immex.pedimento"].search_count([]), before)

    def test_progress_is_told(self):
        told = []
        file = self._waiting()
        self.patch(
            type(file.job_id), "_listener", lambda job: lambda *row: told.append(row)
        )
        file.job_id._run_now()
        self.assertTrue(told)
        for done, total, _what in told:
            self.assertLessEqual(done, total)
            self.assertEqual(total, len(self.content))
        report(1, 2)  # nobody listens: nothing happens
        with listening(lambda *row: told.append(row)):
            report(1, 2, "step")
        self.assertEqual(told[-1], (1, 2, "step"))

    def test_a_discharge_in_the_background(self):
        runs = self.env["immex.discharge.run"]
        self.env["immex.job"].search([]).sudo().unlink()
        runs._cron_run()
        runs._cron_run()
        job = self.env["immex.job"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(job), 1, "one waits already")
        job._run_now()
        self.assertEqual(job.state, "done")
        self.assertEqual(job.run_id.state, "done")
        runs._cron_sweep()
        sweep = self.env["immex.job"].search(
            [("company_id", "=", self.company.id), ("state", "=", "waiting")]
        )
        sweep._run_now()
        self.assertTrue(sweep.run_id.is_full)

    def test_a_process_that_is_gone(self):
        file = self._waiting()
        job = file.job_id
        job.write({"state": "running", "heartbeat": fields.Datetime.now()})
        job.heartbeat -= LOST_AFTER + timedelta(minutes=1)
        self.env["immex.job"]._cron_work()
        self.assertEqual((job.state, file.state), ("failed", "stopped"))
        self.assertIn("try again", job.error)

    def test_a_process_that_nobody_asks_for(self):
        """Killed after the worker that started it had gone, under a first process that
        reaps nobody, as in a container: it stands in the table, and works no more."""
        job = self._waiting().job_id
        with Popen(
            ["sh", "-c", "sleep 0.3 & echo $!; exec sleep 60"], stdout=PIPE
        ) as parent:
            try:
                pid = int(parent.stdout.readline())
                while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                    time.sleep(0.01)
                job.write(
                    {
                        "state": "running",
                        "heartbeat": fields.Datetime.now(),
                        "host": socket.gethostname(),
                        "pid": pid,
                    }
                )
                self.env["immex.job"]._cron_work()
                self.assertEqual(job.state, "failed")
                job.write({"state": "running", "pid": parent.pid})
                self.env["immex.job"]._cron_work()
                self.assertEqual(job.state, "running")
            finally:
                parent.kill()

    def test_one_at_a_time_of_a_kind(self):
        jobs = self._waiting().job_id
        jobs += self._waiting(m3_file(([m3_partida()], {}), name="b.275")).job_id
        self.env["immex.job"]._cron_work()
        self.assertEqual(sorted(jobs.mapped("state")), ["running", "waiting"])

    def test_time_left(self):
        job = self._waiting().job_id
        now = fields.Datetime.now()
        job.write(
            {
                "state": "running",
                "started_at": now - timedelta(minutes=3),
                "heartbeat": now,
                "done": 25,
                "total": 100,
            }
        )
        self.assertEqual((job.progress, job.time_left), (25, 9))
