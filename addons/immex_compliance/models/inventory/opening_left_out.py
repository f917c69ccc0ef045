# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Imports that a cut-off takes out of the ledger, told when balances are posted."""

from ..wording import by_count

# Pedimentos that one message names.
SHOWN = 20

LEFT_OUT = """
SELECT p.number15, count(*) OVER ()
  FROM immex_pedimento p
 WHERE EXISTS (
       SELECT FROM immex_layer l
        WHERE l.pedimento_id = p.id AND l.company_id = %(company_id)s AND l.active
          AND l.source NOT IN ('opening', 'domestic')
          AND l.available_date <= %(cutoff)s AND l.quantity > l.qty_discharged)
   AND p.company_id = %(company_id)s
 ORDER BY p.number15
 LIMIT %(shown)s
"""


def tell_left_out(opening):
    """Say in the record's messages which recorded imports of until the cut-off still
    have a balance here that no line takes over: the next run takes their layers back
    (``engine/opening.py``)."""
    opening.env.flush_all()
    opening.env.cr.execute(
        LEFT_OUT,
        {
            "company_id": opening.company_id.id,
            "cutoff": opening.cutoff_date,
            "shown": SHOWN,
        },
    )
    found = opening.env.cr.fetchall()
    if not found:
        return
    count = found[0][1]
    more = f" (+{count - SHOWN})" if count > SHOWN else ""
    numbers = ", ".join(number for number, _count in found) + more
    opening.message_post(
        body=by_count(
            count,
            opening.env._(
                "A pedimento that entered until the cut-off came by its own file and "
                "is not in these balances: with the next run nothing remains of it. If "
                "something does, cancel and add it to the file: %(numbers)s",
                numbers=numbers,
            ),
            opening.env._(
                "%(count)s pedimentos that entered until the cut-off came by their own "
                "files and are not in these balances: with the next run nothing "
                "remains of them. If something does, cancel and add them to the file: "
                "%(numbers)s",
                count=count,
                numbers=numbers,
            ),
        )
    )
