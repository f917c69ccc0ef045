# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Imports that a cut-off takes out of the ledger, told when balances are posted."""

# Pedimentos that one message names.
SHOWN = 20


def tell_left_out(opening):
    """Say in the record's messages which recorded imports of until the cut-off still
    have a balance here that no line takes over: the next run takes their layers back
    (``engine/opening.py``)."""
    groups = opening.env["immex.layer"]._read_group(
        [
            ("company_id", "=", opening.company_id.id),
            ("source", "not in", ("opening", "domestic")),
            ("available_date", "<=", opening.cutoff_date),
            ("has_balance", "=", True),
            ("pedimento_id", "!=", False),
        ],
        ["pedimento_id"],
    )
    pedimentos = opening.env["immex.pedimento"].concat(*(row[0] for row in groups))
    numbers = pedimentos.sorted("number15")[:SHOWN].mapped("number15")
    if not numbers:
        return
    more = f" (+{len(pedimentos) - SHOWN})" if len(pedimentos) > SHOWN else ""
    opening.message_post(
        body=opening.env._(
            "%(count)s pedimentos that entered until the cut-off came by their own "
            "files and are not in these balances: with the next run nothing remains of "
            "them. If something does, cancel and add them to the file: %(numbers)s",
            count=len(pedimentos),
            numbers=", ".join(numbers) + more,
        )
    )
