# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random stacks and random production, small and full of corner cases."""

import os
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from oracle import Demand, Edge, Hold, Input, InputSeed, Node, Seed, Supply

# Of each property; more by the variable, for a long hunt.
EXAMPLES = int(os.environ.get("IMMEX_HYPOTHESIS_EXAMPLES", "40"))

START = date(2026, 1, 1)
MAX_STACKS = 3
MAX_SUPPLIES = 6
MAX_DEMANDS = 8
MAX_DAY = 6  # few days, so that ties are common

days = st.integers(0, MAX_DAY).map(lambda number: START + timedelta(days=number))
# Round and ragged numbers, with zero often among them.
quantities = st.one_of(
    st.just(Decimal(0)),
    st.integers(1, 12).map(Decimal),
    st.integers(1, 20000).map(lambda number: Decimal(number).scaleb(-3)),
    st.sampled_from([Decimal("0.000001"), Decimal("3.333333"), Decimal("1E+9")]),
)


def _numbered(draw, size):
    """Distinct ids in no order that means anything."""
    return draw(st.permutations(range(1, size + 1)))


@st.composite
def stacks(draw, ordered=False):
    """(supplies, demands), rows in any order.

    :param ordered: only what the fast way may take
    """
    supplies, demands = [], []
    for stack in range(draw(st.integers(1, MAX_STACKS))):
        arrivals = draw(st.lists(days, max_size=MAX_SUPPLIES))
        moments = draw(st.lists(days, max_size=MAX_DEMANDS))
        if ordered:
            arrivals.sort()
            moments.sort()
        for place, arrival in enumerate(arrivals):
            expiry = draw(st.none() | days)
            supplies.append((stack, 3 * place, draw(quantities), arrival, expiry))
        for place, moment in enumerate(moments):
            picky = False if ordered else draw(st.booleans())
            demands.append((stack, 2 * place - 5, draw(quantities), moment, picky))
    ids = _numbered(draw, len(supplies))
    supplies = [Supply(key, *row) for key, row in zip(ids, supplies, strict=True)]
    named = st.none()
    if ids and not ordered:
        some = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True)
        named = st.none() | some.map(tuple)
    ids = _numbered(draw, len(demands))
    demands = [
        Demand(key, *row, draw(named), not ordered and draw(st.booleans()))
        for key, row in zip(ids, demands, strict=True)
    ]
    return draw(st.permutations(supplies)), draw(st.permutations(demands))


@st.composite
def held_stacks(draw):
    """(supplies, demands, holds): some of the supplies is kept for some demands, or
    for one that is not there."""
    supplies, demands = draw(stacks())
    holds = []
    if supplies:
        askers = [None, *(demand.demand_id for demand in demands)]
        kept = st.tuples(
            st.sampled_from(askers),
            st.sampled_from([supply.supply_id for supply in supplies]),
            quantities.filter(bool),
        )
        rows = draw(st.lists(kept, max_size=5, unique_by=lambda row: row[:2]))
        holds = [Hold(*row) for row in rows]
    return supplies, demands, holds


MAX_LEVELS = 3
MAX_NODES = 3  # per level
MAX_INPUTS = 3  # per node
MAX_CUTS = 4
PRODUCT_OF_LEVEL = 100

sizes = st.one_of(
    st.just(0),
    st.integers(1, 9).map(lambda number: number * 1000),
    st.integers(1, 9999),
)


def _milli(number):
    return Decimal(number).scaleb(-3)


class _Production:
    """Builds in thousandths; what is left of each node is given out in order."""

    def __init__(self, draw):
        self.draw = draw
        self.nodes, self.inputs, self.edges = [], [], []
        self.seeds, self.input_seeds = [], []
        self.outputs, self.left = {}, {}

    def build(self):
        below = []
        for level in range(self.draw(st.integers(1, MAX_LEVELS))):
            layer = [
                self.add_node(level, below)
                for _number in range(self.draw(st.integers(1, MAX_NODES)))
            ]
            below = below + layer
        for node_id in below:
            self.cut_node(node_id)
        return self

    def add_node(self, level, below):
        node_id = 10 * (len(self.nodes) + 1)
        output = self.draw(st.integers(1, 9999) | st.sampled_from([1000, 3000, 7000]))
        self.outputs[node_id], self.left[node_id] = output, 0
        self.nodes.append(Node(node_id, PRODUCT_OF_LEVEL * level, _milli(output)))
        for _number in range(self.draw(st.integers(0, MAX_INPUTS))):
            self.add_input(node_id, below)
        return node_id

    def add_input(self, node_id, below):
        input_id = len(self.inputs) + 1
        columns = [self.draw(sizes) for _column in range(3)]
        produced = self.draw(st.booleans())
        self.inputs.append(
            Input(input_id, node_id, 7 * input_id, produced, *map(_milli, columns))
        )
        if not produced:
            return
        place, drawn = 0, sum(columns)
        # one made last is likely deep: often it comes first
        sources = self.draw(st.lists(st.sampled_from(below or [0]), max_size=3))
        for source in self.draw(st.sampled_from([below[-1:], []])) + sources:
            free = self.outputs.get(source, 0) - self.left.get(source, 0)
            room = min(free, drawn - place)
            if room <= 0:
                continue
            length = self.draw(st.just(room) | st.integers(1, room))
            start = self.left[source]
            self.edges.append(
                Edge(
                    input_id,
                    source,
                    _milli(place),
                    _milli(place + length),
                    _milli(start),
                    _milli(start + length),
                )
            )
            place += length
            self.left[source] += length
        if drawn and self.draw(st.booleans()):
            start = self.draw(st.integers(0, drawn - 1))
            end = self.draw(st.integers(start + 1, drawn))
            kind = self.draw(st.sampled_from(["incorporated", "merma", "waste"]))
            self.input_seeds.append(
                InputSeed(900 + input_id, input_id, _milli(start), _milli(end), kind)
            )

    def cut_node(self, node_id):
        """Exits of what no input took, up to everything."""
        start, end = self.left[node_id], self.outputs[node_id]
        if start == end:
            return
        cuts = self.draw(st.sets(st.integers(start, end), max_size=MAX_CUTS))
        points = sorted(cuts | {start})
        for number, (low, high) in enumerate(zip(points, points[1:], strict=False)):
            self.seeds.append(Seed(number, node_id, _milli(low), _milli(high)))


@st.composite
def productions(draw):
    """Nodes, inputs, edges and seeds, acyclic, with gaps."""
    return _Production(draw).build()
