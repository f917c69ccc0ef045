# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rows into tables without the ORM, for what grows with the business.

Values go as text through COPY, so that decimals reach ``numeric`` columns exactly.
The caller checks rights and fills what defaults and computes would have filled.
"""

import tempfile
from datetime import date, datetime
from decimal import Decimal

import psycopg2.extensions

from odoo import fields, models
from odoo.tools import SQL

SPOOL = 4 * 1024 * 1024
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(model: models.BaseModel, count: int) -> list[int]:
    """Take ``count`` ids of the model's sequence, in rising order."""
    if not count:
        return []
    rows = model.env.execute_query(
        SQL(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) "
            "FROM generate_series(1, %s)",
            model._table,
            count,
        )
    )
    return sorted(row[0] for row in rows)


def _text(value) -> str:
    """One value in COPY's text format; ``False`` of a non-boolean means null."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, (int, date)):
        return str(value)
    if isinstance(value, str):
        return value.translate(ESCAPES)
    raise TypeError(f"{type(value).__name__} has no exact text for COPY")


def copy_stream(cr, statement: str, stream, size: int = 8192):
    """COPY ``statement`` FROM STDIN, from anything with ``read(size)``."""
    # COPY and an asynchronous wait callback do not go together
    callback = psycopg2.extensions.get_wait_callback()
    psycopg2.extensions.set_wait_callback(None)
    try:
        cr.copy_expert(statement, stream, size)
    finally:
        psycopg2.extensions.set_wait_callback(callback)


def copy_rows(model: models.BaseModel, columns: tuple[str, ...], rows) -> int:
    """Insert ``rows`` (iterable of tuples in the order of ``columns``) by COPY.

    Adds the columns that the ORM keeps on every record. Floats are refused: an exact
    amount comes as ``Decimal``. Returns the number of rows. Cached values of the
    model are dropped.
    """
    env = model.env
    tail = "\t".join((str(env.uid), fields.Datetime.to_string(env.cr.now())) * 2)
    count = 0
    with tempfile.SpooledTemporaryFile(SPOOL, mode="w+", encoding="utf-8") as buffer:
        for row in rows:
            buffer.write("\t".join(map(_text, row)) + f"\t{tail}\n")
            count += 1
        if not count:
            return 0
        buffer.seek(0)
        statement = SQL(
            "COPY %s (%s, create_uid, create_date, write_uid, write_date) FROM STDIN",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, columns)),
        )
        copy_stream(env.cr, statement.code, buffer)
    model.invalidate_model()
    return count
