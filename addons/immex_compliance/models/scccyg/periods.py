# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Periods of the discharge reports: their days, and when a report is due."""

from datetime import date

from dateutil.relativedelta import relativedelta


def period_days(period, year, number):
    """First and last day of a period of a year.

    Periods close by the calendar: months, fortnights until the 15th and until the end
    of the month, and two months from January on.
    """
    if period == "fortnight":
        month = date(year, (number + 1) // 2, 1)
        if number % 2:
            return month, month.replace(day=15)
        return month.replace(day=16), month + relativedelta(months=1, days=-1)
    months = 2 if period == "bimester" else 1
    first = date(year, (number - 1) * months + 1, 1)
    return first, first + relativedelta(months=months, days=-1)


def due_day(last):
    """Last day to send a report whose period ends on ``last``: the whole of the
    calendar month that follows (Anexo 30, III-a)."""
    return last.replace(day=1) + relativedelta(months=2, days=-1)
