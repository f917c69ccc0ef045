# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.tests import tagged

from .common import ImmexCase


@tagged("post_install", "-at_install")
class TestPedimentoDetail(ImmexCase):
    def _goods(self, partida, *lines):
        """Lines of (part number, UMC, USD), UMT equal to UMC."""
        return self.env["immex.pedimento.goods"].create(
            [
                {
                    "partida_id": partida.id,
                    "part_number": part,
                    "qty_umc": quantity,
                    "qty_umt": quantity,
                    "value_usd": value,
                }
                for part, quantity, value in lines
            ]
        )

    def test_product_code_of_a_one_part_partida(self):
        pedimento = self._pedimento(
            partidas=[{"product_code": "TERM-01"}, {"product_code": "UNKNOWN"}, {}]
        )
        pedimento._recompute_detail()
        known, unknown, bare = pedimento.partida_ids
        self.assertEqual(known.detail_state, "done")
        self.assertEqual(known.goods_ids.product_id, self.terminal)
        self.assertEqual(known.goods_ids.source, "product_code")
        self.assertEqual(self._exact(known.goods_ids, "quantity"), Decimal(100))
        self.assertEqual(self._exact(known.goods_ids, "customs_value"), Decimal(900))
        self.assertEqual(unknown.detail_state, "unmapped")
        self.assertEqual(bare.detail_state, "missing")
        self.assertEqual((pedimento.state, pedimento.pending_count), ("incomplete", 2))

    def test_waiting_list_is_resolved_by_the_user(self):
        pedimento = self._pedimento(partidas=[{"product_code": "THEIRS-9"}])
        pedimento._recompute_detail()
        waiting = self.env["immex.pedimento.goods"].search(
            [("partida_id.detail_state", "=", "unmapped")]
        )
        self.assertIn(pedimento.goods_ids, waiting)
        pedimento.goods_ids.product_id = self.terminal
        self.assertEqual(pedimento.state, "ready")
        # and pressing the button again changes nothing
        stamp = pedimento.goods_ids.write_date
        pedimento.action_recompute_detail()
        self.assertEqual(pedimento.goods_ids.write_date, stamp)
        self.assertEqual(pedimento.goods_ids.product_id, self.terminal)

    def test_parts_must_sum_to_the_partida(self):
        pedimento = self._pedimento(partidas=[{}])
        partida = pedimento.partida_ids
        lines = self._goods(partida, ("TERM-01", 60, 30), ("CONN-12", 39, 20))
        self.assertEqual(partida.detail_state, "mismatch")
        lines[1].write({"qty_umc": 40, "qty_umt": 40})
        self.assertEqual(partida.detail_state, "done")
        lines[1].qty_umt = Decimal("40.00001")
        self.assertEqual(partida.detail_state, "mismatch")
        lines[1].qty_umt = 40
        lines[1].value_usd = Decimal("20.01")
        self.assertEqual(partida.detail_state, "mismatch")
        lines[1].value_usd = 20
        self.assertEqual(partida.detail_state, "done")
        lines[0].unlink()
        self.assertEqual(partida.detail_state, "mismatch")

    def test_values_are_spread_without_residue(self):
        pedimento = self._pedimento(
            partidas=[
                {
                    "customs_value": 100,
                    "commercial_value": 10,
                    "qty_umc": 3,
                    "qty_umt": 3,
                    "value_usd": Decimal("9.99"),
                }
            ]
        )
        lines = self._goods(
            pedimento.partida_ids,
            ("TERM-01", 1, Decimal("3.33")),
            ("CONN-12", 1, Decimal("3.33")),
            ("TERM-01", 1, Decimal("3.33")),
        )
        customs = [self._exact(line, "customs_value") for line in lines]
        self.assertEqual(
            customs, [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]
        )
        commercial = [self._exact(line, "commercial_value") for line in lines]
        self.assertEqual(sum(commercial), Decimal(10))

    def test_stated_customs_value_is_kept_and_must_sum(self):
        pedimento = self._pedimento(partidas=[{}])
        lines = self._goods(
            pedimento.partida_ids, ("TERM-01", 60, 30), ("CONN-12", 40, 20)
        )
        lines[0].write({"customs_value": 700, "value_declared": True})
        self.assertEqual(pedimento.partida_ids.detail_state, "mismatch")
        lines[1].write({"customs_value": 200, "value_declared": True})
        self.assertEqual(pedimento.partida_ids.detail_state, "done")
        self.assertEqual(self._exact(lines[0], "customs_value"), Decimal(700))

    def test_values_without_dollars_follow_quantities(self):
        pedimento = self._pedimento(partidas=[{"value_usd": 0, "customs_value": 100}])
        lines = self._goods(
            pedimento.partida_ids, ("TERM-01", 75, 0), ("CONN-12", 25, 0)
        )
        self.assertEqual(
            [self._exact(line, "customs_value") for line in lines],
            [Decimal(75), Decimal(25)],
        )

    # products ------------------------------------------------------------------
    def _suppliers_code(self, partner, product, code):
        self.env["product.supplierinfo"].create(
            {
                "partner_id": partner.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_code": code,
            }
        )

    def _invoice(self, pedimento, **values):
        self.env["immex.pedimento.invoice"].create(
            {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "sequence": 1,
                "number": "COVE261",
                **values,
            }
        )
        pedimento._link_arrival()

    def test_code_of_the_invoice_supplier(self):
        other = self.env["res.partner"].create({"name": "OTHER INC"})
        self._suppliers_code(self.supplier, self.terminal, "X-1")
        self._suppliers_code(other, self.connector, "X-1")
        pedimento = self._pedimento(partidas=[{"product_code": "x-1"}])
        pedimento._recompute_detail()
        # two suppliers use the code and nothing tells whose it is
        self.assertEqual(pedimento.partida_ids.detail_state, "unmapped")
        self._invoice(pedimento, tax_id="taxid-123456", partner_name="WHOEVER")
        self.assertEqual(pedimento.partner_id, self.supplier)
        pedimento.action_recompute_detail()
        self.assertEqual(pedimento.goods_ids.product_id, self.terminal)

    def test_code_that_one_supplier_alone_uses(self):
        self._suppliers_code(self.supplier, self.terminal, "ONLY-1")
        pedimento = self._pedimento(partidas=[{"product_code": "ONLY-1"}])
        pedimento._recompute_detail()
        self.assertEqual(pedimento.goods_ids.product_id, self.terminal)

    def test_known_supplier_without_the_code_is_not_guessed(self):
        other = self.env["res.partner"].create({"name": "OTHER INC"})
        self._suppliers_code(other, self.terminal, "ONLY-2")
        pedimento = self._pedimento(partidas=[{"product_code": "ONLY-2"}])
        self._invoice(pedimento, partner_name="Acme Wiring Systems Inc")
        self.assertEqual(pedimento.partner_id, self.supplier)
        pedimento._recompute_detail()
        self.assertEqual(pedimento.partida_ids.detail_state, "unmapped")

    def test_ambiguous_code_waits(self):
        self._product("DUP-1", "material")
        self._product("DUP-1", "material")
        self._suppliers_code(self.supplier, self.terminal, "DUP-1")
        pedimento = self._pedimento(partidas=[{"product_code": "DUP-1"}])
        pedimento._recompute_detail()
        self.assertEqual(pedimento.partida_ids.detail_state, "unmapped")

    def test_product_of_another_company_is_not_ours(self):
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        self.terminal.company_id = foreign
        pedimento = self._pedimento(partidas=[{"product_code": "TERM-01"}])
        pedimento._recompute_detail()
        self.assertEqual(pedimento.partida_ids.detail_state, "unmapped")

    # factors -------------------------------------------------------------------
    def test_factor_missing_then_stated(self):
        pedimento = self._pedimento(
            partidas=[{"product_code": "TERM-01", "umc_id": self.unit_kilo.id}]
        )
        pedimento._recompute_detail()
        self.assertEqual(pedimento.partida_ids.detail_state, "no_factor")
        self.assertEqual(pedimento.goods_ids.product_id, self.terminal)
        factors = self.env["immex.part.factor"]
        factors.create(
            {
                "product_tmpl_id": self.terminal.product_tmpl_id.id,
                "unit_id": self.unit_kilo.id,
                "factor": 0.003,
                "valid_from": "2026-10-03",
            }
        )
        # not in force yet on the payment date
        self.assertEqual(pedimento.partida_ids.detail_state, "no_factor")
        factors.create(
            {
                "product_tmpl_id": self.terminal.product_tmpl_id.id,
                "unit_id": self.unit_kilo.id,
                "factor": 0.0125,
                "valid_from": "2020-01-01",
            }
        )
        self.assertEqual(pedimento.state, "ready")
        # 100 kg of parts of 12.5 g each
        self.assertEqual(self._exact(pedimento.goods_ids, "quantity"), Decimal(8000))

    def test_ratio_that_no_decimal_writes(self):
        self.env["immex.part.factor"].create(
            {
                "product_tmpl_id": self.terminal.product_tmpl_id.id,
                "unit_id": self._unit("20").id,
                "factor": 1,
                "part_quantity": 12,
            }
        )
        pedimento = self._pedimento(
            partidas=[
                {
                    "product_code": "TERM-01",
                    "umc_id": self._unit("20").id,
                    "qty_umc": 100000,
                }
            ]
        )
        pedimento._recompute_detail()
        self.assertEqual(
            self._exact(pedimento.goods_ids, "quantity", "factor"),
            (Decimal(1200000), Decimal("0.0833333333")),
        )

    def test_units_of_one_family(self):
        kilometre = self.env.ref("uom.product_uom_km")
        pound = self.env.ref("uom.product_uom_lb")
        wire = self._product("WIRE-KM", "material", uom_id=kilometre.id)
        resin = self._product("RESIN-LB", "material", uom_id=pound.id)
        pedimento = self._pedimento(
            partidas=[
                {"product_code": wire.default_code, "umc_id": self.unit_meter.id},
                {"product_code": resin.default_code, "umc_id": self.unit_kilo.id},
            ]
        )
        pedimento._recompute_detail()
        metres, kilos = pedimento.partida_ids
        self.assertEqual(
            self._exact(metres.goods_ids, "quantity", "factor"),
            (Decimal("0.1"), Decimal(1000)),
        )
        # Odoo's pound is a rounded figure: the company has to state its factor
        self.assertEqual(kilos.detail_state, "no_factor")

    def test_quantity_rounds_half_up_at_six_decimals(self):
        self.env["immex.part.factor"].create(
            {
                "product_tmpl_id": self.terminal.product_tmpl_id.id,
                "unit_id": self.unit_kilo.id,
                "factor": 3,
            }
        )
        pedimento = self._pedimento(
            partidas=[
                {
                    "product_code": "TERM-01",
                    "umc_id": self.unit_kilo.id,
                    "qty_umc": Decimal("2"),
                }
            ]
        )
        pedimento._recompute_detail()
        self.assertEqual(
            self._exact(pedimento.goods_ids, "quantity"), Decimal("0.666667")
        )

    # detail that takes the place of other detail ---------------------------------
    def test_replaced_detail_keeps_its_records(self):
        pedimento = self._pedimento(partidas=[{"product_code": "TERM-01"}])
        pedimento._recompute_detail()
        partida, line = pedimento.partida_ids, pedimento.goods_ids
        partida._replace_detail(
            [
                {
                    "part_number": "CONN-12",
                    "qty_umc": 30,
                    "qty_umt": 30,
                    "value_usd": 15,
                    "source": "part_file",
                },
                {
                    "part_number": "TERM-01",
                    "qty_umc": 70,
                    "qty_umt": 70,
                    "value_usd": 35,
                    "source": "part_file",
                },
            ]
        )
        pedimento._recompute_detail()
        self.assertEqual(partida.goods_ids[0], line)
        self.assertEqual(line.product_id, self.connector)
        self.assertEqual(partida.goods_ids.mapped("sequence"), [1, 2])
        self.assertEqual(partida.detail_state, "done")
