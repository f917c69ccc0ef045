# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestWalk(EngineCase):
    """Titles, searches by number and the buttons that lead from record to record."""

    def setUp(self):
        super().setUp()
        self.part = self._product("MAT-001", "material")
        self.goods = self._product("PROD-1", "product")
        self.entry = self._pedimento("IN", "1", "2026-10-01", [(self.part, 100)])
        self._transfer("incoming", "2026-10-01", [(self.part, 100)], self.entry)
        self.order = self._order(self.goods, 30, "2026-10-05", [(self.part, 60)])
        self.exit = self._pedimento("RT", "2", "2026-10-10", [(self.goods, 20)])
        self._transfer("outgoing", "2026-10-10", [(self.goods, 20)], self.exit)
        self.run = self._run()
        self.layer = self._layer(self.entry)
        self.line = self.exit.exit_line_ids

    def _forms_of(self, pedimento):
        groups = pedimento.number.split()
        return ("  ".join(groups), " ".join(groups), "-".join(groups), "".join(groups))

    def test_titles_are_in_the_field_s_terms(self):
        entry = " ".join(self.entry.number.split())
        left = " ".join(self.exit.number.split())
        self.assertEqual(self.layer.display_name, f"{entry} · partida 1 · MAT-001")
        self.assertEqual(self.line.display_name, f"{left} · PROD-1")
        requirement = self.line.requirement_ids
        self.assertEqual(requirement.display_name, f"{left} · PROD-1 · MAT-001")
        discharge = self.line.discharge_ids
        self.assertEqual(discharge.display_name, f"{entry} → {left} · MAT-001")
        made = requirement.production_layer_id
        self.assertEqual(made.display_name, f"{self.order.name} · PROD-1")
        movement = self.line.goods_id.link_ids.movement_id
        self.assertEqual(
            movement.display_name, f"{movement.picking_id.name} · PROD-1 · 2026-10-10"
        )
        self.assertTrue(self.run.display_name.endswith(" · test"))

    def test_a_number_is_found_however_it_is_typed(self):
        found = {
            "immex.pedimento": self.entry,
            "immex.layer": self.layer,
            "immex.discharge": self.line.discharge_ids,
        }
        for typed in (*self._forms_of(self.entry), self.entry.document):
            for model, record in found.items():
                with self.subTest(typed=typed, model=model):
                    hits = self.env[model].search(
                        [
                            ("display_name", "ilike", typed),
                            ("company_id", "=", self.company.id),
                        ]
                    )
                    self.assertEqual(hits, record)
        for typed in (*self._forms_of(self.exit), self.exit.document):
            with self.subTest(typed=typed):
                own = [("company_id", "=", self.company.id)]
                for domain in (
                    [("display_name", "ilike", typed)],
                    [("pedimento_id", "ilike", typed)],
                ):
                    self.assertEqual(
                        self.env["immex.exit.line"].search(own + domain), self.line
                    )
        self.assertFalse(
            self.env["immex.pedimento"].search([("display_name", "ilike", "00-00-99")])
        )

    def test_titles_of_many_rows_cost_the_same_as_of_one(self):
        second = self._pedimento(
            "IN", "1", "2026-10-02", [(self.part, n) for n in range(1, 21)]
        )
        self._run()
        queries = []
        for layers in (self.layer, self._layer(second)):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            layers.mapped("display_name")
            queries.append(self.env.cr.sql_log_count - start)
        self.assertEqual(queries[0], queries[1])

    def test_the_walk(self):
        requirement = self.line.requirement_ids
        self.assertEqual(self.layer.discharge_count, 1)
        self.assertEqual(
            self.layer.action_discharges()["res_id"], self.line.discharge_ids.id
        )
        self.assertEqual(requirement.coverage, "covered")
        self.assertEqual(requirement.production_id, self.order)
        receipt = self.layer.goods_id.link_ids.movement_id
        self.assertEqual(receipt.layer_ids, self.layer)
        self.assertFalse(receipt.exit_line_ids)
        delivery = self.line.goods_id.link_ids.movement_id
        self.assertEqual(delivery.action_exits()["res_id"], self.line.id)
        added = self.run.action_discharges_added()
        self.assertEqual(added["res_id"], self.line.discharge_ids.id)
        self.assertEqual(
            self.run.action_discharges_superseded()["view_mode"], "list,form"
        )

    def test_expiry_is_asked_at_a_date(self):
        states = {
            day: self.layer.with_context(immex_at_date=day).term_state
            for day in (
                "2026-10-02",
                self.layer.term_safe_date,
                self.layer.term_end,
                self.layer.term_end.replace(year=self.layer.term_end.year + 1),
            )
        }
        self.assertEqual(
            list(states.values())[-1], "expired", "a year after the term ended"
        )
        self.assertEqual(states["2026-10-02"], "current")
        self.assertEqual(states[self.layer.term_end], "expiring")

    def test_only_managers_run_from_the_list_of_runs(self):
        user = new_test_user(
            self.env,
            "immex_walk_user",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        manager = new_test_user(
            self.env,
            "immex_walk_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        runs = self.env["immex.discharge.run"]
        with self.assertRaises(AccessError):
            runs.with_user(user).action_run_discharge()
        action = runs.with_user(manager).action_run_discharge()
        self.assertEqual(action["res_model"], "immex.discharge.request")
        self.assertEqual(action["context"]["default_company_ids"], self.company.ids)

    def test_a_surplus_tells_the_whole_receipt(self):
        paper = self._pedimento("IN", "1", "2026-10-12", [(self.part, 900)])
        self._transfer("incoming", "2026-10-12", [(self.part, 1000)], paper)
        movements = self.env["immex.movement"].search([])
        self._run()
        finding = self._findings("receipt_over")
        self.assertEqual(finding.quantity, 100)
        self.assertEqual(finding.expected, 1000)
        self.assertIn("1000 ", finding.message)
        self.assertTrue(self.env["immex.movement"].search([]) - movements)

    def test_a_surplus_in_two_lines_tells_the_whole_receipt(self):
        paper = self._pedimento("IN", "1", "2026-10-12", [(self.part, 900)])
        self._transfer(
            "incoming", "2026-10-12", [(self.part, 900), (self.part, 100)], paper
        )
        self._run()
        findings = self._findings("receipt_over")
        self.assertTrue(findings)
        self.assertEqual(set(findings.mapped("expected")), {1000.0})
