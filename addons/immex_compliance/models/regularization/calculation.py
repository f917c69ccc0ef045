# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a correction costs: contributions, update, surcharges, VAT, fines.

Plain functions on ``Decimal`` and dates; they know no database. Amounts are exact
until each one is paid, and are rounded there once (CFF 20).

Sources: CFF 17-A (update), 20 (pesos), 21 (surcharges); LIVA 27 (base of VAT);
LA 5 (fines on contributions without their update), 101; RGCE 2.5.1, 2.5.2.
"""

import calendar
import datetime
from dataclasses import dataclass, field
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    localcontext,
)

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
TEN_THOUSANDTH = Decimal("0.0001")
EXACT = Context(prec=60)
IGI, CC, DTA, VAT, SURCHARGES = "6", "2", "1", "3", "7"  # Anexo 22, Appendix 12


@dataclass(frozen=True)
class Options:
    """Readings of the law that a company chooses (its settings)."""

    truncate_factor: bool = True
    use_last_index: bool = False
    calendar_months: bool = False
    month_cap: int = 60
    surcharges_in_vat: bool = False


@dataclass(frozen=True)
class Tables:
    """Index by first day of the month, and surcharge percentage likewise."""

    index: dict
    surcharge: dict


@dataclass(frozen=True)
class Levy:
    """A contribution to pay.

    :param kind: 'percent' or 'mille' of the base, 'amount' (``rate`` is pesos)
    :param paid: pesos of it that were paid before
    :param minimum: pesos, least amount; None where there is none
    :param since: day from which it is owed; None: since the payment itself
    """

    code: str
    kind: str
    rate: Decimal
    paid: Decimal = ZERO
    minimum: Decimal | None = None
    since: datetime.date | None = None


@dataclass
class Line:
    """A contribution as computed; pesos, exact but for ``payable``."""

    code: str
    kind: str
    base: Decimal
    rate: Decimal
    amount: Decimal
    paid: Decimal
    factor: Decimal
    updated: Decimal
    months: int
    rate_sum: Decimal
    surcharge: Decimal
    payable: Decimal


@dataclass
class Bill:
    """Lines, and what is missing to make them: ('index' or 'surcharge', month)."""

    lines: list = field(default_factory=list)
    missing: list = field(default_factory=list)

    @property
    def total(self):
        return sum((line.payable for line in self.lines), ZERO)


def pesos(amount):
    """Whole pesos of what is paid: up to fifty centavos go down (CFF 20).

    >>> pesos(Decimal("10.50")), pesos(Decimal("10.51"))
    (Decimal('10'), Decimal('11'))
    """
    return amount.quantize(ONE, ROUND_HALF_DOWN, EXACT)


def month(day, shift=0):
    """First day of the month of ``day``, ``shift`` months later."""
    year, index = divmod(day.year * 12 + day.month - 1 + shift, 12)
    return datetime.date(year, index + 1, 1)


def index_months(since, paid):
    """Months of the two indexes: before the oldest, before the most recent one of the
    period (CFF 17-A). None where the period is one month: the factor is 1."""
    if month(since) >= month(paid):
        return None
    return month(since, -1), month(paid, -1)


def factor(tables, since, paid, options):
    """Updating factor (CFF 17-A): never below 1, to the ten-thousandth.

    :return: ``(factor, missing)``; the factor is None where an index is missing
    """
    months = index_months(since, paid)
    if months is None:
        return ONE, []
    old, new = months
    table = tables.index
    if new not in table and options.use_last_index and month(new, -1) >= old:
        new = month(new, -1)
    missing = [("index", key) for key in dict.fromkeys((old, new)) if key not in table]
    if missing:
        return None, missing
    rounding = ROUND_DOWN if options.truncate_factor else ROUND_HALF_UP
    quotient = EXACT.divide(table[new], table[old])
    return max(quotient.quantize(TEN_THOUSANDTH, rounding, EXACT), ONE), []


def surcharge_months(since, paid, options):
    """Months whose rates are summed (CFF 21), as first days.

    Every month or fraction of one that has passed from the day on which payment was
    due, with the rate of the month in which it begins; or, by calendar, every month
    from that of ``since`` to that of ``paid``, both counted.
    """
    months = []
    while not options.month_cap or len(months) < options.month_cap:
        begins = month(since, len(months))
        if options.calendar_months:
            if begins > paid:
                break
        else:
            last = calendar.monthrange(begins.year, begins.month)[1]
            if begins.replace(day=min(since.day, last)) >= paid:
                break
        months.append(begins)
    return months


def bill(value, levies, vat, tables, paid, options):
    """Contributions of goods of customs value ``value``, paid on day ``paid``.

    :param levies: :class:`Levy` on the customs value
    :param vat: :class:`Levy` on the value and all the others; None without VAT
    """
    with localcontext(EXACT):  # sums of a long column exceed the usual 28 digits
        return _bill(value, levies, vat, tables, paid, options)


def _bill(value, levies, vat, tables, paid, options):
    result = Bill()
    for levy in levies:
        _line(result, levy, value, tables, paid, options)
    if vat and not result.missing:
        base = value + sum(
            (
                line.paid
                + line.updated
                + (line.surcharge if options.surcharges_in_vat else ZERO)
                for line in result.lines
            ),
            ZERO,
        )
        _line(result, vat, base, tables, paid, options)
    result.missing = sorted(set(result.missing))
    if result.missing:
        result.lines = []
    else:
        _surcharges(result)
    return result


def _line(result, levy, base, tables, paid, options):
    parts = {"percent": HUNDRED, "mille": Decimal(1000)}
    amount = levy.rate
    if levy.kind in parts:
        amount = EXACT.divide(EXACT.multiply(base, levy.rate), parts[levy.kind])
    if levy.minimum:
        amount = max(amount, levy.minimum)
    owed = max(amount - levy.paid, ZERO)
    times, months = ONE, []
    if levy.since and owed:
        times, missing = factor(tables, levy.since, paid, options)
        months = surcharge_months(levy.since, paid, options)
        missing += [("surcharge", key) for key in months if key not in tables.surcharge]
        if missing:
            result.missing += missing
            return
    rate_sum = sum((tables.surcharge[key] for key in months), ZERO)
    updated = EXACT.multiply(owed, times)
    result.lines.append(
        Line(
            levy.code,
            levy.kind,
            base,
            levy.rate,
            amount,
            levy.paid,
            times,
            updated,
            len(months),
            rate_sum,
            EXACT.divide(EXACT.multiply(updated, rate_sum), HUNDRED),
            pesos(updated),
        )
    )


def _surcharges(result):
    """Surcharges are one contribution of the pedimento, rounded once."""
    total = sum((line.surcharge for line in result.lines), ZERO)
    if total:
        result.lines.append(
            Line(
                SURCHARGES,
                "amount",
                total,
                ZERO,
                total,
                ZERO,
                ONE,
                total,
                0,
                ZERO,
                ZERO,
                pesos(total),
            )
        )


@dataclass(frozen=True)
class Fine:
    """A fine of the law: pesos, or a percentage of what ``basis`` names."""

    basis: str
    minimum: Decimal
    maximum: Decimal
    period_days: int = 0
    capped: bool = False


def fine_range(fine, bases, days):
    """Lowest and highest of a fine, in whole pesos.

    :param bases: pesos by basis: 'duties' (without update, LA 5), 'vat',
        'commercial', 'customs'
    :param days: days of delay; a fine by periods counts each one begun
    """
    times = Decimal(-(-max(days, 0) // fine.period_days)) if fine.period_days else ONE
    bounds = []
    for bound in (fine.minimum, fine.maximum):
        if fine.basis != "amount":
            bound = EXACT.divide(EXACT.multiply(bases[fine.basis], bound), HUNDRED)
        bound = EXACT.multiply(bound, times)
        if fine.capped:
            bound = min(bound, bases["commercial"])
        bounds.append(pesos(bound))
    return tuple(bounds)


def duty_paid(bill):
    """Whether the duty of a :class:`Bill` was paid at the import: nothing is omitted in
    whole pesos, and the fine is the one of exempt goods (LA 183-III; CFF 20)."""
    return any(
        line.code == IGI
        and line.paid > 0
        and pesos(max(line.amount - line.paid, ZERO)) <= 0
        for line in bill.lines
    )
