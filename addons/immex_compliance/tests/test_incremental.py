# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestIncremental(EngineCase):
    """A run takes what has changed. Each ``_run`` here is proved by a full one."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.other = self._product("OTHER", "material")
        self.part = self._product("SUB", "product")
        self.product = self._product("PROD", "product")
        self.first = self._pedimento(
            "IN", "1", "2026-10-01", [(self.material, 100), (self.other, 100)]
        )
        self.receipt = self._transfer(
            "incoming",
            "2026-10-01",
            [(self.material, 100), (self.other, 100)],
            self.first,
        )
        self.sub_order = self._order(
            self.part, 20, "2026-10-03", [(self.material, 40)], MAT=(2, 1)
        )
        self.order = self._order(
            self.product, 10, "2026-10-05", [(self.part, 10), (self.other, 20)]
        )
        self.out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 6)])
        self.delivery = self._transfer(
            "outgoing", "2026-10-08", [(self.product, 6)], self.out
        )
        self.assertTrue(self._run().is_full, "the first run is full")

    def _changed(self, run):
        """Ledger rows that a run wrote: (added, superseded)."""
        self.assertFalse(run.is_full)
        return run.discharges_added, run.discharges_superseded

    def test_nothing_new_writes_nothing(self):
        self.assertEqual(self._changed(self._run()), (0, 0))

    def test_the_queue_is_emptied(self):
        self.receipt.immex_event_date = "2026-10-02"
        self.env.flush_all()
        waiting = self.env["immex.change"].search_count(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(waiting)
        self._run()
        self.assertFalse(
            self.env["immex.change"].search([("company_id", "=", self.company.id)])
        )

    def test_a_new_exit_leaves_the_others(self):
        before = self._ledger(self.out)
        out = self._pedimento("RT", "2", "2026-10-09", [(self.product, 4)])
        self._transfer("outgoing", "2026-10-09", [(self.product, 4)], out)
        added, superseded = self._changed(self._run())
        self.assertEqual((added, superseded), (len(self._ledger(out)), 0))
        self.assertEqual(self._ledger(self.out), before)

    def test_a_backdated_exit_goes_first(self):
        out = self._pedimento("RT", "2", "2026-10-07", [(self.product, 4)])
        self._transfer("outgoing", "2026-10-07", [(self.product, 4)], out)
        added, superseded = self._changed(self._run())
        self.assertGreater(superseded, 0)
        layer = self._layer(self.first).filtered(
            lambda layer: layer.product_id == self.material
        )
        rows = self.env["immex.discharge"].search(
            [("layer_id", "=", layer.id), ("superseded_run_id", "=", False)]
        )
        self.assertEqual(min(rows.mapped("exit_date")).isoformat(), "2026-10-07")
        self.assertEqual(
            rows.sorted("layer_from")[0].exit_date.isoformat(), "2026-10-07"
        )

    def test_a_backdated_import_serves_first(self):
        older = self._pedimento("IN", "1", "2026-09-20", [(self.material, 5)])
        self._transfer("incoming", "2026-09-20", [(self.material, 5)], older)
        self._changed(self._run())
        documents = {row[3] for row in self._ledger(self.out) if row[0] == "MAT"}
        self.assertEqual(documents, {older.document, self.first.document})
        others = {row[3] for row in self._ledger(self.out) if row[0] == "OTHER"}
        self.assertEqual(others, {self.first.document})

    def test_a_correction_deep_down_reaches_the_exit(self):
        move = self.sub_order.move_raw_ids
        move.quantity = 60
        self._changed(self._run())
        rows = self._ledger(self.out)
        taken = sum(float(row[2]) for row in rows if row[0] == "MAT")
        # 60 drawn, 1 of it waste, for 20 parts, of which 6 left
        self.assertAlmostEqual(taken, (60 - 1) * 6 / 20)

    def test_an_order_redated_behind_the_exit(self):
        self.order.immex_event_date = "2026-10-10"
        self._changed(self._run())
        self.assertTrue(self._findings("no_production_layer"))
        self.assertFalse(self._ledger(self.out))

    def test_a_cancelled_pedimento_gives_back(self):
        self.out.state = "cancelled"
        self._changed(self._run())
        self.assertFalse(self._ledger(self.out))
        self.assertEqual(sum(self._layer(self.first).mapped("qty_discharged")), 0)
        self.assertTrue(self._findings("exit_without_document"))

    def test_a_second_status_asks_the_policy(self):
        self.company.immex_status_policy = "domestic"
        self.assertTrue(self._run().is_full, "a setting concerns everything")
        self._transfer(
            "incoming",
            "2026-10-02",
            [(self.other, 50)],
            immex_customs_status="domestic",
        )
        self._changed(self._run())
        consumption = (
            self.env["immex.production.consumption"]
            .search([("product_id", "=", self.other.id)])
            .filtered("active")
        )
        self.assertEqual(consumption.mapped("status_source"), ["policy"])
        self.assertEqual(consumption.mapped("customs_status"), ["domestic"])

    def test_a_transfer_takes_another_pedimento(self):
        second = self._pedimento("RT", "2", "2026-10-08", [(self.product, 6)])
        self.delivery.immex_pedimento_id = second
        self._changed(self._run())
        self.assertEqual(self._findings("exit_without_delivery").pedimento_id, self.out)
        movement = self.env["immex.movement"].search(
            [("picking_id", "=", self.delivery.id)]
        )
        self.assertEqual(movement.link_ids.goods_id.pedimento_id, second)

    def test_removing_the_receipt_line(self):
        line = self.receipt.move_line_ids.filtered(
            lambda line: line.product_id == self.other
        )
        line.quantity = 0
        self._changed(self._run())
        self.assertEqual(self._findings("layer_without_receipt").product_id, self.other)
