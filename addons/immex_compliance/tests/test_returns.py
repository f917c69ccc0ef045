# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import Form, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestReturns(EngineCase):
    """What comes back, goes back, or is taken apart."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.product = self._product("PROD", "product")
        self.paper = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self.receipt = self._transfer(
            "incoming", "2026-10-01", [(self.material, 100)], self.paper
        )
        self.order = self._order(self.product, 10, "2026-10-05", [(self.material, 50)])

    def _give_back(self, picking, quantity, date):
        """Return ``quantity`` of a transfer's only product, as users do."""
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
        )
        wizard = form.save()
        wizard.product_return_moves.quantity = quantity
        result = wizard.action_create_returns()
        back = self.env["stock.picking"].browse(result["res_id"])
        back.immex_event_date = date
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def _taken(self, exit_pedimento):
        return sum(float(row[2]) for row in self._ledger(exit_pedimento))

    def test_a_delivery_undone_before_its_document(self):
        delivery = self._transfer("outgoing", "2026-10-08", [(self.product, 6)])
        self._run()
        self.assertEqual(self._findings("exit_without_document").quantity, 6)
        self._give_back(delivery, 4, "2026-10-09")
        self._run()
        self.assertEqual(self._findings("exit_without_document").quantity, 2)
        self.assertFalse(self._findings("unreceived_return"))
        self._give_back(delivery, 2, "2026-10-10")
        self._run()
        self.assertFalse(self._findings("exit_without_document"))
        movement = self.env["immex.movement"].search([("picking_id", "=", delivery.id)])
        self.assertEqual(movement.state, "undone")

    def test_a_documented_delivery_that_comes_back_needs_its_paper(self):
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 6)])
        delivery = self._transfer("outgoing", "2026-10-08", [(self.product, 6)], out)
        self._give_back(delivery, 4, "2026-10-20")
        self._run()
        self.assertEqual(self._findings("unreceived_return").quantity, 4)
        self.assertEqual(self._taken(out), 30)

    def test_a_rejected_export_comes_back_and_leaves_again(self):
        """Rule 17: key IN, case II makes a layer of the finished goods; the second
        exit takes that layer and no component again."""
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 10)])
        delivery = self._transfer("outgoing", "2026-10-08", [(self.product, 10)], out)
        back = self._pedimento("IN", "1", "2026-10-20", [(self.product, 4)], case="II")
        self._give_back(delivery, 4, "2026-10-20").immex_pedimento_id = back
        again = self._pedimento("RT", "2", "2026-10-25", [(self.product, 4)])
        self._transfer("outgoing", "2026-10-25", [(self.product, 4)], again)
        self._run()
        self.assertFalse(self._findings("unreceived_return"))
        self.assertEqual(self._taken(out), 50)
        rows = self._ledger(again)
        self.assertEqual(
            [(row[0], row[1], float(row[2]), row[3]) for row in rows],
            [("PROD", "same_state", 4, back.document)],
        )
        self.assertFalse(self._findings("no_production_layer"))
        self.assertFalse(self._findings("shortage"))

    def test_material_sent_back_before_its_pedimento(self):
        receipt = self._transfer("incoming", "2026-10-02", [(self.material, 30)])
        self._give_back(receipt, 30, "2026-10-03")
        self._run()
        self.assertFalse(self._findings("receipt_without_pedimento"))
        self.assertFalse(self._findings("exit_without_document"))

    def test_an_imported_unit_taken_apart(self):
        """Its parts would have no import: said, with what to do instead."""
        whole, part = (
            self._product("WHOLE", "product"),
            self._product("PART", "material"),
        )
        paper = self._pedimento("IN", "1", "2026-10-01", [(whole, 10)])
        self._transfer("incoming", "2026-10-01", [(whole, 10)], paper)
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": whole.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": part.id, "product_qty": 2}),
                ],
            }
        )
        unbuild = self.env["mrp.unbuild"].create(
            {
                "product_id": whole.id,
                "bom_id": bom.id,
                "product_qty": 4,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
                "company_id": self.company.id,
            }
        )
        unbuild.action_unbuild()
        self._run()
        finding = self._findings("unbuilt_import")
        self.assertEqual((finding.product_id, finding.quantity), (whole, 4))
        self.assertIn("WHOLE", finding.message)
        self.assertEqual(finding.movement_id.kind, "unbuild")

    def test_taken_apart(self):
        """Components of what is taken apart were never discharged; its units do not
        serve an exit any more."""
        unbuild = self.env["mrp.unbuild"].create(
            {
                "product_id": self.product.id,
                "mo_id": self.order.id,
                "product_qty": 4,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
                "company_id": self.company.id,
            }
        )
        unbuild.action_unbuild()
        lines = self.env["stock.move.line"].search(
            [
                ("move_id.unbuild_id", "=", unbuild.id),
                ("product_id", "=", self.product.id),
            ]
        )
        lines.date = "2026-10-06 18:00:00"
        out = self._pedimento("RT", "2", "2026-10-08", [(self.product, 10)])
        self._transfer("outgoing", "2026-10-08", [(self.product, 6)], out)
        self._run()
        self.assertEqual(self._taken(out), 30)
        self.assertEqual(self._findings("no_production_layer").quantity, 4)
        self.assertFalse(self._findings("unbuilt_import"))
        layer = self.env["immex.production.layer"].search(
            [("production_id", "=", self.order.id)]
        )
        self.assertEqual(layer.qty_used, 10)
        lines.date = "2026-10-09 18:00:00"
        self._run()
        self.assertEqual(self._taken(out), 50)

    def test_partly_covered_by_what_came_back(self):
        back = self._pedimento("IN", "1", "2026-10-02", [(self.other_product(), 4)])
        product = back.goods_ids.product_id
        self._transfer("incoming", "2026-10-02", [(product, 4)], back)
        out = self._pedimento("RT", "2", "2026-10-08", [(product, 6)])
        self._transfer("incoming", "2026-10-03", [(product, 2)])
        self._transfer("outgoing", "2026-10-08", [(product, 6)], out)
        self._run()
        self.assertEqual(self._taken(out), 4)
        self.assertEqual(self._findings("no_production_layer").quantity, 2)

    def other_product(self):
        return self._product("BACK", "product")
