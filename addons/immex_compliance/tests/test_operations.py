# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import tagged

from .engine_case import EngineCase

IMPORT, EXPORT = "1", "2"


@tagged("post_install", "-at_install")
class TestOperations(EngineCase):
    """What each operation of Anexo 22, Appendix 2 does to the balance of 100 pieces
    that came in under IN, and to the finished goods made of 50 of them."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.product = self._product("PROD", "product")
        self.paper = self._pedimento("IN", IMPORT, "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-01", [(self.material, 100)], self.paper)
        self._order(self.product, 10, "2026-10-05", [(self.material, 50)])

    def _balance(self):
        self._run()
        return self._layer(self.paper).qty_balance

    def _leaves(self, key, operation_type=EXPORT, product=None, quantity=10, **values):
        """An exit pedimento of finished goods, delivered; returns the exit."""
        product = product or self.product
        paper = self._pedimento(
            key, operation_type, "2026-10-10", [(product, quantity)], **values
        )
        self._transfer("outgoing", "2026-10-10", [(product, quantity)], paper)
        self._run()
        return self.env["immex.exit.line"].search([("pedimento_id", "=", paper.id)])

    def _layers(self, paper):
        self._run()
        return [
            (x.customs_status, x.goods_class, x.quantity, str(x.peps_date), x.term_end)
            for x in self._layer(paper)
        ]

    def _enters(self, key, identifiers=(), case=None, product=None, **values):
        product = product or self.material
        paper = self._pedimento(
            key, IMPORT, "2026-10-08", [(product, 7)], identifiers, case, **values
        )
        self._transfer("incoming", "2026-10-08", [(product, 7)], paper)
        return paper

    # entries ---------------------------------------------------------------------
    def test_v1_has_six_months_at_the_receiver_and_eighteen_from_a_supplier(self):
        """RLA 166-III; Decreto IMMEX, art. 4; RGCE 5.2.5; CFF 12 for the months."""
        received = self._enters("V1")
        supplied = self._enters("V1", [("V1", ("CN",))])
        ((status, *_rest, term),) = self._layers(received)
        self.assertEqual((status, str(term)), ("temporary", "2027-04-08"))
        ((status, *_rest, term),) = self._layers(supplied)
        self.assertEqual((status, str(term)), ("temporary", "2028-04-08"))

    def test_e1_enters_when_it_is_extracted(self):
        """LA 119, 120: not when it entered the country."""
        paper = self._enters(
            "E1", entry_date="2026-07-01", extraction_date="2026-10-08"
        )
        self.assertEqual(
            self._layers(paper)[0][:4], ("temporary", "material", 7, "2026-10-08")
        )
        # what was made and left before it came cannot be of it
        early = self._pedimento("RT", EXPORT, "2026-10-07", [(self.material, 60)])
        self._run()
        self.assertEqual(
            self._ledger(early),
            [("MAT", "same_state", "60.000000", self.paper.document)],
        )

    def test_e2_is_a_fixed_asset(self):
        paper = self._enters("E2", extraction_date="2026-10-08")
        self.assertEqual(self._layers(paper)[0][1], "fixed_asset")

    def test_af_stays_as_long_as_the_programme(self):
        """LA 108-III: no term of its own."""
        paper = self._enters("AF", product=self._product("PRESS", "fixed_asset"))
        self.assertEqual(self._layers(paper)[0][::4], ("temporary", False))

    def test_a1_is_definitive_and_serves_no_temporary_requirement(self):
        """LA 96; rule 12."""
        paper = self._enters("A1")
        self.assertEqual(self._layers(paper)[0][0], "definitive")
        exit_line = self._leaves("RT", product=self.material, quantity=110)
        self.assertEqual(exit_line.discharge_ids.pedimento_id, self.paper)
        self.assertEqual(self._findings("shortage").quantity, 10)

    def test_a_purchase_with_invoice_only_is_domestic(self):
        """Rule 12: a CFDI alone is no import."""
        self._transfer(
            "incoming",
            "2026-10-08",
            [(self.material, 7)],
            immex_customs_status="domestic",
        )
        self._run()
        layer = self.env["immex.layer"].search(
            [("product_id", "=", self.material.id), ("source", "=", "domestic")]
        )
        self.assertEqual(layer.customs_status, "domestic")
        self.assertEqual(layer.origin_country_id.code, "MX")

    def test_a_rejected_export_comes_back_within_a_year(self):
        """LA 103; key IN, case II."""
        self._leaves("RT")
        back = self._enters("IN", case="II", product=self.product)
        back.write({"entry_date": "2027-10-10", "payment_date": "2027-10-10"})
        self._run()
        self.assertFalse(self._findings("rejected_export_late"))
        back.write({"entry_date": "2027-10-11", "payment_date": "2027-10-11"})
        self._run()
        self.assertEqual(self._findings("rejected_export_late").pedimento_id, back)

    # exits -----------------------------------------------------------------------
    def test_exits_that_discharge(self):
        """RT (LA 111), V1 (LA 112), V5 (RGCE 7.3.3), V9 donation (RLA 172), V4 by CTM
        (RGCE 4.3.13), V6, and A1 case V that returns packaging (RGCE 4.3.3)."""
        expected = {
            ("RT", None): "return",
            ("V1", None): "transfer",
            ("V5", None): "transfer",
            ("V6", None): "transfer",
            ("V9", None): "donation",
            ("V4", None): "transfer",
            ("A1", "V"): "export",
        }
        for (key, case), kind in expected.items():
            with self.subTest(key=key, case=case):
                exit_line = self._leaves(key, quantity=1, case=case)
                self.assertEqual((exit_line.kind, exit_line.official), (kind, True))
                discharge = exit_line.discharge_ids
                self.assertEqual(discharge.pedimento_id, self.paper)
                self.assertEqual(discharge.quantity, 5)
        self.assertEqual(self._balance(), 100 - 5 * len(expected))

    def test_exits_that_do_not_discharge(self):
        """A1 case II (LA 102), K1 cases I, II and V: the delivery then has no document
        that discharges, which is a finding (rule 3)."""
        for key, operation_type, case in (("A1", EXPORT, "II"), ("K1", EXPORT, "I")):
            with self.subTest(key=key):
                paper = self._pedimento(
                    key, operation_type, "2026-10-10", [(self.product, 1)], case=case
                )
                self._transfer("outgoing", "2026-10-10", [(self.product, 1)], paper)
        self.assertEqual(self._balance(), 100)
        self.assertEqual(
            sum(self._findings("exit_without_document").mapped("quantity")), 2
        )

    def _covers(self, *documents):
        """Each document discharges its delivery, which waits for none any more.

        Few at a time: a test is one transaction, and each run has its own temporary
        tables, which the server locks until the end of it.
        """
        for key, operation_type, product, case in documents:
            with self.subTest(key=key, case=case, product=product.default_code):
                exit_line = self._leaves(key, operation_type, product, 1, case=case)
                self.assertTrue(exit_line.official)
                self.assertTrue(exit_line.discharge_ids)
                self.assertEqual(exit_line.qty_delivered, 1)
                for code in ("exit_without_document", "exit_without_delivery"):
                    self.assertFalse(self._findings(code))

    def test_exports_cover_their_deliveries(self):
        """Rules 1 to 3."""
        self._covers(
            *((key, EXPORT, self.product, None) for key in ("RT", "V1", "V5")),
        )
        self._covers(("A1", EXPORT, self.product, "V"))

    def test_virtual_exports_cover_their_deliveries(self):
        """Rules 1 to 3."""
        self._covers(
            *((key, EXPORT, self.product, None) for key in ("V4", "V6", "V9")),
        )
        self._covers(("K1", IMPORT, self.material, "IV"))

    def test_changes_of_regime_cover_their_deliveries(self):
        """Rules 1 to 3: also what is filed as an import, since it takes goods out of
        the temporary inventory."""
        scrap = self._product("SCRAP", "waste")
        self._order(
            self.product,
            1,
            "2026-10-06",
            [(self.material, 8)],
            byproducts=[(scrap, 3)],
            MAT=(0, 3, scrap),
        )
        self._covers(
            ("F4", IMPORT, self.product, None),
            ("F4", IMPORT, self.material, "I"),
            ("F4", IMPORT, scrap, "III"),
        )

    def test_what_expired_and_assets_cover_their_deliveries(self):
        """Rules 1 to 3."""
        old = self._product("OLD", "material")
        self._pedimento("IN", IMPORT, "2024-01-10", [(old, 9)])
        press = self._product("PRESS", "fixed_asset")
        self._enters("AF", product=press)
        self._covers(
            ("F5", IMPORT, press, None),
            ("A3", IMPORT, old, "II"),
            ("A3", IMPORT, self.material, "VII"),
        )

    def test_goods_without_temporary_content_need_no_document(self):
        """Rule 3 speaks of temporary content: a domestic sale of domestic goods."""
        other = self._product("OTHER", "material")
        self._transfer(
            "incoming", "2026-10-02", [(other, 9)], immex_customs_status="domestic"
        )
        made = self._product("MADE", "product")
        self._order(made, 3, "2026-10-05", [(other, 9)])
        self._transfer("outgoing", "2026-10-10", [(made, 3)])
        self._run()
        self.assertFalse(self._findings("exit_without_document"))
        self.assertEqual(
            self._ledger(), [("OTHER", "incorporated", "9.000000", "domestic")]
        )

    def test_k1_case_iv_gives_back_to_the_national_supplier(self):
        """Anexo 22, Appendix 2, K1-IV."""
        exit_line = self._leaves("K1", IMPORT, self.material, 20, case="IV")
        self.assertEqual(exit_line.kind, "transfer")
        self.assertEqual(self._balance(), 80)

    def test_k1_case_iii_waits_for_a_person(self):
        """LA 93: it cancels an export; which one, no rule can tell."""
        self._leaves("RT")
        paper = self._pedimento(
            "K1", IMPORT, "2026-10-12", [(self.product, 10)], case="III"
        )
        self.assertEqual(self._balance(), 50)
        self.assertEqual(self._findings("no_rule").pedimento_id, paper)

    def test_f4_of_goods_made_here_takes_their_inputs(self):
        """Rule 2; RGCE 1.6.8: matched per input."""
        exit_line = self._leaves("F4", IMPORT)
        self.assertEqual(exit_line.kind, "regime_change")
        self.assertEqual(self._balance(), 50)
        self.assertEqual(exit_line.discharge_ids.kind, "incorporated")

    def test_f5_takes_a_fixed_asset_out_of_its_own_ledger(self):
        """LA 110; F5 case I."""
        press = self._product("PRESS", "fixed_asset")
        asset = self._enters("AF", product=press)
        self._pedimento("F5", IMPORT, "2026-10-20", [(press, 2)])
        self._run()
        self.assertEqual(self._layer(asset).qty_balance, 5)
        definitive = self.env["immex.layer"].search(
            [("product_id", "=", press.id), ("customs_status", "=", "definitive")]
        )
        self.assertEqual(definitive.quantity, 2)

    def test_a3_takes_expired_layers_only(self):
        """A3 case II; RGCE 2.5.2."""
        expired = self._pedimento("IN", IMPORT, "2024-01-10", [(self.material, 30)])
        self._pedimento("A3", IMPORT, "2026-10-20", [(self.material, 25)], case="II")
        self.assertEqual(self._balance(), 100)
        self.assertEqual(self._layer(expired).qty_balance, 5)
        self.assertFalse(self._findings("late_return"), "it regularises")
        self._pedimento("RT", EXPORT, "2026-10-21", [(self.material, 3)])
        self._run()
        self.assertEqual(self._findings("late_return").layer_id.pedimento_id, expired)

    def test_theft_discharges_without_a_delivery(self):
        """RGCE 2.5.7; A3 case VII."""
        paper = self._pedimento(
            "A3", IMPORT, "2026-10-20", [(self.material, 12)], case="VII"
        )
        self.assertEqual(self._balance(), 88)
        exit_line = self.env["immex.exit.line"].search(
            [("pedimento_id", "=", paper.id)]
        )
        self.assertEqual(exit_line.kind, "regularization")
        self.assertFalse(self._findings("exit_without_delivery"))
        # nothing definitive stays
        self.assertFalse(
            self.env["immex.layer"].search(
                [
                    ("product_id", "=", self.material.id),
                    ("customs_status", "=", "definitive"),
                ]
            )
        )

    def test_waste_is_transferred_out_of_its_own_balance(self):
        """RGCE 1.6.9; V1 case IX: the material stays charged until the residue goes."""
        scrap = self._product("SCRAP", "waste")
        self._order(
            self.product,
            1,
            "2026-10-06",
            [(self.material, 8)],
            byproducts=[(scrap, 3)],
            MAT=(0, 3, scrap),
        )
        self.assertEqual(self._balance(), 100)
        exit_line = self._leaves("V1", product=scrap, quantity=3, case="IX")
        self.assertEqual(exit_line.discharge_ids.kind, "waste")
        self.assertEqual(self._balance(), 97)

    def test_goods_sent_away_to_be_transformed_change_place_only(self):
        """BM (LA 117) and BO: the balance stays."""
        self._pedimento("BM", EXPORT, "2026-10-10", [(self.material, 20)])
        self.assertEqual(self._balance(), 100)

    # production ------------------------------------------------------------------
    def test_by_products_share_by_the_bill_of_materials(self):
        """Rule 6: what left in the by-product is not in the product."""
        other = self._product("OTHER", "product")
        order = self._order(
            self.product, 10, "2026-10-06", [(self.material, 40)], [(other, 4)]
        )
        self._run()
        self.assertEqual(
            self._incorporated(order), {"PROD": "28.571429", "OTHER": "11.428571"}
        )
        order.move_byproduct_ids.cost_share = 25
        self._run()
        self.assertEqual(
            self._incorporated(order), {"PROD": "30.000000", "OTHER": "10.000000"}
        )

    def _incorporated(self, order):
        self.env.cr.execute(
            """
            SELECT p.default_code, c.qty_incorporated::text
              FROM immex_production_consumption c
              JOIN immex_production_layer l ON l.id = c.production_layer_id
              JOIN product_product p ON p.id = l.product_id
             WHERE l.production_id = %s AND c.active
            """,
            (order.id,),
        )
        return dict(self.env.cr.fetchall())

    def test_sub_maquila_moves_place_not_balance(self):
        """Rule 5; Decreto IMMEX, art. 21: an order of Odoo's subcontracting."""
        partner = self.env["res.partner"].create({"name": "Submaquila"})
        made = self._product("MADE", "product")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": made.product_tmpl_id.id,
                "type": "subcontract",
                "subcontractor_ids": [Command.set(partner.ids)],
                "bom_line_ids": [
                    Command.create({"product_id": self.material.id, "product_qty": 3})
                ],
            }
        )
        outside = partner.with_company(self.company).property_stock_subcontractor
        self._transfer("outgoing", "2026-10-09", [(self.material, 15)], target=outside)
        self.assertEqual(self._balance(), 100)
        self.assertFalse(self._findings("exit_without_document"))
        self._transfer(
            "incoming",
            "2026-10-10",
            [(made, 5)],
            partner_id=partner.id,
        )
        self.assertEqual(self._balance(), 100)
        self.assertFalse(self._findings("receipt_without_pedimento"))
        exit_line = self._leaves("RT", product=made, quantity=5)
        self.assertEqual(exit_line.discharge_ids.quantity, 15)
        self.assertEqual(self._balance(), 85)
