# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestSimulation(EngineCase):
    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.product = self._product("PROD", "product")
        self.first = self._pedimento("IN", "1", "2026-10-01", [(self.material, 15)])
        self._transfer("incoming", "2026-10-01", [(self.material, 15)], self.first)
        self.second = self._pedimento("IN", "1", "2026-10-02", [(self.material, 30)])
        self._transfer("incoming", "2026-10-02", [(self.material, 30)], self.second)
        self._order(self.product, 8, "2026-10-05", [(self.material, 40)])
        self.reader = new_test_user(
            self.env,
            "immex_plans",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _simulate(self, quantity, date="2026-10-20", **values):
        simulation = (
            self.env["immex.simulation"]
            .with_user(self.reader)
            .create(
                {
                    "company_id": self.company.id,
                    "date": date,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.product.id, "quantity": quantity}
                        )
                    ],
                    **values,
                }
            )
        )
        simulation.action_simulate()
        return simulation

    def _rows(self, simulation):
        return [
            (line.pedimento_id.document, line.quantity)
            for line in simulation.result_ids
        ]

    def test_which_imports_would_leave(self):
        simulation = self._simulate(5)
        self.assertEqual(
            self._rows(simulation),
            [(self.first.document, 15), (self.second.document, 10)],
        )
        self.assertFalse(simulation.shortage)
        self.assertEqual(simulation.result_ids.line_id, simulation.line_ids)

    def test_nothing_is_written(self):
        self._run()
        tables = ("immex_discharge", "immex_requirement", "immex_exit_line")
        tables += ("immex_production_use", "immex_discharge_run", "immex_change")
        query = " UNION ALL ".join(f"SELECT count(*) FROM {t}" for t in tables)
        self.env.cr.execute(query)
        before = self.env.cr.fetchall()
        self._simulate(5)
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_it_is_what_the_exit_then_takes(self):
        simulated = self._rows(self._simulate(5))
        out = self._pedimento("RT", "2", "2026-10-20", [(self.product, 5)])
        self._transfer("outgoing", "2026-10-20", [(self.product, 5)], out)
        self._run()
        self.assertEqual(
            [(row[3], float(row[2])) for row in self._ledger(out)], simulated
        )

    def test_more_than_there_is(self):
        simulation = self._simulate(10)
        self.assertTrue(simulation.shortage)
        short = simulation.result_ids.filtered(lambda line: not line.covered)
        self.assertEqual((short.product_id, short.quantity), (self.product, 2))

    def test_a_delivery_shows_it_before_it_leaves(self):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "immex_event_date": "2026-10-20",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 3,
                            "location_id": self.stock.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        action = picking.action_immex_simulate()
        simulation = self.env["immex.simulation"].browse(action["res_id"])
        self.assertEqual(self._rows(simulation), [(self.first.document, 15)])

    def test_the_notice_of_a_destruction(self):
        destruction = self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "N-1",
                "notice_date": "2026-10-06",
                "line_ids": [
                    Command.create({"product_id": self.material.id, "quantity": 20})
                ],
            }
        )
        simulation = self.env["immex.simulation"].browse(
            destruction.action_simulate()["res_id"]
        )
        self.assertEqual(simulation.date.isoformat(), "2026-11-05")
        self.assertEqual(
            self._rows(simulation),
            [(self.first.document, 15), (self.second.document, 5)],
        )
