# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReportCase

DRAWS = ("incorporated", "merma", "waste", "same_state")


@tagged("post_install", "-at_install")
class TestTrace(ReportCase):
    """The picture says what the ledger says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.half = cls._product("SUB-1", "product")
        cls.whole = cls._product("FIN-2", "product")

    def setUp(self):
        super().setUp()
        # a subassembly of two orders in a product, besides the month
        pedimento = self._pedimento("IN", "1", "2026-09-01", [(self.material, 90)])
        self._transfer("incoming", "2026-09-01", [(self.material, 90)], pedimento)
        self.before = pedimento
        self._order(self.half, 10, "2026-09-03", [(self.material, 30)])
        self._order(
            self.half, 10, "2026-09-04", [(self.material, 33)], **{"MAT-1": (3, 0)}
        )
        self._order(self.whole, 4, "2026-09-05", [(self.half, 14)])
        self.out = self._pedimento("RT", "2", "2026-09-10", [(self.whole, 3)])
        self.delivery = self._transfer(
            "outgoing", "2026-09-10", [(self.whole, 3)], self.out
        )
        self.sale = self.env["sale.order"].create(
            {
                "partner_id": self.principal.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.whole.id, "product_uom_qty": 3})
                ],
            }
        )
        self.delivery.move_ids.sale_line_id = self.sale.order_line
        self._month()

    def _graph(self, records, **options):
        return self.env["immex.trace"].graph(records._name, records.ids, **options)

    def _ledger_of(self, **domain):
        """``{(layer, kind): quantity}`` of the ledger, from exact texts."""
        clause = " AND ".join(f"{name} = ANY(%({name})s)" for name in domain)
        self.env.cr.execute(
            f"SELECT layer_id, kind, sum(quantity)::text FROM immex_discharge"
            f" WHERE superseded_run_id IS NULL AND {clause} GROUP BY 1, 2",
            domain,
        )
        return {row[:2]: Decimal(row[2]) for row in self.env.cr.fetchall()}

    def _edges(self, graph):
        """The same of the picture's edges that leave layers."""
        sums = defaultdict(Decimal)
        for edge in graph["edges"]:
            side, _colon, number = edge["source"].partition(":")
            if side == "layer":
                for part in edge["parts"]:
                    if part["kind"] in DRAWS:
                        sums[int(number), part["kind"]] += Decimal(part["quantity"])
        return dict(sums)

    def _between(self, graph, source, target, kind):
        """Quantity between nodes whose titles are given."""
        titles = {node["key"]: node["title"] for node in graph["nodes"]}
        return sum(
            Decimal(part["quantity"])
            for edge in graph["edges"]
            for part in edge["parts"]
            if part["kind"] == kind
            and titles[edge["source"]] == source
            and titles[edge["target"]] == target
        )

    def test_edges_sum_to_the_ledger(self):
        exits = self.env["immex.exit.line"].search(
            [("company_id", "=", self.company.id), ("official", "=", True)]
        )
        self.assertGreater(len(exits), 2)
        for line in exits:
            expected = self._ledger_of(exit_line_id=line.ids)
            self.assertTrue(expected)
            self.assertEqual(self._edges(self._graph(line)), expected)
        layers = self.env["immex.layer"].search([("company_id", "=", self.company.id)])
        for layer in layers:
            expected = self._ledger_of(layer_id=layer.ids)
            graph = self._graph(layer)
            self.assertEqual(self._edges(graph), expected)
            self.assertEqual(
                sum(Decimal(row["quantity"]) for row in graph["balance"]),
                sum(expected.values()),
            )

    def test_through_a_subassembly(self):
        graph = self._graph(self.out)
        first, second, last = self.env["immex.production.layer"].search(
            [("company_id", "=", self.company.id), ("date", "<", "2026-10-01")],
            order="date",
        )
        name = {layer: layer.production_id.name for layer in (first, second, last)}
        # 3 of 4 pieces, which drew 10 of the first order and 4 of the second
        self.assertEqual(self._between(graph, name[last], "FIN-2", "made"), 3)
        self.assertEqual(self._between(graph, name[first], name[last], "made"), 10)
        self.assertEqual(
            self._between(graph, name[second], name[last], "made"), Decimal("0.5")
        )
        self.assertEqual(self._between(graph, "MAT-1", name[first], "incorporated"), 30)
        self.assertEqual(
            self._between(graph, "MAT-1", name[second], "incorporated"),
            Decimal("1.5"),
        )
        self.assertEqual(
            self._between(graph, "MAT-1", name[second], "merma"), Decimal("0.15")
        )
        by_type = defaultdict(list)
        for node in graph["nodes"]:
            by_type[node["type"]].append(node)
        self.assertEqual(len(by_type["pedimento"]), 2)
        self.assertEqual(
            [n["title"] for n in by_type["delivery"]], [self.delivery.name]
        )
        self.assertEqual(len(by_type["receipt"]), 1)
        # from left to right: import, layer, orders by level, exit, export
        place = {node["title"]: node["x"] for node in graph["nodes"]}
        self.assertLess(place["MAT-1"], place[name[first]])
        self.assertLess(place[name[first]], place[name[last]])
        self.assertLess(place[name[last]], place["FIN-2"])

    def test_an_import_shows_its_way_only(self):
        graph = self._graph(self.before)
        made = [node for node in graph["nodes"] if node["type"] == "made"]
        self.assertEqual(len(made), 4)
        roots = [node for node in graph["nodes"] if node["root"]]
        self.assertEqual([node["type"] for node in roots], ["pedimento"])

    def test_folded_sums_are_the_same(self):
        layers = self.env["immex.layer"].search([("company_id", "=", self.company.id)])
        whole = self._graph(layers)
        folded = self._graph(layers, limit=1)
        self.assertEqual(folded["balance"], whole["balance"])
        types = [node["type"] for node in folded["nodes"]]
        self.assertIn("more", types)
        more = next(node for node in folded["nodes"] if node["key"] == "more:layer")
        self.assertIn(str(len(layers) - 1), more["title"])

        def drawn(graph):
            return sum(
                Decimal(part["quantity"])
                for edge in graph["edges"]
                for part in edge["parts"]
                if part["kind"] in DRAWS
            )

        self.assertEqual(drawn(folded), drawn(whole))
        self.assertGreater(drawn(whole), 0)

    def test_every_source_has_its_file(self):
        def one(model, domain=()):
            return self.env[model].search(
                [("company_id", "=", self.company.id), *domain], limit=1
            )

        for record in (
            self.before,
            self.before.partida_ids,
            self.before.goods_ids,
            one("immex.discharge"),
            one("immex.production.layer"),
            one("immex.destruction"),
            one(
                "immex.movement", [("kind", "=", "delivery"), ("state", "=", "linked")]
            ),
            one("immex.finding", [("code", "=", "exit_without_document")]),
        ):
            with self.subTest(model=record._name):
                action = record.action_immex_trace()
                self.assertEqual(action["params"]["ids"], record.ids)
                graph = self._graph(record)
                self.assertTrue(graph["edges"])
                keys = [node["key"] for node in graph["nodes"]]
                self.assertEqual(len(keys), len(set(keys)))

    def test_who_may_look(self):
        reader = new_test_user(
            self.env,
            "trace_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        trace = self.env["immex.trace"].with_user(reader)
        graph = trace.graph(self.out._name, self.out.ids)
        nodes = {node["type"]: node for node in graph["nodes"]}
        self.assertEqual(nodes["pedimento"]["model"], "immex.pedimento")
        # names are told, and what the reader may not open is not offered
        self.assertEqual(nodes["order"]["title"], self.sale.name)
        self.assertEqual(nodes["order"]["model"], "")
        mine = self._graph(self.out)["nodes"]
        order = next(node for node in mine if node["type"] == "order")
        self.assertEqual(order["model"], "sale.order")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "trace_stranger",
            groups="immex_compliance.group_administrator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["immex.trace"].with_user(stranger).with_context(
                allowed_company_ids=other.ids
            ).graph(self.out._name, self.out.ids)
        clerk = new_test_user(self.env, "trace_clerk", groups="stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.env["immex.trace"].with_user(clerk).graph(self.out._name, self.out.ids)
        with self.assertRaises(UserError):
            trace.graph("res.users", reader.ids)

    def test_rectified_and_named(self):
        later = self._pedimento(
            "R1",
            "1",
            "2026-10-29",
            [(self.material, 90)],
            operation_rule_id=self.before.operation_rule_id.id,
        )
        later.write({"rectifies_id": self.before.id, "root_id": self.before.id})
        self.before.current_id = later
        self._run()
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": self.out.id,
                "company_id": self.company.id,
                "kind": "discharge",
                "patente": "3999",
                "document": "7000001",
                "office_section": "240",
                "quantity": 3,
            }
        )
        graph = self._graph(later)
        edge = next(e for e in graph["edges"] if e["parts"][0]["kind"] == "version")
        self.assertEqual(edge["source"], f"version:{self.before.id}")
        self.assertEqual(edge["target"], f"in:{later.id}")
        # its layers are those of the last version, and what they gave is shown
        self.assertTrue(later.layer_ids)
        self.assertEqual(
            self._edges(graph), self._ledger_of(layer_id=later.layer_ids.ids)
        )
        graph = self._graph(self.out)
        missing = [node for node in graph["nodes"] if node["type"] == "missing"]
        self.assertEqual([node["title"] for node in missing], ["240 3999 7000001"])
        self.assertFalse(
            [
                n
                for n in self._graph(self.out, papers=False)["nodes"]
                if n["type"] == "missing"
            ]
        )
