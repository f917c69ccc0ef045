# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements that work on everything, or on what a run was told has changed.

``[[m.id in tmp_scope_movement]]`` in a statement is a condition on the scope: true in
a full run; in an incremental one, membership of that table's column ``id``. It is put
in as text, since PostgreSQL turns only a bare ``IN`` into a join, never one under OR.
"""

import re

_SCOPE = re.compile(r"\[\[(\S+) in (\w+)\]\]")


def scoped(statement, full):
    """The statement with its scope conditions put in."""
    if full:
        return _SCOPE.sub("TRUE", statement)
    return _SCOPE.sub(r"\1 IN (SELECT id FROM \2)", statement)


def half_up(size, position, whole, digits=6):
    """SQL of ``size * position / whole``, rounded half up, once: div() cuts an exact
    quotient, where a division would round before the rounding. All of them positive.
    """
    steps = 10**digits
    cut = f"div(2 * {size} * {position} * {steps} + {whole}, 2 * {whole})"
    return f"round({cut} / {steps}, {digits})"


MANY = 5000  # rows that make a table's figures stale


def analyze(cr, rows, *tables):
    """Bring the planner's figures of tables up to date after ``rows`` changed.

    A run keeps the tables that it analysed until it ends: the run of another company
    passes over them, and does not wait.
    """
    if rows >= MANY:
        names = ", ".join(tables)  # our own
        cr.execute("ANALYZE (SKIP_LOCKED) " + names)  # pylint: disable=sql-injection


def execute(cr, ctx, *statements):
    """Run statements with the run's parameters; return the rows of all together."""
    rows = 0
    progress = ctx.get("progress")
    for statement in statements:
        cr.execute(scoped(statement, ctx["full"]), ctx)
        rows += max(cr.rowcount, 0)
        if progress:
            progress.add(cr.rowcount)
    return rows
