# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What must hold of a staged table before its texts are cast.

All rows pass one cheap look (``SUSPECT``); only of those that do not, each column is
looked at, so that an error names its line and column.
"""

from ...formats.datastage import KEY
from ...formats.datastage.layout import DATES, NUMBERS, SIZES
from ...formats.issues import _lt
from .store_sql import DOCUMENT, PAID, PATENTE, SECTION, staged, text

NUMBER = r"^-?[0-9]{1,%(size)s}(\.[0-9]{0,%(decimals)s})?$"
WHOLE = r"^[0-9]{1,%(size)s}$"
DATE = (
    r"^[0-9]{4}[-/](0[1-9]|1[0-2])[-/](0[1-9]|[12][0-9]|3[01])"
    r"([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?)?$"
)
KEYS = {"Patente": r"^[0-9]{1,4}$", "Pedimento": r"^[0-9]{1,7}$"}
KEYS["SeccionAduanera"] = r"^[0-9]{1,3}$"

# Partidas that occur twice.
TWICE = f"""
SELECT max(s.line), {text("SecuenciaFraccion")}
  FROM tmp_ds_551 s
 GROUP BY {PATENTE}, {DOCUMENT}, {SECTION}, 2
HAVING count(*) > 1
 ORDER BY 1 LIMIT 20
"""

SAID = {
    "number": _lt("%(value)r is not a decimal number of %(size)s digits."),
    "date": _lt("%(value)r is no date (YYYY-MM-DD hh:mm:ss)."),
    "key": _lt("%(value)r is not part of a pedimento number."),
    "text": _lt("%(value)r is longer than %(size)s characters."),
    "empty": _lt("The field may not be empty."),
}


def rules(table, columns):
    """``[(column, kind, pattern, params)]`` of the columns that are cast."""
    found = []
    for name in columns:
        if name in NUMBERS:
            size, decimals = NUMBERS[name]
            params = {"size": size, "decimals": decimals}
            pattern = NUMBER if decimals else WHOLE
            found.append((name, "number", pattern % params, params))
        elif name in DATES:
            found.append((name, "date", DATE, {}))
        elif name in KEYS:
            found.append((name, "key", KEYS[name], {}))
        elif name in SIZES:
            params = {"size": SIZES[name]}
            found.append((name, "text", f"^.{{0,{SIZES[name]}}}$", params))
    return found


def suspect(table, columns):
    """Statement that counts rows that may hold something that cannot be cast.

    Letters among the digits, or a date that does not begin with its year; the exact
    look is only worth its time where one is found, or where a cast fails.
    """
    kinds = {name: kind for name, kind, *_rest in rules(table, columns)}
    joined = ", ".join(f's."{name}"' for name, kind in kinds.items() if kind != "text")
    if not joined:
        return None
    looks = [f"concat({joined}) ~ '[^0-9 .:/-]'"]
    looks += [
        f"s.\"{name}\" ~ '^ *[0-9]{{1,3}}[-/]'"
        for name, kind in kinds.items()
        if kind == "date"
    ]
    return f"SELECT EXISTS (SELECT FROM {staged(table)} s WHERE {' OR '.join(looks)})"


def wrong(cr, table, columns, limit):
    """Yield ``(line, column, kind, value, params)`` of what cannot be cast."""
    for name, kind, pattern, params in rules(table, columns):
        cr.execute(
            f"SELECT s.line, {text(name)} FROM {staged(table)} s"
            f" WHERE {text(name)} !~ %s ORDER BY s.line LIMIT %s",
            (pattern, limit),
        )
        for line, value in cr.fetchall():
            yield line, name, kind, value, params


def empty(cr, limit):
    """Yield ``(line, column)`` of keys of table 501 that are not there."""
    for name in KEY:
        cr.execute(
            f"SELECT s.line FROM tmp_ds_501 s WHERE {text(name)} IS NULL"
            " ORDER BY s.line LIMIT %s",
            (limit,),
        )
        yield from ((line, name) for (line,) in cr.fetchall())
    cr.execute(
        f"SELECT s.line FROM tmp_ds_501 s WHERE {PAID} IS NULL"
        " ORDER BY s.line LIMIT %s",
        (limit,),
    )
    yield from ((line, "FechaPagoReal") for (line,) in cr.fetchall())
