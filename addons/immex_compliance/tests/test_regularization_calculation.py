# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import calendar
import datetime
import random
from decimal import Decimal
from fractions import Fraction
from math import floor

from dateutil.relativedelta import relativedelta
from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.regularization.calculation import (
    Fine,
    Levy,
    Options,
    Tables,
    bill,
    factor,
    fine_range,
    pesos,
    surcharge_months,
)

D = Decimal
FIRST = datetime.date(2019, 1, 1)
MONTHS = [FIRST + relativedelta(months=index) for index in range(120)]
days = st.dates(datetime.date(2019, 3, 1), datetime.date(2026, 12, 31))


def money(places, top):
    return st.decimals(0, top, places=places, allow_nan=False, allow_infinity=False)


def books(seed):
    """Indexes and rates of ten years, every month another."""
    dice = random.Random(seed)
    return (
        {month: D(dice.randrange(90_000, 140_000)) / 1000 for month in MONTHS},
        {month: D(dice.randrange(300)) / 100 for month in MONTHS},
    )


# The oracle: fractions, dateutil, no line of the module ------------------------------
def cut(value):
    return Fraction(floor(value * 10000), 10000)


def half_up(value):
    return Fraction(floor(value * 10000 + Fraction(1, 2)), 10000)


def half_down(value):
    whole = floor(value)
    return whole + (1 if value - whole > Fraction(1, 2) else 0)


def before(day):
    return (day.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


def oracle_months(since, paid, options):
    if options.calendar_months:
        count = (paid.year - since.year) * 12 + paid.month - since.month + 1
    else:
        count = 0
        while since + relativedelta(months=count) < paid:
            count += 1
    count = max(count, 0)
    if options.month_cap:
        count = min(count, options.month_cap)
    return [since.replace(day=1) + relativedelta(months=n) for n in range(count)]


def oracle(value, levies, vat, index, rates, paid, options):
    """{code: (pesos to pay, exact surcharge)} and the pesos of surcharges."""
    made, base = {}, Fraction(value)
    for levy in [*levies, vat]:
        on = base if levy is vat else Fraction(value)
        parts = {"percent": 100, "mille": 1000}.get(levy.kind)
        amount = on * Fraction(levy.rate) / parts if parts else Fraction(levy.rate)
        if levy.minimum:
            amount = max(amount, Fraction(levy.minimum))
        owed = max(amount - Fraction(levy.paid), Fraction(0))
        updated, surcharge = owed, Fraction(0)
        if levy.since and owed:
            times = Fraction(1)
            if (levy.since.year, levy.since.month) < (paid.year, paid.month):
                quotient = Fraction(index[before(paid)]) / Fraction(
                    index[before(levy.since)]
                )
                rounded = cut if options.truncate_factor else half_up
                times = max(rounded(quotient), Fraction(1))
            updated = owed * times
            months = oracle_months(levy.since, paid, options)
            surcharge = updated * sum(Fraction(rates[m]) for m in months) / 100
        made[levy.code] = (half_down(updated), surcharge)
        base += Fraction(levy.paid) + updated
        if options.surcharges_in_vat:
            base += surcharge
    return made, half_down(sum(surcharge for _pay, surcharge in made.values()))


@tagged("post_install", "-at_install")
class TestRegularizationCalculation(BaseCase):
    @settings(max_examples=200, deadline=None)
    @given(
        st.integers(0, 10**6),
        money(2, 10**9),
        st.tuples(money(10, 150), money(10, 60), money(3, 20)),
        st.tuples(days, days),
        st.booleans(),
        money(0, 10**6),
        st.builds(
            Options,
            st.booleans(),
            st.just(False),
            st.booleans(),
            st.sampled_from([0, 12, 60]),
            st.booleans(),
        ),
    )
    # more than 28 digits once sums were rounded
    @example(
        1_000_000,
        D("124080.97"),
        (D("0E-10"), D("1E-10"), D(0)),
        (datetime.date(2019, 3, 1), datetime.date(2020, 1, 1)),
        True,
        D(0),
        Options(False, False, False, 0, True),
    )
    def test_against_the_oracle(self, seed, value, rates, dates, back, paid, options):
        index, surcharges = books(seed)
        since, paid_on = sorted(dates)
        levies = [
            Levy("6", "percent", rates[0], paid, since=since),
            Levy("2", "percent", rates[1], since=since),
            Levy("1", "mille", rates[2], minimum=D("395.50")),
        ]
        vat = Levy("3", "percent", D(16), since=since if back else None)
        made = bill(value, levies, vat, Tables(index, surcharges), paid_on, options)
        wanted, surcharge = oracle(
            value, levies, vat, index, surcharges, paid_on, options
        )
        self.assertFalse(made.missing)
        got = {line.code: line for line in made.lines}
        for code, (payable, exact) in wanted.items():
            self.assertEqual(int(got[code].payable), payable)
            self.assertEqual(Fraction(got[code].surcharge), exact)
        self.assertEqual(int(got["7"].payable) if "7" in got else 0, surcharge)
        self.assertEqual(
            int(made.total), sum(pay for pay, _s in wanted.values()) + surcharge
        )

    def test_worked_by_hand(self):
        """100,000 pesos at 5 %, imported on 14 March 2025, paid on 20 May 2026."""
        since, paid = datetime.date(2025, 3, 14), datetime.date(2026, 5, 20)
        rates = {
            datetime.date(2025, 3, 1) + relativedelta(months=n): D("1.47")
            for n in range(15)
        }
        index = {
            datetime.date(2025, 2, 1): D("100"),
            datetime.date(2026, 4, 1): D("105.4399"),
        }
        made = bill(
            D(100000),
            [Levy("6", "percent", D(5), since=since), Levy("1", "mille", D(8))],
            Levy("3", "percent", D(16)),
            Tables(index, rates),
            paid,
            Options(),
        )
        igi, dta, vat, surcharges = made.lines
        self.assertEqual((igi.amount, igi.factor), (D(5000), D("1.0543")))
        # 5,000 x 1.0543 = 5,271.50: fifty cents go down (CFF 20)
        self.assertEqual((igi.updated, igi.payable), (D("5271.5"), D(5271)))
        # fourteen months to 14 May, and a fraction: 15 x 1.47 = 22.05 %
        self.assertEqual((igi.months, igi.rate_sum), (15, D("22.05")))
        self.assertEqual(igi.surcharge, D("1162.365750"))
        self.assertEqual((dta.payable, dta.months), (D(800), 0))
        self.assertEqual(vat.base, D("106071.5"))
        self.assertEqual(vat.payable, D(16971))  # 16,971.44
        self.assertEqual((surcharges.code, surcharges.payable), ("7", D(1162)))
        self.assertEqual(made.total, D(5271 + 800 + 16971 + 1162))

    def test_month_of_payment_is_month_of_import(self):
        """No index is needed, and a fraction of a month is a month."""
        since = datetime.date(2026, 5, 4)
        tables = Tables({}, {datetime.date(2026, 5, 1): D("1.47")})
        paid = datetime.date(2026, 5, 20)
        self.assertEqual(factor(tables, since, paid, Options()), (D(1), []))
        self.assertEqual(
            surcharge_months(since, paid, Options()), [datetime.date(2026, 5, 1)]
        )
        self.assertEqual(surcharge_months(since, since, Options()), [])
        made = bill(
            D(1000),
            [Levy("6", "percent", D(10), since=since)],
            None,
            tables,
            paid,
            Options(),
        )
        self.assertEqual([line.payable for line in made.lines], [D(100), D(1)])

    def test_borders_of_months_and_years(self):
        elapsed = [
            # 29 February: the month ends on the 28th of the next year's February
            ("2024-02-29", "2025-02-28", 12),
            ("2024-02-29", "2025-03-01", 13),
            ("2024-01-31", "2024-02-29", 1),
            ("2024-01-31", "2024-03-01", 2),
            ("2025-12-15", "2026-01-15", 1),
            ("2025-12-15", "2026-01-16", 2),
            ("2025-12-31", "2026-01-01", 1),
        ]
        for since, paid, count in elapsed:
            dates = (datetime.date.fromisoformat(day) for day in (since, paid))
            with self.subTest(since=since, paid=paid):
                self.assertEqual(len(surcharge_months(*dates, Options())), count)
        by_calendar = Options(calendar_months=True)
        december, january = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)
        self.assertEqual(
            surcharge_months(december, january, by_calendar),
            [datetime.date(2025, 12, 1), datetime.date(2026, 1, 1)],
        )
        # indexes of the months before: November and December
        tables = Tables(
            {datetime.date(2025, 11, 1): D(100), datetime.date(2025, 12, 1): D(101)}, {}
        )
        self.assertEqual(factor(tables, december, january, Options())[0], D("1.0100"))
        self.assertEqual(calendar.monthrange(2024, 2)[1], 29)

    def test_what_is_missing_is_told(self):
        since, paid = datetime.date(2026, 1, 10), datetime.date(2026, 3, 20)
        empty = Tables({}, {})
        made = bill(
            D(1000),
            [Levy("6", "percent", D(10), since=since)],
            Levy("3", "percent", D(16)),
            empty,
            paid,
            Options(),
        )
        self.assertEqual(made.lines, [])
        self.assertEqual(
            made.missing,
            [
                ("index", datetime.date(2025, 12, 1)),
                ("index", datetime.date(2026, 2, 1)),
                ("surcharge", datetime.date(2026, 1, 1)),
                ("surcharge", datetime.date(2026, 2, 1)),
                ("surcharge", datetime.date(2026, 3, 1)),
            ],
        )
        # exempt goods need neither
        exempt = bill(
            D(1000),
            [Levy("6", "percent", D(0), since=since)],
            None,
            empty,
            paid,
            Options(),
        )
        self.assertEqual((exempt.total, exempt.missing), (D(0), []))

    def test_last_published_index(self):
        since, paid = datetime.date(2025, 5, 10), datetime.date(2026, 5, 5)
        tables = Tables(
            {datetime.date(2025, 4, 1): D(100), datetime.date(2026, 3, 1): D(103)}, {}
        )
        self.assertEqual(
            factor(tables, since, paid, Options())[1],
            [("index", datetime.date(2026, 4, 1))],
        )
        self.assertEqual(
            factor(tables, since, paid, Options(use_last_index=True)),
            (D("1.0300"), []),
        )

    def test_never_below_one(self):
        since, paid = datetime.date(2025, 5, 10), datetime.date(2026, 5, 5)
        tables = Tables(
            {datetime.date(2025, 4, 1): D(104), datetime.date(2026, 4, 1): D(103)}, {}
        )
        self.assertEqual(factor(tables, since, paid, Options())[0], D(1))

    def test_pesos(self):
        for amount, whole in (
            ("0.50", 0),
            ("0.51", 1),
            ("1.50", 1),
            ("2.5000001", 3),
            ("7", 7),
        ):
            self.assertEqual(pesos(D(amount)), D(whole))

    def test_fines(self):
        bases = {
            "duties": D("5000"),
            "vat": D(0),
            "commercial": D(20000),
            "customs": D(21000),
        }
        self.assertEqual(
            fine_range(Fine("duties", D(130), D(150)), bases, 0), (D(6500), D(7500))
        )
        late = Fine("amount", D(3020), D(4560), 15, True)
        # one day late is a period; sixteen are two; never above the value
        self.assertEqual(fine_range(late, bases, 1), (D(3020), D(4560)))
        self.assertEqual(fine_range(late, bases, 16), (D(6040), D(9120)))
        self.assertEqual(fine_range(late, bases, 90), (D(18120), D(20000)))
        self.assertEqual(fine_range(late, bases, 0), (D(0), D(0)))
