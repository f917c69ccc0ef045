# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Histories and verdicts as flat CSV tables: the open test deck (data/deck).

A case is told by the rows that bear its name. Cells are text: dates YYYY-MM-DD,
decimals with a point and no trailing zeros, ``yes`` or nothing.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from . import history as h
from .oracle import OPERATIONS


@dataclass
class Case:
    name: str
    title: str
    titulo: str
    source: str
    history: h.History


CASES = ("case", "title", "titulo", "source", "status_policy", "peps_by")
#: table: (dataclass, its list in the history, or table and field of its parent,
#: columns that are its own: field or ``field as column``)
TABLES = {
    "parts": (h.Part, "parts", ("code as part", "kind as class")),
    "documents": (
        h.Document,
        "documents",
        ("number as document", "operation", "paid", "entered", "modulated", "closed")
        + ("left", "cancelled", "rectifies"),
    ),
    "goods": (
        h.Goods,
        ("documents", "goods"),
        ("partida", "sequence as line", "part", "quantity", "umc", "umt", "usd", "mxn")
        + ("waste", "lot"),
    ),
    "transfers": (
        h.Transfer,
        "transfers",
        ("name as transfer", "way", "day as date", "document")
        + ("status as customs_status", "returns"),
    ),
    "transfer_lines": (
        h.Line,
        ("transfers", "lines"),
        ("part", "quantity", "lot", "owner", "place"),
    ),
    "orders": (h.Order, "orders", ("name as order", "day as date")),
    "outputs": (h.Output, ("orders", "outputs"), ("part", "quantity", "lot")),
    "draws": (
        h.Draw,
        ("orders", "draws"),
        ("part", "merma", "waste", "waste_part", "scrap"),
    ),
    "draw_lines": (
        h.Line,
        ("draws", "lines"),
        ("part", "quantity", "lot", "owner", "place"),
    ),
    "unbuilds": (
        h.Unbuild,
        "unbuilds",
        ("name as unbuild", "day as date", "part", "quantity", "lot"),
    ),
    "acts": (h.Act, "acts", ("number as act", "day as date")),
    "act_lines": (h.ActLine, ("acts", "lines"), ("part", "quantity", "waste", "lot")),
}
LOTS = ("case", "part", "lot", "customs_status")
EXIT = ("exit_kind", "exit", "exit_partida", "exit_line")
LAYER = ("customs_status", "layer_kind", "layer", "layer_partida", "layer_line")
EXPECTED = {
    "expected_requirements": (
        "case",
        *EXIT,
        "path",
        "part",
        "customs_status",
        "kind",
        "quantity",
        "shortage",
        "unexplained",
    ),
    "expected_discharges": (
        "case",
        *EXIT,
        "path",
        "kind",
        *LAYER,
        "position",
        "quantity",
        "umc",
        "umt",
        "usd",
        "mxn",
        "late",
        "after_consumption",
    ),
    "expected_balances": (
        "case",
        *LAYER,
        "part",
        "quantity",
        "discharged",
        "remaining",
        "term_end",
    ),
}
OPERATION = ("operation", "key", "operation_type", "key_case", "identifier")
OPERATION += ("complement", "effect", "customs_status", "layers", "waste", "months")
OPERATION += ("term_starts", "class")


def plain(value):
    """A cell."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else str(value)


def names(columns):
    """[(field, column)]"""
    return [tuple((text.split(" as ") * 2)[:2]) for text in columns]


def parents(table):
    """Columns that name the row that a row belongs to."""
    place = TABLES[table][1]
    if isinstance(place, str):
        return ()
    above = place[0]
    own = names(TABLES[above][2])[0][1]
    if isinstance(TABLES[above][1], str):
        return (own,)
    return (*parents(above), above.rstrip("s"))


def header(table):
    """Columns of an input table."""
    columns = [column for _field, column in names(TABLES[table][2])]
    above = parents(table)
    numbered = isinstance(TABLES[table][1], tuple) and table != "goods"
    return ("case", *above, *(("row",) if numbered else ()), *columns)


# out ------------------------------------------------------------------------------
def tables_of(cases):
    """{table: [row of cells]} of the histories, and the cases themselves."""
    result = defaultdict(list)
    for case in cases:
        item = case.history
        texts = (case.name, case.title, case.titulo, case.source)
        result["cases"].append([*texts, item.policy, item.peps_by])
        for part in item.parts:
            for lot, status in sorted(part.lots.items()):
                result["lots"].append([case.name, part.code, lot, plain(status)])
        for table, (_kind, place, _columns) in TABLES.items():
            if isinstance(place, str):
                _put(result, table, getattr(item, place), [case.name])
    return result


def _put(result, table, items, above):
    columns = names(TABLES[table][2])
    numbered = "row" in header(table)
    for place, item in enumerate(items, 1):
        own = [plain(getattr(item, name)) for name, _column in columns]
        result[table].append([*above, *([str(place)] if numbered else []), *own])
        for below, (_kind, where, _columns) in TABLES.items():
            if isinstance(where, tuple) and where[0] == table:
                key = str(place) if numbered else own[0]
                _put(result, below, getattr(item, where[1]), [*above, key])


def operations():
    """Rows of the table of operations."""
    for name, item in OPERATIONS.items():
        code, complement = item.identifier or (None, None)
        starts = "transfer" if item.virtual else "entry"
        temporary = item.status == "temporary" and item.goods_class != "fixed_asset"
        cells = (name, item.key, item.type, item.case, code, complement, item.effect)
        cells += (item.status, item.scope, item.waste)
        cells += (item.months if temporary else None, starts if temporary else None)
        yield [plain(cell) for cell in (*cells, item.goods_class)]


def exit_cells(key):
    words = key.split("|")
    if words[0] in "DZ":
        return ("act" if words[0] == "D" else "transfer"), words[1], "", _int(words[2])
    return "document", words[0][2:], _int(words[1]), _int(words[2])


def layer_cells(key):
    status, *words = key.split("|")
    if words[0] == "M":
        return status, "transfer", words[1], "", _int(words[2])
    return status, "document", words[1][2:], _int(words[2]), _int(words[3])


def _int(text):
    return str(int(text))


def expected_of(name, verdict):
    """{table: rows} of a verdict, in the order of the tables."""
    rows = {
        "expected_requirements": [
            (*exit_cells(row.exit), row.key, row.part, row.status, row.kind)
            + (row.quantity, row.shortage, row.unexplained)
            for row in verdict.requirements
        ],
        "expected_discharges": [
            (*exit_cells(row.exit), row.requirement, row.kind, *layer_cells(row.layer))
            + (row.start, row.quantity, row.umc, row.umt, row.usd, row.mxn)
            + (row.late, row.after_consumption)
            for row in verdict.discharges
        ],
        "expected_balances": [
            (*layer_cells(row.layer), row.part, row.quantity, row.discharged)
            + (row.quantity - row.discharged, row.expires)
            for row in verdict.balances
        ],
    }
    return {
        table: sorted([name, *map(plain, row)] for row in lines)
        for table, lines in rows.items()
    }


def save(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


# in ------------------------------------------------------------------------------
def load(path):
    """Rows of a file, by column."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read(folder):
    """[Case] of the deck in ``folder``."""
    rows = {table: _by_parent(table, load(folder / f"{table}.csv")) for table in TABLES}
    lots = defaultdict(dict)
    for row in load(folder / "lots.csv"):
        lots[row["case"], row["part"]][row["lot"]] = row["customs_status"] or None
    result = []
    for row in load(folder / "cases.csv"):
        name = row["case"]
        item = h.History(policy=row["status_policy"], peps_by=row["peps_by"])
        for table, (_kind, place, _columns) in TABLES.items():
            if isinstance(place, str):
                setattr(item, place, _made(rows, table, (name,)))
        for part in item.parts:
            part.lots = lots.get((name, part.code), {})
        texts = (name, row["title"], row["titulo"], row["source"])
        result.append(Case(*texts, item))
    return result


def _by_parent(table, rows):
    result = defaultdict(list)
    keys = ("case", *parents(table))
    for row in rows:
        result[tuple(row[key] for key in keys)].append(row)
    return result


def _made(rows, table, above):
    kind, _place, columns = TABLES[table]
    types = {item.name: item.type for item in fields(kind)}
    result = []
    for row in rows[table].get(above, ()):
        values = {
            name: _value(types[name], row[column]) for name, column in names(columns)
        }
        key = row.get("row") or row[names(columns)[0][1]]
        for below, (_kind, where, _columns) in TABLES.items():
            if isinstance(where, tuple) and where[0] == table:
                values[where[1]] = _made(rows, below, (*above, key))
        result.append(kind(**values))
    return result


def _value(kind, text):
    kind = getattr(kind, "__name__", str(kind)).removesuffix(" | None")
    kind = kind.rpartition(".")[2]
    if kind == "bool":
        return text == "yes"
    if not text:
        return None
    makers = {"Decimal": Decimal, "date": date.fromisoformat, "int": int}
    return makers.get(kind, str)(text)
