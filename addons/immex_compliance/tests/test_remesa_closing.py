# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common import m3_file, m3_partida
from .import_case import ImportCase
from .test_remesa import RemesaCase

SEPTEMBER = datetime.date(2026, 9, 30)


@tagged("post_install", "-at_install")
class TestRemesaClosing(RemesaCase):
    """Closed periods, rectifications and exports."""

    def test_closed_period(self):
        """What a closed month took of a remesa stays; the rest has the partida's
        values, and nothing is counted twice."""
        pedimento = self._open()
        self._remesa(pedimento, "2026-09-28", [(self.material, 60)])
        early = self._exit("2026-09-29", 10)
        late = self._exit("2026-10-15", 20)
        self._run()
        layer = self._layer(pedimento)
        seal = self.env["immex.period.seal"]._close(self.company, SEPTEMBER)
        self._close(pedimento, [(self.material, 60)], "2026-10-02", "2026-10-02")
        runs = self.env["immex.discharge.run"]
        runs._run_company(self.company, "test")
        self.assertEqual(self._layer(pedimento), layer)
        self.assertEqual((layer.source, layer.value_usd), ("import", 120))
        self.assertEqual(layer.qty_balance, 30)
        self.assertEqual(self._taken(early), [("2026-09-28", 10, 0)])
        self.assertEqual(self._taken(late), [("2026-09-28", 20, 40)])
        self.assertTrue(seal._verify())
        seal._reopen("The pedimento of September closed in October")
        runs._run_company(self.company, "test", full=True)
        self.assertEqual(self._taken(early), [("2026-09-28", 10, 20)])
        self.assertEqual(self._taken(late), [("2026-09-28", 20, 40)])

    def test_closed_period_of_a_cancelled_remesa(self):
        """A layer that a closed month used stays, with what the document now says
        told as a difference."""
        pedimento = self._open()
        remesa = self._remesa(pedimento, "2026-09-28", [(self.material, 60)])
        early = self._exit("2026-09-29", 10)
        self._run()
        seal = self.env["immex.period.seal"]._close(self.company, SEPTEMBER)
        remesa.action_cancel()
        self.env["immex.discharge.run"]._run_company(self.company, "test")
        self.assertEqual(self._taken(early), [("2026-09-28", 10, 0)])
        self.assertTrue(self._findings("locked_change"))
        self.assertTrue(seal._verify())

    def test_rectified_after_closing(self):
        """The remesas hang on the first version; the last one's partidas count."""
        pedimento = self._open()
        self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        self._remesa(pedimento, "2026-10-07", [(self.material, 40)])
        self._close(pedimento, [(self.material, 100)])
        out = self._exit("2026-10-08", 70)
        self._run()
        now = self._pedimento(
            "R1", "1", "2026-11-15", [(self.material, 95)], operation_rule_id=False
        )
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": now.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": pedimento.patente,
                "document": pedimento.document,
                "office_section": pedimento.office_section,
                "key_code": "IN",
                "date": pedimento.payment_date,
            }
        )
        now._link_arrival()
        now._recompute_detail()
        self.assertEqual(pedimento.current_id, now)
        self._run()
        self.assertFalse(self._layers(pedimento))
        self.assertEqual(
            self._layers(now),
            [
                ("2026-10-05", 60, 0, "import", 120, 1),
                ("2026-10-07", 35, 0, "import", 70, 1),
            ],
        )
        self.assertEqual(
            self._taken(out), [("2026-10-05", 60, 120), ("2026-10-07", 10, 20)]
        )
        finding = self._findings("remesa_difference")
        self.assertEqual((finding.quantity, finding.expected), (100, 95))
        self.assertEqual(finding.pedimento_id, now)
        # a remesa of the first version that is corrected counts for the last
        pedimento.remesa_ids[0].line_ids.quantity = 35
        self._run()
        self.assertFalse(self._findings("remesa_difference"))
        now.state = "cancelled"
        self._run()
        self.assertEqual(
            [(row[0], row[1]) for row in self._layers(pedimento)],
            [("2026-10-05", 60), ("2026-10-07", 40)],
        )

    def test_remesa_of_another_pedimento(self):
        """A remesa that was written under the wrong number goes with its transfer."""
        wrong, right = self._open(), self._open()
        remesa = self._remesa(wrong, "2026-10-05", [(self.material, 60)])
        receipt = self._transfer(
            "incoming", "2026-10-05", [(self.material, 60)], immex_remesa_id=remesa.id
        )
        self._run()
        self.assertEqual(len(self._layers(wrong)), 1)
        remesa.pedimento_id = right
        self.assertEqual(receipt.immex_pedimento_id, right)
        self._run()
        self.assertFalse(self._layers(wrong))
        self.assertEqual(self._layers(right), [("2026-10-05", 60, 60, "remesa", 0, 0)])
        receipt.immex_pedimento_id = wrong
        self.assertFalse(receipt.immex_remesa_id)
        self._run()
        self.assertEqual(self._layers(right), [("2026-10-05", 60, 0, "remesa", 0, 0)])
        self.assertEqual(self._findings("receipt_over").quantity, 60)

    def test_parts_from_the_transfers(self):
        pedimento = self._open()
        remesa = self._remesa(pedimento, "2026-10-05", [], cross=False)
        self._transfer(
            "incoming", "2026-10-05", [(self.material, 60)], immex_remesa_id=remesa.id
        )
        self._transfer(
            "incoming", "2026-10-05", [(self.material, 7)], immex_remesa_id=remesa.id
        )
        remesa.action_from_transfers()
        self.assertEqual(remesa.line_ids.quantity, 67)

    def test_export(self):
        """Provisional until the pedimento is closed and paid, then an exit on the day
        of each remesa (rule 1)."""
        self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        pedimento = self._open("RT", "2")
        first = self._remesa(pedimento, "2026-10-05", [(self.material, 30)])
        self._remesa(pedimento, "2026-10-07", [(self.material, 20)])
        self._transfer(
            "incoming", "2026-10-01", [(self.material, 50)]
        ).immex_customs_status = "domestic"
        delivery = self._transfer(
            "outgoing", "2026-10-06", [(self.material, 30)], immex_remesa_id=first.id
        )
        self._run()
        exits = self.env["immex.exit.line"].search(
            [("pedimento_id", "=", pedimento.id)], order="date"
        )
        self.assertEqual(
            [
                (row.date.day, row.quantity, row.qty_delivered, row.official)
                for row in exits
            ],
            [(6, 30, 30, False), (7, 20, 0, False)],
        )
        self.assertFalse(any(exits.mapped("period")))
        self.assertFalse(self._findings("exit_without_document"))
        self.assertFalse(self._findings("exit_without_delivery"))
        self.assertFalse(
            exits.discharge_ids.filtered(
                lambda row: not row.superseded_run_id
            ).layer_id.filtered(lambda layer: layer.customs_status == "temporary")
        )
        movement = self.env["immex.movement"].search([("picking_id", "=", delivery.id)])
        self.assertEqual(movement.state, "linked")
        # closed and not paid: still provisional
        self._close_unpaid(pedimento)
        self._run()
        self.assertFalse(pedimento.consolidated_closed)
        pedimento.payment_date = "2026-10-12"
        self._run()
        exits = self.env["immex.exit.line"].search(
            [("pedimento_id", "=", pedimento.id)], order="date"
        )
        self.assertEqual(
            [
                (row.date.day, row.document_date.day, row.quantity, row.official)
                for row in exits
            ],
            [(6, 12, 30, True), (7, 12, 20, True)],
        )
        self.assertEqual(
            self._taken(pedimento), [("2026-10-01", 30, 60), ("2026-10-01", 20, 40)]
        )
        self.assertEqual(self._findings("exit_without_delivery").expected, 20)

    def test_export_by_lots(self):
        """Each remesa leaves by the lots of its own deliveries."""
        product = self._product("PROD", "product", tracking="lot")
        self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        lots = {}
        for name, drawn in (("A", 20), ("B", 30)):
            lots[name] = self.env["stock.lot"].create(
                {"name": name, "product_id": product.id}
            )
            place = product.property_stock_production
            order = self.env["mrp.production"].create(
                {
                    "product_id": product.id,
                    "product_qty": 10,
                    "bom_id": False,
                    "immex_event_date": "2026-10-02",
                    "company_id": self.company.id,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "move_raw_ids": [
                        Command.create(
                            {
                                "product_id": self.material.id,
                                "product_uom_qty": drawn,
                                "location_id": self.stock.id,
                                "location_dest_id": place.id,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            order.qty_producing = 10
            order.lot_producing_ids = lots[name]
            order._set_qty_producing()
            order.move_raw_ids.quantity = drawn
            order.move_raw_ids.picked = True
            order.button_mark_done()
            self.assertEqual(order.state, "done")
        pedimento = self._open("RT", "2")
        # the second lot leaves first
        first = self._remesa(pedimento, "2026-10-05", [(product, 10)])
        second = self._remesa(pedimento, "2026-10-06", [(product, 10)])
        for remesa, lot in ((first, lots["B"]), (second, lots["A"])):
            self._deliver(product, lot, remesa)
        self._run()
        self.assertFalse(self._findings("no_production_layer"))
        self._close(pedimento, [(product, 20)])
        self._run()
        self.assertFalse(self._findings("no_production_layer"))
        exits = self.env["immex.exit.line"].search(
            [("pedimento_id", "=", pedimento.id)], order="date"
        )
        self.assertEqual(exits.remesa_line_id.remesa_id, first | second)
        self.assertEqual(
            [
                sum(
                    row.requirement_ids.filtered(
                        lambda need: not need.superseded_run_id
                    ).mapped("quantity")
                )
                for row in exits
            ],
            [30, 20],
        )

    def _deliver(self, product, lot, remesa):
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": customers.id,
                "immex_remesa_id": remesa.id,
                "immex_event_date": remesa.date,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 10,
                            "location_id": self.stock.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "quantity": 10,
                    "location_id": self.stock.id,
                    "location_dest_id": customers.id,
                    "picking_id": picking.id,
                    "picked": True,
                }
            )
        ]
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _close_unpaid(self, pedimento):
        self._close(pedimento, [(self.material, 50)])
        pedimento.payment_date = False


@tagged("post_install", "-at_install")
class TestConsolidatedArrival(ImportCase):
    """The broker's file of a closed one fills what was opened by hand."""

    def _opened(self, **values):
        key = self.env["immex.pedimento.key"].search([("code", "=", "IN")], limit=1)
        return self.env["immex.pedimento"].create(
            {
                "company_id": self.company.id,
                "year": 2026,
                "office": "24",
                "office_section": "240",
                "patente": "3456",
                "document": "6000001",
                "operation_type": "1",
                "key_id": key.id,
                **values,
            }
        )

    def _content(self):
        return m3_file(
            (
                [m3_partida(codigo_producto="TERM-01")],
                {
                    "identifiers": [{"clave": "IM", "complemento1": "1234-2019"}],
                    "paid": date(2026, 10, 12),
                },
            ),
            ([m3_partida(codigo_producto="CONN-12")], {"document": "6000002"}),
        )

    def test_the_file_fills_it(self):
        pedimento = self._opened(closing_date="2026-10-10")
        self.env["immex.pedimento.identifier"].create(
            {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "code": "IM",
            }
        )
        remesa = self.env["immex.remesa"].create(
            {
                "pedimento_id": pedimento.id,
                "date": "2026-10-05",
                "line_ids": [
                    Command.create({"product_id": self.terminal.id, "quantity": 100})
                ],
            }
        )
        remesa.action_cross()
        self.assertTrue(pedimento.consolidated)
        self.assertEqual(pedimento.operation_rule_id.effect, "entry")
        runs = self.env["immex.discharge.run"]
        runs._run_company(self.company, "test")
        layer = self.env["immex.layer"].search([("pedimento_id", "=", pedimento.id)])
        self.assertEqual((layer.source, layer.quantity), ("remesa", 100))
        result = self._load(self._content())
        self.assertEqual(len(result.file.pedimento_ids), 2)
        self.assertIn(pedimento, result.file.pedimento_ids)
        self.assertEqual(pedimento.origin, "m3")
        self.assertEqual(pedimento.state, "ready")
        self.assertEqual(pedimento.payment_date, date(2026, 10, 12))
        self.assertEqual(pedimento.closing_date, date(2026, 10, 10))
        self.assertEqual(len(pedimento.identifier_ids), 1)
        self.assertEqual(pedimento.identifier_ids.complement1, "1234-2019")
        self.assertEqual(self._exact(pedimento, "total_usd"), Decimal("50.00"))
        self.assertTrue(pedimento.consolidated_closed)
        self.assertTrue(remesa.pedimento_closed)
        runs._run_company(self.company, "test")
        self.assertEqual((layer.source, layer.value_usd), ("import", 50))
        self.assertEqual(layer.available_date, date(2026, 10, 5))
        # the same file again is passed over
        self.assertTrue(self._load(self._content(), "m3456002.275").recognised)

    def test_not_opened_is_a_duplicate(self):
        """Only what was opened as consolidated, and has nothing yet, is filled."""
        pedimento = self._opened()
        self.assertEqual(
            {issue.code for issue in self._refused(self._content())}, {"duplicate"}
        )
        pedimento.consolidated = True
        self._load(self._content())
        self.assertTrue(pedimento.partida_ids)
