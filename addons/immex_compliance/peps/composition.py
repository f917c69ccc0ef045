# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What production layers are made of: checked, and laid out for the explosion.

Makes three working tables:

``peps_part``    one row per input and required kind with a quantity: ``size``, where
                 it begins on the input's axis (``start``), how much of it is
                 traced to the production layers of the input (``covered``)
``peps_edge``    the edges, numbered along each input's axis
``peps_link``    which node consumes which, as far as the seeds reach
"""

from psycopg2 import sql

from .errors import PepsCycleError, PepsError, PepsInputError
from .tables import BOOLEAN, INTEGER, NUMERIC, TEXT, Table, compose, run, scalars

PART = "peps_part"
EDGE = "peps_edge"
LINK = "peps_link"

SEED_COLUMNS = {
    "exit_id": INTEGER,
    "node_id": INTEGER,
    "node_from": NUMERIC,
    "node_to": NUMERIC,
}
INPUT_SEED_COLUMNS = {
    "exit_id": INTEGER,
    "input_id": INTEGER,
    "input_from": NUMERIC,
    "input_to": NUMERIC,
    "kind": TEXT,
}
NODE_COLUMNS = {"node_id": INTEGER, "product": INTEGER, "qty": NUMERIC}
INPUT_COLUMNS = {
    "input_id": INTEGER,
    "node_id": INTEGER,
    "product": INTEGER,
    "produced": BOOLEAN,
}
EDGE_COLUMNS = {
    "input_id": INTEGER,
    "node_id": INTEGER,
    "input_from": NUMERIC,
    "input_to": NUMERIC,
    "node_from": NUMERIC,
    "node_to": NUMERIC,
}

MAKE_EDGES = """
    CREATE TEMP TABLE peps_edge AS
    SELECT input_id, node_id, input_from, input_to, node_from, node_to,
           row_number() OVER along AS nth,
           coalesce(lag(input_to) OVER along, 0) AS follows
    FROM {edge}
    WINDOW along AS (PARTITION BY input_id ORDER BY input_from, input_to)
"""
# The kinds lie end to end on the input's axis, in their order.
MAKE_PARTS = """
    CREATE TEMP TABLE peps_part AS
    SELECT input.node_id, input.input_id, input.product, input.produced,
           node.qty AS node_qty, part.kind, part.size, part.start,
           least(part.size, greatest(0.0, coalesce(edge.traced, 0) - part.start))
               AS covered
    FROM {input} AS input
    JOIN {node} AS node ON node.node_id = input.node_id
    LEFT JOIN (
        SELECT input_id, max(input_to) AS traced FROM peps_edge GROUP BY input_id
    ) AS edge ON edge.input_id = input.input_id
    CROSS JOIN LATERAL (VALUES {kinds}) AS part(kind, size, start)
    WHERE part.size > 0
"""
MAKE_LINKS = """
    CREATE TEMP TABLE peps_link AS
    WITH RECURSIVE link AS (
        SELECT DISTINCT input.node_id AS parent, edge.node_id AS child
        FROM peps_edge AS edge
        JOIN {input} AS input ON input.input_id = edge.input_id
    ), reached AS (
        ({starts})
        UNION
        SELECT link.child FROM link JOIN reached ON reached.node_id = link.parent
    )
    SELECT link.parent, link.child
    FROM link JOIN reached ON reached.node_id = link.parent
"""
SEED_STARTS = "SELECT node_id::bigint FROM {seed}"
INPUT_SEED_STARTS = """
    SELECT edge.node_id::bigint FROM {input_seed} AS seed
    JOIN peps_edge AS edge ON edge.input_id = seed.input_id
"""
# What consumes nothing more is done with, round by round; a circle never is.
PEEL_BOTTOM = """
    DELETE FROM peps_link AS link
    WHERE NOT EXISTS (SELECT FROM peps_link AS next WHERE next.parent = link.child)
"""
PEEL_TOP = """
    DELETE FROM peps_link AS link
    WHERE NOT EXISTS (SELECT FROM peps_link AS next WHERE next.child = link.parent)
"""

# Each says how many rows are wrong, and the first. All rows are looked at: a LIMIT
# would make the planner compare every row with every other.
CHECK_SEED = """
    SELECT count(*), min(seed.exit_id)::text FROM {seed} AS seed
    LEFT JOIN {node} AS node ON node.node_id = seed.node_id
    WHERE (
        seed.exit_id IS NOT NULL AND node.node_id IS NOT NULL AND
        0 <= seed.node_from AND seed.node_from < seed.node_to
        AND seed.node_to <= node.qty
    ) IS NOT TRUE
"""
CHECK_INPUT = """
    SELECT count(*), min(input.input_id)::text FROM {input} AS input
    LEFT JOIN {node} AS node ON node.node_id = input.node_id
    WHERE node.node_id IS NULL
"""
# Edges of an input follow each other from 0 on, inside both axes.
CHECK_EDGE = """
    SELECT count(*), min(edge.input_id)::text FROM peps_edge AS edge
    LEFT JOIN {node} AS node ON node.node_id = edge.node_id
    LEFT JOIN {input} AS input ON input.input_id = edge.input_id
    WHERE (
        node.node_id IS NOT NULL AND input.produced
        AND edge.input_from = edge.follows AND edge.input_from < edge.input_to
        AND edge.input_to <= {drawn}
        AND edge.node_to - edge.node_from = edge.input_to - edge.input_from
        AND 0 <= edge.node_from AND edge.node_to <= node.qty
    ) IS NOT TRUE
"""
CHECK_INPUT_SEED = """
    SELECT count(*), min(seed.exit_id)::text FROM {input_seed} AS seed
    LEFT JOIN {input} AS input ON input.input_id = seed.input_id
    WHERE (
        seed.exit_id IS NOT NULL AND input.input_id IS NOT NULL
        AND 0 <= seed.input_from AND seed.input_from < seed.input_to
        AND seed.input_to <= {drawn} AND seed.kind IN ({kinds})
    ) IS NOT TRUE
"""


def _plus(columns, table):
    return sql.SQL(" + ").join(sql.Identifier(table, column) for column in columns)


class Composition:
    """The tables of one explosion, checked.

    :param kinds: numeric columns of ``input`` that an exit of the output requires
    :param kept: numeric columns that stay when the output leaves
    :raises PepsInputError: a table is not as promised
    """

    def __init__(self, cr, seed, node, input, edge, input_seed, kinds, kept):
        self.kinds = tuple(kinds)
        self.columns = self.kinds + tuple(kept)
        if not self.kinds or len(set(self.columns)) != len(self.columns):
            raise PepsInputError("Kinds must be named, each once.")
        self.seed = Table(cr, seed, SEED_COLUMNS)
        self.node = Table(cr, node, NODE_COLUMNS)
        self.input = Table(
            cr, input, {**INPUT_COLUMNS, **dict.fromkeys(self.columns, NUMERIC)}
        )
        self.edge = Table(cr, edge, EDGE_COLUMNS)
        self.input_seed = input_seed and Table(cr, input_seed, INPUT_SEED_COLUMNS)
        self.drawn = _plus(self.columns, "input")

    def prepare(self, cr, max_depth):
        """Check the content and make the working tables.

        :raises PepsInputError: a row is not as promised
        :raises PepsCycleError: nodes consume each other in a circle
        """
        self._check_tables(cr)
        run(cr, MAKE_EDGES, edge=self.edge.identifier)
        self._check_references(cr)
        self._make_parts(cr)
        self._make_links(cr)
        cr.execute("ANALYZE pg_temp.peps_edge, pg_temp.peps_part, pg_temp.peps_link")
        self._check_circles(cr, max_depth)

    def _check_tables(self, cr):
        self.node.check_rows(
            cr,
            "node_id",
            sql.SQL("node_id IS NOT NULL AND product IS NOT NULL"),
            "its id or its product is empty",
        )
        self.node.check_rows(
            cr,
            "node_id",
            sql.SQL("qty > 0 AND qty < 'Infinity'"),
            "its quantity is not above zero",
        )
        self.node.check_unique(cr, "node_id")
        whole = "input_id IS NOT NULL AND product IS NOT NULL AND produced IS NOT NULL"
        self.input.check_rows(
            cr, "input_id", sql.SQL(whole), "its id, product or produced is empty"
        )
        for column in self.columns:
            self.input.check_rows(
                cr,
                "input_id",
                sql.SQL("{0} >= 0 AND {0} < 'Infinity'").format(sql.Identifier(column)),
                f"{column} is empty, negative or infinite",
            )
        self.input.check_unique(cr, "input_id")

    def _check_references(self, cr):
        names = {
            "seed": self.seed.identifier,
            "node": self.node.identifier,
            "input": self.input.identifier,
            "drawn": self.drawn,
        }
        checks = [
            (CHECK_SEED, self.seed, "exit_id", "not a piece of a known node"),
            (CHECK_INPUT, self.input, "input_id", "its node is not there"),
            (
                CHECK_EDGE,
                self.edge,
                "input_id",
                "not pieces that follow each other from 0, of a produced input"
                " and of known nodes",
            ),
        ]
        if self.input_seed:
            names["input_seed"] = self.input_seed.identifier
            names["kinds"] = sql.SQL(", ").join(map(sql.Literal, self.columns))
            checks.append(
                (
                    CHECK_INPUT_SEED,
                    self.input_seed,
                    "exit_id",
                    "not a piece of a known input, or of no known kind",
                )
            )
        for check, table, key, what in checks:
            run(cr, check, **names)
            count, first = cr.fetchone()
            if count:
                raise PepsInputError(f"Table {table.name}, {key} {first}: {what}.")

    def _make_parts(self, cr):
        kinds = []
        for number, column in enumerate(self.kinds):
            before = _plus(self.columns[:number], "input") if number else sql.SQL("0.0")
            kinds.append(
                sql.SQL("({}, {}, {})").format(
                    sql.Literal(number), sql.Identifier("input", column), before
                )
            )
        run(
            cr,
            MAKE_PARTS,
            input=self.input.identifier,
            node=self.node.identifier,
            kinds=sql.SQL(", ").join(kinds),
        )

    def _make_links(self, cr):
        starts = compose(SEED_STARTS, seed=self.seed.identifier)
        if self.input_seed:
            more = compose(INPUT_SEED_STARTS, input_seed=self.input_seed.identifier)
            starts = sql.SQL(" UNION ").join((starts, more))
        run(cr, MAKE_LINKS, input=self.input.identifier, starts=starts)

    def _check_circles(self, cr, max_depth):
        for _level in range(max_depth):
            cr.execute(PEEL_BOTTOM)
            if not cr.rowcount:
                break
        else:
            raise PepsError(f"Production is more than {max_depth} levels deep.")
        if not scalars(cr, "SELECT count(*) FROM peps_link")[0]:
            return
        while True:
            cr.execute(PEEL_TOP)
            if not cr.rowcount:
                break
        cr.execute("SELECT DISTINCT parent FROM peps_link")
        nodes = [int(row[0]) for row in cr.fetchall()]
        raise PepsCycleError(
            f"Production layers consume each other in a circle: {sorted(nodes)}.", nodes
        )
