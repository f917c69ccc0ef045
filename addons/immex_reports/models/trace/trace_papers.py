# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Papers beside the chain: versions, named pedimentos, invoices and COVE, orders."""

from decimal import Decimal

from odoo.addons.immex_compliance.models.inventory.walk import spaced

from .trace_root import asked

SHOWN = 3  # invoices of a pedimento that stand by themselves
REFERENCES = 60


class TracePapers:
    """Adds to the graph what its pedimentos and transfers are papered with."""

    def __init__(self, graph):
        self.graph, self.env, self.nodes = graph, graph.env, graph.nodes_of

    def build(self):
        sides, transfers = {}, {}
        for key, node in self.graph.nodes.items():
            kind, _colon, number = key.partition(":")
            if kind in ("in", "out"):
                sides.setdefault(int(number), []).append(key)
            elif kind == "picking":
                transfers[int(number)] = node
        for picking in self.env["stock.picking"].sudo().browse(transfers):
            self._orders(transfers[picking.id], picking)
        pedimentos = self.env["immex.pedimento"].browse(sides)
        for pedimento in pedimentos:
            for key in sides[pedimento.id]:
                self._versions(key, pedimento)
                self._invoices(key, pedimento)
        self._references(pedimentos, sides)

    @staticmethod
    def _rank(key):
        return "paper_in" if key.startswith("in:") else "paper_out"

    def _joined(self, key, paper, kind="paper", quantity=None, unit=""):
        """An import's papers point to it, an exit points to its papers."""
        pair = (paper, key) if key.startswith("in:") else (key, paper)
        self.graph.edge(*pair, kind, quantity, unit=unit)

    def _versions(self, key, pedimento):
        """The versions before this one, the first one last (R1)."""
        later, before, seen = key, pedimento.rectifies_id, set()
        while before and before.id not in seen:
            seen.add(before.id)
            paper = f"version:{before.id}"
            self.nodes.pedimento(paper, before, self._rank(key))
            self.graph.edge(paper, later, "version")
            later, before = paper, before.rectifies_id

    def _invoices(self, key, pedimento):
        invoices = pedimento.invoice_ids
        for invoice in invoices[:SHOWN]:
            cove = invoice.cove_id
            paper = f"invoice:{invoice.id}"
            self.nodes.add(
                paper,
                self._rank(key),
                self.env._("COVE") if cove else self.env._("Invoice or COVE"),
                invoice.number or self.env._("without number"),
                [self.nodes.date(invoice.date), invoice.partner_name],
                cove or pedimento,
                type="paper",
                root=False,
            )
            self._joined(key, paper)
        if len(invoices) > SHOWN:
            paper = f"invoices:{pedimento.id}"
            self.nodes.add(
                paper,
                self._rank(key),
                self.env._("Invoices and COVE"),
                self.env._("and %(n)s more", n=len(invoices) - SHOWN),
                (),
                pedimento,
                type="paper",
                root=False,
            )
            self._joined(key, paper)

    def _orders(self, node, picking):
        """The purchase or the sale that a transfer is of."""
        key, moves = node["key"], picking.move_ids
        if node["type"] == "receipt":
            label, rank = self.env._("Purchase"), "paper_in"
            orders = moves.purchase_line_id.order_id
        else:
            label, rank = self.env._("Sale"), "paper_out"
            orders = moves.sale_line_id.order_id
        for order in orders[:SHOWN]:
            paper = f"{order._name}:{order.id}"
            self.nodes.add(
                paper,
                rank,
                label,
                order.name,
                [self.nodes.date(order.date_order), order.partner_id.name],
                order,
                type="order",
            )
            pair = (paper, key) if rank == "paper_in" else (key, paper)
            self.graph.edge(*pair, "paper")

    def _references(self, pedimentos, sides):
        """Pedimentos that these name (512), recorded or not, and who names the ones
        that the file is of."""
        found = self.env["immex.pedimento.reference"].search(
            [
                ("kind", "=", "discharge"),
                "|",
                ("pedimento_id", "in", pedimentos.ids),
                ("target_id", "in", asked(self.graph.records).ids),
            ],
            limit=REFERENCES,
        )
        exact = self.nodes.exact(found, "quantity")
        for reference in found:
            naming, named = reference.pedimento_id, reference.target_id
            source = self._of(naming, sides, "out")
            if named:
                target = self._of(named, sides, "in")
            else:
                target = f"unknown:{reference.patente}:{reference.document}"
                self.nodes.add(
                    target,
                    "paper_out",
                    self.env._("Named, not recorded"),
                    spaced(
                        " ".join(
                            filter(
                                None,
                                (
                                    reference.office_section,
                                    reference.patente,
                                    reference.document,
                                ),
                            )
                        )
                    ),
                    [reference.key_code, self.nodes.date(reference.date)],
                    type="missing",
                )
            [quantity] = exact[reference.id]
            self.graph.edge(
                source, target, "named", quantity if quantity > Decimal(0) else None
            )

    def _of(self, pedimento, sides, prefer):
        """Node of a pedimento that a reference joins; a paper where it has none."""
        keys = sides.get(pedimento.id)
        if keys:
            return next((key for key in keys if key.startswith(prefer)), keys[0])
        key = f"named:{pedimento.id}"
        self.nodes.pedimento(key, pedimento, "paper_out")
        return key
