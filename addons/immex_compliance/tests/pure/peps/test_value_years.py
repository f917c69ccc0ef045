# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Discharge by value against a plain reckoning, over years that change method.

The stage runs on temporary tables with the names and columns of Odoo's.
"""

import sys
import types
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ADDON = Path(__file__).resolve().parents[3]
for name, folder in (("immex_plain", ADDON), ("immex_plain.engine", ADDON / "engine")):
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
value = import_module("immex_plain.engine.value")

TABLES = """
CREATE TEMP TABLE immex_discharge_method (company_id int, year int, method varchar,
    currency varchar, value_rule varchar);
CREATE TEMP TABLE immex_layer (id int, company_id int, active bool,
    customs_status varchar, product_id int, fraccion varchar, goods_class varchar,
    quantity numeric, value_usd numeric, customs_value numeric, peps_date date,
    peps_key varchar, igi_rate numeric, available_date date, term_end date,
    pedimento_id int);
CREATE TEMP TABLE immex_exit_line (id int, natural_key varchar, is_asset bool,
    layer_scope varchar);
CREATE TEMP TABLE immex_requirement (id int, company_id int, superseded_run_id int,
    customs_status varchar, date date, product_id int, qty_shortage numeric,
    natural_key varchar, exit_line_id int, kind varchar);
CREATE TEMP TABLE immex_discharge (company_id int, superseded_run_id int,
    requirement_id int, layer_id int, exit_date date, quantity numeric,
    value_usd numeric, customs_value numeric);
CREATE TEMP TABLE immex_value_discharge (id serial, company_id int, run_id int,
    superseded_run_id int, requirement_id int, layer_id int, exit_line_id int,
    fraccion varchar, kind varchar, exit_date date, value numeric, late bool, year int,
    method varchar, currency varchar, create_uid int, create_date timestamp,
    write_uid int, write_date timestamp);
"""
ITEMS = ("85369099", "85444299", "73181599")
YEARS = (2024, 2025, 2026)
CTX = {"company_id": 1, "run_id": 1, "uid": 1, "full": True, "lock": "-infinity"}

days = st.builds(
    date, st.sampled_from(YEARS), st.integers(1, 12), st.sampled_from((1, 15))
)
layers = st.lists(
    # tariff item, value in cents, day, pedimento, duty rate
    st.tuples(
        st.sampled_from(ITEMS),
        st.integers(0, 900),
        days,
        st.integers(1, 3),
        st.sampled_from((0, 5, 15)),
    ),
    min_size=1,
    max_size=7,
)
exits = st.lists(
    # layer that the part ledger took, value in cents, day
    st.tuples(st.integers(0, 6), st.integers(1, 700), days),
    max_size=7,
)
methods = st.tuples(
    *[st.sampled_from(("part", "fraction_value", "pedimento_value"))] * len(YEARS)
)


def reckon(stock, left, plan):
    """{(exit, layer or None): cents} of the by-value years, one exit after another."""
    given_ = [0] * len(stock)
    first = {}
    for no, (_item, _cents, day, pedimento, _rate) in enumerate(stock):
        was = first.get(pedimento, (day, no))
        first[pedimento] = (min(was[0], day), min(was[1], no))
    result = {}
    for at, no, took, cents in sorted(
        (day, no, took, cents) for no, (took, cents, day) in enumerate(left)
    ):
        method = plan[YEARS.index(at.year)]
        if method == "part":
            given_[took] += cents
            continue
        order = sorted(
            range(len(stock)),
            key=lambda i: (
                (stock[i][2], i)
                if method == "fraction_value"
                else (first[stock[i][3]], stock[i][4], stock[i][2], i)
            ),
        )
        for i in order:
            item, whole, day, _pedimento, _rate = stock[i]
            other = method == "fraction_value" and item != stock[took][0]
            if other or day > at or cents == 0:
                continue
            piece = min(cents, max(whole - given_[i], 0))
            if piece:
                given_[i] += piece
                cents -= piece
                result[no, i] = piece
        if cents:
            result[no, None] = cents
    return result


def fill(cr, stock, left, plan):
    cr.execute(TABLES)
    for year, method in zip(YEARS, plan, strict=True):
        cr.execute(
            "INSERT INTO immex_discharge_method VALUES (1, %s, %s, 'usd', 'layer')",
            (year, method),
        )
    for i, (item, cents, day, pedimento, rate) in enumerate(stock):
        cr.execute(
            "INSERT INTO immex_layer VALUES (%s, 1, true, 'temporary', %s, %s,"
            " 'material', 1, %s, 0, %s, %s, %s, %s, NULL, %s)",
            (
                i,
                i,
                item,
                Decimal(cents) / 100,
                day,
                f"{i:03d}",
                rate,
                day,
                pedimento,
            ),
        )
    for i, (took, cents, day) in enumerate(left):
        cr.execute("INSERT INTO immex_exit_line VALUES (%s, %s, false, 'all')", (i, i))
        cr.execute(
            "INSERT INTO immex_requirement VALUES (%s, 1, NULL, 'temporary', %s, %s, 0,"
            " 'r', %s, 'incorporated')",
            (i, day, took, i),
        )
        cr.execute(
            "INSERT INTO immex_discharge VALUES (1, NULL, %s, %s, %s, 1, %s, 0)",
            (i, took, day, Decimal(cents) / 100),
        )


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(layers, exits, methods)
def test_years_by_value(cr, stock, left, plan):
    left = [(took % len(stock), cents, day) for took, cents, day in left]
    # an example's tables go with their locks
    cr.execute("SAVEPOINT example")
    try:
        compare(cr, stock, left, plan)
    finally:
        cr.execute("ROLLBACK TO SAVEPOINT example")


def compare(cr, stock, left, plan):
    fill(cr, stock, left, plan)
    value.sync(cr, CTX)
    cr.execute(
        "SELECT requirement_id, layer_id, (value * 100)::int"
        "  FROM immex_value_discharge WHERE superseded_run_id IS NULL"
    )
    found = {(row[0], row[1]): row[2] for row in cr.fetchall()}
    assert found == reckon(stock, left, plan)
    assert value.sync(cr, {**CTX, "run_id": 2}) == 0
    cr.execute("SELECT count(*) FROM immex_value_discharge WHERE run_id = 2")
    assert cr.fetchone()[0] == 0
