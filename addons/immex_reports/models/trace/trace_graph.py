# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The graph of a traceability file: nodes with words, edges with exact quantities."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from ...renderers.graph_layout import place
from . import numbers
from .trace_nodes import TraceNodes
from .trace_papers import TracePapers
from .trace_root import root_of, subselects
from .trace_sql import READ

LIMIT = 12  # records of a side that stand by themselves
MOST = 240
ALONE = {"more:pedimento", "more:layer", "more:exit"}  # though no line reaches them


def read(records, limit, opened):
    """Rows of the ledger about ``records``, folded: see :mod:`trace_sql`."""
    env = records.env
    return env.execute_query_dict(
        SQL(
            READ,
            **subselects(env, root_of(records)),
            limit=limit,
            most=max(limit, MOST),
            opened=list(opened),
        )
    )


def title(records):
    """The first of the records, and how many more."""
    text = ", ".join(records[:3].mapped("display_name"))
    more = len(records) - 3
    return f"{text} (+{more})" if more > 0 else text


class TraceGraph:
    """Reads once, words what it read, and places it.

    :param records: of one model and one company
    :param int limit: records of a side that stand by themselves before they are folded
    :param opened: keys of documents that are shown line by line
    :param bool papers: with orders, invoices and former versions beside the goods
    """

    def __init__(self, records, limit=LIMIT, opened=(), papers=True):
        self.records, self.env = records, records.env
        self.most = MOST
        self.limit = max(1, min(int(limit), MOST))
        # as many as there can be on the three sides
        self.opened = [str(key) for key in opened][: 3 * MOST]
        self.nodes, self.edges = {}, {}
        self.folds = {}  # key -> (records, documents)
        self.rows = read(records, self.limit, self.opened)
        # all at once: taken one by one, each would be read by itself
        ids = {row["product_id"] for row in self.rows if row["product_id"]}
        products = self.env["product.product"].sudo().browse(ids)
        self.products = {product.id: product for product in products}
        for row in self.rows:
            if row["what"] in ("layer", "exit", "made"):
                self.folds[row["source"]] = (row["rows"], int(row["quantity"]))
        self.nodes_of = TraceNodes(self)
        self.nodes_of.build()
        self._flows()
        if papers:
            TracePapers(self).build()
        self._drop_loose_ends()

    # edges ------------------------------------------------------------------------
    def edge(self, source, target, kind, quantity=None, product=None, unit=""):
        """Add a quantity (Decimal or None) to the edge between two nodes."""
        if source == target or source not in self.nodes or target not in self.nodes:
            return
        parts = self.edges.setdefault((source, target), [])
        parts.append(
            {
                "kind": kind,
                "quantity": None if quantity is None else str(quantity),
                "unit": unit or (product.uom_id.name if product else ""),
                "part": (product.default_code or product.name) if product else "",
            }
        )

    def _flows(self):
        for row in self.rows:
            if row["what"] not in ("flow", "short", "use"):
                continue
            product = self.products[row["product_id"]]
            kind = {"short": "short", "use": "made"}.get(row["what"], row["kind"])
            quantity = Decimal(row["quantity"])
            self.edge(row["source"], row["target"], kind, quantity, product)

    def _drop_loose_ends(self):
        """Folded production may name nodes that nothing reaches."""
        used = {key for pair in self.edges for key in pair} | ALONE
        for key in [key for key in self.nodes if key not in used]:
            if not self.nodes[key]["root"] and self.nodes[key]["type"] != "layer":
                del self.nodes[key]

    def told(self, parts):
        """Every quantity of an edge, in words, by part and kind."""
        words = self.nodes_of.kinds
        several = len({part["part"] for part in parts}) > 1
        told = []
        for part in parts:
            text = ""
            if part["quantity"] is not None:
                text = numbers.told(self.env, part["quantity"], part["unit"])
            name = part["part"] if several else ""
            told.append(" ".join(filter(None, (text, name, words[part["kind"]]))))
        return told

    def label(self, source, target, parts):
        """What is written on an edge: what the nodes at its ends do not say already,
        and of many materials how many."""
        parts = [part for part in parts if not self._is_plain(source, target, part)]
        materials = len({part["part"] for part in parts})
        if materials > 1:
            return [self.env._("%(n)s materials", n=materials)]
        return self.told(parts)

    def _is_plain(self, source, target, part):
        """A line goes whole from or to its document, as its own node tells."""
        if part["kind"] not in ("declared", "received", "delivered", "left"):
            return False
        whole = (self.nodes[source].get("whole"), self.nodes[target].get("whole"))
        return part["quantity"] in whole

    # the whole ----------------------------------------------------------------------
    def values(self):
        """The graph as JSON: nodes and edges with places, and the words around it."""
        nodes = list(self.nodes.values())
        edges = [
            {
                "source": source,
                "target": target,
                "parts": parts,
                "label": self.label(source, target, parts),
                "told": self.told(parts),
                "flow": any(part["kind"] in self.nodes_of.flows for part in parts),
            }
            for (source, target), parts in self.edges.items()
        ]
        size = place(nodes, edges)
        return {
            "title": title(self.records),
            "model": self.records._name,
            "ids": self.records.ids,
            "company": self.records.company_id.sudo().name,
            "nodes": nodes,
            "edges": edges,
            "width": size[0],
            "height": size[1],
            "limit": self.limit,
            "most": self.most,
            "balance": self.balance(),
        }

    def balance(self):
        """Discharged in all, by material and kind: what the edges sum to."""
        sums = defaultdict(Decimal)
        for row in self.rows:
            if row["what"] in ("flow", "short"):
                kind = "short" if row["what"] == "short" else row["kind"]
                sums[row["product_id"], kind] += Decimal(row["quantity"])
        return [
            {
                "part": product.default_code or product.name,
                "kind": self.nodes_of.kinds[kind],
                "quantity": str(quantity),
                "text": numbers.told(self.env, quantity, product.uom_id.name),
            }
            for (product, kind), quantity in sorted(
                (
                    ((self.products[product_id], kind), quantity)
                    for (product_id, kind), quantity in sums.items()
                ),
                key=lambda item: (item[0][0].default_code or "", item[0][1]),
            )
        ]
