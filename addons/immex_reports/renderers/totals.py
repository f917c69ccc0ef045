# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rows on their way into a file, counted and summed."""

from decimal import Decimal


def summed(report, rows, add):
    """Hand each row (a tuple of values in column order) to ``add``.

    :return: ``(number of rows, {column: total})``
    """
    totals = {column.name: Decimal(0) for column in report.totals}
    places = [
        (position, column.name)
        for position, column in enumerate(report.columns)
        if column.total
    ]
    count = 0
    for values in rows:
        count += 1
        add(values)
        for position, name in places:
            if values[position] is not None:
                totals[name] += values[position]
    return count, totals
