# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rows of the authority's pages: read with the report's own query, or from the table
that the background filled; never by Odoo's ORM, never of another company."""

from decimal import Decimal

from odoo.tools import SQL

from ..definitions import PAGES
from ..definitions.base import DATE, FLAG, INTEGER, TEXT
from ..models.ir_http import HOME
from .authority_words import number

PAGE = 100
# what one searches by: columns of a report, and how their text is compared
PARTS = ("parte", "numero_parte", "material", "producto", "componente")
SEARCHES = {
    "pedimento": lambda column: (
        column.record == "immex.pedimento" or "pedimento" in column.name
    ),
    "part": lambda column: column.record == "product.product" or column.name in PARTS,
    "tariff_item": lambda column: column.name.startswith("fraccion"),
}
# how numbers are written varies; the database takes no NUL
LOOSE = str.maketrans("", "", " -./\0")


def searches_of(report):
    """{kind of search: columns of the report that it looks in}."""
    found = {}
    for kind, fits in SEARCHES.items():
        columns = [c for c in report.columns if c.type == TEXT and fits(c)]
        if columns:
            found[kind] = columns
    return found


def like(text):
    """Pattern of LIKE for a piece of a number."""
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


def condition(report, asked):
    """Condition on the rows of a report (alias q), as :class:`SQL`; None without one.

    :param asked: {kind: text}
    """
    parts = []
    for kind, columns in searches_of(report).items():
        text = (asked.get(kind) or "").translate(LOOSE)
        if not text:
            continue
        parts.append(
            SQL(
                "(%s)",
                SQL(" OR ").join(
                    SQL(
                        "translate(%s, ' -./', '') ILIKE %s",
                        SQL.identifier("q", column.name),
                        like(text),
                    )
                    for column in columns
                ),
            )
        )
    return SQL(" AND ").join(parts) if parts else None


def counted(cr, table, source, where):
    """Number of rows and the exact totals, {column: text}.

    :param source: :class:`SQL` that stands after FROM, with the alias q
    """
    sums = "".join(f", COALESCE(sum(q.{c.name}), 0)::text" for c in table.totals)
    cr.execute(SQL("SELECT count(*)%s FROM %s WHERE %s", SQL(sums), source, where))
    count, *totals = cr.fetchone()
    return count, {c.name: v for c, v in zip(table.totals, totals, strict=True)}


def fetched(cr, table, source, rest, ids):
    """Rows as lists of (text, link or None, class of the cell), and the keys.

    :param rest: what stands after FROM, :class:`SQL`
    :param ids: names of the columns with the ids of the documents
    """
    links = "".join(f", q.{name}" for name in ids)
    cr.execute(
        SQL(
            "SELECT %s%s FROM %s %s",
            SQL(table.fields_of("q")),
            SQL(links),
            source,
            rest,
        )
    )
    width = len(table.columns)
    names = [column.name for column in table.records]
    rows, keys = [], []
    for line in cr.fetchall():
        documents = dict(zip(names, line[width:], strict=False))
        keys.append(line[-1])
        rows.append(
            [
                (
                    cell_text(column, value),
                    _link(column, documents),
                    _class(column, value),
                )
                for column, value in zip(table.columns, line[:width], strict=True)
            ]
        )
    return rows, keys


def live_rows(cr, table, parameters, limit, offset=0, where=None):
    """Rows straight from the books."""
    source = SQL("(%s) q", SQL(table.query, **parameters))
    rest = SQL("WHERE %s LIMIT %s OFFSET %s", where or SQL("TRUE"), limit, offset)
    ids = [column.record_column for column in table.records]
    return fetched(cr, table, source, rest, ids)[0]


def live_count(cr, report, parameters, where=None):
    source = SQL("(%s) q", SQL(report.query, **parameters))
    return counted(cr, report, source, where or SQL("TRUE"))


def stored_rows(cr, report, table, run_id, after=None, before=None, where=None):
    """A page of a report that the background made, from the row ``after`` or up to
    the row ``before`` on: no row that is not shown is read, however far the page.

    :return: (rows, id of the first, id of the last, whether more come)
    """
    backwards = before is not None
    # bounds of both columns: with run_id as a constant PostgreSQL would walk the key
    # through the rows of other reports
    rest = SQL(
        "WHERE (q.run_id, q.id) > (%s, %s) AND (q.run_id, q.id) < (%s, %s) AND %s "
        "ORDER BY q.run_id %s, q.id %s LIMIT %s",
        run_id,
        after or 0,
        *((run_id, before) if backwards else (run_id + 1, 0)),
        where or SQL("TRUE"),
        SQL("DESC" if backwards else "ASC"),
        SQL("DESC" if backwards else "ASC"),
        PAGE + 1,
    )
    source = SQL("%s q", SQL.identifier(table))
    ids = [f"{column.name}_ref" for column in report.records]
    rows, keys = fetched(cr, report, source, rest, [*ids, "id"])
    more = len(rows) > PAGE
    rows, keys = rows[:PAGE], keys[:PAGE]
    if backwards:
        rows.reverse()
        keys.reverse()
    return rows, keys[0] if keys else None, keys[-1] if keys else None, more


def stored_count(cr, report, table, run_id, where=None):
    source = SQL("%s q", SQL.identifier(table))
    where = SQL("q.run_id = %s AND %s", run_id, where or SQL("TRUE"))
    return counted(cr, report, source, where)


def cell_text(column, value):
    """Text of a value that came as it stands in the database."""
    if value is None:
        return ""
    if column.type == DATE:
        return f"{value:%d/%m/%Y}"
    if column.type == FLAG:
        return "Sí" if value else "No"
    return number(value, column.decimals) if column.numeric else str(value)


def _class(column, value):
    """Classes of a cell. A negative number shows its sign, and colour besides."""
    if column.numeric or column.type == INTEGER:
        negative = value is not None and Decimal(value) < 0
        return f"text-end text-nowrap{' text-danger' if negative else ''}"
    return "text-nowrap" if column.type == DATE or column.record else None


def _link(column, ids):
    record_id = ids.get(column.name)
    if not record_id or column.record not in PAGES:
        return None
    return f"{HOME}/{PAGES[column.record]}/{record_id}"
