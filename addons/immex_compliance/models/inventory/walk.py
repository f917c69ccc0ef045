# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Titles and links that the records of the inventory share."""

import re

from odoo.fields import Domain

SEPARATOR = " · "
_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\s\-./]")


def title(*parts):
    """The parts that are there, joined as people read them."""
    return SEPARATOR.join(str(part) for part in parts if part)


def spaced(number):
    """A pedimento's 21-character number with single spaces: two of them are the
    form of the invoice, and read as a mistake in a title."""
    return _SPACES.sub(" ", number or "")


def part(product):
    """Part number; the name of a product that has none."""
    return product.default_code or product.name or ""


def number_domain(operator, value):
    """Domain on a pedimento for a number typed with spaces, dashes or neither.

    Takes the 15 digits, 16 (with the section of the office) or a run of some of
    them. ``None`` when the text is not a number or the operator does not compare
    text: the caller then searches as Odoo does.
    """
    if operator not in ("ilike", "like", "=", "=ilike") or not isinstance(value, str):
        return None
    digits = _PUNCTUATION.sub("", value)
    if not (digits.isascii() and digits.isdigit()):
        return None
    if len(digits) == 16:
        # 26 240 3108 6000123: the section is no part of the number
        digits = digits[:4] + digits[5:]
    if len(digits) == 15:
        return Domain("number15", "=", digits)
    if len(digits) == 7 and operator in ("=", "=ilike"):
        return Domain("document", "=", digits)
    return Domain("number15", "like", digits)


def window(env, name, model, domain):
    """Action that opens the records of ``domain``; the form when there is one only."""
    records = env[model].with_context(active_test=False).search(domain, limit=2)
    action = {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "context": {"active_test": False},
    }
    if len(records) == 1:
        return action | {"view_mode": "form", "res_id": records.id}
    return action | {"view_mode": "list,form", "domain": domain}


def count_by(records, model, field, domain=()):
    """How many rows of ``model`` point at each record: ``{id: count}``, one query."""
    groups = records.env[model]._read_group(
        [(field, "in", records.ids), *domain], [field], ["__count"]
    )
    return {record.id: count for record, count in groups}
