# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What stands folded in a traceability picture, as a list."""

from odoo.tools import SQL

from .trace_root import subselects
from .trace_sql import LISTED

SIDES = {
    "layer": "immex.layer",
    "made": "immex.production.layer",
    "exit": "immex.exit.line",
}
# beginnings of the keys of folded documents: their side, and the path from its records
FOLDS = {
    "in": ("layer", "pedimento_id"),
    "product": ("made", "product_id"),
    "out": ("exit", "pedimento_id"),
    "act": ("exit", "destruction_line_id.destruction_id"),
}


def listed(env, root, side):
    """Subselect of the ids of all records of a side."""
    return SQL("(%s)", SQL(LISTED[side], **subselects(env, root)))


def place_of(key):
    """Side of a folded node, and the domain of its document.

    :return: (side, domain), or None: there is no such node
    """
    kind, _colon, of = key.partition(":")
    if kind == "more":
        return (of, []) if of in SIDES else None
    if kind in FOLDS and of.isascii() and of.isdigit():
        side, path = FOLDS[kind]
        return side, [(path, "=", int(of))]
    return None
