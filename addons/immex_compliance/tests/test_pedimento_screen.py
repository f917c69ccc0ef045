# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestPedimentoScreen(EngineCase):
    """A pedimento as on paper: typed by keyboard, balance, versions, Data Stage."""

    def setUp(self):
        super().setUp()
        self.part = self._product("MAT-7", "material")
        self.manager = new_test_user(
            self.env,
            "immex_types",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.env["immex.part.factor"].create(
            {
                "product_tmpl_id": self.part.product_tmpl_id.id,
                "unit_id": self.piece.id,
                "factor": 1,
            }
        )

    def _form(self):
        pedimentos = self.env["immex.pedimento"].with_user(self.manager)
        return Form(pedimentos.with_company(self.company))

    # entry ------------------------------------------------------------------------
    def test_one_pasted_field_is_the_number(self):
        for typed, section in (
            ("26 24 3108 6000123", "240"),
            ("26-24-3108-6000123", "240"),
            ("262431086000123", "240"),
            ("26 240 3108 6000123", "240"),
            ("26 247 3108 6000123", "247"),
        ):
            with self.subTest(typed=typed):
                form = self._form()
                form.typed_number = typed
                self.assertEqual(
                    (form.year, form.office, form.office_section),
                    (2026, "24", section),
                )
                self.assertEqual((form.patente, form.document), ("3108", "6000123"))

    def test_nothing_typed_is_no_number(self):
        pedimento = self.env["immex.pedimento"].new({"origin": "manual"})
        self.assertFalse(pedimento.number)
        pedimento.typed_number = "26 24 3108 6000123"
        pedimento._onchange_typed_number()
        self.assertEqual(pedimento.number.split(), ["26", "24", "3108", "6000123"])

    def test_what_is_no_number_is_told_and_fills_nothing(self):
        pedimento = self.env["immex.pedimento"].new({"typed_number": "26 24 31"})
        told = pedimento._onchange_typed_number()
        self.assertIn("26 24 31", told["warning"]["message"])
        self.assertFalse(pedimento.document)

    def test_typed_it_makes_its_layer_and_its_sums(self):
        usa = self.env.ref("base.us")
        waiting = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "immex_pedimento_ref": "26 24 3108 6000123",
            }
        )
        with self._form() as form:
            form.typed_number = "26 24 3108 6000123"
            form.operation_type = "1"
            form.key_id = self._key("IN")
            form.entry_date = form.payment_date = "2026-10-01"
            with form.partida_ids.new() as row:
                self.assertEqual(row.sequence, 1)
                row.fraccion = "85369099"
                row.product_code = "MAT-7"
                row.description = "Connector"
                row.umc_id = row.umt_id = self.piece
                row.qty_umc = 100
                self.assertEqual(row.qty_umt, 100)
                row.value_usd = 250.25
                row.customs_value = 4500.5
                row.origin_code = "usa"
            with form.partida_ids.new() as row:
                # goes on from the row above
                self.assertEqual(row.sequence, 2)
                self.assertEqual((row.umc_id, row.umt_id), (self.piece, self.piece))
                self.assertEqual((row.origin_code, row.origin_country_id), ("USA", usa))
                row.fraccion = "85369099"
                row.product_code = "MAT-7"
                row.description = "Connector"
                row.qty_umc = 40
                row.value_usd = 99.75
        pedimento = form.record.sudo()
        self.assertEqual(pedimento.number15, "262431086000123")
        self.assertEqual(pedimento.company_id, self.company)
        self.assertEqual(pedimento.partida_ids.company_id, self.company)
        self.assertEqual(pedimento.total_usd, 350)
        self.assertEqual(pedimento.total_customs_value, 4500.5)
        self.assertEqual(pedimento.state, "ready")
        self.assertEqual(pedimento.goods_ids.product_id, self.part)
        self.assertEqual(waiting.immex_pedimento_id, pedimento)
        self._run()
        self.assertEqual(sum(pedimento.layer_ids.mapped("quantity")), 140)
        # corrected by hand: the sums follow
        pedimento.partida_ids[0].value_usd = 300
        self.assertEqual(pedimento.total_usd, 399.75)

    # looking ----------------------------------------------------------------------
    def test_balance_of_a_partida(self):
        entry = self._pedimento("IN", "1", "2026-10-01", [(self.part, 100)])
        self._transfer("incoming", "2026-10-01", [(self.part, 100)], entry)
        out = self._pedimento("RT", "2", "2026-10-10", [(self.part, 32.5)])
        self._transfer("outgoing", "2026-10-10", [(self.part, 32.5)], out)
        self.assertFalse(entry.partida_ids.balance, "before any run")
        self._run()
        self.env.invalidate_all()
        balance = entry.partida_ids.balance
        self.assertEqual(
            [(part["kind"], part["share"]) for part in balance["parts"]],
            [("return", 32.5), ("left", 67.5)],
        )
        unit = self.piece.name
        self.assertEqual(
            balance["text"], f"Imported 100 {unit} · Return abroad 32.5 · Left 67.5"
        )
        self.assertFalse(out.partida_ids.balance, "what leaves has no balance")

    def test_a_long_pedimento_costs_no_more_queries(self):
        costs = []
        for lines in (1, 25):
            entry = self._pedimento(
                "IN", "1", "2026-10-01", [(self.part, 10 + n) for n in range(lines)]
            )
            self._run()
            self.env.flush_all()
            self.env.invalidate_all()
            rows = entry.partida_ids
            rows.mapped("umc_id.name")
            start = self.env.cr.sql_log_count
            self.assertTrue(all(rows.mapped("balance")))
            costs.append(self.env.cr.sql_log_count - start)
        self.assertEqual(costs[0], costs[1])
        self.assertLessEqual(costs[0], 4)

    def test_versions(self):
        first = self._pedimento("IN", "1", "2026-10-01", [(self.part, 10)])
        self.assertFalse(first.has_versions)
        self.assertEqual(first.version_ids, first)
        second = self._pedimento("R1", "1", "2026-10-02", [(self.part, 9)])
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": second.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "office_section": first.office_section,
                "patente": first.patente,
                "document": first.document,
                "date": "2026-10-01",
                "key_code": "IN",
            }
        )
        second._link_arrival()
        self.env.invalidate_all()
        for version in first | second:
            self.assertTrue(version.has_versions)
            self.assertEqual(version.version_ids, first | second)

    def test_what_data_stage_says(self):
        entry = self._pedimento("IN", "1", "2026-10-01", [(self.part, 10)])
        self.assertEqual(entry.reconciliation_state, "none")
        run = self.env["immex.reconciliation"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
            }
        )
        run.sudo().write({"state": "done", "run_at": "2026-11-01 06:00:00"})
        self.env.invalidate_all()
        self.assertEqual(entry.reconciliation_state, "none", "no record of Data Stage")
        line = (
            self.env["immex.reconciliation.line"]
            .sudo()
            .create(
                {
                    "reconciliation_id": run.id,
                    "company_id": self.company.id,
                    "key": "x",
                    "level": "pedimento",
                    "kind": "different",
                    "pedimento_id": entry.id,
                    "state": "open",
                }
            )
        )
        self.env.invalidate_all()
        self.assertEqual(entry.reconciliation_state, "differs")
        self.assertEqual(entry.action_view_reconciliation()["res_id"], line.id)
        line.state = "explained"
        self.env.invalidate_all()
        self.assertEqual(entry.reconciliation_state, "explained")
