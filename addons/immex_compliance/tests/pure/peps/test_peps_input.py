# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the kernel refuses, and what it says then."""

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from oracle import Demand, Edge, Input, InputSeed, Node, Seed, Supply
from peps import PepsInputError, allocate, explode
from peps_strategies import START
from peps_tables import load_production, load_stacks, needs

ADDON = Path(__file__).resolve().parents[3]

SUPPLY = Supply(1, 1, 1, 5, START)
DEMAND = Demand(1, 1, 1, 5, START)
NODE = Node(1, 500, 4)
INPUT = Input(1, 1, 10, True, 3, 0, 0)
EDGE = Edge(1, 2, 0, 2, 0, 2)
SEED = Seed(1, 1, 0, 1)


def refused(said):
    return pytest.raises(PepsInputError, match=re.escape(said))


def untouched(cr, *tables):
    for table in tables:
        cr.execute("SELECT to_regclass(%s)", (table,))
        assert cr.fetchone() == (None,)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"qty": -1}, "tmp_supply, supply_id 1: the quantity is empty, negative"),
        ({"qty": None}, "tmp_supply, supply_id 1: the quantity is empty"),
        ({"qty": "NaN"}, "tmp_supply, supply_id 1: the quantity"),
        ({"qty": "Infinity"}, "tmp_supply, supply_id 1: the quantity"),
        ({"stack": None}, "supply_id 1: an id, the stack or the rank is empty"),
        ({"rank": None}, "supply_id 1: an id, the stack or the rank is empty"),
        ({"supply_id": None}, "supply_id None: an id, the stack"),
        ({"available_at": None}, "supply_id 1: available_at is empty"),
    ],
)
def test_supply_rows(cr, change, said):
    load_stacks(cr, [SUPPLY._replace(**change)], [DEMAND])
    with refused(said):
        allocate(cr)
    untouched(cr, "tmp_allocation", "peps_flow", "peps_stack")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"qty": -1}, "tmp_demand, demand_id 1: the quantity"),
        ({"at": None}, "tmp_demand, demand_id 1: its moment is empty"),
        ({"at": "infinity"}, "tmp_demand, demand_id 1: its moment is empty or infin"),
        ({"only_unexpired": None}, "demand_id 1: only_unexpired is empty"),
        ({"only_expired": None}, "demand_id 1: only_expired is empty"),
    ],
)
def test_demand_rows(cr, change, said):
    load_stacks(cr, [SUPPLY], [DEMAND._replace(**change)])
    with refused(said):
        allocate(cr)


@pytest.mark.parametrize("days_apart", [0, 1])
@pytest.mark.parametrize("line", [SUPPLY, DEMAND], ids=["supply", "demand"])
def test_repeated_ranks(cr, line, days_apart):
    moment = START.replace(day=1 + days_apart)
    twin = line._replace(**{line._fields[0]: 2, line._fields[4]: moment})
    load_stacks(
        cr,
        [SUPPLY, twin] if line is SUPPLY else [SUPPLY],
        [DEMAND, twin] if line is DEMAND else [DEMAND],
    )
    with refused("rank 1 is repeated in stack 1"):
        allocate(cr)
    cr.execute("SELECT count(*) FROM tmp_allocation")
    assert cr.fetchone() == (0,)


def test_repeated_ids(cr):
    load_stacks(cr, [SUPPLY, SUPPLY._replace(stack=2)], [DEMAND])
    with refused("Table tmp_supply: supply_id 1 is repeated."):
        allocate(cr)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TABLE tmp_demand", "Table tmp_demand does not exist."),
        ("ALTER TABLE tmp_supply DROP rank", "Table tmp_supply has no column rank."),
        (
            "ALTER TABLE tmp_supply ALTER qty TYPE double precision",
            "Column tmp_supply.qty is double precision, numeric is wanted.",
        ),
        (
            "ALTER TABLE tmp_demand ALTER at TYPE timestamptz",
            "Column tmp_demand.at is timestamp with time zone,",
        ),
        (
            "ALTER TABLE tmp_demand ALTER at TYPE timestamp",
            "a date would be taken for its midnight",
        ),
        (
            "CREATE TEMP TABLE tmp_allocation (stack bigint)",
            "Table tmp_allocation has no column supply_id.",
        ),
    ],
)
def test_table_shapes(cr, statement, said):
    load_stacks(cr, [SUPPLY], [DEMAND])
    cr.execute(statement)
    with refused(said):
        allocate(cr)


@pytest.mark.parametrize("name", ["", "a.b.c", ".a"])
def test_table_names(cr, name):
    with refused("is not a table name"):
        allocate(cr, supply=name)


def test_a_name_is_a_name_and_not_a_statement(cr):
    load_stacks(cr, [SUPPLY], [DEMAND])
    with refused("does not exist"):
        allocate(cr, supply="tmp_supply; DROP TABLE tmp_demand")
    assert allocate(cr).pieces == 1


PRODUCTION = {
    "nodes": [NODE, Node(2, 10, 3)],
    "inputs": [INPUT],
    "edges": [EDGE],
    "seeds": [SEED],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nodes": [NODE._replace(qty=0)]}, "tmp_node, node_id 1: its quantity is not"),
        ({"nodes": [NODE, NODE]}, "Table tmp_node: node_id 1 is repeated."),
        ({"nodes": [NODE]}, "Table tmp_edge, input_id 1: not pieces"),
        ({"nodes": [Node(2, 10, 3)]}, "Table tmp_seed, exit_id 1: not a piece"),
        ({"inputs": [INPUT, INPUT]}, "Table tmp_input: input_id 1 is repeated."),
        ({"inputs": [INPUT._replace(merma=-1)]}, "input_id 1: merma is empty, neg"),
        ({"inputs": [INPUT._replace(node_id=9)]}, "input_id 1: its node is not there"),
        ({"inputs": [INPUT._replace(produced=None)]}, "input_id 1: its id, product"),
        ({"inputs": [INPUT._replace(produced=False)]}, "tmp_edge, input_id 1: not"),
        ({"inputs": []}, "Table tmp_edge, input_id 1: not pieces"),
        ({"edges": [Edge(1, 2, 0, 2, 0, 1)]}, "Table tmp_edge, input_id 1: not"),
        ({"edges": [Edge(1, 2, 1, 2, 0, 1)]}, "Table tmp_edge, input_id 1: not"),
        ({"edges": [Edge(1, 2, 0, 2, 2, 4)]}, "Table tmp_edge, input_id 1: not"),
        ({"edges": [EDGE, Edge(1, 2, 1, 2, 2, 3)]}, "Table tmp_edge, input_id 1: not"),
        (
            {"edges": [EDGE, Edge(1, 2, 2, 4, 0, 2)]},
            "Table tmp_edge, input_id 1: not pieces that follow each other from 0",
        ),
        ({"seeds": [Seed(1, 1, 0, 5)]}, "Table tmp_seed, exit_id 1: not a piece"),
        ({"seeds": [Seed(1, 1, 2, 2)]}, "Table tmp_seed, exit_id 1: not a piece"),
        (
            {"input_seeds": [InputSeed(1, 1, 0, 4, "waste")]},
            "Table tmp_input_seed, exit_id 1: not a piece",
        ),
        (
            {"input_seeds": [InputSeed(1, 1, 0, 1, "other")]},
            "Table tmp_input_seed, exit_id 1: not a piece of a known input, or of no",
        ),
    ],
)
def test_production_rows(cr, change, said):
    load_production(cr, **{**PRODUCTION, **change})
    with refused(said):
        explode(cr, input_seed="tmp_input_seed")
    untouched(cr, "tmp_requirement", "peps_edge", "peps_part")


def test_production_as_it_stands_is_accepted(cr):
    load_production(cr, **PRODUCTION)
    explode(cr, input_seed="tmp_input_seed")
    # a quarter of the 3 drawn, all within the 2 that node 2 explains
    assert list(needs(cr).values()) == [Fraction(3, 4)]


@pytest.mark.parametrize(
    "options",
    [
        {"digits": 6, "axis_digits": 5},
        {"digits": -1},
        {"kinds": ()},
        {"kinds": ("merma", "merma")},
        {"kept": ("merma",)},
    ],
)
def test_options(cr, options):
    load_production(cr, **PRODUCTION)
    with pytest.raises(PepsInputError):
        explode(cr, **options)


def test_the_kernel_loads_without_odoo_and_without_the_add_on():
    """From its own folder, in a process of its own."""
    program = (
        "import sys\n"
        "import peps\n"
        "assert not [name for name in sys.modules if name.startswith('odoo')]\n"
        "assert 'immex_compliance' not in sys.modules\n"
        "print(peps.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ADDON,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "peps"), done.stderr
