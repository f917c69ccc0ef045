# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import closing
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import run as engine
from ..models.inventory import immex_discharge_run
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

        self.planner = new_test_user(
            self.env,
            "immex_plans_deliveries",
            groups="immex_compliance.group_manager",
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

    def test_of_ones_own_companies_alone(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "immex_stranger",
            groups="immex_compliance.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        line = Command.create({"product_id": self.product.id, "quantity": 5})
        planned = self.env["immex.simulation"].with_user(stranger)
        planned = planned.with_context(allowed_company_ids=other.ids)
        values = {"date": "2026-10-20", "line_ids": [line]}
        simulation = planned.create(values | {"company_id": self.company.id})
        with self.assertRaises(AccessError):
            simulation.action_simulate()
        self.assertFalse(simulation.result_ids)
        # nor a pedimento of another company
        simulation = planned.create(values | {"pedimento_id": self.first.id})
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                simulation.action_simulate()

    def test_does_not_wait_for_a_whole_run(self):
        runs = self.env["immex.discharge.run"].with_user(self.reader)
        # a connection of its own holds the lock, as a run in the background does
        connection = db_connect(self.env.cr.dbname)
        with closing(connection.cursor()) as running:
            engine.lock_company(running, self.company.id)
            with (
                patch.object(immex_discharge_run.modules.module, "current_test", None),
                self.assertRaisesRegex(UserError, "being computed"),
            ):
                runs._on_own_cursor(self.company, lambda _cr: self.fail(), patience=0)
            running.rollback()
            # it is free again
            with closing(connection.cursor()) as other:
                self.assertTrue(engine.lock_company_within(other, self.company.id, 0))

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

    def _delivery(self, product, quantity, **values):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "immex_event_date": "2026-10-20",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": self.stock.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
                **values,
            }
        )
        picking.action_confirm()
        return picking

    def _simulated(self, picking):
        action = picking.with_user(self.planner).action_immex_simulate()
        return self.env["immex.simulation"].browse(action["res_id"])

    def test_by_the_lots_that_are_picked(self):
        tracked = self._product("TRACKED", "product", tracking="lot")
        lots = self.env["stock.lot"].create(
            [
                {
                    "name": name,
                    "product_id": tracked.id,
                    "company_id": self.company.id,
                }
                for name in ("A", "B")
            ]
        )
        for lot, part in zip(lots, (self.second, self.first), strict=True):
            order = self.env["mrp.production"].create(
                {
                    "product_id": tracked.id,
                    "product_qty": 1,
                    "bom_id": False,
                    "immex_event_date": "2026-10-06",
                    "company_id": self.company.id,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "lot_producing_ids": lot.ids,
                    "move_raw_ids": [
                        Command.create(
                            {
                                "product_id": self.material.id,
                                "product_uom_qty": 1 if part == self.second else 4,
                                "location_id": self.stock.id,
                                "location_dest_id": (
                                    tracked.property_stock_production.id
                                ),
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            order.qty_producing = 1
            order._set_qty_producing()
            order.move_raw_ids.picked = True
            order.button_mark_done()
        picking = self._delivery(tracked, 1)
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.lot_ids = lots[1]
        simulation = self._simulated(picking)
        self.assertEqual(simulation.line_ids.lot_id, lots[1])
        self.assertEqual(sum(simulation.result_ids.mapped("quantity")), 4)
        self.assertFalse(simulation.shortage)

    def test_what_it_shows_is_what_a_run_then_writes(self):
        picking = self._delivery(self.product, 5)
        shown = self._simulated(picking).result_ids
        self.assertEqual(shown.mapped("value_usd"), [30, 20])
        out = self._pedimento("RT", "2", "2026-10-20", [(self.product, 5)])
        picking.immex_pedimento_id = out
        # before the run that makes its exits, and after: they count once
        for _n in range(2):
            again = self._simulated(picking)
            self.assertEqual(again.pedimento_id, out)
            self.assertEqual(self._rows(again), self._rows(shown.simulation_id))
            self._run()
        rows = self.env["immex.discharge"].search([("exit_pedimento_id", "=", out.id)])
        for name in ("quantity", "qty_umc", "value_usd", "customs_value", "term_end"):
            path = "layer_id.term_end" if name == "term_end" else name
            self.assertEqual(
                sorted(rows.mapped(path)), sorted(shown.mapped(name)), name
            )

    def test_a_delivery_warns_of_what_the_books_do_not_hold(self):
        self._run()
        enough = self._delivery(self.product, 8)
        toomuch = self._delivery(self.product, 9.5)
        plain = self._delivery(self._product("FREE", False), 3)
        both = (enough | toomuch | plain).with_user(self.planner)
        self.assertFalse(both[0].immex_uncovered)
        self.assertIn("9.5 to leave, 8 in the books", both[1].immex_uncovered)
        self.assertFalse(both[2].immex_uncovered, "outside inventory control")
        self.env.invalidate_all()
        both.mapped("name")
        self.env.companies.mapped("immex_in_use")
        start = self.env.cr.sql_log_count
        both.mapped("immex_uncovered")
        # one statement, and the name of the one part
        self.assertLessEqual(self.env.cr.sql_log_count - start, 6)

    def test_a_delivery_warns_of_material_without_temporary_balance(self):
        """Made of more than was imported: 60 of 45 pieces."""
        self._order(self.product, 4, "2026-10-06", [(self.material, 20)])
        self._run()
        picking = self._delivery(self.product, 12).with_user(self.planner)
        self.assertIn("60 to leave, 45 in the books", picking.immex_uncovered)
        self.assertIn("MAT", picking.immex_uncovered)
        # 9 of them take 45
        enough = self._delivery(self.product, 9).with_user(self.planner)
        self.assertFalse(enough.immex_uncovered)
        self.assertTrue(self._simulated(picking).shortage)

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
