# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.trace import trace_graph, trace_scope
from ..models.trace.trace_scope import TraceScope
from .common import ReportCase

MOST = 4


@tagged("post_install", "-at_install")
class TestTraceMany(ReportCase):
    """An import that more exits drew from than a picture holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(trace_graph, "MOST", MOST))
        own = cls()
        own.before = own._pedimento("IN", "1", "2026-09-01", [(cls.material, 100)])
        own._transfer("incoming", "2026-09-01", [(cls.material, 100)], own.before)
        own._order(cls.product, 50, "2026-09-02", [(cls.material, 100)])
        own.sold = own.env["immex.pedimento"]
        for day in range(3, 9):
            lines = [(cls.product, 1)] * (6 if day == 3 else 1)
            out = own._pedimento("RT", "2", f"2026-09-0{day}", lines)
            own._transfer("outgoing", f"2026-09-0{day}", lines, out)
            own.sold += out
        own._run()
        cls.before, cls.sold = own.before, own.sold
        cls.exits = cls.sold.exit_line_ids

    def _graph(self, records, **options):
        return self.env["immex.trace"].graph(records._name, records.ids, **options)

    def _nodes(self, records, **options):
        graph = self._graph(records, **options)
        return {node["key"]: node for node in graph["nodes"]}

    def _list(self, records, key):
        """The records that the list of a node shows."""
        action = self.env["immex.trace"].listed(records._name, records.ids, key)
        model = self.env[action["res_model"]].with_context(**action["context"])
        return model.search(action["domain"])

    def test_more_opens_a_list(self):
        self.assertEqual(len(self.exits), 11)
        nodes = self._nodes(self.before, limit=2)
        more = nodes["more:exit"]
        # four documents more than two are no picture of four
        self.assertEqual(more["title"], "and 4 more")
        self.assertTrue(more["listed"])
        self.assertEqual(self._list(self.before, "more:exit"), self.exits)
        self.assertEqual(self._list(self.before, "more:layer"), self.before.layer_ids)
        made = self._list(self.before, "more:made")
        self.assertEqual(made.production_id.product_id, self.product)

    def test_what_fits_unfolds(self):
        """Up to what a picture holds, a click shows more of it."""
        some = self.sold[2:]
        nodes = self._nodes(some, limit=2)
        self.assertFalse(nodes["more:exit"]["listed"])
        self.assertNotIn("more:exit", self._nodes(some, limit=4))

    def test_a_document_of_many_lines(self):
        large = self.sold[0]
        key = f"out:{large.id}"
        node = self._nodes(self.before, limit=3)[key]
        self.assertTrue(node["listed"])
        self.assertIn("6 exit lines, folded", node["lines"])
        self.assertEqual(self._list(self.before, key), large.exit_line_ids)

    def test_opened_lines_are_bounded_together(self):
        keys = [f"out:{pedimento.id}" for pedimento in self.sold]
        nodes = self._nodes(self.before, limit=MOST, opened=keys)
        lines = [key for key in nodes if key.startswith("exit:")]
        self.assertEqual(len(lines), MOST)
        # what was opened and does not fit is a list
        self.assertTrue(nodes[keys[0]]["listed"])
        self.assertEqual(
            self._graph(self.before, limit=MOST, opened=keys)["balance"],
            self._graph(self.before)["balance"],
        )

    def test_more_pedimentos_than_a_picture_holds(self):
        """Those with layers or exits stand within them, others are counted."""
        idle = self.env["immex.pedimento"]
        for day in range(1, 8):
            idle += self._pedimento("IN", "1", f"2026-08-0{day}", [])
        asked = idle | self.sold
        nodes = self._nodes(asked, limit=2)
        self.assertEqual(nodes["more:pedimento"]["title"], "and 5 more")
        self.assertEqual(
            [key for key, node in nodes.items() if node["root"] and "in:" in key],
            [f"in:{pedimento.id}" for pedimento in idle[:2]],
        )
        # four documents of exits stand among the others, and not beside them as well
        self.assertEqual(nodes["more:exit"]["title"], "and 4 more")
        self.assertEqual(len([key for key in nodes if key.startswith("out:")]), 2)
        found = self._list(asked, "more:pedimento")
        self.assertEqual(found, asked)

    def test_numbers_are_read(self):
        with patch.object(trace_graph, "read", self._many):
            more = self._nodes(self.exits[:1])["more:exit"]
        self.assertEqual(more["title"], "and 4,312 more")
        self.assertEqual(more["lines"], ["12,936 lines"])

    @staticmethod
    def _many(_records, _limit, _opened):
        row = dict.fromkeys(("target", "kind", "product_id"))
        return [
            {
                **row,
                "what": "exit",
                "source": "more:exit",
                "quantity": "4312",
                "rows": 12936,
            }
        ]

    def test_tables_hold_the_same(self):
        scope = TraceScope(self.before)
        self.assertEqual(scope.layers, self.before.layer_ids)
        self.assertEqual(set(scope.exits), set(self.exits))
        self.assertEqual(scope.made.product_id, self.product)
        self.assertFalse(scope.cut)
        with patch.object(trace_scope, "MOST", 5):
            scope = TraceScope(self.before)
        self.assertEqual(len(scope.exits), 5)
        self.assertTrue(scope.cut)
        drawn = sum(
            Decimal(row["quantity"]) for row in self._graph(self.before)["balance"]
        )
        self.assertEqual(drawn, 22)

    def test_who_may_list(self):
        for key in ("more:user", "in:x", "in:", "exit:1", "res.users:1", ""):
            with self.assertRaises(UserError):
                self.env["immex.trace"].listed("immex.pedimento", self.before.ids, key)
        for value in ("res.users:1", "immex.pedimento:", "immex.pedimento:x", "x"):
            with self.assertRaises(UserError):
                self.env["immex.layer"].search([("trace_of", "=", value)])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "trace_list_stranger",
            groups="immex_compliance.group_administrator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        exits = self.env["immex.exit.line"].with_user(stranger)
        with self.assertRaises(AccessError):
            exits.with_context(allowed_company_ids=other.ids).search(
                [("trace_of", "=", f"immex.pedimento:{self.before.id}")]
            )
