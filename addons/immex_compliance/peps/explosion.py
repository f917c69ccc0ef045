# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an exit of products requires, by what was really drawn to make them.

An exit takes a piece of a production layer (a node). The piece is mapped to each
input of the node, in proportion but at cumulative positions: the pieces of an axis
fall on an axis without gap or overlap, so whatever is rounded, all pieces together
require what was drawn, to the last decimal. An input that was produced itself goes
on to the nodes that served it; level by level, all pieces of a level at once.
"""

from collections import namedtuple
from decimal import Decimal

from psycopg2 import sql

from .composition import EDGE, LINK, PART, Composition
from .errors import PepsError, PepsInputError
from .tables import compose, drop, prepare_result, run, scalars

Exploded = namedtuple("Exploded", "levels rows unexplained")

FRONT = "peps_front"
REACH = "peps_reach"
WORKING_TABLES = (FRONT, REACH, PART, EDGE, LINK)

NO_PRODUCTION = "no_production"
NO_COMPOSITION = "no_composition"

REQUIREMENT_COLUMNS = {
    "exit_id": "bigint",
    "top_node_id": "bigint",
    "node_id": "bigint",
    "input_id": "bigint",
    "product": "bigint",
    "kind": "text",
    "level": "integer",
    "qty": "numeric",
    "unexplained": "boolean",
    "reason": "text",
}

# Pieces of node axes, one row per way from an exit; ``kind`` is the way's, a number.
MAKE_FRONT = """
    CREATE TEMP TABLE peps_front (
        exit_id bigint, top_node_id bigint, node_id bigint, kind integer,
        since numeric, upto numeric
    )
"""
# Pieces of input axes, inside what edges cover.
MAKE_REACH = """
    CREATE TEMP TABLE peps_reach (
        piece_id bigint GENERATED ALWAYS AS IDENTITY,
        exit_id bigint, top_node_id bigint, input_id bigint, kind integer,
        since numeric, upto numeric
    )
"""
START_FRONT = """
    INSERT INTO peps_front
    SELECT exit_id, node_id, node_id, 0, node_from, node_to FROM {seed}
"""
START_REACH = """
    INSERT INTO peps_reach (exit_id, top_node_id, input_id, kind, since, upto)
    SELECT seed.exit_id, NULL, seed.input_id,
           array_position({kinds}::text[], seed.kind::text) - 1,
           seed.input_from, least(seed.input_to, edge.traced)
    FROM {input_seed} AS seed
    JOIN (
        SELECT input_id, max(input_to) AS traced FROM peps_edge GROUP BY input_id
    ) AS edge ON edge.input_id = seed.input_id
    WHERE seed.input_from < edge.traced
"""
ADD_SEEDED_INPUTS = """
    INSERT INTO {result}
        (exit_id, input_id, product, kind, level, qty, unexplained, reason)
    SELECT exit_id, input_id, product, kind, 1, sum(qty), produced,
           CASE WHEN produced THEN {no_production} END
    FROM (
        SELECT seed.exit_id, seed.input_id, input.product, seed.kind, input.produced,
               seed.input_to - greatest(seed.input_from, coalesce(edge.traced, 0))
                   AS qty
        FROM {input_seed} AS seed
        JOIN {input} AS input ON input.input_id = seed.input_id
        LEFT JOIN (
            SELECT input_id, max(input_to) AS traced FROM peps_edge GROUP BY input_id
        ) AS edge ON edge.input_id = seed.input_id
    ) AS piece
    WHERE qty > 0
    GROUP BY exit_id, input_id, product, kind, produced
"""

# size * position / node_qty, rounded half up: div() cuts an exact quotient, where
# "/" would round it once before it is rounded again.
ROUNDED = (
    "div(2 * part.size * {position} * {steps} + part.node_qty, 2 * part.node_qty)"
    " * {step}"
)
# Position on the part that no edge explains, from ``covered`` to ``size``.
NEEDED = """
    CASE WHEN {position} >= part.node_qty THEN part.size
         ELSE greatest(part.covered, least(part.size, {rounded})) END
"""
# Position on the part that edges explain, from 0 to ``covered``.
REACHED = """
    CASE WHEN {position} >= part.node_qty THEN part.covered
         ELSE least(part.covered, {rounded}) END
"""
ADD_NEEDS = """
    INSERT INTO {result} (exit_id, top_node_id, node_id, input_id, product, kind,
                          level, qty, unexplained, reason)
    SELECT exit_id, top_node_id, CASE WHEN NOT produced THEN node_id END,
           input_id, product, ({kinds}::text[])[kind + 1], {level}, sum(qty),
           produced, CASE WHEN produced THEN {no_production} END
    FROM (
        SELECT front.exit_id, front.top_node_id, part.node_id, part.input_id,
               part.product, part.produced, greatest(front.kind, part.kind) AS kind,
               {upto} - {since} AS qty
        FROM peps_front AS front
        JOIN peps_part AS part ON part.node_id = front.node_id
        WHERE part.covered < part.size
    ) AS piece
    GROUP BY exit_id, top_node_id, node_id, input_id, product, produced, kind
    HAVING sum(qty) > 0
"""
ADD_BARE_NODES = """
    INSERT INTO {result} (exit_id, top_node_id, node_id, product, kind, level, qty,
                          unexplained, reason)
    SELECT exit_id, top_node_id, node_id, product, ({kinds}::text[])[kind + 1],
           {level}, sum(qty), true, {no_composition}
    FROM (
        SELECT front.exit_id, front.top_node_id, front.node_id, node.product,
               front.kind,
               CASE WHEN front.upto >= node.qty THEN node.qty
                    ELSE least(node.qty, round(front.upto, {digits})) END
               - least(node.qty, round(front.since, {digits})) AS qty
        FROM peps_front AS front
        JOIN {node} AS node ON node.node_id = front.node_id
        WHERE NOT EXISTS (
            SELECT FROM {input} AS input WHERE input.node_id = front.node_id
        )
    ) AS piece
    GROUP BY exit_id, top_node_id, node_id, product, kind
    HAVING sum(qty) > 0
"""
MAP_TO_INPUTS = """
    INSERT INTO peps_reach (exit_id, top_node_id, input_id, kind, since, upto)
    SELECT exit_id, top_node_id, input_id, kind, start + since, start + upto
    FROM (
        SELECT front.exit_id, front.top_node_id, part.input_id, part.start,
               greatest(front.kind, part.kind) AS kind,
               {since} AS since, {upto} AS upto
        FROM peps_front AS front
        JOIN peps_part AS part ON part.node_id = front.node_id
        WHERE part.covered > 0
    ) AS piece
    WHERE since < upto
"""
# The edges under a piece are found by counting, along the axis, the ends of edges
# before its two ends: sorted once, whatever the number of pieces and edges.
MAP_TO_NODES = """
    INSERT INTO peps_front (exit_id, top_node_id, node_id, kind, since, upto)
    WITH mark AS (
        SELECT piece_id, input_id, since AS position, 2 AS turn FROM peps_reach
        UNION ALL
        SELECT piece_id, input_id, upto, 0 FROM peps_reach
        UNION ALL
        SELECT NULL, input_id, input_to, 1 FROM peps_edge
        WHERE input_id IN (SELECT input_id FROM peps_reach)
    ), place AS (
        SELECT piece_id,
               1 + count(*) FILTER (WHERE piece_id IS NULL) OVER (
                   PARTITION BY input_id ORDER BY position, turn
                   ROWS UNBOUNDED PRECEDING
               ) AS nth
        FROM mark
    ), span AS (
        SELECT piece_id, min(nth) AS first, max(nth) AS last
        FROM place WHERE piece_id IS NOT NULL GROUP BY piece_id
    )
    SELECT reach.exit_id, reach.top_node_id, edge.node_id, reach.kind,
           edge.node_from + greatest(reach.since - edge.input_from, 0),
           edge.node_from + least(reach.upto, edge.input_to) - edge.input_from
    FROM span
    JOIN peps_reach AS reach ON reach.piece_id = span.piece_id
    CROSS JOIN LATERAL generate_series(span.first, span.last) AS turn(nth)
    JOIN peps_edge AS edge
        ON edge.input_id = reach.input_id AND edge.nth = turn.nth
"""
COUNT_UNEXPLAINED = "SELECT count(*) FILTER (WHERE unexplained) FROM {result}"


def _rounded(position, digits):
    return compose(
        ROUNDED,
        position=position,
        steps=sql.Literal(Decimal(10) ** digits),
        step=sql.Literal(Decimal(1).scaleb(-digits)),
    )


def _ends(mapping, digits):
    """The mapping of both ends of a piece of ``peps_front``."""
    ends = {}
    for end in ("since", "upto"):
        position = sql.Identifier("front", end)
        ends[end] = compose(
            mapping, position=position, rounded=_rounded(position, digits)
        )
    return ends


def explode(
    cr,
    seed="tmp_seed",
    node="tmp_node",
    input="tmp_input",
    edge="tmp_edge",
    result="tmp_requirement",
    *,
    input_seed=None,
    kinds=("incorporated", "merma"),
    kept=("waste",),
    digits=6,
    axis_digits=12,
    max_depth=50,
):
    """Turn pieces of production layers into what they require, down to the bottom.

    Shapes and rules: the documentation of this package.

    :param cr: DB-API cursor
    :param digits: decimals of a requirement
    :param axis_digits: decimals of positions on the way down, not below ``digits``
    :return: ``Exploded``: levels gone down, rows added, how many are unexplained
    :raises PepsInputError: a table is not as promised; nothing was added
    :raises PepsCycleError: nodes consume each other; nothing was added
    """
    if not 0 <= digits <= axis_digits:
        raise PepsInputError("axis_digits must be at least digits, digits at least 0.")
    drop(cr, *WORKING_TABLES)
    composition = Composition(cr, seed, node, input, edge, input_seed, kinds, kept)
    try:
        composition.prepare(cr, max_depth)
        result = prepare_result(cr, result, REQUIREMENT_COLUMNS)
        return _Descent(cr, composition, result, digits, axis_digits).run()
    except PepsError:
        drop(cr, *WORKING_TABLES)
        raise


class _Descent:
    def __init__(self, cr, composition, result, digits, axis_digits):
        self.cr = cr
        self.composition = composition
        self.names = {
            "result": result,
            "seed": composition.seed.identifier,
            "node": composition.node.identifier,
            "input": composition.input.identifier,
            "kinds": sql.Literal(list(composition.columns)),
            "digits": sql.Literal(digits),
            "no_production": sql.Literal(NO_PRODUCTION),
            "no_composition": sql.Literal(NO_COMPOSITION),
        }
        self.needed = _ends(NEEDED, digits)
        self.reached = _ends(REACHED, axis_digits)
        self.rows = 0

    def run(self):
        unexplained_before = self._count_unexplained()
        self.cr.execute(MAKE_FRONT)
        self.cr.execute(MAKE_REACH)
        self._execute(START_FRONT)
        if self.composition.input_seed:
            self.names["input_seed"] = self.composition.input_seed.identifier
            self._execute(START_REACH)
            self._add(ADD_SEEDED_INPUTS)
        level = 0
        found = True
        while found:
            level += 1
            found = self._descend(level)
        drop(self.cr, *WORKING_TABLES)
        unexplained = self._count_unexplained() - unexplained_before
        return Exploded(level, self.rows, unexplained)

    def _descend(self, level):
        """Do one level; is there another below?"""
        level = sql.Literal(level)
        self.cr.execute("ANALYZE pg_temp.peps_front")
        self._add(ADD_NEEDS, level=level, **self.needed)
        self._add(ADD_BARE_NODES, level=level)
        self._execute(MAP_TO_INPUTS, **self.reached)
        self.cr.execute("ANALYZE pg_temp.peps_reach")
        self.cr.execute("TRUNCATE pg_temp.peps_front")
        self.cr.execute(MAP_TO_NODES)
        found = self.cr.rowcount > 0
        self.cr.execute("TRUNCATE pg_temp.peps_reach")
        return found

    def _execute(self, statement, **names):
        run(self.cr, statement, **self.names, **names)

    def _add(self, statement, **names):
        """Run an INSERT into the result."""
        self._execute(statement, **names)
        self.rows += self.cr.rowcount

    def _count_unexplained(self):
        return scalars(self.cr, COUNT_UNEXPLAINED, **self.names)[0]
