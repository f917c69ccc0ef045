# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestPeriodConsumption(EngineCase):
    """What a month used by its counts, against its orders; each run is proved."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.oil = self._product("OIL", "indirect")
        self.product = self._product("PROD", "product")
        self.paper = self._pedimento(
            "IN", "1", "2026-09-15", [(self.material, 200), (self.oil, 60)]
        )
        self._transfer(
            "incoming",
            "2026-09-15",
            [(self.material, 200), (self.oil, 60)],
            self.paper,
        )
        self.first = self._order(self.product, 10, "2026-10-05", [(self.material, 50)])
        self.second = self._order(self.product, 20, "2026-10-20", [(self.material, 90)])
        self.out = self._pedimento("RT", "2", "2026-10-28", [(self.product, 25)])
        self._transfer("outgoing", "2026-10-28", [(self.product, 25)], self.out)
        self._run()

    def _document(self, closing=(), **values):
        """A filled draft for October; ``closing`` maps materials to their count."""
        document = self.env["immex.period.consumption"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
                **values,
            }
        )
        document.action_fill()
        for product, quantity in dict(closing).items():
            self._line(document, product).write({"closing": quantity, "counted": True})
        return document

    def _line(self, document, product):
        return document.line_ids.filtered(lambda line: line.product_id == product)

    def _shares(self, product):
        """Active shares of a material as (order, quantity as text), by date."""
        self.env.cr.execute(
            """
            SELECT n.production_id, c.qty_drawn::text
              FROM immex_production_consumption c
              JOIN immex_production_layer n ON n.id = c.production_layer_id
             WHERE c.period_line_id IS NOT NULL AND c.active AND c.product_id = %s
             ORDER BY n.date
            """,
            (product.id,),
        )
        return self.env.cr.fetchall()

    def test_filled_from_stock_and_orders(self):
        document = self._document()
        line = self._line(document, self.material)
        self.assertEqual(
            (line.opening, line.receipts, line.exits, line.closing),
            (200, 0, 0, 60),
        )
        self.assertEqual((line.period_consumption, line.order_consumption), (140, 140))
        self.assertEqual((line.difference, line.to_spread), (0, 0))
        self.assertEqual(self._line(document, self.oil).spread_kind, "merma")

    def test_indirect_material_goes_with_what_was_made(self):
        document = self._document({self.oil: 50})
        self.assertEqual(self._line(document, self.oil).to_spread, 10)
        document.action_ratify()
        self._run()
        self.assertEqual(
            self._shares(self.oil),
            [(self.first.id, "3.333333"), (self.second.id, "6.666667")],
        )
        oil = [row for row in self._ledger(self.out) if row[0] == "OIL"]
        # ten units of the first order, fifteen of the twenty of the second
        self.assertEqual(
            oil,
            [
                ("OIL", "merma", "3.333333", self.paper.document),
                ("OIL", "merma", "5.000000", self.paper.document),
            ],
        )
        self.assertFalse(self._findings("period_difference"))

    def test_direct_material_by_what_orders_drew(self):
        document = self._document({self.material: 53}, rule="drawn")
        document.action_ratify()
        self._run()
        self.assertEqual(
            self._shares(self.material),
            [(self.first.id, "2.500000"), (self.second.id, "4.500000")],
        )
        quantities = [row[2] for row in self._ledger(self.out)]
        self.assertEqual(sum(map(float, quantities)), 50 + 67.5 + 2.5 + 3.375)

    def test_repair_carries_its_month_alone(self):
        """Anexo 24 A: repair is discharged by the actual consumption of the month."""
        repair = self.warehouse.manu_type_id.copy(
            {"name": "Repair", "sequence_code": "REP"}
        )
        self.second.picking_type_id = repair
        document = self._document({self.oil: 50}, picking_type_ids=repair.ids)
        document.action_ratify()
        self._run()
        self.assertEqual(self._shares(self.oil), [(self.second.id, "10.000000")])
        oil = [row[2] for row in self._ledger(self.out) if row[0] == "OIL"]
        self.assertEqual(oil, ["7.500000"])
        self.assertFalse(self._findings("period_difference"))

    def test_cancelled_and_replaced_are_taken_back(self):
        before = self._ledger(self.out)
        document = self._document({self.oil: 50})
        document.action_ratify()
        self._run()
        draft = self.env["immex.period.consumption"].browse(
            document.action_new_version()["res_id"]
        )
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        self._line(draft, self.oil).closing = 57
        self.assertEqual(self._line(draft, self.oil).to_spread, 3)
        draft.action_ratify()
        self.assertEqual(document.state, "replaced")
        self._run()
        self.assertEqual(
            self._shares(self.oil),
            [(self.first.id, "1.000000"), (self.second.id, "2.000000")],
        )
        draft.action_cancel()
        self._run()
        self.assertFalse(self._shares(self.oil))
        self.assertEqual(self._ledger(self.out), before)

    def test_a_later_order_of_the_period_takes_its_share(self):
        self._document({self.oil: 50}).action_ratify()
        self._run()
        third = self._order(self.product, 10, "2026-10-25", [(self.material, 40)])
        self._run()
        self.assertEqual(
            self._shares(self.oil),
            [
                (self.first.id, "2.500000"),
                (self.second.id, "5.000000"),
                (third.id, "2.500000"),
            ],
        )
        # the orders say 40 more of the material than the ratified counts
        finding = self._findings("period_difference")
        self.assertEqual(finding.product_id, self.material)
        self.assertEqual((finding.quantity, finding.expected), (180, 140))
        third.immex_event_date = "2026-11-02"
        self._run()
        self.assertEqual(len(self._shares(self.oil)), 2)
        self.assertFalse(self._findings("period_difference"))

    def test_orders_drew_more_than_is_gone(self):
        before = self._ledger(self.out)
        document = self._document({self.material: 65})
        line = self._line(document, self.material)
        self.assertEqual((line.difference, line.to_spread), (-5, 0))
        with self.assertRaisesRegex(ValidationError, "Explain"):
            document.action_ratify()
        line.explanation = "Two orders of September were closed in October"
        document.action_ratify()
        self._run()
        self.assertEqual(self._ledger(self.out), before)
        finding = self._findings("period_difference")
        self.assertEqual((finding.quantity, finding.expected), (140, 135))

    def test_a_count_that_the_period_carries(self):
        """What was counted less stops being a finding when it is spread."""
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.oil.id), ("location_id", "=", self.stock.id)]
        )
        quant.inventory_quantity = quant.quantity - 10
        quant.action_apply_inventory()
        move = self.env["stock.move"].search(
            [("product_id", "=", self.oil.id), ("is_inventory", "=", True)]
        )
        move.move_line_ids.date = move.date = "2026-10-31 18:00:00"
        self._run()
        self.assertEqual(self._findings("count_loss").quantity, 10)
        self._document({self.oil: 50}).action_ratify()
        self._run()
        self.assertFalse(self._findings("count_loss"))

    def test_nothing_drawn_to_spread_by(self):
        self._document({self.oil: 50}, rule="drawn").action_ratify()
        self._run()
        finding = self._findings("period_difference")
        self.assertEqual(finding.product_id, self.oil)
        self.assertEqual((finding.quantity, finding.expected), (0, 10))

    def test_the_next_period_opens_with_the_count(self):
        self._document({self.oil: 50}).action_ratify()
        following = self._document(date_from="2026-11-01", date_to="2026-11-30")
        line = self._line(following, self.oil)
        self.assertEqual((line.opening, line.closing), (50, 60))

    def test_ratified_is_not_edited(self):
        document = self._document({self.oil: 50})
        with self.assertRaises(UserError):
            document.state = "ratified"
        document.action_ratify()
        line = self._line(document, self.oil)
        self.assertEqual(document.ratified_by, self.env.user)
        for change in (
            lambda: document.write({"rule": "drawn"}),
            lambda: line.write({"closing": 1}),
            line.unlink,
            document.unlink,
            document.action_fill,
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaisesRegex(ValidationError, "already"):
            self._document({self.oil: 40}).action_ratify()

    def test_a_person_answers_for_it(self):
        document = self._document({self.oil: 50})
        line = self._line(document, self.oil)
        line.to_spread = 4
        with self.assertRaises(ValidationError):
            document.action_ratify()
        line.explanation = "Drum that leaked"
        user = new_test_user(
            self.env,
            "period_user",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            document.with_user(user).action_ratify()
        self._order(self.product, 1, "2026-10-21", [(self.material, 5)])
        self.env["immex.discharge.run"]._run_company(self.company, "test")
        with self.assertRaisesRegex(ValidationError, "MAT"):
            document.action_ratify()
        document.action_fill()
        self.assertEqual(line.closing, 50, "a count is kept")
        line.to_spread = 4
        document.action_ratify()
        self.assertEqual(document.state, "ratified")
