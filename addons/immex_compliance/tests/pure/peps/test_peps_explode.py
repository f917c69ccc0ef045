# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""explode() against the oracle, row by row, and the sums that must come out."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Edge, Input, InputSeed, Need, Node, Seed
from peps import PepsCycleError, PepsError, explode
from peps_strategies import EXAMPLES, productions
from peps_tables import load_production, needs, transaction

AXIS_DIGITS = 12


def answer(dsn, made, seeds=None, digits=6, axis_digits=AXIS_DIGITS):
    seeds = made.seeds if seeds is None else seeds
    with transaction(dsn) as cr:
        load_production(
            cr, made.nodes, made.inputs, made.edges, seeds, made.input_seeds
        )
        done = explode(
            cr, input_seed="tmp_input_seed", digits=digits, axis_digits=axis_digits
        )
        rows = needs(cr)
    assert done.rows == len(rows)
    assert done.unexplained == sum(key.unexplained for key in rows)
    return rows


def expected(made, seeds=None, digits=6, axis_digits=AXIS_DIGITS):
    explosion = oracle.Explosion(
        made.nodes, made.inputs, made.edges, digits, axis_digits
    )
    return explosion.run(made.seeds if seeds is None else seeds, made.input_seeds)


@settings(max_examples=EXAMPLES, deadline=None)
@given(made=productions(), digits=st.sampled_from([0, 2, 3, 6]))
def test_any_production_is_as_the_oracle_says(dsn, made, digits):
    assert answer(dsn, made, digits=digits) == expected(made, digits=digits)


@settings(max_examples=EXAMPLES, deadline=None)
@given(made=productions())
def test_coarse_positions_are_as_the_oracle_says(dsn, made):
    found = answer(dsn, made, digits=1, axis_digits=1)
    assert found == expected(made, digits=1, axis_digits=1)


@settings(max_examples=EXAMPLES, deadline=None)
@given(made=productions())
def test_rounding_moves_little(dsn, made):
    """Against exact fractions: a row is off by less than its rounded ends."""
    found, exact = answer(dsn, made), expected(made, digits=None, axis_digits=None)
    ends = 2 * (1 + len(made.edges))
    for key in found.keys() | exact.keys():
        off = abs(found.get(key, 0) - exact.get(key, 0))
        assert off <= ends * Fraction(1, 10**6)


@settings(max_examples=EXAMPLES, deadline=None)
@given(made=productions(), data=st.data())
def test_how_exits_are_cut_does_not_matter(dsn, made, data):
    """Cut anew at any points, the same pieces of nodes require the same in all."""
    cut = []
    for seed in made.seeds:
        low, high = (int(end * 1000) for end in (seed.node_from, seed.node_to))
        inner = data.draw(st.sets(st.integers(low, high), max_size=3))
        points = sorted(inner | {low, high})
        for number, (start, end) in enumerate(zip(points, points[1:], strict=False)):
            cut.append(
                Seed(
                    100 * seed.exit_id + number,
                    seed.node_id,
                    Decimal(start) / 1000,
                    Decimal(end) / 1000,
                )
            )
    assert totals(answer(dsn, made)) == totals(answer(dsn, made, cut))


def totals(rows):
    sums = defaultdict(Fraction)
    for key, qty in rows.items():
        sums[key._replace(exit_id=None)] += qty
    return sums


@settings(max_examples=EXAMPLES, deadline=None)
@given(made=productions())
def test_everything_that_leaves_takes_what_was_drawn(dsn, made):
    """All of every node left or went on: nothing of what it took is missing.

    Of each input, incorporated and merma are required, once, by whoever; waste is
    not. What an input took of a node as waste stays in the house with its share.
    """
    left = [seed for node in made.nodes for seed in rest_of(node, made)]
    made.input_seeds = [
        InputSeed(1000 + line.input_id, line.input_id, used(line), drawn(line), "waste")
        for line in made.inputs
        if line.waste and line.produced
    ]
    found = answer(dsn, made, left)
    required = defaultdict(Fraction)
    for key, qty in found.items():
        if key.input_id and key.exit_id < 1000:
            required[key.input_id] += qty
        elif key.input_id:
            # by the waste that left: its own share of the node, or untraced waste
            line = next(line for line in made.inputs if line.input_id == key.input_id)
            if key.level > 1:
                required[key.input_id] += qty
            else:
                assert line.produced and key.unexplained
    for line in made.inputs:
        traced = sum(
            Fraction(edge.input_to) - Fraction(edge.input_from)
            for edge in made.edges
            if edge.input_id == line.input_id
        )
        wanted = max(Fraction(used(line)) - traced, 0)
        assert required[line.input_id] == wanted


def used(line):
    return line.incorporated + line.merma


def drawn(line):
    return used(line) + line.waste


def rest_of(node, made):
    """The piece of a node that no input took, as one exit."""
    taken = max(
        (edge.node_to for edge in made.edges if edge.node_id == node.node_id),
        default=Decimal(0),
    )
    if taken < node.qty:
        yield Seed(node.node_id, node.node_id, taken, node.qty)


def run(cr, nodes, inputs, edges, seeds, input_seeds=(), **options):
    load_production(cr, nodes, inputs, edges, seeds, input_seeds)
    explode(cr, input_seed="tmp_input_seed", **options)
    return needs(cr)


def material(exit_id, top, node, input_id, product, kind, level=1):
    return Need(exit_id, top, node, input_id, product, kind, level, False, None)


def test_thirds_of_ten_add_up_to_ten(cr):
    found = run(
        cr,
        [Node(1, 500, 3)],
        [Input(1, 1, 10, False, 10, 0, 0)],
        [],
        [Seed(number, 1, number, number + 1) for number in range(3)],
        digits=3,
    )
    got = [found[material(n, 1, 1, 1, 10, "incorporated")] for n in range(3)]
    assert got == [Fraction("3.333"), Fraction("3.334"), Fraction("3.333")]
    assert sum(got) == 10


def test_a_half_is_rounded_up_once(cr):
    """0.4999...9 (20 nines) is below a half: rounding a rounded quotient says 1."""
    size = Decimal("0.49999999999999999999")
    found = run(
        cr,
        [Node(1, 500, 2), Node(2, 501, 2)],
        [
            Input(1, 1, 10, False, 2 * size, 0, 0),
            Input(2, 2, 10, False, 1, 0, 0),
        ],
        [],
        [Seed(1, 1, 0, 1), Seed(2, 1, 1, 2), Seed(3, 2, 0, 1)],
        digits=0,
    )
    assert material(1, 1, 1, 1, 10, "incorporated") not in found
    assert found[material(2, 1, 1, 1, 10, "incorporated")] == 2 * Fraction(size)
    assert found[material(3, 2, 2, 2, 10, "incorporated")] == 1


def test_kinds_of_a_way_down_and_waste_that_waits(cr):
    """A harness takes 4 subassemblies: 2 built in, 1 lost, 1 wasted."""
    found = run(
        cr,
        [Node(1, 500, 1), Node(2, 400, 4)],
        [
            Input(1, 1, 400, True, 2, 1, 1),
            Input(2, 2, 10, False, 40, 8, 4),
        ],
        [Edge(1, 2, 0, 4, 0, 4)],
        [Seed(1, 1, 0, 1)],
        [InputSeed(2, 1, 3, 4, "waste")],
    )
    assert found == {
        material(1, 1, 2, 2, 10, "incorporated", 2): 20,
        # a lost subassembly's 10 + 2, and what was lost making the two built in
        material(1, 1, 2, 2, 10, "merma", 2): 10 + 2 + 4,
        material(2, None, 2, 2, 10, "waste", 2): 10 + 2,
    }


@pytest.mark.parametrize("lost_at", [0, 1, 2, None])
def test_what_was_lost_at_any_level_is_lost_below(cr, lost_at):
    """Four levels of one another, half of the exit's; one of them lost its input."""
    sizes = [(0, 1, 0) if level == lost_at else (1, 0, 0) for level in range(4)]
    found = run(
        cr,
        [Node(level, 500 - level, 1) for level in range(4)],
        [
            Input(level, level, 499 - level, level < 3, *sizes[level])
            for level in range(4)
        ],
        [Edge(level, level + 1, 0, 1, 0, 1) for level in range(3)],
        [Seed(1, 0, 0, "0.5"), Seed(2, 0, "0.5", 1)],
    )
    kind = "incorporated" if lost_at is None else "merma"
    assert found == {
        material(number, 0, 3, 3, 496, kind, 4): Fraction(1, 2) for number in (1, 2)
    }


def test_what_is_not_explained_is_said(cr):
    """Of 3 subassemblies 2 were made here; one order has no components on record."""
    found = run(
        cr,
        [Node(1, 500, 1), Node(2, 400, 2)],
        [Input(1, 1, 400, True, 3, 0, 0), Input(2, 1, 401, True, 5, 0, 0)],
        [Edge(1, 2, 0, 2, 0, 2)],
        [Seed(1, 1, 0, 1)],
    )
    assert found == {
        Need(1, 1, None, 1, 400, "incorporated", 1, True, "no_production"): 1,
        Need(1, 1, None, 2, 401, "incorporated", 1, True, "no_production"): 5,
        Need(1, 1, 2, None, 400, "incorporated", 2, True, "no_composition"): 2,
    }


def test_a_circle_is_named_and_nothing_written(cr):
    load_production(
        cr,
        [Node(1, 500, 1), Node(2, 400, 1), Node(3, 401, 1), Node(4, 402, 1)],
        [
            Input(1, 1, 400, True, 1, 0, 0),
            Input(2, 2, 401, True, "0.5", 0, 0),
            Input(3, 3, 400, True, "0.5", 0, 0),
            Input(4, 3, 402, True, 1, 0, 0),
        ],
        [
            Edge(1, 2, 0, "0.5", 0, "0.5"),
            Edge(2, 3, 0, "0.5", 0, "0.5"),
            Edge(3, 2, 0, "0.5", "0.5", 1),
            Edge(4, 4, 0, 1, 0, 1),
        ],
        [Seed(1, 1, 0, 1)],
    )
    with pytest.raises(PepsCycleError, match=r"\[2, 3\]") as caught:
        explode(cr)
    assert caught.value.nodes == (2, 3)
    cr.execute("SELECT to_regclass('tmp_requirement'), to_regclass('peps_link')")
    assert cr.fetchone() == (None, None)
    cr.execute("DELETE FROM tmp_seed; INSERT INTO tmp_seed VALUES (1, 4, 0, 1)")
    assert explode(cr).unexplained == 1  # the circle is out of reach


@pytest.mark.parametrize("depth", [1, 2, 9])
def test_depth_has_a_bound(cr, depth):
    nodes = [Node(number, number, 1) for number in range(depth + 1)]
    inputs = [
        Input(number, number, number + 1, True, 1, 0, 0) for number in range(depth)
    ]
    edges = [Edge(number, number + 1, 0, 1, 0, 1) for number in range(depth)]
    load_production(cr, nodes, inputs, edges, [Seed(1, 0, 0, 1)])
    assert explode(cr, max_depth=depth + 1).levels == depth + 1
    with pytest.raises(PepsError, match=f"more than {depth} levels"):
        explode(cr, max_depth=depth)


def test_kinds_may_be_called_otherwise(cr):
    cr.execute(
        """
        CREATE TEMP TABLE tmp_node AS SELECT 1 AS node_id, 5 AS product, 2.0 AS qty;
        CREATE TEMP TABLE tmp_input AS
        SELECT 1 AS input_id, 1 AS node_id, 7 AS product, false AS produced,
               3.0 AS used;
        CREATE TEMP TABLE tmp_edge (input_id int, node_id int, input_from numeric,
            input_to numeric, node_from numeric, node_to numeric);
        CREATE TEMP TABLE tmp_seed AS
        SELECT 1 AS exit_id, 1 AS node_id, 0.0 AS node_from, 1.0 AS node_to
        """
    )
    assert explode(cr, kinds=("used",), kept=()) == (1, 1, 0)
    assert needs(cr) == {material(1, 1, 1, 1, 7, "used"): Fraction(3, 2)}
