# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Whether a pedimento is paid."""

from .tree import child, children, day, key

PAID = "2"  # type of date, record 506


def payment_date(answer):
    """Day of payment that a whole pedimento tells, or None: it is not paid (yet)."""
    party = child(child(answer, "pedimento"), "importadorExportador")
    for node in children(party, "fechas"):
        if key(node, "tipo").lstrip("0") == PAID:
            return day(node, "fecha")
    return None
