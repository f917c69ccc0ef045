# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from psycopg2.errors import QueryCanceled

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..engine.progress import STEPS, Progress
from ..models.job.estimate import progress
from ..models.job.reporting import Cancelled
from ..models.job.watch import Watch
from .engine_case import COUNTERS, EngineCase


@tagged("post_install", "-at_install")
class TestRequest(EngineCase):
    """A run asked for by a person: why, how much, and how far it is."""

    def setUp(self):
        super().setUp()
        self.first = self._product("MAT-1", "material")
        self.second = self._product("MAT-2", "material")
        self.goods = self._product("PROD", "product")
        self.old = self._pedimento(
            "IN", "1", "2026-10-01", [(self.first, 100), (self.second, 100)]
        )
        self._transfer(
            "incoming", "2026-10-01", [(self.first, 100), (self.second, 100)], self.old
        )
        self.order = self._order(
            self.goods, 10, "2026-10-05", [(self.first, 10), (self.second, 20)]
        )
        self.out = self._pedimento("RT", "2", "2026-10-08", [(self.goods, 6)])
        self._transfer("outgoing", "2026-10-08", [(self.goods, 6)], self.out)
        self.manager = new_test_user(
            self.env,
            "immex_request_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertTrue(self._run().is_full)

    def _ask(self, **values):
        request = (
            self.env["immex.discharge.request"]
            .with_user(self.manager)
            .with_company(self.company)
            .create({"reason": "Asked by a test", **values})
        )
        action = request.action_run()
        self.assertEqual(action["res_model"], "immex.job")
        return self.env["immex.job"].browse(action["res_id"])

    def _without_triggers(self, statement, params, *tables):
        """Change facts behind the triggers' back, as a restored backup might."""
        self.env.flush_all()
        for table in tables:
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(statement, params)
        self.assertTrue(self.env.cr.rowcount)
        for table in tables:
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _taken(self, product):
        rows = self._ledger(self.out)
        return sum(float(row[2]) for row in rows if row[0] == product.default_code)

    def _corrupt(self):
        """Orders drew more than the engine was told: 20 and 40 instead of 10, 20."""
        self._without_triggers(
            "UPDATE stock_move_line SET quantity = 2 * quantity,"
            " quantity_product_uom = 2 * quantity_product_uom WHERE move_id IN %s",
            (tuple(self.order.move_raw_ids.ids),),
            "stock_move_line",
        )

    # asking ----------------------------------------------------------------------
    def test_the_reason_and_who_asked_stay(self):
        run = self._work(self._ask())
        self.assertEqual(run.user_id, self.manager)
        self.assertEqual(run.reason, "Asked by a test")
        self.assertFalse(run.is_full)
        self.assertEqual([run[counter] for counter in COUNTERS], [0] * len(COUNTERS))
        self.assertTrue(self._work(self._ask(scope="everything")).is_full)

    def _work(self, job):
        job._run_now()
        self.assertEqual(job.state, "done", job.error)
        self.assertEqual(job.action_open_run()["res_id"], job.run_id.id)
        return job.run_id

    def test_who_may_ask(self):
        user = new_test_user(
            self.env,
            "immex_request_user",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["immex.discharge.request"].with_user(user).create({"reason": "x"})
        other = self.env["res.company"].create({"name": "Other"})
        request = (
            self.env["immex.discharge.request"]
            .with_user(self.manager)
            .create({"reason": "x", "company_ids": [(6, 0, self.company.ids)]})
        )
        request.sudo().company_ids = other
        with self.assertRaises(AccessError):
            request.action_run()

    def test_a_recompute_needs_a_date_or_products(self):
        with self.assertRaises(UserError):
            self._ask(scope="part")

    # recompute -------------------------------------------------------------------
    def test_one_product_is_repaired_and_no_other(self):
        before = self._taken(self.first), self._taken(self.second)
        self.assertEqual(before, (6, 12))
        self._without_triggers(
            "UPDATE immex_pedimento_goods SET quantity = 4 WHERE pedimento_id = %s",
            (self.old.id,),
            "immex_pedimento_goods",
        )
        # no run hears of it
        self.assertFalse(self._work(self._ask()).discharges_added)
        run = self._work(
            self._ask(
                scope="part", product_ids=[(6, 0, self.first.ids)], reason="Repair"
            )
        )
        self.assertFalse(run.is_full)
        # the goods line of the other part stands on the same pedimento, which is one
        # document, so a product of another document shows what is left alone
        self.assertEqual(self._taken(self.first), 4)
        shortage = self.env["immex.requirement"].search(
            [
                ("product_id", "=", self.first.id),
                ("superseded_run_id", "=", False),
                ("qty_shortage", ">", 0),
            ]
        )
        self.assertEqual(shortage.qty_shortage, 2)
        gone = self.env["immex.discharge"].search(
            [("superseded_run_id", "=", run.id), ("product_id", "=", self.first.id)]
        )
        self.assertEqual(gone.quantity, 6)
        self.assertEqual(gone.superseded_run_id.user_id, self.manager)
        self.assertEqual(gone.superseded_run_id.reason, "Repair")
        self.assertTrue(gone.superseded_run_id.started_at)

    def test_two_documents_one_is_repaired(self):
        lone = self._product("MAT-3", "material")
        other = self._product("MAT-4", "material")
        entries, exits = {}, {}
        for part in (lone, other):
            entries[part] = self._pedimento("IN", "1", "2026-10-02", [(part, 50)])
            self._transfer("incoming", "2026-10-02", [(part, 50)], entries[part])
            exits[part] = self._pedimento("RT", "2", "2026-10-09", [(part, 5)])
            self._transfer("outgoing", "2026-10-09", [(part, 5)], exits[part])
        self._run()
        self._without_triggers(
            "UPDATE immex_pedimento_goods SET quantity = 7 WHERE pedimento_id IN %s",
            (tuple(exits[part].id for part in exits),),
            "immex_pedimento_goods",
        )
        run = self._work(self._ask(scope="part", product_ids=[(6, 0, lone.ids)]))
        self.assertEqual((run.discharges_added, run.discharges_superseded), (1, 1))
        taken = {
            part: sum(float(row[2]) for row in self._ledger(exits[part]))
            for part in exits
        }
        self.assertEqual(taken, {lone: 7, other: 5})
        # from a date on, for all
        nothing = self._work(self._ask(scope="part", date_from="2026-10-10"))
        self.assertEqual(nothing.discharges_added, 0)
        rest = self._work(self._ask(scope="part", date_from="2026-10-09"))
        self.assertEqual((rest.discharges_added, rest.discharges_superseded), (1, 1))
        self.assertEqual(sum(float(row[2]) for row in self._ledger(exits[other])), 7)
        self._run()  # a full run finds nothing more

    def test_orders_changed_unseen(self):
        self._corrupt()
        self._work(self._ask(scope="part", product_ids=[(6, 0, self.first.ids)]))
        # the order is one fact: both of its materials are read again
        self.assertEqual((self._taken(self.first), self._taken(self.second)), (12, 24))
        self._run()

    def test_a_ledger_row_that_went_wrong_is_computed_anew(self):
        """Facts as they were, ledger not: the discharge itself is computed again."""
        self._without_triggers(
            "UPDATE immex_discharge SET customs_value = 1 WHERE product_id = %s",
            (self.first.id,),
            "immex_discharge",
        )
        self.assertFalse(self._work(self._ask()).discharges_added)
        run = self._work(self._ask(scope="part", product_ids=[(6, 0, self.first.ids)]))
        self.assertEqual((run.discharges_added, run.discharges_superseded), (1, 1))
        again = self._work(
            self._ask(scope="part", product_ids=[(6, 0, self.first.ids)])
        )
        self.assertEqual(again.discharges_added, 0, "differences only")

    # progress --------------------------------------------------------------------
    def test_stages_and_rows_are_told(self):
        told = []
        job = self._ask(scope="everything")
        self.patch(type(job), "_listener", lambda job: lambda *row: told.append(row))
        job._run_now()
        stages = [row[0] for row in told]
        self.assertEqual(stages, sorted(stages))
        self.assertEqual(set(stages), set(range(STEPS)))
        rows = [row[3] for row in told]
        self.assertEqual(rows, sorted(rows))
        self.assertGreater(rows[-1], 50)

    def test_a_run_stopped_between_statements_is_undone(self):
        self._corrupt()
        ledger = self._ledger(self.out)
        runs = self.env["immex.discharge.run"].search_count([])
        job = self._ask(scope="everything")

        def listen(done, _total, _what, _rows):
            if done == STEPS - 1:
                raise Cancelled

        self.patch(type(job), "_listener", lambda job: listen)
        job._run_now()
        self.assertEqual(job.state, "cancelled")
        self.assertFalse(job.run_id)
        self.assertEqual(self._ledger(self.out), ledger)
        self.assertEqual(self.env["immex.discharge.run"].search_count([]), runs)

    def test_a_cancelled_statement_is_a_cancellation_if_asked_for(self):
        for asked, state in ((True, "cancelled"), (False, "failed")):
            job = self._ask()
            job.write({"state": "running", "cancel_asked": asked})
            job._end(QueryCanceled("canceling statement due to user request"))
            self.assertEqual(job.state, state)

    def test_the_watch_stops_work(self):
        watch = Watch(self.env.registry, 0)
        watch(1, 9, "layers", 10)
        watch.asked = True
        with self.assertRaises(Cancelled):
            watch(1, 9, "layers", 11)

    def test_the_watch_keeps_the_seconds_of_stages(self):
        watch = Watch(self.env.registry, 0)
        for stage in (0, 0, 1, 2):
            watch(stage, 9, "x", stage)
        values = watch.values()
        self.assertEqual(set(values["stage_seconds"]), {"0", "1", "2"})
        self.assertEqual(values["rows"], 2)

    def test_closed_periods_are_computed_twice(self):
        told = []
        progress = Progress(lambda *row: told.append(row))
        progress.stage(8, "findings")
        progress.once_more()
        progress.stage(0, "movements")
        progress.add(-1)
        self.assertEqual([row[:2] for row in told], [(8, 9), (9, 18), (9, 18)])

    def test_time_left_by_the_former_run(self):
        former = {"0": 10, "1": 20, "2": 30}
        # as fast as the last time: 5 s into the second stage
        self.assertEqual(progress(former, 1, 9, 15, 5), (0.25, 45))
        # twice as slow so far
        self.assertEqual(progress(former, 1, 9, 30, 10), (0.25, 90))
        # the stage takes longer than it ever did: so will the rest
        self.assertEqual(progress(former, 1, 9, 70, 60), (0.5, 90))
        # a stage that is new has nothing to compare with
        self.assertEqual(progress(former, 3, 9, 62, 2), (1, 0))
        # nothing known: by the stages that are done
        self.assertEqual(progress({}, 3, 9, 30, 0), (3 / 9, 60))
        self.assertIsNone(progress({}, 0, 9, 30, 0))

    def test_what_the_form_shows_while_it_runs(self):
        done = self._ask()
        done._run_now()
        done.stage_seconds = {str(number): 10 for number in range(STEPS)}
        now = fields.Datetime.now()
        job = self._ask()
        job.write(
            {
                "state": "running",
                "started_at": now - timedelta(seconds=40),
                "stage_at": now - timedelta(seconds=10),
                "done": 3,
                "total": STEPS,
                "rows": 4000,
                "step": "layers",
            }
        )
        self.assertAlmostEqual(job.elapsed, 40 / 60, delta=0.1)
        self.assertAlmostEqual(job.rate, 100, delta=10)
        self.assertAlmostEqual(job.time_left, 50 / 60, delta=0.1)
        self.assertAlmostEqual(job.progress, 44, delta=5)
        self.assertEqual(job.stage, "4 of 9: Makes the layers")
