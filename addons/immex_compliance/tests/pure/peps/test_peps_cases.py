# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases worked by hand, as an auditor would check them on paper.

Supplies are import layers of one material in PEPS order, L1, L2 ..., demands are
exits E1, E2 ... in order of time. A case writes a layer as "quantity @ day" with
"until day" where it expires, an exit as "quantity @ day" with what restricts it, and
the discharges as "exit: quantity of layer".
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from oracle import Demand, Supply
from peps import allocate, shortages
from peps_tables import load_stacks, pieces


def day(number):
    return date(2026, 1, number)


class L(NamedTuple):
    """An import layer: quantity, day available, last day of its term."""

    qty: str
    at: int
    until: int | None = None


class E(NamedTuple):
    """An exit: quantity, day, refuses expired layers, the only layer it may take."""

    qty: str
    at: int
    unexpired: bool = False
    only: int | None = None


# name: layers, exits, discharges as (exit, layer, quantity), shortages by exit
CASES = {
    "the oldest layer goes first, the exit that crosses is split": (
        [L("100", 1), L("50", 5)],
        [E("60", 10), E("60", 11)],
        [(1, 1, "60"), (2, 1, "40"), (2, 2, "20")],
        {},
    ),
    "an exit larger than all there is keeps its shortage": (
        [L("100", 1)],
        [E("130", 10), E("5", 11)],
        [(1, 1, "100")],
        {1: "30", 2: "5"},
    ),
    "a shortage is not taken from a later import": (
        [L("10", 1), L("100", 15)],
        [E("25", 10), E("25", 20)],
        [(1, 1, "10"), (2, 2, "25")],
        {1: "15"},
    ),
    "a layer of the exit's own day serves it": (
        [L("10", 10)],
        [E("10", 10)],
        [(1, 1, "10")],
        {},
    ),
    "a layer of the day after does not": (
        [L("10", 11)],
        [E("10", 10)],
        [],
        {1: "10"},
    ),
    "PEPS order by declared entry, arrival later: passed over until it arrives": (
        [L("10", 12), L("10", 5)],
        [E("4", 10), E("4", 12), E("9", 13)],
        [(1, 2, "4"), (2, 1, "4"), (3, 1, "6"), (3, 2, "3")],
        {},
    ),
    "a return takes expired layers, a change of regime does not": (
        [L("10", 1, 8), L("10", 2, 20)],
        [E("4", 10, True), E("4", 11), E("12", 12, True)],
        [(1, 2, "4"), (2, 1, "4"), (3, 2, "6")],
        {3: "6"},
    ),
    "the last day of the term is within the term": (
        [L("10", 1, 10)],
        [E("4", 10, True), E("4", 11, True)],
        [(1, 1, "4")],
        {2: "4"},
    ),
    "a named layer is taken out of order, and only it": (
        [L("10", 1), L("10", 2)],
        [E("6", 10, False, 2), E("12", 11), E("3", 12, False, 2)],
        [(1, 2, "6"), (2, 1, "10"), (2, 2, "2"), (3, 2, "2")],
        {3: "1"},
    ),
    "a named layer that has not arrived, or has expired, does not serve": (
        [L("10", 15), L("10", 1, 5)],
        [E("6", 10, False, 1), E("6", 10, True, 2)],
        [],
        {1: "6", 2: "6"},
    ),
    "a named layer serves on the last day of its term, not after": (
        [L("10", 1), L("10", 1, 10)],
        [E("4", 10, True, 2), E("4", 11, True, 2)],
        [(1, 2, "4")],
        {2: "4"},
    ),
    "thousandths: the last exit takes the remainder, no residue stays": (
        [L("1", 1)],
        [E("0.333", 2), E("0.333", 3), E("0.334", 4)],
        [(1, 1, "0.333"), (2, 1, "0.333"), (3, 1, "0.334")],
        {},
    ),
    "zero quantities are lines without discharges": (
        [L("0", 1), L("5", 1)],
        [E("0", 2), E("5", 2)],
        [(2, 2, "5")],
        {},
    ),
    "same day, the order of the documents rules": (
        [L("5", 1), L("5", 1)],
        [E("7", 3), E("7", 3)],
        [(1, 1, "5"), (1, 2, "2"), (2, 2, "3")],
        {2: "4"},
    ),
    "an early shortage does not shift what later exits take": (
        [L("5", 4), L("20", 6)],
        [E("8", 2), E("3", 4), E("4", 5), E("10", 7)],
        [(2, 1, "3"), (3, 1, "2"), (4, 2, "10")],
        {1: "8", 3: "2"},
    ),
    "an earlier exit filed late: by its own order, with what was there": (
        [L("10", 1), L("10", 8)],
        [E("6", 9), E("6", 5)],
        [(1, 1, "6"), (2, 1, "4")],
        {2: "2"},
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("forced", [False, True], ids=["its way", "by merge"])
def test_case(cr, case, forced):
    layers, exits, wanted, short = CASES[case]
    supplies = [
        Supply(100 + n, 7, n, Decimal(layer.qty), day(layer.at), until(layer))
        for n, layer in enumerate(layers, 1)
    ]
    demands = [
        Demand(
            n, 7, n, Decimal(line.qty), day(line.at), line.unexpired, name(line.only)
        )
        for n, line in enumerate(exits, 1)
    ]
    if forced:
        # names a layer that is not there and wants nothing: the stack is merged
        demands.append(Demand(99, 7, 99, Decimal(0), day(1), False, (1,)))
    load_stacks(cr, supplies, demands)
    done = allocate(cr, choice="tmp_choice")
    assert not (forced and done.fast_stacks)
    found = sorted((row.demand_id, row.supply_id - 100, row.qty) for row in pieces(cr))
    assert found == [(*ids, Fraction(qty)) for *ids, qty in wanted]
    shortages(cr)
    cr.execute("SELECT demand_id, qty::text FROM tmp_shortage")
    assert {key: Fraction(qty) for key, qty in cr.fetchall()} == {
        key: Fraction(qty) for key, qty in short.items()
    }


def until(layer):
    return None if layer.until is None else day(layer.until)


def name(only):
    return None if only is None else (100 + only,)
