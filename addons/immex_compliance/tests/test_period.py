# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import seal as sealing
from ..wizards.immex_period_close import ImmexPeriodClose
from .engine_case import EngineCase

END = datetime.date(2026, 9, 30)
OCTOBER = datetime.date(2026, 10, 31)
FULL = "the disk is full"


@tagged("post_install", "-at_install")
class TestPeriod(EngineCase):
    """September is closed; October goes on."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.product = self._product("PROD", "product")
        self.paper = self._pedimento("IN", "1", "2026-09-01", [(self.material, 60)])
        self._transfer("incoming", "2026-09-01", [(self.material, 60)], self.paper)
        self.order = self._order(self.product, 20, "2026-09-05", [(self.material, 40)])
        self.early = self._exit("2026-09-10", 5)
        self.late = self._exit("2026-10-10", 5)
        self.seals = self.env["immex.period.seal"]
        self.seal = self.seals._close(self.company, END)

    def _exit(self, date, quantity):
        paper = self._pedimento("RT", "2", date, [(self.product, quantity)])
        self._transfer("outgoing", date, [(self.product, quantity)], paper)
        return paper

    def _run(self):
        """Without the proof: what a lock holds back is told again by a full run."""
        return self.env["immex.discharge.run"]._run_company(self.company, "test")

    def _taken(self, paper):
        return [(row[3], float(row[2])) for row in self._ledger(paper)]

    def _differences(self):
        found = self.env["immex.locked.difference"].search(
            [("company_id", "=", self.company.id)]
        )
        return [
            (line.date.isoformat(), line.layer_key, line.qty_before, line.qty_after)
            for line in found
        ]

    def test_who_and_what_may_be_closed(self):
        reader = new_test_user(
            self.env, "immex_reads", groups="immex_compliance.group_user"
        )
        with self.assertRaises(AccessError):
            self.seals.with_user(reader)._close(self.company, END)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "immex_closes_others",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        wizard = self.env["immex.period.close"].with_user(stranger)
        wizard = wizard.with_context(allowed_company_ids=other.ids)
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError),
        ):
            wizard.create(
                {"company_id": self.company.id, "date_to": "2026-10-31"}
            ).action_close()
        with self.assertRaisesRegex(UserError, "closed already"):
            self.seals._close(self.company, END)
        with self.assertRaisesRegex(UserError, "last day of a month"):
            self.seals._close(self.company, datetime.date(2026, 10, 15))
        with self.assertRaisesRegex(UserError, "not over"):
            self.seals._close(self.company, datetime.date(2099, 1, 31))

    def _asked(self):
        """The close of October, asked for by the wizard: its job."""
        wizard = self.env["immex.period.close"].create(
            {"company_id": self.company.id, "date_to": OCTOBER}
        )
        # not the one of immex_reports, which leads to the checklist
        action = ImmexPeriodClose.action_close(wizard)
        return self.env["immex.job"].browse(action["res_id"])

    def _log(self):
        return self.env["immex.schedule.log"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def test_closed_in_the_background(self):
        job = self._asked()
        self.assertEqual((job.kind, job.state), ("close", "waiting"))
        self.assertEqual(job.title, "Close of 2026-10, Arneses del Norte")
        self.assertFalse(self.seals.search([("date_to", "=", OCTOBER)]))
        # asked again it is the same work; another month waits for its end
        self.assertEqual(self._asked(), job)
        with (
            patch.object(type(self.seals), "_check_close", lambda *_arguments: None),
            self.assertRaisesRegex(UserError, "2026-10.* is under way"),
        ):
            self.seals._ask_close(self.company, datetime.date(2026, 11, 30))
        told = []
        self.patch(type(job), "_listener", lambda job: lambda *row: told.append(row))
        job._run_now()
        self.assertEqual((job.state, job.seal_id.date_to), ("done", OCTOBER))
        self.assertEqual(job.run_id, job.seal_id.run_id)
        self.assertTrue(job.seal_id._verify())
        self.assertEqual(job.action_open_seal()["res_id"], job.seal_id.id)
        self.assertEqual(told[-1][2], "seal")
        self.assertEqual(sorted({row[0] for row in told}), list(range(10)))
        self.assertIn("closed and sealed, 1 ledger rows", self._log().result)
        with self.assertRaisesRegex(UserError, "closed already"):
            self._asked()

    def test_a_close_that_fails_leaves_nothing(self):
        job = self._asked()
        runs = self.env["immex.discharge.run"].search_count([])

        def broken(*_arguments):
            raise UserError(FULL)

        with patch.object(sealing, "compute", broken):
            job._run_now()
        self.assertEqual((job.state, job.error), ("failed", FULL))
        self.assertEqual(self.env["immex.discharge.run"].search_count([]), runs)
        self.assertFalse(self.seals.search([("date_to", "=", OCTOBER)]))
        self.assertEqual(self._log().state, "failed")
        self.assertIn("not closed. the disk is full", self._log().result)
        job.action_retry()
        job._run_now()
        self.assertEqual(job.seal_id.date_to, OCTOBER)

    def test_a_process_that_died_after_its_commit_has_closed(self):
        job = self._asked()
        job.write({"state": "running", "started_at": fields.Datetime.now()})
        job._finish("failed", "gone")
        self.assertEqual(job.state, "failed", "no seal: nothing was closed")
        job.state = "running"
        seal = self.seals._close(self.company, OCTOBER)
        job._finish("failed", "gone")
        self.assertEqual((job.state, job.error, job.seal_id), ("done", False, seal))

    def test_stopped_before_it_began(self):
        job = self._asked()
        job.action_cancel()
        self.assertIn("stopped. Nothing was closed", self._log().result)
        self.assertNotEqual(self._asked(), job)

    def test_two_closes_of_a_company_are_refused_by_the_database(self):
        self._asked()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["immex.job"]._enqueue(
                self.company, "close", "again", date_to=OCTOBER
            )

    def test_a_late_import_leaves_the_closed_month(self):
        older = self._pedimento("IN", "1", "2026-08-20", [(self.material, 8)])
        self._transfer("incoming", "2026-08-20", [(self.material, 8)], older)
        self._run()
        self.assertEqual(self._taken(self.early), [(self.paper.document, 10)])
        # what is still open goes by PEPS
        self.assertEqual(
            self._taken(self.late), [(older.document, 8), (self.paper.document, 2)]
        )
        self.assertEqual(len(self._differences()), 2)
        before = sum(line[2] for line in self._differences())
        after = sum(line[3] for line in self._differences())
        self.assertEqual((before, after), (10, 10))
        self.assertTrue(self._findings("locked_change"))
        self.assertTrue(self.seal._verify())

    def test_a_correction_of_its_production_is_told(self):
        self.order.move_raw_ids.quantity = 60
        self._run()
        self.assertEqual(self._taken(self.early), [(self.paper.document, 10)])
        self.assertEqual(self._taken(self.late), [(self.paper.document, 15)])
        ((date, _layer, before, after),) = self._differences()
        self.assertEqual((date, before, after), ("2026-09-10", 10, 15))
        run = self.env["immex.discharge.run"]._run_company(
            self.company, "again", full=True
        )
        self.assertFalse(run.discharges_added)
        self.assertEqual(len(self._differences()), 1, "told until it is reopened")

    def test_a_late_exit_waits_for_the_reopening(self):
        late = self._exit("2026-09-20", 3)
        self._run()
        self.assertFalse(self._taken(late))
        ((date, _layer, before, after),) = self._differences()
        self.assertEqual((date, before, after), ("2026-09-20", 0, 6))

    def test_a_rectified_import_stays_frozen(self):
        goods = self.paper.goods_ids
        goods.with_context(immex_skip_detail=True).write({"quantity": 9})
        self._run()
        self.assertEqual(self._layer(self.paper).quantity, 60)
        self.assertTrue(self._differences())

    def test_reopened_and_closed_again(self):
        self.order.move_raw_ids.quantity = 60
        self._run()
        manager = new_test_user(
            self.env, "immex_manages", groups="immex_compliance.group_manager"
        )
        with self.assertRaises(AccessError):
            self.seal.with_user(manager)._reopen("because")
        with self.assertRaises(UserError):
            self.seal._reopen("  ")
        self.seal._reopen("The order was counted again")
        self.assertEqual(self.seal.state, "reopened")
        self.assertTrue(self._run().is_full)
        self.assertEqual(self._taken(self.early), [(self.paper.document, 15)])
        self.assertFalse(self._differences())
        again = self.seals._close(self.company, END)
        self.assertEqual(again.version, 2)
        self.assertNotEqual(again.sha256, self.seal.sha256)
        self.assertTrue(self.seal._verify(), "the first version is still to be read")
        self.assertTrue(again._verify())

    def test_months_are_chained(self):
        october = self.seals._close(self.company, datetime.date(2026, 10, 31))
        self.assertEqual(october.previous_id, self.seal)
        self.assertEqual(october.row_count, 1)
        self.assertTrue(october._verify())

    def test_the_seal_notices(self):
        self.assertTrue(self.seal._verify())
        self.material.default_code = "OTHER"
        self.assertFalse(self.seal._verify())

    def test_the_database_refuses(self):
        row = self.env["immex.discharge"].search(
            [("exit_date", "=", "2026-09-10"), ("superseded_run_id", "=", False)],
            limit=1,
        )
        with (
            self.assertRaisesRegex(psycopg2.errors.RaiseException, "period is closed"),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE immex_discharge SET superseded_run_id = run_id WHERE id = %s",
                (row.id,),
            )

    def test_seals_stay(self):
        for statement in (
            "DELETE FROM immex_period_seal",
            "TRUNCATE immex_period_seal CASCADE",
            "UPDATE immex_period_seal SET sha256 = repeat('0', 64)",
            "UPDATE immex_period_seal SET date_to = '2026-08-31'",
        ):
            self._refused(statement)
        self.seal._reopen("Because")
        self.env.flush_all()
        self._refused("UPDATE immex_period_seal SET state = 'closed'")

    def _refused(self, statement):
        with (
            self.subTest(statement=statement),
            self.assertRaisesRegex(psycopg2.errors.RaiseException, "seal"),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement)
