# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Nodes of a traceability file: words, rights, and what is folded."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL, format_date

from odoo.addons.immex_compliance.models.inventory.immex_finding import OPEN_STATES
from odoo.addons.immex_compliance.models.inventory.walk import part, spaced

from . import numbers
from .trace_chain import TraceChain
from .trace_root import asked

# from left to right
RANKS = (
    "paper_in",
    "in",
    "remesa_in",
    "receipt",
    "layer",
    "made",
    "delivery",
    "exit",
    "remesa_out",
    "out",
    "paper_out",
)
FLOWS = frozenset(("incorporated", "merma", "waste", "same_state", "short", "made"))
SIDES = ("layer", "exit")


class TraceNodes(TraceChain):
    """Fills ``graph.nodes``, and the edges between documents and their lines."""

    flows = FLOWS

    def __init__(self, graph):
        self.graph, self.env = graph, graph.env
        self.kinds = {
            "incorporated": self.env._("incorporated"),
            "merma": self.env._("merma"),
            "waste": self.env._("waste (desperdicio)"),
            "same_state": self.env._("same state"),
            "short": self.env._("without import"),
            "made": self.env._("taken"),
            "declared": self.env._("declared"),
            "received": self.env._("received"),
            "delivered": self.env._("delivered"),
            "left": self.env._("left"),
            "version": self.env._("rectified by (R1)"),
            "named": self.env._("named (512)"),
            "paper": "",
        }
        self.openable = {}

    # making a node ------------------------------------------------------------------
    def add(self, key, rank, label, title, lines=(), record=None, **more):
        """Add a node; ``record`` is what a click opens, if the reader may."""
        if key in self.graph.nodes:
            return self.graph.nodes[key]
        rows, _documents = self.graph.folds.get(key, (1, 1))
        node = {
            "key": key,
            "type": more.pop("type", rank),
            "rank": RANKS.index(rank),
            "label": label,
            "title": title or "",
            "lines": [line for line in lines if line],
            "model": record._name if record and self._may_open(record) else "",
            "id": record.id if record else 0,
            "root": bool(record) and record in self._roots(record),
            "fold": "",
            "listed": False,
            "rows": rows,
            "findings": 0,
            **more,
        }
        self.graph.nodes[key] = node
        return node

    def _roots(self, record):
        records = self.graph.records
        return records if records._name == record._name else record.browse()

    def _may_open(self, record):
        name = record._name
        if name not in self.openable:
            self.openable[name] = self.env[name].has_access("read")
        return self.openable[name] and self.env[name].browse(record.id).has_access(
            "read"
        )

    def date(self, day):
        return format_date(self.env, day) if day else ""

    def told(self, quantity, unit=""):
        return numbers.told(self.env, quantity, unit)

    def browse(self, model, prefix):
        """Records of the nodes ``prefix:id`` that the ledger's rows name."""
        ids = [
            int(key.partition(":")[2])
            for key in self.graph.folds
            if key.startswith(f"{prefix}:")
        ]
        return self.env[model].browse(ids)

    def exact(self, records, *names):
        """``{id: (Decimal, ...)}`` of numeric fields, not by way of a float."""
        if not records:
            return {}
        columns = SQL(", ").join(
            SQL("%s::text", SQL.identifier(name)) for name in names
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id IN %s",
                columns,
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
        return {row[0]: tuple(Decimal(value or 0) for value in row[1:]) for row in rows}

    # the chain ----------------------------------------------------------------------
    def build(self):
        self._asked()
        self._imports()
        self._productions()
        self._exits()
        self._shortages()
        self._rest()
        self._lists()
        self._findings()

    def _asked(self):
        """Those that the ledger knows nothing of are shown as well, the first ones."""
        named = self._named()
        shown = [
            pedimento
            for pedimento in self._unknown(asked(self.graph.records))
            if not any(f"{side}:{pedimento.id}" in named for side in ("in", "out"))
        ]
        for pedimento in shown[: self.graph.limit]:
            side = "in" if pedimento.operation_type == "1" else "out"
            self.pedimento(f"{side}:{pedimento.id}", pedimento, side)
        beyond = len(shown) - self.graph.limit
        if beyond > 0:
            self.graph.folds["more:pedimento"] = (beyond, beyond)

    def _unknown(self, pedimentos):
        """Of pedimentos, those without layers and exits, where some stand among others
        and no row names them."""
        if not {"more:layer", "more:exit"} & self.graph.folds.keys():
            return pedimentos
        for model in ("immex.layer", "immex.exit.line"):
            groups = self.env[model]._read_group(
                [("pedimento_id", "in", pedimentos.ids)], ["pedimento_id"]
            )
            pedimentos -= pedimentos.browse(group[0].id for group in groups)
        return pedimentos

    def _named(self):
        """Keys of the documents that the ledger's rows name."""
        return {row["target"] for row in self.graph.rows if row["what"] in SIDES}

    def pedimento(self, key, pedimento, rank):
        """Node of a pedimento on the side of the imports or of the exits."""
        if key in self.graph.nodes:
            return self.graph.nodes[key]
        rows = self.graph.folds.get(key, (0, 0))[0]
        incoming = rank in ("in", "paper_in")
        node = self.add(
            key,
            rank,
            self.env._("Import pedimento")
            if pedimento.operation_type == "1"
            else self.env._("Export pedimento"),
            spaced(pedimento.number),
            [
                " · ".join(
                    filter(
                        None,
                        (
                            pedimento.key_id.code,
                            self.date(pedimento.payment_date),
                            pedimento.office_section
                            and self.env._("office %(n)s", n=pedimento.office_section),
                        ),
                    )
                ),
                pedimento.sudo().partner_id.name,
            ],
            pedimento,
            type="pedimento",
        )
        if rows > 1:
            node["fold"] = key
            many = self.told(rows)
            node["lines"].append(
                self.env._("%(n)s layers, folded", n=many)
                if incoming
                else self.env._("%(n)s exit lines, folded", n=many)
            )
        return node

    def _shortages(self):
        for row in self.graph.rows:
            if row["what"] == "short":
                self.add(
                    row["source"],
                    "layer",
                    self.env._("Shortage"),
                    part(self.graph.products[row["product_id"]]),
                    [self.env._("No import covers it")],
                    type="short",
                )

    def _rest(self):
        """What stands beyond the first documents of a side: how many more."""
        labels = {
            "pedimento": self.env._("Pedimentos"),
            "layer": self.env._("Imports"),
            "made": self.env._("Production"),
            "exit": self.env._("Exits"),
        }
        for side, label in labels.items():
            key = f"more:{side}"
            if key in self.graph.folds:
                rows, documents = self.graph.folds[key]
                self.add(
                    key,
                    "in" if side == "pedimento" else side,
                    label,
                    self.env._("and %(n)s more", n=self.told(documents)),
                    [
                        side != "pedimento"
                        and self.env._("%(n)s lines", n=self.told(rows))
                    ],
                    type="more",
                    fold=key,
                )

    def _lists(self):
        """Of what is folded, that which the picture will not hold opens as a list."""
        graph = self.graph
        for node in graph.nodes.values():
            if node["fold"]:
                rows, documents = graph.folds[node["key"]]
                many = graph.limit + documents if node["type"] == "more" else rows
                node["listed"] = many > graph.most or node["key"] in graph.opened

    def _findings(self):
        """Open findings of the records that the nodes show."""
        fields = {
            "immex.layer": "layer_id",
            "immex.exit.line": "exit_line_id",
            "immex.pedimento": "pedimento_id",
        }
        nodes = defaultdict(dict)
        for node in self.graph.nodes.values():
            if node["model"] in fields:
                nodes[node["model"]].setdefault(node["id"], node)
        for model, mine in nodes.items():
            field = fields[model]
            groups = self.env["immex.finding"]._read_group(
                [(field, "in", list(mine)), ("state", "in", OPEN_STATES)],
                [field],
                ["__count"],
            )
            for record, count in groups:
                mine[record.id]["findings"] = count
