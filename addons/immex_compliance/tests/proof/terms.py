# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Terms in months, as the law counts them.

CFF 12: months run to the same day; where the month has no such day, to the first
business day of the month after.
"""

from datetime import date, timedelta


def is_business_day(day):
    """CFF 12, first paragraph, without the Federal Executive's holidays."""
    if day.weekday() >= 5:
        return False
    fixed = {(1, 1), (5, 1), (5, 5), (9, 16), (12, 25)}
    if (day.month, day.day) in fixed:
        return False
    mondays = {(2, 1), (3, 3), (11, 3)}
    if day.weekday() == 0 and (day.month, (day.day + 6) // 7) in mondays:
        return False
    # the Executive's handover, every six years: 2018, 2024 …
    if day.year % 6 == 2:
        handover = (10, 1) if day.year >= 2024 else (12, 1)
        if (day.month, day.day) == handover:
            return False
    return True


def add_months(start, months):
    """The last day of a term of ``months`` that begins on ``start``."""
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        year, month = divmod(count + 1, 12)
        day = date(year, month + 1, 1)
        while not is_business_day(day):
            day += timedelta(days=1)
        return day
