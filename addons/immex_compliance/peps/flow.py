# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Allocation of a whole stack at once, as an overlap of intervals.

Running sums of supply and of demand, in order of time, put both on one axis. What
a demand asks beyond what has arrived by then is cut off by a running maximum: the
shortage. An allocation is what lies between two consecutive ends, be they of a
supply or of a demand. Two sorts, no join: O(n log n) whatever the stacks look like.

That holds where one order rules the stack (``in_order``); the others are left to
``merge``.
"""

from .tables import run

FLOW = "peps_flow"

# The axis of each stack. ``since`` and ``upto``: where a supply, or the served
# part of a demand, lies on it. A supply of a moment serves a demand of that moment.
# ``in_order``: the ranks of each side grow with time, without a repeat.
MAKE_FLOW = """
    CREATE TEMP TABLE peps_flow AS
    SELECT stack, is_demand, id, rank, in_order,
           CASE WHEN is_demand
                THEN coalesce(lag(demanded - short) OVER so_far, 0)
                ELSE supplied - qty END AS since,
           CASE WHEN is_demand THEN demanded - short ELSE supplied END AS upto
    FROM (
        SELECT *,
               greatest(
                   max(demanded - supplied) FILTER (WHERE is_demand) OVER so_far, 0
               ) AS short
        FROM (
            SELECT *,
                   sum(CASE WHEN is_demand THEN 0 ELSE qty END) OVER so_far
                       AS supplied,
                   sum(CASE WHEN is_demand THEN qty ELSE 0 END) OVER so_far
                       AS demanded,
                   (rank > CASE WHEN is_demand
                        THEN max(rank) FILTER (WHERE is_demand) OVER before
                        ELSE max(rank) FILTER (WHERE NOT is_demand) OVER before
                    END) IS NOT FALSE AS in_order
            FROM (
                SELECT stack, false AS is_demand, supply_id AS id, rank, qty,
                       available_at AS moment
                FROM {supply}
                UNION ALL
                SELECT stack, true, demand_id, rank, qty, at
                FROM {demand}
            ) AS line
            WINDOW
                so_far AS (
                    PARTITION BY stack ORDER BY moment, is_demand, rank
                    ROWS UNBOUNDED PRECEDING
                ),
                before AS (
                    PARTITION BY stack ORDER BY moment, is_demand, rank
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                )
        ) AS summed
        WINDOW so_far AS (
            PARTITION BY stack ORDER BY moment, is_demand, rank
            ROWS UNBOUNDED PRECEDING
        )
    ) AS cut
    WINDOW so_far AS (
        PARTITION BY stack ORDER BY moment, is_demand, rank
        ROWS UNBOUNDED PRECEDING
    )
"""

# Backwards from the far end, the supply and the demand that a piece belongs to are
# those of the lowest rank met so far: a minimum over (rank, id) carries the id
# along. Where a supply and a demand end together only the last of the two rows has
# a length. Supplies after the last demand meet none: they stay.
ADD_PIECES = """
    INSERT INTO {result} (stack, supply_id, demand_id, qty,
                          supply_from, supply_to, demand_from, demand_to)
    SELECT stack, supply[2], demand[2], upto - since,
           since - supply_since, upto - supply_since,
           since - demand_since, upto - demand_since
    FROM (
        SELECT stack, upto,
               lead(upto, 1, 0.0) OVER backwards AS since,
               min(CASE WHEN NOT is_demand THEN ARRAY[rank, id] END)
                   OVER backwards AS supply,
               min(CASE WHEN is_demand THEN ARRAY[rank, id] END)
                   OVER backwards AS demand,
               min(since) FILTER (WHERE NOT is_demand) OVER backwards
                   AS supply_since,
               min(since) FILTER (WHERE is_demand) OVER backwards AS demand_since
        FROM peps_flow
        JOIN peps_stack USING (stack)
        WHERE upto > since AND in_flow
        WINDOW backwards AS (
            PARTITION BY stack ORDER BY upto DESC, is_demand DESC
            ROWS UNBOUNDED PRECEDING
        )
    ) AS piece
    WHERE upto > since AND demand IS NOT NULL
"""


def make_flow(cr, supply, demand):
    """Lay every stack on its axis, into ``peps_flow``."""
    run(cr, MAKE_FLOW, supply=supply.identifier, demand=demand.identifier)


def add_pieces(cr, result):
    """Append the allocations of the stacks that ``peps_stack`` marks in_flow.

    :return: number of rows
    """
    run(cr, ADD_PIECES, result=result)
    return cr.rowcount
