# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .engine_case import EngineCase

CRON = "odoo.addons.base.models.ir_cron"
OURS = "odoo.addons.immex_compliance.models.schedule.ir_cron"


@tagged("post_install", "-at_install")
class TestSchedule(EngineCase):
    """Each run of a scheduled action leaves a line that people understand."""

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref("immex_compliance.ir_cron_reconcile")
        self.manager = new_test_user(
            self.env,
            "schedule_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.work = (
            self.env["immex.schedule"].with_user(self.manager).browse(self.cron.id)
        )
        self.logs = self.env["immex.schedule.log"]

    def _does(self, method):
        self.patch(self.env.registry["immex.reconciliation"], "_cron_reconcile", method)

    def _trigger(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _lines(self):
        return self.logs.search([("cron_id", "=", self.cron.id)])

    def test_nothing_to_report_is_one_line(self):
        self._does(lambda model: None)
        self._trigger()
        self._trigger()
        line = self._lines()
        self.assertEqual((len(line), line.state, line.times), (1, "idle", 2))
        self.assertIn("2 times", line.result)
        self.assertEqual(self.work.state, "idle")
        self.assertEqual(self.work.result, line.result)

    def test_progress_is_told(self):
        self._does(lambda model: model.env["ir.cron"]._commit_progress(3, remaining=0))
        self._trigger()
        self.assertEqual(self._lines().result, "3 handled.")

    def test_what_it_says_of_each_company(self):
        other = self.env["res.company"].create({"name": "Otra"})

        def work(model):
            for company in (self.company, other):
                model.env["immex.schedule.log"]._say(company, f"Did {company.name}")

        self._does(work)
        self._trigger()
        self.assertEqual(len(self._lines()), 2)
        mine = self.logs.with_user(self.manager).search(
            [("cron_id", "=", self.cron.id)]
        )
        self.assertEqual(mine.result, "Did Arneses del Norte")
        self.assertEqual(self.work.log_id, mine)
        self.assertEqual(self.work.log_ids, mine)

    def test_a_failure_is_all_that_stays(self):
        def work(model):
            model.env["immex.schedule.log"]._say(self.company, "Began")
            raise ValueError("the disk is full")

        self._does(work)
        with mute_logger(CRON):
            self._trigger()
        line = self._lines()
        self.assertEqual(line.state, "failed")
        self.assertIn("the disk is full", line.result)
        found = self.env["immex.schedule"].search([("state", "=", "failed")])
        self.assertIn(self.cron.id, found.ids)
        # the next one ends well
        self._does(lambda model: None)
        self._trigger()
        self.assertEqual(self.work.state, "idle")

    def test_one_company_stops_no_other(self):
        """What a company's work wrote before its error is undone, and no other's."""
        other = self.env["res.company"].create({"name": "Otra"})

        def work(company):
            company.phone = "123"
            company.flush_recordset()
            if company == self.company:
                raise ValueError("a broken company")

        def each(model):
            companies = self.company.sudo() + other
            model.env["ir.cron"]._immex_each(companies.with_env(model.env), work)

        self._does(each)
        with mute_logger(OURS):
            self._trigger()
        self.assertEqual((self.company.phone, other.phone), (False, "123"))
        line = self._lines()
        self.assertEqual((line.company_id, line.state), (self.company, "failed"))
        self.assertIn("ValueError: a broken company", line.result)
        self.assertIn("The others went on", line.result)
        self.assertNotIn("committed", line.result)

    def _goes_on(self, model, method, run):
        """The first call of ``method`` fails, and ``run`` calls it once more."""
        seen = []

        def work(record, *arguments):
            seen.append(arguments or record.ids)
            if len(seen) == 1:
                raise ValueError("a broken company")

        self.patch(self.env.registry[model], method, work)
        with mute_logger(OURS):
            run()
        self.assertGreater(len(seen), 1, f"{model}.{method}")
        self.assertEqual(len(set(map(str, seen))), len(seen))

    def test_each_of_ours_goes_on(self):
        other = self.env["res.company"].create({"name": "Otra"})
        self.env["immex.program"].create(
            {"company_id": other.id, "name": "77-2010", "valid_from": "2019-01-01"}
        )
        runs = self.env["immex.discharge.run"]
        self._goes_on("immex.discharge.run", "_enqueue_run", runs._cron_run)
        day = fields.Date.to_date("2026-10-31")
        periods = {company: (day, day) for company in (self.company, other)}
        self.patch(
            self.env.registry["immex.reconciliation"],
            "_store_periods",
            lambda model, companies: periods,
        )
        self._goes_on("immex.reconciliation", "_reconcile_company", self._trigger)

    def test_a_job_that_cannot_begin_stops_no_other(self):
        jobs = self.env["immex.job"]
        jobs.search([("state", "in", ("waiting", "running"))]).sudo().unlink()
        other = self.env["res.company"].create({"name": "Otra"})
        mine, theirs = (
            jobs._enqueue(company, "discharge", "run")
            for company in (self.company, other)
        )

        def start(job):
            if job == mine:
                raise OSError("no memory")
            job.state = "running"

        self.patch(self.env.registry["immex.job"], "_start", start)
        jobs._cron_work()
        self.assertEqual((mine.state, mine.error), ("failed", "no memory"))
        self.assertEqual(theirs.state, "running")

    def test_others_leave_nothing(self):
        self.cron = self.env.ref("base.autovacuum_job")
        self.patch(self.env.registry["ir.autovacuum"], "_run_vacuum_cleaner", print)
        self._trigger()
        self.assertFalse(self._lines())
        self.assertNotIn(self.cron.id, self.env["immex.schedule"].search([]).ids)

    def test_every_one_of_ours_is_shown(self):
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=", "immex_compliance")]
        )
        shown = self.env["immex.schedule"].with_user(self.manager).search([])
        self.assertLessEqual(set(ours.mapped("res_id")), set(shown.ids))
        self.assertTrue(all(shown.mapped("name")))
        names = {
            self.env.ref(f"immex_compliance.{name}").id: every
            for name, every in (
                ("ir_cron_discharge", "hour"),
                ("ir_cron_job", "10 minutes"),
            )
        }
        for work in shown.filtered(lambda work: work.id in names):
            self.assertEqual(work.interval, names[work.id])

    def test_the_end_of_a_job_that_it_asked_for(self):
        runs = self.env["immex.discharge.run"].with_user(self.env.ref("base.user_root"))
        material = self._product("MAT", "material")
        paper = self._pedimento("IN", "1", "2026-09-01", [(material, 60)])
        self._transfer("incoming", "2026-09-01", [(material, 60)], paper)
        runs._cron_sweep()
        job = self.env["immex.job"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "discharge")], limit=1
        )
        job._run_now()
        sweep = self.env.ref("immex_compliance.ir_cron_sweep")
        line = self.logs.search(
            [("cron_id", "=", sweep.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(line.state, "done")
        self.assertIn("discharges added: 0", line.result)
        runs._cron_sweep()
        job = self.env["immex.job"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "discharge")], limit=1
        )
        job._finish("failed", "out of memory")
        line = self.logs.search(
            [("cron_id", "=", sweep.id), ("company_id", "=", self.company.id)], limit=1
        )
        self.assertIn("out of memory", line.result)
        # what a person asked for is told to the person
        job = (
            self.env["immex.job"]
            .with_user(self.manager)
            ._enqueue(self.company, "discharge", "mine")
        )
        count = self.logs.search_count([])
        job._finish("failed", "no")
        self.assertEqual(self.logs.search_count([]), count)

    def test_old_lines_go(self):
        self._does(lambda model: None)
        self._trigger()
        line = self._lines()
        line.finished_at = fields.Datetime.now() - timedelta(days=80)
        self.logs._gc_logs()
        self.assertTrue(line.exists())
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.schedule_log_days", "30"
        )
        self.logs._gc_logs()
        self.assertFalse(line.exists())

    def test_who(self):
        with self.assertRaises(AccessError):
            self.work.action_run_now()
        administrator = new_test_user(
            self.env, "schedule_admin", groups="immex_compliance.group_administrator"
        )
        before = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )
        self.work.with_user(administrator).action_run_now()
        after = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )
        self.assertEqual(after, before + 1)
        with self.assertRaises(AccessError):
            self.work.with_user(administrator).browse(
                self.env.ref("base.autovacuum_job").id
            ).action_run_now()
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.logs.with_user(administrator).has_access(operation))
