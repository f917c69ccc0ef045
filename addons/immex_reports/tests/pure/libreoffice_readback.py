# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Workbooks as LibreOffice opens them: another program than any that wrote or reads
them here. It saves what it understood as flat ODF, whose cells hold value and type.
"""

import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

from lxml import etree

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SECONDS = 240
SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def _name(prefix, name):
    return f"{{{SPACES[prefix]}}}{name}"


def convert(paths, folder):
    """Let LibreOffice open the workbooks ``paths`` and save them to ``folder``; return
    the paths of the saved files, in order. One start for all of them."""
    folder = Path(folder)
    subprocess.run(
        [
            SOFFICE,
            # a profile of its own: runs beside an open LibreOffice, leaves nothing
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "fods",
            "--outdir",
            str(folder),
            *map(str, paths),
        ],
        check=True,
        timeout=SECONDS,
        capture_output=True,
    )
    return [folder / f"{Path(path).stem}.fods" for path in paths]


def _text(node):
    """Text of a paragraph, whose runs of spaces are elements."""
    parts = [node.text or ""]
    for child in node:
        if child.tag == _name("text", "s"):
            parts.append(" " * int(child.get(_name("text", "c"), 1)))
        elif child.tag == _name("text", "tab"):
            parts.append("\t")
        elif child.tag == _name("text", "line-break"):
            parts.append("\n")
        else:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _value(cell):
    """A cell: None, text, Decimal or date."""
    kind = cell.get(_name("office", "value-type"))
    if kind in ("float", "currency", "percentage"):
        return Decimal(cell.get(_name("office", "value")))
    if kind == "date":
        return date.fromisoformat(cell.get(_name("office", "date-value"))[:10])
    if kind is None:
        return None
    assert kind == "string", kind
    return "\n".join(map(_text, cell.iterfind("text:p", SPACES)))


def _repeated(node, what, values):
    """How often a cell or a row stands there; the empty rest of a sheet counts once."""
    times = int(node.get(_name("table", f"number-{what}-repeated"), 1))
    return times if any(value is not None for value in values) else min(times, 50)


def _row(node):
    cells = []
    for cell in node.iterfind("table:table-cell", SPACES):
        value = _value(cell)
        cells += [value] * _repeated(cell, "columns", [value])
    return cells


def read(path):
    """Return the sheets of a saved file: lists of rows, lists of values."""
    parser = etree.XMLParser(huge_tree=True, no_network=True, resolve_entities=False)
    root = etree.parse(path, parser).getroot()
    sheets = []
    for sheet in root.iterfind(".//table:table", SPACES):
        lines = []
        for node in sheet.iterfind(".//table:table-row", SPACES):
            cells = _row(node)
            lines += [cells] * _repeated(node, "rows", cells)
        sheets.append(lines)
    return sheets


def rows_of(path, columns, head_rows):
    """Head lines, rows and the foot of a report's only sheet, each row as long as the
    columns are."""
    [sheet] = read(path)
    lines = [[*line[:columns], *[None] * (columns - len(line))] for line in sheet]
    while lines and not any(value is not None for value in lines[-1]):
        lines.pop()
    return lines[:head_rows], lines[head_rows:]
