# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the kernel must answer, the slow and obvious way.

Shares nothing with the kernel: lists of named tuples in, plain loops over exact
fractions, sets of rows out.
"""

from collections import namedtuple
from fractions import Fraction
from math import floor

Supply = namedtuple(
    "Supply", "supply_id stack rank qty available_at expires_at", defaults=[None]
)
Demand = namedtuple(
    "Demand",
    "demand_id stack rank qty at only_unexpired names only_expired",
    defaults=[False, None, False],
)
Hold = namedtuple("Hold", "demand_id supply_id qty")
Piece = namedtuple(
    "Piece",
    "stack supply_id demand_id qty supply_from supply_to demand_from demand_to",
)

Node = namedtuple("Node", "node_id product qty")
Input = namedtuple(
    "Input", "input_id node_id product produced incorporated merma waste"
)
Edge = namedtuple("Edge", "input_id node_id input_from input_to node_from node_to")
Seed = namedtuple("Seed", "exit_id node_id node_from node_to")
InputSeed = namedtuple("InputSeed", "exit_id input_id input_from input_to kind")
Need = namedtuple(
    "Need",
    "exit_id top_node_id node_id input_id product kind level unexplained reason",
)

KINDS = ("incorporated", "merma", "waste")


def day(moment):
    return moment.date() if hasattr(moment, "date") else moment


def may_take(demand, supply):
    if supply.stack != demand.stack or supply.available_at > demand.at:
        return False
    expired = supply.expires_at is not None and supply.expires_at < day(demand.at)
    return not (demand.only_unexpired and expired) and (
        expired or not demand.only_expired
    )


def allocate(supplies, demands, holds=()):
    taken = {supply.supply_id: Fraction(0) for supply in supplies}
    kept = {
        supply.supply_id: [hold for hold in holds if hold.supply_id == supply.supply_id]
        for supply in supplies
    }
    pieces = set()

    def take(demand, supply, most, served):
        qty = min(
            Fraction(most),
            Fraction(supply.qty) - taken[supply.supply_id],
            Fraction(demand.qty) - served,
        )
        if qty <= 0 or not may_take(demand, supply):
            return served
        start = taken[supply.supply_id]
        pieces.add(
            Piece(
                demand.stack,
                supply.supply_id,
                demand.demand_id,
                qty,
                start,
                start + qty,
                served,
                served + qty,
            )
        )
        taken[supply.supply_id] += qty
        return served + qty

    for demand in sorted(demands, key=lambda demand: (demand.stack, demand.rank)):
        served = Fraction(0)
        if demand.qty == 0:
            continue
        in_order = sorted(
            (supply for supply in supplies if supply.stack == demand.stack),
            key=lambda supply: supply.rank,
        )
        own = []
        for supply in in_order:
            here = kept[supply.supply_id]
            mine = [hold for hold in here if hold.demand_id == demand.demand_id]
            kept[supply.supply_id] = [hold for hold in here if hold not in mine]
            own.append((supply, sum(Fraction(hold.qty) for hold in mine)))
        for supply, qty in own:
            served = take(demand, supply, qty, served)
        for supply in in_order:
            if demand.names is not None and supply.supply_id not in demand.names:
                continue
            free = Fraction(supply.qty) - taken[supply.supply_id]
            free -= sum(Fraction(hold.qty) for hold in kept[supply.supply_id])
            served = take(demand, supply, free, served)
    return pieces


def half_up(value, digits):
    if digits is None:
        return value
    return Fraction(floor(value * 10**digits + Fraction(1, 2)), 10**digits)


def clip(value, low, high):
    return max(low, min(value, high))


class Explosion:
    """Follow each piece by itself down to the bottom.

    :ivar needs: {Need: quantity}
    :param digits, axis_digits: decimals; None does not round at all
    """

    def __init__(self, nodes, inputs, edges, digits, axis_digits):
        self.nodes = {node.node_id: node for node in nodes}
        self.inputs = {line.input_id: line for line in inputs}
        self.edges = edges
        self.digits = digits
        self.axis_digits = axis_digits
        self.needs = {}

    def run(self, seeds, input_seeds=()):
        for seed in seeds:
            start, end = Fraction(seed.node_from), Fraction(seed.node_to)
            self.node_piece(seed.exit_id, seed.node_id, seed.node_id, start, end, 0, 1)
        for seed in input_seeds:
            self.seeded_input(seed)
        return self.needs

    def add(self, qty, *key):
        if qty > 0:
            key = Need(*key)
            self.needs[key] = self.needs.get(key, 0) + qty

    def traced(self, input_id):
        ends = [edge.input_to for edge in self.edges if edge.input_id == input_id]
        return Fraction(max(ends, default=0))

    def seeded_input(self, seed):
        line = self.inputs[seed.input_id]
        start, end = Fraction(seed.input_from), Fraction(seed.input_to)
        traced = self.traced(line.input_id)
        self.add(
            end - max(start, traced),
            seed.exit_id,
            None,
            None,
            line.input_id,
            line.product,
            seed.kind,
            1,
            line.produced,
            "no_production" if line.produced else None,
        )
        kind = KINDS.index(seed.kind)
        self.input_piece(seed.exit_id, None, line, start, end, kind, 1)

    def node_piece(self, exit_id, top, node_id, start, end, kind, level):
        node = self.nodes[node_id]
        inputs = [line for line in self.inputs.values() if line.node_id == node_id]
        if not inputs:
            qty = self.along(node.qty, node.qty, end, self.digits) - self.along(
                node.qty, node.qty, start, self.digits
            )
            self.add(
                qty,
                exit_id,
                top,
                node_id,
                None,
                node.product,
                KINDS[kind],
                level,
                True,
                "no_composition",
            )
        for line in inputs:
            offset = Fraction(0)
            for number, size in enumerate((line.incorporated, line.merma)):
                size = Fraction(size)
                covered = clip(self.traced(line.input_id) - offset, 0, size)
                ways = max(kind, number)
                self.need(
                    exit_id, top, node, line, size, covered, start, end, ways, level
                )
                points = [
                    covered
                    if point >= node.qty
                    else min(
                        covered, self.along(size, node.qty, point, self.axis_digits)
                    )
                    for point in (start, end)
                ]
                self.input_piece(
                    exit_id,
                    top,
                    line,
                    offset + points[0],
                    offset + points[1],
                    ways,
                    level,
                )
                offset += size

    def need(self, exit_id, top, node, line, size, covered, start, end, kind, level):
        first, last = (
            clip(self.along(size, node.qty, point, self.digits), covered, size)
            for point in (start, end)
        )
        self.add(
            last - first,
            exit_id,
            top,
            None if line.produced else line.node_id,
            line.input_id,
            line.product,
            KINDS[kind],
            level,
            line.produced,
            "no_production" if line.produced else None,
        )

    def along(self, size, output, point, digits):
        """Where ``point`` of an axis as long as ``output`` is on one of ``size``.

        Rounding up goes no further than the end.
        """
        if point >= output:
            return Fraction(size)
        size = Fraction(size)
        return min(size, half_up(size * point / Fraction(output), digits))

    def input_piece(self, exit_id, top, line, start, end, kind, level):
        for edge in self.edges:
            if edge.input_id != line.input_id:
                continue
            low, high = max(start, edge.input_from), min(end, edge.input_to)
            if low < high:
                shift = Fraction(edge.node_from) - Fraction(edge.input_from)
                self.node_piece(
                    exit_id,
                    top,
                    edge.node_id,
                    Fraction(low) + shift,
                    Fraction(high) + shift,
                    kind,
                    level + 1,
                )
