# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the add-ons cost the host, and what the host's own ways cost.

Real Odoo processes, each on a database of its own, told what to do by a pipe: see
docs/performance.md.
"""

import ast
import os
import statistics
import subprocess
import sys
from pathlib import Path

from _common import SCALE, Database, Table
from engine import DEMANDS, PRODUCTS, SUPPLIES, history

PAIRS = 15
HERE = Path(__file__).parent


class Odoo:
    """A process that answers commands."""

    def __init__(self, database, addons=""):
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                HERE / "_worker.py",
                os.environ["IMMEX_CONFIG"],
                database.name,
                *([addons] if addons else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self("ready")

    def __call__(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("= "):
                answer = line[2:].strip()
                return answer if answer == "ready" else ast.literal_eval(answer)
        raise RuntimeError(f"The Odoo process ended while it did: {command}")

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def validations(table):
    """CPU time of what users wait for, with the add-ons and without."""
    bare = os.environ["IMMEX_BENCH_BASE"]
    with (
        Database("immex_bench_with") as one,
        Database("immex_bench_bare", bare) as other,
        Odoo(one) as ours,
        Odoo(other) as theirs,
    ):
        for command, name in (
            ("picking", "validating a picking of 200 lines"),
            ("order", "closing an order of 30 components"),
        ):
            ours(command), theirs(command)  # caches
            pairs = []
            for turn in range(PAIRS):
                # who comes second finds other things in the processor's caches
                if turn % 2:
                    pairs.append((ours(command), theirs(command)))
                else:
                    pairs.append((theirs(command), ours(command))[::-1])
            table.add(
                f"{name}, CPU / without the add-ons",
                *map(statistics.median, zip(*pairs, strict=True)),
                1.05,
            )


def hundredth(table):
    """One per cent of the history: ours, row by row, Odoo's FIFO; and our memory."""
    part = min(SCALE, 1) * 0.01
    size = [max(int(n * part), 5) for n in (DEMANDS, SUPPLIES, PRODUCTS)]
    with Database("immex_bench_rows") as database:
        history(database, *size)
        with Odoo(database, str(HERE / "addons")) as process:
            by_fifo = process("fifo")
            ours, megabytes = process("run")
            by_row = process("rows")
    table.add("ours / row by row through the ORM, at 1 %", ours, by_row, 0.02)
    table.add("ours / Odoo's FIFO valuation, at 1 %", ours, by_fifo, 0.02)
    return megabytes


def memory(table):
    size = [int(n * min(SCALE, 0.1)) for n in (DEMANDS, SUPPLIES, PRODUCTS)]
    with Database("immex_bench_memory") as database:
        history(database, *size)
        with Odoo(database) as process:
            _seconds, megabytes = process("run")
    table.add("megabytes that the process grew by / 100", megabytes, 100, 1)


def main():
    table = Table("The host")
    validations(table)
    hundredth(table)
    memory(table)


if __name__ == "__main__":
    main()
