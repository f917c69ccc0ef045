# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Quantities as people read them, from exact decimals."""

from decimal import Decimal

from odoo.tools.misc import get_lang


def plain(value):
    """A decimal as text, without zeros at its end: 12.500000 is 12.5."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(env, value, unit=""):
    """A quantity with its unit, in the separators of the user's language."""
    lang = get_lang(env)
    whole, _point, decimals = plain(value).partition(".")
    whole = f"{int(whole):,}".replace(",", lang.thousands_sep or "")
    text = f"{whole}{lang.decimal_point}{decimals}" if decimals else whole
    return f"{text} {unit}".strip()
