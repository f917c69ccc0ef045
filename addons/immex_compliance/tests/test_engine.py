# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestEngine(EngineCase):
    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.other = self._product("OTHER", "material")
        self.sub = self._product("SUB", "product")
        self.product = self._product("PROD", "product")

    def _import(self, date, lines, received=None):
        pedimento = self._pedimento("IN", "1", date, lines)
        self._transfer("incoming", date, received or lines, pedimento)
        return pedimento

    def test_oldest_import_first_then_the_next(self):
        first = self._import("2026-10-01", [(self.material, 60)])
        second = self._import("2026-10-02", [(self.material, 60)])
        self._order(self.product, 10, "2026-10-05", [(self.material, 100)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 10)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 10)], out)
        run = self._run()
        self.assertEqual(
            self._ledger(),
            [
                ("MAT", "incorporated", "60.000000", first.document),
                ("MAT", "incorporated", "40.000000", second.document),
            ],
        )
        self.assertEqual(run.discharges_added, 2)
        again = self._run()
        self.assertFalse(
            again.discharges_added
            + again.discharges_superseded
            + again.requirements_added
            + again.requirements_superseded
            + again.layers_changed
            + again.exits_changed
            + again.movements_changed
        )

    def test_a_late_paper_takes_its_place(self):
        second = self._import("2026-10-02", [(self.material, 60)])
        self._order(self.product, 10, "2026-10-05", [(self.material, 50)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 10)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 10)], out)
        self._run()
        self.assertEqual(self._ledger()[0][3], second.document)
        first = self._import("2026-10-01", [(self.material, 20)])
        run = self._run()
        self.assertEqual(
            self._ledger(),
            [
                ("MAT", "incorporated", "20.000000", first.document),
                ("MAT", "incorporated", "30.000000", second.document),
            ],
        )
        old = self.env["immex.discharge"].search([("superseded_run_id", "=", run.id)])
        self.assertEqual(len(old), 1)
        self.assertEqual(old.quantity, 50)

    def test_subassembly_merma_and_waste(self):
        paper = self._import("2026-10-01", [(self.material, 200), (self.other, 50)])
        self._order(self.sub, 30, "2026-10-03", [(self.material, 61.5)], MAT=(1.5, 2))
        self._order(self.product, 7, "2026-10-04", [(self.sub, 21), (self.other, 20)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 7)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 7)], out)
        self._run()
        # 21 of the 30 subassemblies: 58 x 21/30 and 1.5 x 21/30; the waste stays
        self.assertEqual(
            self._ledger(),
            [
                ("MAT", "incorporated", "40.600000", paper.document),
                ("MAT", "merma", "1.050000", paper.document),
                ("OTHER", "incorporated", "20.000000", paper.document),
            ],
        )

    def test_waste_leaves_by_its_act(self):
        scrap = self._product("SCRAP", "waste")
        paper = self._import("2026-09-01", [(self.material, 100)])
        self._order(
            self.product,
            10,
            "2026-09-03",
            [(self.material, 50)],
            byproducts=[(scrap, 4)],
            MAT=(0, 8, scrap),
        )
        destruction = self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "AV-1",
                "notice_date": "2026-09-10",
                "act_number": "ACTA-1",
                "act_date": "2026-10-12",
                "line_ids": [(0, 0, {"product_id": scrap.id, "quantity": 3})],
            }
        )
        self._run()
        self.assertFalse(self._ledger())
        destruction.action_done()
        self._run()
        # 3 of 4 units of scrap carry 3/4 of the 8 pieces that they came from
        self.assertEqual(self._ledger(), [("MAT", "waste", "6.000000", paper.document)])

    def test_shortage_is_never_taken_from_a_later_import(self):
        self._import("2026-10-01", [(self.material, 30)])
        self._order(self.product, 10, "2026-10-05", [(self.material, 30)])
        order = self._order(self.product, 10, "2026-10-05", [(self.material, 25)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 20)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 20)], out)
        late = self._import("2026-10-09", [(self.material, 500)])
        self._run()
        self.assertTrue(order)
        self.assertFalse(self._layer(late).qty_discharged)
        finding = self._findings("shortage")
        self.assertEqual(finding.quantity, 25)
        self.assertEqual(finding.product_id, self.material)
        self.assertIn("25", finding.message)

    def test_delivery_without_document_never_discharges(self):
        paper = self._import("2026-10-01", [(self.material, 100)])
        self._order(self.product, 10, "2026-10-05", [(self.material, 50)])
        delivery = self._transfer("outgoing", "2026-10-08", [(self.product, 4)])
        self._run()
        self.assertFalse(self._ledger())
        self.assertEqual(self._layer(paper).qty_discharged, 0)
        self.assertEqual(self._findings("exit_without_document").quantity, 4)
        # the document comes: the finding goes, the ledger fills
        delivery.immex_pedimento_id = self._pedimento(
            "RT", "2", "2026-10-09", [(self.product, 4)]
        )
        self._run()
        self.assertFalse(self._findings("exit_without_document"))
        self.assertEqual(self._layer(paper).qty_discharged, 20)

    def test_document_rules_over_delivery(self):
        self._import("2026-10-01", [(self.material, 100)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.material, 40)])
        self._transfer("outgoing", "2026-10-08", [(self.material, 38)], out)
        self._run()
        self.assertEqual(self._ledger()[0][1:3], ("same_state", "40.000000"))
        finding = self._findings("delivery_difference")
        self.assertEqual((finding.quantity, finding.expected), (38, 40))

    def test_receipt_against_declared(self):
        paper = self._import(
            "2026-10-01",
            [(self.material, 100), (self.other, 10)],
            received=[(self.material, 97), (self.other, 12)],
        )
        alone = self._pedimento("IN", "1", "2026-10-02", [(self.material, 5)])
        self._run()
        short = self._findings("receipt_short")
        self.assertEqual((short.quantity, short.expected), (97, 100))
        over = self._findings("receipt_over")
        self.assertEqual((over.product_id, over.quantity), (self.other, 2))
        layers = self._layer(paper)
        # the layer bears the declared quantity, whatever came
        self.assertEqual(sorted(layers.mapped("quantity")), [10, 100])
        self.assertEqual(self._findings("layer_without_receipt").pedimento_id, alone)

    def test_receipt_before_its_pedimento(self):
        receipt = self._transfer("incoming", "2026-10-01", [(self.material, 10)])
        self._run()
        self.assertEqual(self._findings("receipt_without_pedimento").quantity, 10)
        paper = self._pedimento("IN", "1", "2026-10-01", [(self.material, 10)])
        receipt.immex_pedimento_id = paper
        self._run()
        self.assertFalse(self._findings("receipt_without_pedimento"))
        self.assertEqual(self._layer(paper).qty_received, 10)

    def test_exit_without_production(self):
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 3)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 3)], out)
        self._run()
        finding = self._findings("no_production_layer")
        self.assertEqual((finding.product_id, finding.quantity), (self.product, 3))

    def test_change_of_regime_makes_a_definitive_layer(self):
        paper = self._import("2026-10-01", [(self.material, 100)])
        change = self._pedimento("F4", "1", "2026-10-10", [(self.material, 30)])
        self._run()
        self.assertEqual(
            self._ledger(change),
            [("MAT", "same_state", "30.000000", paper.document)],
        )
        layer = self._layer(change)
        self.assertEqual(layer.customs_status, "definitive")
        self.assertEqual(layer.quantity, 30)

    def test_change_of_regime_takes_unexpired_layers_only(self):
        self._import("2024-10-01", [(self.material, 100)])
        fresh = self._import("2026-09-01", [(self.material, 20)])
        change = self._pedimento("F4", "1", "2026-10-10", [(self.material, 30)])
        self._run()
        self.assertEqual(
            self._ledger(change),
            [("MAT", "same_state", "20.000000", fresh.document)],
        )
        self.assertEqual(self._findings("shortage").quantity, 10)

    def test_late_return_is_discharged_and_found(self):
        old = self._import("2024-10-01", [(self.material, 100)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.material, 10)])
        self._transfer("outgoing", "2026-10-08", [(self.material, 10)], out)
        self._run()
        self.assertEqual(self._ledger()[0][3], old.document)
        self.assertEqual(self._findings("late_return").quantity, 10)

    def test_status_comes_before_peps(self):
        domestic = self.env["stock.location"].create(
            {
                "name": "Domestic",
                "location_id": self.stock.id,
                "usage": "internal",
                "immex_customs_status": "domestic",
            }
        )
        paper = self._import("2026-10-02", [(self.material, 100)])
        self._transfer(
            "incoming",
            "2026-10-01",
            [(self.material, 40)],
            target=domestic,
            immex_customs_status="domestic",
        )
        self._order(
            self.product,
            10,
            "2026-10-05",
            [(self.material, 30), (self.material, 12, domestic)],
        )
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 10)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 10)], out)
        self._run()
        self.assertEqual(
            self._ledger(),
            [
                ("MAT", "incorporated", "12.000000", "domestic"),
                ("MAT", "incorporated", "30.000000", paper.document),
            ],
        )

    def test_what_left_is_told_by_status_and_origin(self):
        """Rule 12: every unit that left has its country and its customs status."""
        us, cn = self.env.ref("base.us"), self.env.ref("base.cn")
        papers = [
            self._import(date, [(self.material, 20)])
            for date in ("2026-10-02", "2026-10-03")
        ]
        for paper, country in zip(papers, (us, cn), strict=True):
            paper.goods_ids.origin_country_id = country
        self._order(self.product, 10, "2026-10-05", [(self.material, 50)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 10)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 10)], out)
        self._run()
        rows = self.env["immex.exit.origin"].search(
            [("exit_pedimento_id", "=", out.id)]
        )
        self.assertEqual(
            sorted(
                (
                    r.origin_country_id.code or "",
                    r.customs_status,
                    r.quantity,
                    r.covered,
                )
                for r in rows
            ),
            [
                ("", "temporary", 10, False),
                ("CN", "temporary", 20, True),
                ("US", "temporary", 20, True),
            ],
        )
        self.assertEqual(sum(rows.mapped("value_usd")), 80)

    def test_rectified_quantity_is_discharged_anew(self):
        paper = self._import("2026-10-01", [(self.material, 100)])
        other = self._import("2026-10-02", [(self.material, 100)])
        out = self._pedimento("RT", "2", "2026-10-08", [(self.material, 90)])
        self._transfer("outgoing", "2026-10-08", [(self.material, 90)], out)
        self._run()
        paper.partida_ids.write({"qty_umc": 70, "qty_umt": 70})
        paper.goods_ids.write({"qty_umc": 70, "qty_umt": 70})
        self._run()
        self.assertEqual(
            self._ledger(),
            [
                ("MAT", "same_state", "70.000000", paper.document),
                ("MAT", "same_state", "20.000000", other.document),
            ],
        )

    def test_counts_are_findings(self):
        paper = self._import("2026-10-01", [(self.material, 100)])
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.material.id), ("location_id", "=", self.stock.id)]
        )
        quant.inventory_quantity = 95
        quant.action_apply_inventory()
        self._run()
        self.assertEqual(self._findings("count_loss").quantity, 5)
        self.assertEqual(self._layer(paper).qty_discharged, 0)

    def test_values_leave_no_residue(self):
        paper = self._pedimento("IN", "1", "2026-10-01", [(self.material, 3)])
        paper.partida_ids.write({"value_usd": 10, "customs_value": 100})
        paper.goods_ids.write({"value_usd": 10, "customs_value": 100})
        for day in (8, 9, 10):
            self._pedimento("RT", "2", f"2026-10-{day:02d}", [(self.material, 1)])
        self._run()
        self.env.cr.execute(
            """SELECT string_agg(value_usd::text, ' ' ORDER BY exit_date),
                      sum(value_usd)::text, sum(customs_value)::text
                 FROM immex_discharge
                WHERE superseded_run_id IS NULL AND company_id = %s""",
            (self.company.id,),
        )
        self.assertEqual(self.env.cr.fetchone(), ("3.33 3.34 3.33", "10.00", "100.00"))
