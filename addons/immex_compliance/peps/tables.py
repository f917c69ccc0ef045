# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables that callers name: identifiers, shape, content, results."""

from psycopg2 import sql

from .errors import PepsInputError

INTEGER = frozenset({"bigint", "integer"})
NUMERIC = frozenset({"numeric"})
DATE = frozenset({"date"})
# A time zone would make the answer depend on the session that asks.
MOMENT = frozenset({"date", "timestamp without time zone"})
BOOLEAN = frozenset({"boolean"})
TEXT = frozenset({"text", "character varying"})

# The name as the server resolves it, quoted part by part.
REGCLASS = """
    to_regclass((
        SELECT string_agg(quote_ident(part), '.' ORDER BY place)
        FROM unnest(%s::text[]) WITH ORDINALITY AS name(part, place)
    ))
"""
COLUMN_TYPES = f"""
    SELECT attname::text, format_type(atttypid, NULL)
    FROM pg_attribute
    WHERE attrelid = {REGCLASS} AND attnum > 0 AND NOT attisdropped
"""
UNIQUE_INDEX = f"""
    SELECT 1
    FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indrelid = {REGCLASS} AND attname = %s
      AND indisunique AND indimmediate AND indisvalid
      AND indnkeyatts = 1 AND indpred IS NULL
    LIMIT 1
"""


def name_parts(name):
    parts = name.split(".")
    if len(parts) > 2 or not all(parts):
        raise PepsInputError(f"{name!r} is not a table name.")
    return parts


def identifier(name):
    return sql.Identifier(*name_parts(name))


def column_types(cr, name):
    """Types by column; empty when there is no such table."""
    cr.execute(COLUMN_TYPES, (name_parts(name),))
    return dict(cr.fetchall())


def prepare_result(cr, name, columns):
    """Make the result table, or accept the one that is there.

    :param columns: {column: type}
    :return: its identifier
    """
    if not column_types(cr, name):
        run(
            cr,
            "CREATE TEMP TABLE {name} ({columns})",
            name=identifier(name),
            columns=sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
                for column, kind in columns.items()
            ),
        )
    return Table(
        cr, name, {column: frozenset({kind}) for column, kind in columns.items()}
    ).identifier


def drop(cr, *names):
    """Drop working tables; they are in the session's own temporary schema."""
    for name in names:
        run(cr, "DROP TABLE IF EXISTS {name}", name=sql.Identifier("pg_temp", name))


def compose(statement, **names):
    """SQL in which ``{name}`` stands for a composed identifier or expression."""
    return sql.SQL(statement).format(**names)


def run(cr, statement, **names):
    cr.execute(compose(statement, **names))


def scalars(cr, statement, **names):
    """Run a query that answers with one row of counts."""
    run(cr, statement, **names)
    return tuple(int(value or 0) for value in cr.fetchone())


class Table:
    """A table of the caller, with its columns checked against what was promised.

    :param name: ``table`` or ``schema.table``
    :param required: {column: accepted types}
    :param optional: {column: (accepted types, SQL that stands for it when absent)}
    :raises PepsInputError: no such table, column missing or of another type
    """

    def __init__(self, cr, name, required, optional=None):
        self.name = name
        self.identifier = identifier(name)
        self.types = column_types(cr, name)
        if not self.types:
            raise PepsInputError(f"Table {name} does not exist.")
        for column, types in required.items():
            self._check_type(column, types)
        self._defaults = {}
        for column, (types, default) in (optional or {}).items():
            if column in self.types:
                self._check_type(column, types)
            else:
                self._defaults[column] = sql.SQL(default)

    def _check_type(self, column, types):
        found = self.types.get(column)
        if found is None:
            raise PepsInputError(f"Table {self.name} has no column {column}.")
        if found not in types:
            wanted = " or ".join(sorted(types))
            raise PepsInputError(
                f"Column {self.name}.{column} is {found}, {wanted} is wanted."
            )

    def has(self, column):
        return column not in self._defaults

    def column(self, column):
        """The column, or what stands for it when the caller left it out."""
        return self._defaults.get(column, sql.Identifier(column))

    def check_rows(self, cr, key, condition, what):
        """Refuse the table when a row does not meet the SQL ``condition``.

        A condition that is unknown (null) is not met.
        """
        run(
            cr,
            "SELECT {key}::text FROM {table} WHERE ({condition}) IS NOT TRUE LIMIT 1",
            key=sql.Identifier(key),
            table=self.identifier,
            condition=condition,
        )
        row = cr.fetchone()
        if row:
            raise PepsInputError(f"Table {self.name}, {key} {row[0]}: {what}.")

    def check_unique(self, cr, column):
        """Refuse a repeated value; free when a unique index vouches for it."""
        cr.execute(UNIQUE_INDEX, (name_parts(self.name), column))
        if cr.fetchone():
            return
        run(
            cr,
            "SELECT {column}::text FROM {table}"
            " GROUP BY {column} HAVING count(*) > 1 LIMIT 1",
            column=sql.Identifier(column),
            table=self.identifier,
        )
        row = cr.fetchone()
        if row:
            raise PepsInputError(f"Table {self.name}: {column} {row[0]} is repeated.")
