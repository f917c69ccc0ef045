# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Months as the Federal Fiscal Code counts them (CFF, art. 12).

A term of months ends on the same day of the last month; where that month lacks the
day, on the first business day of the month after it. The extension of a last day that
is not a business day is not relied upon.
"""

import datetime

# Days that art. 12 takes out, besides Saturdays and Sundays: fixed ones, the three
# moved Mondays (month, which Monday), and the change of the federal executive: every
# six years, 1 October since 2024, 1 December until 2018.
FIXED = ((1, 1), (5, 1), (5, 5), (9, 16), (12, 25))
MONDAYS = ((2, 1), (3, 3), (11, 3))
EXECUTIVE_YEAR, EXECUTIVE_PERIOD = 2024, 6


def is_business_day(day):
    """Whether ``day`` (date) is a business day of CFF art. 12, leaving aside the
    holidays that the tax authorities announce."""
    if day.weekday() >= 5 or (day.month, day.day) in FIXED:
        return False
    executive_month = 10 if day.year >= EXECUTIVE_YEAR else 12
    if (day.month, day.day) == (executive_month, 1):
        return (day.year - EXECUTIVE_YEAR) % EXECUTIVE_PERIOD != 0
    if day.weekday() == 0:
        return (day.month, (day.day - 1) // 7 + 1) not in MONDAYS
    return True


def _last_day(year, month):
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def add_months(start, months):
    """Return ``(end, safe)``: the end of the term, and the same day cut to the end of
    its month, which is never later.

    >>> add_months(datetime.date(2026, 8, 31), 6)
    (datetime.date(2027, 3, 1), datetime.date(2027, 2, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = _last_day(year, month + 1)
    if start.day <= last.day:
        end = last.replace(day=start.day)
        return end, end
    end = last + datetime.timedelta(days=1)
    while not is_business_day(end):
        end += datetime.timedelta(days=1)
    return end, last


# The same in the database, where layers are made by the thousand.
CFF_SQL = (
    """
CREATE OR REPLACE FUNCTION immex_is_business_day(day date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT extract(isodow FROM day) < 6
       AND to_char(day, 'MM-DD') NOT IN ('01-01', '05-01', '05-05', '09-16', '12-25')
       AND NOT (to_char(day, 'MM-DD')
                    = CASE WHEN day >= '2024-01-01' THEN '10-01' ELSE '12-01' END
                AND (extract(year FROM day)::integer - 2024) % 6 = 0)
       AND NOT (extract(isodow FROM day) = 1
                AND (extract(month FROM day)::integer,
                     (extract(day FROM day)::integer - 1) / 7 + 1)
                    IN ((2, 1), (3, 3), (11, 3)))
$$
""",
    """
CREATE OR REPLACE FUNCTION immex_add_months(start date, months integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    clipped date := (start + make_interval(months => months))::date;
BEGIN
    IF extract(day FROM clipped) = extract(day FROM start) THEN
        RETURN clipped;
    END IF;
    clipped := clipped + 1;
    WHILE NOT immex_is_business_day(clipped) LOOP
        clipped := clipped + 1;
    END LOOP;
    RETURN clipped;
END $$
""",
)
# What the uninstall hook has to drop, the dependent one first.
CFF_FUNCTIONS = ("immex_add_months(date, integer)", "immex_is_business_day(date)")
