# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""allocate() against the oracle, row by row, and what must hold whatever comes."""

from fractions import Fraction

import oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from peps import allocate, shortages
from peps_strategies import EXAMPLES, START, held_stacks, stacks
from peps_tables import load, load_stacks, pieces, transaction


def answer(dsn, supplies, demands, moment="date", holds=()):
    with transaction(dsn) as cr:
        load_stacks(cr, supplies, demands, moment, holds)
        done = allocate(cr, choice="tmp_choice")
        rows = pieces(cr)
    assert done.pieces == len(rows)
    return done, rows


def check(rows, *lines):
    expected = oracle.allocate(*lines)
    assert len(rows) == len(expected)
    assert set(rows) == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks())
def test_any_stack_is_as_the_oracle_says(dsn, lines):
    _done, rows = answer(dsn, *lines)
    check(rows, *lines)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=held_stacks())
def test_what_is_held_serves_its_holder_first(dsn, lines):
    supplies, demands, holds = lines
    _done, rows = answer(dsn, supplies, demands, holds=holds)
    check(rows, supplies, demands, holds)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks(ordered=True))
def test_ordered_stacks_go_the_fast_way_and_are_the_same(dsn, lines):
    done, rows = answer(dsn, *lines)
    assert done.merge_stacks == 0
    check(rows, *lines)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks(ordered=True))
def test_both_ways_agree(dsn, lines):
    supplies, demands = lines
    _done, fast = answer(dsn, supplies, demands)
    # A demand that names a supply and wants nothing sends its stack the other way.
    first_id = max((demand.demand_id for demand in demands), default=0) + 1
    sent = {line.stack for line in supplies + demands}
    names = [
        oracle.Demand(first_id + stack, stack, 1000, 0, START, False, (-1,))
        for stack in sent
    ]
    done, merged = answer(dsn, supplies, demands + names)
    assert done.fast_stacks == 0 and done.merge_stacks == len(sent)
    assert sorted(fast) == sorted(merged)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks())
def test_nothing_is_given_twice_nor_too_early(dsn, lines):
    supplies = {supply.supply_id: supply for supply in lines[0]}
    demands = {demand.demand_id: demand for demand in lines[1]}
    _done, rows = answer(dsn, *lines)
    for row in rows:
        supply, demand = supplies[row.supply_id], demands[row.demand_id]
        assert row.stack == supply.stack == demand.stack
        assert supply.available_at <= demand.at
        assert row.qty == row.supply_to - row.supply_from
        assert row.qty == row.demand_to - row.demand_from
        assert row.qty > 0
    for side, lines_by_id in (("supply", supplies), ("demand", demands)):
        for key, line in lines_by_id.items():
            axis = sorted(
                (getattr(row, f"{side}_from"), getattr(row, f"{side}_to"))
                for row in rows
                if getattr(row, f"{side}_id") == key
            )
            place = Fraction(0)
            for start, end in axis:
                assert start == place
                place = end
            assert place <= Fraction(line.qty)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks(), data=st.data())
def test_neither_row_order_nor_ids_matter(dsn, lines, data):
    supplies, demands = lines
    _done, rows = answer(dsn, supplies, demands)
    shift = data.draw(st.integers(1, 2**62))
    renamed = [
        supply._replace(supply_id=shift - supply.supply_id)
        for supply in data.draw(st.permutations(supplies))
    ]
    asking = [
        demand._replace(
            demand_id=shift - demand.demand_id,
            names=demand.names and [shift - name for name in demand.names],
        )
        for demand in data.draw(st.permutations(demands))
    ]
    _done, again = answer(dsn, renamed, asking)
    back = [
        row._replace(supply_id=shift - row.supply_id, demand_id=shift - row.demand_id)
        for row in again
    ]
    assert sorted(rows) == sorted(back)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks())
def test_served_and_short_add_up(dsn, lines):
    with transaction(dsn) as cr:
        load_stacks(cr, *lines)
        allocate(cr, choice="tmp_choice")
        count = shortages(cr)
        cr.execute("SELECT demand_id, stack, qty::text FROM tmp_shortage")
        short = {row[0]: (row[1], Fraction(row[2])) for row in cr.fetchall()}
        served = pieces(cr)
    assert count == len(short)
    for demand in lines[1]:
        stack, missing = short.get(demand.demand_id, (demand.stack, 0))
        given_out = sum(row.qty for row in served if row.demand_id == demand.demand_id)
        assert given_out + missing == Fraction(demand.qty)
        assert stack == demand.stack
        assert (demand.demand_id in short) == (missing > 0)


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines=stacks(), cut=st.integers(-6, 12))
def test_a_later_demand_changes_nothing_before_it(dsn, lines, cut):
    """What was settled stays: a run up to a rank is the beginning of a longer one."""
    supplies, demands = lines
    _done, rows = answer(dsn, supplies, demands)
    early = [demand for demand in demands if demand.rank <= cut]
    _done, before = answer(dsn, supplies, early)
    ids = {demand.demand_id for demand in early}
    assert sorted(before) == sorted(row for row in rows if row.demand_id in ids)


def test_moments_are_told_apart_within_a_day(cr):
    cr.execute(
        """
        CREATE TEMP TABLE tmp_supply AS
        SELECT 1 AS supply_id, 1 AS stack, 1 AS rank, 5.0 AS qty,
               timestamp '2026-03-02 10:00' AS available_at;
        CREATE TEMP TABLE tmp_demand AS
        SELECT * FROM (VALUES
            (1, 1, 1, 2.0, timestamp '2026-03-02 09:59:59'),
            (2, 1, 2, 2.0, timestamp '2026-03-02 10:00')
        ) AS line(demand_id, stack, rank, qty, at)
        """
    )
    assert allocate(cr) == (1, 0, 1)
    assert [row.demand_id for row in pieces(cr)] == [2]


def test_the_last_day_of_the_term_counts_whole(cr):
    cr.execute(
        """
        CREATE TEMP TABLE tmp_supply AS
        SELECT 1 AS supply_id, 1 AS stack, 1 AS rank, 5.0 AS qty,
               timestamp '2026-01-02' AS available_at, date '2026-03-02' AS expires_at;
        CREATE TEMP TABLE tmp_demand AS
        SELECT * FROM (VALUES
            (1, 1, 1, 2.0, timestamp '2026-03-02 23:59', true),
            (2, 1, 2, 2.0, timestamp '2026-03-03 00:00', true),
            (3, 1, 3, 2.0, timestamp '2026-03-04 00:00', false)
        ) AS line(demand_id, stack, rank, qty, at, only_unexpired)
        """
    )
    assert allocate(cr) == (0, 1, 2)
    assert sorted(row.demand_id for row in pieces(cr)) == [1, 3]


def test_many_digits_stay_exact(dsn):
    qty = Fraction(10**30 + 1, 10**12)
    cut = Fraction(10**30 - 7, 10**12)
    with transaction(dsn) as cr:
        load_stacks(
            cr,
            [oracle.Supply(1, 1, 1, "1000000000000000000.000000000001", START)],
            [
                oracle.Demand(1, 1, 1, "999999999999999999.999999999993", START),
                oracle.Demand(2, 1, 2, "1", START),
            ],
        )
        allocate(cr)
        rows = sorted(pieces(cr), key=lambda row: row.demand_id)
    assert [row.qty for row in rows] == [cut, qty - cut]
    assert rows[1].supply_to == qty


def test_result_tables_are_added_to_and_may_be_named(dsn):
    with transaction(dsn) as cr:
        load_stacks(
            cr,
            [oracle.Supply(1, 1, 1, 4, START)],
            [oracle.Demand(1, 1, 1, 3, START)],
        )
        assert allocate(cr, result='Odd "name"').pieces == 1
        allocate(cr, result='Odd "name"')
        assert len(pieces(cr, '"Odd ""name"""')) == 2
        load(cr, "tmp_seed", [])
        cr.execute("CREATE SCHEMA peps_test")
        cr.execute("CREATE TABLE peps_test.supply AS TABLE tmp_supply")
        assert allocate(cr, supply="peps_test.supply").pieces == 1


def test_nothing_is_left_behind(dsn):
    with transaction(dsn) as cr:
        load_stacks(
            cr,
            [oracle.Supply(1, 1, 1, 4, START), oracle.Supply(2, 2, 1, 4, START)],
            [
                oracle.Demand(1, 1, 1, 3, START),
                oracle.Demand(2, 2, 1, 3, START, False, (2,)),
            ],
        )
        assert allocate(cr, choice="tmp_choice") == (1, 1, 2)
        cr.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()"
            " AND relname LIKE 'peps%' UNION ALL"
            " SELECT proname FROM pg_proc WHERE pronamespace = pg_my_temp_schema()"
        )
        assert cr.fetchall() == []


def test_no_rows_at_all(dsn):
    done, rows = answer(dsn, [], [])
    assert done == (0, 0, 0) and rows == []
