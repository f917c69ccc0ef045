# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which supply serves which demand, first in first out."""

from collections import namedtuple

from psycopg2 import sql

from . import flow, merge
from .errors import PepsInputError
from .tables import (
    BOOLEAN,
    DATE,
    INTEGER,
    MOMENT,
    NUMERIC,
    Table,
    drop,
    identifier,
    prepare_result,
    run,
    scalars,
)

Allocated = namedtuple("Allocated", "fast_stacks merge_stacks pieces")

STACKS = "peps_stack"
NO_CHOICE = "peps_no_choice"
WORKING_TABLES = (
    flow.FLOW,
    STACKS,
    NO_CHOICE,
    merge.MERGE_SUPPLY,
    merge.MERGE_DEMAND,
)

SUPPLY_COLUMNS = {
    "supply_id": INTEGER,
    "stack": INTEGER,
    "rank": INTEGER,
    "qty": NUMERIC,
    "available_at": MOMENT,
}
SUPPLY_OPTIONS = {"expires_at": (DATE, "NULL::date")}
DEMAND_COLUMNS = {
    "demand_id": INTEGER,
    "stack": INTEGER,
    "rank": INTEGER,
    "qty": NUMERIC,
    "at": MOMENT,
}
DEMAND_OPTIONS = {
    "only_unexpired": (BOOLEAN, "false"),
    "only_expired": (BOOLEAN, "false"),
}
CHOICE_COLUMNS = {"demand_id": INTEGER, "supply_id": INTEGER, "qty": NUMERIC}
ALLOCATION_COLUMNS = {
    "stack": "bigint",
    "supply_id": "bigint",
    "demand_id": "bigint",
    "qty": "numeric",
    "supply_from": "numeric",
    "supply_to": "numeric",
    "demand_from": "numeric",
    "demand_to": "numeric",
}
SHORTAGE_COLUMNS = {"demand_id": "bigint", "stack": "bigint", "qty": "numeric"}

WHOLE_ROW = "{key} IS NOT NULL AND stack IS NOT NULL AND rank IS NOT NULL"
# NaN is more than Infinity to PostgreSQL.
QUANTITY = "qty >= 0 AND qty < 'Infinity'"

# Stacks where a demand names supplies, where some are held, or where a demand would
# meet one that expired before it.
MAKE_STACKS = """
    CREATE TEMP TABLE peps_stack AS
    WITH particular AS (
        SELECT demand.stack
        FROM (
            SELECT stack, bool_or({only_expired}) AS old,
                   max(at::date) FILTER (WHERE {only_unexpired}) AS expires_from
            FROM {demand}
            WHERE {only_unexpired} OR {only_expired}
            GROUP BY stack
        ) AS demand
        LEFT JOIN (
            SELECT stack, min({expires_at}) AS expires_at
            FROM {supply}
            WHERE {expires_at} IS NOT NULL
            GROUP BY stack
        ) AS supply USING (stack)
        WHERE demand.old OR supply.expires_at < demand.expires_from
        UNION
        SELECT stack FROM {choice} JOIN {demand} USING (demand_id)
        UNION
        SELECT stack FROM {choice} JOIN {supply} USING (supply_id)
    )
    SELECT stack, every(in_order) AND particular.stack IS NULL AS in_flow
    FROM peps_flow
    LEFT JOIN particular USING (stack)
    GROUP BY stack, particular.stack
"""
MAKE_NO_CHOICE = """
    CREATE TEMP TABLE peps_no_choice (
        demand_id bigint, supply_id bigint, qty numeric)
"""
COUNT_STACKS = """
    SELECT count(*) FILTER (WHERE in_flow), count(*) FILTER (WHERE NOT in_flow)
    FROM pg_temp.peps_stack
"""
# A repeated rank is never in order, so only stacks left to the merge can have one.
REPEATED_RANK = """
    SELECT stack::text, rank::text
    FROM {table} JOIN peps_stack USING (stack)
    WHERE NOT in_flow
    GROUP BY stack, rank HAVING count(*) > 1
    LIMIT 1
"""
ADD_SHORTAGES = """
    INSERT INTO {result} (demand_id, stack, qty)
    SELECT demand_id, demand.stack, demand.qty - coalesce(served.qty, 0)
    FROM {demand} AS demand
    LEFT JOIN (
        SELECT demand_id, sum(qty) AS qty FROM {allocation} GROUP BY demand_id
    ) AS served USING (demand_id)
    WHERE demand.qty > coalesce(served.qty, 0)
"""


def allocate(
    cr,
    supply="tmp_supply",
    demand="tmp_demand",
    result="tmp_allocation",
    choice=None,
):
    """Serve each demand from the oldest supplies of its stack that it may take.

    Shapes and rules: the documentation of this package. Stacks in which arrival,
    ranks and demands agree are done all at once (``flow``), the others demand by
    demand (``merge``); the answer is the same.

    :param cr: DB-API cursor
    :return: ``Allocated``: stacks done by each way, rows added to the result
    :raises PepsInputError: a table is not as promised; nothing was added
    """
    supply = Table(cr, supply, SUPPLY_COLUMNS, SUPPLY_OPTIONS)
    demand = Table(cr, demand, DEMAND_COLUMNS, DEMAND_OPTIONS)
    _check(cr, supply, demand)
    drop(cr, *WORKING_TABLES)
    if choice is None:
        cr.execute(MAKE_NO_CHOICE)
    choice = Table(cr, choice or NO_CHOICE, CHOICE_COLUMNS)
    choice.check_rows(
        cr,
        "supply_id",
        sql.SQL(
            "supply_id IS NOT NULL AND (qty IS NULL AND demand_id IS NOT NULL"
            " OR qty > 0 AND qty < 'Infinity')"
        ),
        "a choice names a supply for a demand, or holds more than nothing of it",
    )
    result = prepare_result(cr, result, ALLOCATION_COLUMNS)
    flow.make_flow(cr, supply, demand)
    _make_stacks(cr, supply, demand, choice)
    fast_stacks, merge_stacks = scalars(cr, COUNT_STACKS)
    if merge_stacks:
        _check_ranks(cr, supply)
        _check_ranks(cr, demand)
    pieces = flow.add_pieces(cr, result) if fast_stacks else 0
    if merge_stacks:
        pieces += merge.add_pieces(cr, supply, demand, choice, result)
    drop(cr, *WORKING_TABLES)
    return Allocated(fast_stacks, merge_stacks, pieces)


def shortages(
    cr, demand="tmp_demand", allocation="tmp_allocation", result="tmp_shortage"
):
    """Append what no supply served: one row per demand, quantity above zero.

    :param allocation: the result of ``allocate`` for that very ``demand``
    :return: number of rows
    """
    result = prepare_result(cr, result, SHORTAGE_COLUMNS)
    run(
        cr,
        ADD_SHORTAGES,
        result=result,
        demand=identifier(demand),
        allocation=identifier(allocation),
    )
    return cr.rowcount


def _check(cr, supply, demand):
    if supply.types["available_at"] != demand.types["at"]:
        raise PepsInputError(
            f"{supply.name}.available_at is {supply.types['available_at']} but"
            f" {demand.name}.at is {demand.types['at']}: a date would be taken"
            " for its midnight. Give both the same type."
        )
    for table, key in ((supply, "supply_id"), (demand, "demand_id")):
        whole = sql.SQL(WHOLE_ROW).format(key=sql.Identifier(key))
        table.check_rows(cr, key, whole, "an id, the stack or the rank is empty")
        table.check_rows(
            cr, key, sql.SQL(QUANTITY), "the quantity is empty, negative or infinite"
        )
        table.check_unique(cr, key)
    supply.check_rows(
        cr, "supply_id", sql.SQL("available_at IS NOT NULL"), "available_at is empty"
    )
    demand.check_rows(
        cr, "demand_id", sql.SQL("isfinite(at)"), "its moment is empty or infinite"
    )
    for option in ("only_unexpired", "only_expired"):
        if demand.has(option):
            demand.check_rows(
                cr,
                "demand_id",
                sql.SQL("{} IS NOT NULL").format(sql.Identifier(option)),
                f"{option} is empty",
            )


def _make_stacks(cr, supply, demand, choice):
    run(
        cr,
        MAKE_STACKS,
        supply=supply.identifier,
        demand=demand.identifier,
        expires_at=supply.column("expires_at"),
        only_unexpired=demand.column("only_unexpired"),
        only_expired=demand.column("only_expired"),
        choice=choice.identifier,
    )
    cr.execute("ANALYZE pg_temp.peps_stack")


def _check_ranks(cr, table):
    run(cr, REPEATED_RANK, table=table.identifier)
    row = cr.fetchone()
    if row:
        raise PepsInputError(
            f"Table {table.name}: rank {row[1]} is repeated in stack {row[0]}."
        )
