# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The authority's view against a plain reckoning: day by day, charge by charge."""

import calendar
import sys
import types
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
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
engine = import_module("immex_plain.engine.replay")

CUT_OFF = date(2026, 6, 20)
TABLES = """
DROP TABLE IF EXISTS tmp_rp_charge, tmp_rp_discharge;
CREATE TEMP TABLE tmp_rp_charge (charge_id bigint, pool text, account text,
    fraccion text, fixed_asset bool, charge_date date, natural_key text, value numeric,
    term_end date);
CREATE TEMP TABLE tmp_rp_discharge (discharge_id bigint, pool text, account text,
    fraccion text, fixed_asset bool, step date, natural_key text, value numeric)
"""


def end_of_fortnight(day):
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=15 if day.day <= 15 else last)


days = st.integers(0, 210).map(lambda number: date(2026, 1, 1) + timedelta(number))
money = st.integers(0, 9_999).map(lambda cents: Decimal(cents).scaleb(-2))
charges = st.lists(
    st.tuples(
        st.sampled_from(("credit", "guarantee")),
        st.sampled_from(("85369099", "85444299", "")),
        st.booleans(),
        days,
        st.sampled_from(("a", "B", "b", "c")),  # order of the bytes
        money,
        st.none() | st.integers(0, 60),  # days until the term ends
    ),
    max_size=9,
)
reports = st.lists(
    st.tuples(
        st.sampled_from(("85369099", "85444299", "")),
        st.booleans(),
        days.map(end_of_fortnight),
        st.sampled_from(("x", "Y", "y")),
        money,
    ),
    max_size=7,
)


class Authority:
    """Lives through every day and keeps what it sees at each end of a fortnight."""

    def __init__(self, charges, reports, merged):
        self.charges, self.reports, self.merged = charges, reports, merged
        self.left = [Fraction(charge[5]) for charge in charges]
        self.pieces, self.over, self.steps = {}, {}, {}

    def run(self):
        day = date(2026, 1, 1)
        while day <= CUT_OFF:
            if day == end_of_fortnight(day):
                due = [n for n, report in enumerate(self.reports) if report[2] == day]
                for number in sorted(due, key=lambda n: (self.reports[n][3], n)):
                    self.apply(number, day)
            if day in (end_of_fortnight(day), CUT_OFF):
                self.look(day)
            day += timedelta(1)
        return self

    def apply(self, number, day):
        fraccion, asset, _step, _key, value = self.reports[number]
        open_value = Fraction(value)
        order = sorted(
            range(len(self.charges)),
            key=lambda n: (self.charges[n][3], self.charges[n][4], n),
        )
        for n in order:
            account, item, fixed, paid, _key, _value, _term = self.charges[n]
            mine = self.merged or account == "credit"
            if mine and (item, fixed) == (fraccion, asset) and paid <= day:
                taken = min(open_value, self.left[n])
                if taken:
                    self.pieces[n, number] = taken
                self.left[n] -= taken
                open_value -= taken
        self.over[number] = open_value

    def look(self, day):
        for n, charge in enumerate(self.charges):
            if charge[3] > day:
                continue
            seen = self.steps.setdefault((charge[0], charge[2], day), [0, 0, 0])
            seen[0] += self.left[n]
            term = charge[3] + timedelta(charge[6]) if charge[6] is not None else day
            seen[1] += self.left[n] if term < day else 0
        for number, open_value in self.over.items():
            if open_value:
                key = ("credit", self.reports[number][1], day)
                self.steps.setdefault(key, [0, 0, 0])[2] += open_value


def rows(cr, query):
    cr.execute(query)
    return cr.fetchall()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(charges, reports, st.booleans())
def test_as_the_plain_reckoning(cr, charges, reports, merged):
    for statement in TABLES.split(";"):
        cr.execute(statement)
    for n, (account, item, asset, day, key, value, term) in enumerate(charges):
        ends = None if term is None else day + timedelta(term)
        pool = "both" if merged else account
        cr.execute(
            "INSERT INTO tmp_rp_charge VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (n, pool, account, item, asset, day, key, value, ends),
        )
    for n, (item, asset, step, key, value) in enumerate(reports):
        cr.execute(
            "INSERT INTO tmp_rp_discharge VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                n,
                "both" if merged else "credit",
                "credit",
                item,
                asset,
                step,
                key,
                value,
            ),
        )
    engine.replay(cr, CUT_OFF)
    wanted = Authority(charges, reports, merged).run()

    pieces = rows(cr, "SELECT charge_id, discharge_id, value::text FROM tmp_rp_piece")
    assert {(c, d): Fraction(value) for c, d, value in pieces} == wanted.pieces
    over = rows(cr, "SELECT discharge_id, over::text, reason FROM tmp_rp_applied")
    assert {n: Fraction(value) for n, value, _reason in over} == wanted.over
    for number, value, reason in over:
        assert (reason is None) == (Fraction(value) == 0)
        if reason:
            assert reason == reason_of(charges, reports[number], merged)
    left = rows(cr, "SELECT charge_id, remaining::text, expired FROM tmp_rp_left")
    counted = [n for n, charge in enumerate(charges) if charge[3] <= CUT_OFF]
    assert {n: Fraction(value) for n, value, _expired in left} == {
        n: wanted.left[n] for n in counted
    }
    for n, value, expired in left:
        term = charges[n][6]
        ended = term is not None and charges[n][3] + timedelta(term) < CUT_OFF
        assert expired == (ended and Fraction(value) > 0)
    seen = {
        (account, asset, step): [Fraction(figure) for figure in figures]
        for account, asset, step, *figures in rows(
            cr,
            "SELECT account, fixed_asset, step, remaining::text, expired::text,"
            " over_so_far::text FROM tmp_rp_step",
        )
    }
    for key in seen.keys() | wanted.steps.keys():
        assert seen.get(key, [0, 0, 0]) == wanted.steps.get(key, [0, 0, 0]), key
    # every fortnight is there, from the first one that saw anything
    told = {step for _account, _asset, step in seen}
    for day in {key[2] for key in wanted.steps}:
        assert day in told


def reason_of(charges, report, merged):
    """Why more was reported than was there."""
    item, asset, step, _key, _value = report
    paid = {True: [], False: []}
    for account, fraccion, fixed, day, *_rest in charges:
        if fraccion == item and day <= CUT_OFF and (merged or account == "credit"):
            paid[fixed].append(day)
    if paid[asset]:
        return "charged_later" if max(paid[asset]) > step else "exhausted"
    return "other_class" if paid[not asset] else "never_charged"
