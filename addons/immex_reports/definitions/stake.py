# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Money at stake of a layer: the contributions that its import deferred.

One source for the home page, the months of expiry, the weekly mail and the reports of
what expires. Pure text: it knows no database.
"""

# Appendix 13: temporary, not subject; pending; VAT/IEPS credit and guarantee. Whatever
# else was declared is paid, exempt, or owed to nobody.
DEFERRED_FORMS = ("5", "6", "21", "22")

# A partida's contributions are its parts' by customs value, where values are declared.
_BY_VALUE = "a.customs_value > 0 AND l.customs_value IS NOT NULL"
_PART = f"CASE WHEN {_BY_VALUE} THEN l.customs_value ELSE l.qty_umt END"
_WHOLE = f"CASE WHEN {_BY_VALUE} THEN a.customs_value ELSE a.qty_umt END"


def half_up(size, position, whole, digits):
    """SQL of ``size * position / whole`` rounded half up once, as the engine does."""
    steps = 10**digits
    cut = f"div(2 * {size} * {position} * {steps} + {whole}, 2 * {whole})"
    return f"round({cut} / {steps}, {digits})"


def stake(left):
    """SQL of the pesos of one contribution (alias ``c``) of a partida (``a``) that
    belong to what is left of a layer (``l``), rounded once.

    :param left: SQL of the quantity that is left of the layer
    """
    return half_up(
        "c.amount", f"({_PART}) * {left}", f"NULLIF(({_WHOLE}) * l.quantity, 0)", 2
    )


def stake_sums(amount, code):
    """SQL of the four sums of a stake, in the order in which all of them tell it: what
    is no IGI, VAT nor countervailing duty of Appendix 12 is IEPS."""
    return f"""sum({amount}) FILTER (WHERE {code} = '6') AS igi,
             sum({amount}) FILTER (WHERE {code} = '3') AS iva,
             sum({amount}) FILTER (WHERE {code} = '2') AS cc,
             sum({amount}) FILTER (WHERE {code} NOT IN ('6', '3', '2')) AS other"""
