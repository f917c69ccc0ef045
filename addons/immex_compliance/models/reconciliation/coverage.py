# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which days the Data Stage files of a company tell of, and which they do not.

Of each file, what says it best: its table Resumen (first and last day of the query,
until the day on which it was made), else a period in its name that its payments lie
in, else the months of its payments. No file tells of days after it was loaded.
"""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta

DAY = timedelta(days=1)
_DAYS = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)\D{1,4}?(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)"
)
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)(?!\d|[-_.]\d)")


def of_name(name):
    """First and last day of the period in a file's name (``2026-01.zip``,
    ``ds_20260101-20260131.zip``), or None."""
    with suppress(ValueError):
        if found := _DAYS.search(name):
            parts = list(map(int, found.groups()))
            first, last = date(*parts[:3]), date(*parts[3:])
            return (first, last) if first <= last else None
        if found := _MONTH.search(name):
            return months(date(*map(int, found.groups()), 1))
    return None


def of_summary(content):
    """First and last day of a row of table Resumen as it came, or None."""
    with suppress(ValueError):
        first, last = (
            _day(content.get(f"Fecha_{name}")) for name in ("Inicial", "Final")
        )
        with suppress(ValueError):
            last = min(last, _day(content.get("Fecha_Ejecucion")))
        if first <= last:
            return first, last
    return None


def _day(value):
    return date.fromisoformat(str(value)[:10].replace("/", "-"))


def months(first, last=None):
    """The whole months of two days."""
    last = last or first
    end = monthrange(last.year, last.month)[1]
    return first.replace(day=1), last.replace(day=end)


def of_file(name, summaries, payments, loaded):
    """Periods of one file.

    :param summaries: rows of its table Resumen, as dicts
    :param payments: first and last date of payment in it, or Nones
    :param loaded: day on which it was loaded
    :return: list of (first, last)
    """
    first, last = payments
    periods = [period for row in summaries if (period := of_summary(row))]
    if not periods and first:
        named = of_name(name)
        inside = named and named[0] <= first and last <= named[1]
        periods = [named if inside else months(first, last)]
    periods = [(begin, min(end, loaded)) for begin, end in periods if begin <= loaded]
    # payments are told of, whatever the file says of itself
    return [*periods, (first, last)] if first else periods


def gaps(periods, first, last):
    """The days from ``first`` to ``last`` that are in none of ``periods``.

    :return: list of (first, last), in their order
    """
    missing, day = [], first
    for begin, end in sorted(periods):
        if begin > last:
            break
        if begin > day:
            missing.append((day, begin - DAY))
        day = max(day, end + DAY)
    if day <= last:
        missing.append((day, last))
    return missing
