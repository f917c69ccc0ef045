# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Python rows into the kernel's tables, its results back as exact fractions."""

from contextlib import contextmanager
from fractions import Fraction

import oracle
import psycopg2
from psycopg2.extras import execute_values

SHAPES = {
    "tmp_supply": (
        oracle.Supply,
        "supply_id bigint, stack bigint, rank bigint, qty numeric,"
        " available_at {moment}, expires_at date",
    ),
    "tmp_demand": (
        oracle.Demand,
        "demand_id bigint, stack bigint, rank bigint, qty numeric, at {moment},"
        " only_unexpired boolean, names bigint[], only_expired boolean",
    ),
    "tmp_choice": (oracle.Hold, "demand_id bigint, supply_id bigint, qty numeric"),
    "tmp_node": (oracle.Node, "node_id bigint, product bigint, qty numeric"),
    "tmp_input": (
        oracle.Input,
        "input_id bigint, node_id bigint, product bigint, produced boolean,"
        " incorporated numeric, merma numeric, waste numeric",
    ),
    "tmp_edge": (
        oracle.Edge,
        "input_id bigint, node_id bigint, input_from numeric, input_to numeric,"
        " node_from numeric, node_to numeric",
    ),
    "tmp_seed": (
        oracle.Seed,
        "exit_id bigint, node_id bigint, node_from numeric, node_to numeric",
    ),
    "tmp_input_seed": (
        oracle.InputSeed,
        "exit_id bigint, input_id bigint, input_from numeric, input_to numeric,"
        " kind text",
    ),
}


@contextmanager
def transaction(dsn):
    """A cursor whose work is undone at the end.

    Each has its own session: one that made thousands of temporary tables gets slow.
    """
    connection = psycopg2.connect(dsn)
    try:
        with connection.cursor() as cr:
            yield cr
    finally:
        connection.close()


def load(cr, table, rows, moment="date"):
    shape, columns = SHAPES[table]
    cr.execute(f"CREATE TEMP TABLE {table} ({columns.format(moment=moment)})")
    if rows:
        fields = ", ".join(shape._fields)
        execute_values(cr, f"INSERT INTO {table} ({fields}) VALUES %s", rows)


def load_stacks(cr, supplies, demands, moment="date", holds=()):
    load(cr, "tmp_supply", supplies, moment)
    load(
        cr,
        "tmp_demand",
        [demand._replace(names=None) for demand in demands],
        moment,
    )
    named = [
        oracle.Hold(demand.demand_id, supply_id, None)
        for demand in demands
        for supply_id in demand.names or ()
    ]
    load(cr, "tmp_choice", [*named, *holds])


def pieces(cr, table="tmp_allocation"):
    """The rows of an allocation, as a list: a repeated row would show."""
    cr.execute(
        "SELECT stack, supply_id, demand_id, qty::text, supply_from::text,"
        f" supply_to::text, demand_from::text, demand_to::text FROM {table}"
    )
    return [oracle.Piece(*row[:3], *map(Fraction, row[3:])) for row in cr.fetchall()]


def load_production(cr, nodes, inputs, edges, seeds, input_seeds=()):
    load(cr, "tmp_node", nodes)
    load(cr, "tmp_input", inputs)
    load(cr, "tmp_edge", edges)
    load(cr, "tmp_seed", seeds)
    load(cr, "tmp_input_seed", list(input_seeds))


def needs(cr, table="tmp_requirement"):
    """The rows of an explosion as {Need: quantity}; no key comes twice."""
    cr.execute(f"SELECT {', '.join(oracle.Need._fields)}, qty::text FROM {table}")
    rows = cr.fetchall()
    found = {oracle.Need(*row[:-1]): Fraction(row[-1]) for row in rows}
    assert len(found) == len(rows)
    return found
