# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading files back, with other libraries than those that wrote them where there are.

No Odoo: the tests through Odoo use it too.
"""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from lxml import etree

HEAD_ROWS = 5
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text):
    """What Excel shows for a text with ``_xHHHH_`` in it, which openpyxl leaves."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


def read_xlsx(report, stream):
    """Return (head lines, rows as tuples of cell values, totals, sheets)."""
    book = openpyxl.load_workbook(stream, data_only=True)
    rows, totals, head = [], {}, []
    for sheet in book.worksheets:
        lines = list(sheet.iter_rows(values_only=True, max_col=len(report.columns)))
        head = [line[0] for line in lines[: HEAD_ROWS - 1]]
        labels = list(lines[HEAD_ROWS - 1])
        assert labels == [column.label for column in report.columns]
        rows += lines[HEAD_ROWS:]
    if report.totals:
        foot = rows.pop()
        assert foot[0] == "Total"
        totals = {
            column.name: foot[position]
            for position, column in enumerate(report.columns)
            if column.total
        }
    return head, rows, totals, book.sheetnames


def formulas(stream):
    """Return every formula of a workbook as (sheet, formula)."""
    book = openpyxl.load_workbook(stream)
    return [
        (sheet.title, cell.value)
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]


def part(stream, name):
    """Return the bytes of a part of a workbook."""
    with zipfile.ZipFile(stream) as archive:
        return archive.read(name)


def read_xml(report, stream):
    """Return (head, rows as tuples of text or None, totals as text, count)."""
    root = etree.parse(stream).getroot()
    space = {"r": f"urn:immex:anexo24:{report.code}:1"}
    head = {
        etree.QName(node).localname: node.text or ""
        for node in root.find("r:encabezado", space)
    }
    names = [column.name for column in report.columns]
    rows = []
    for node in root.iterfind("r:renglones/r:renglon", space):
        cells = {etree.QName(cell).localname: cell.text or "" for cell in node}
        assert set(cells) <= set(names)
        rows.append(tuple(cells.get(name) for name in names))
    foot = root.find("r:totales", space)
    totals = {etree.QName(node).localname: node.text for node in foot}
    return head, rows, totals, int(foot.get("renglones"))


def digits(number):
    """A number by its 15 significant digits, as Excel keeps it."""
    return f"{Decimal(f'{number:.15g}').normalize():f}" if number else "0"


def cell_of(column, value):
    """What a cell of a workbook must read back as; numbers to 15 digits."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, int | Decimal):
        return digits(Decimal(value))
    return value


def cell_read(column, value):
    """A cell as openpyxl read it, in the form of ``cell_of``."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return digits(Decimal(repr(value)))
    return unescape(value) if isinstance(value, str) else value


def comparable(value):
    """A cell that LibreOffice read, in the form of ``cell_of_xml``."""
    return digits(value) if isinstance(value, Decimal) else value


def cell_of_xml(column, text):
    """What LibreOffice must read, from the text that the XML has of a cell."""
    if text is None:
        return None
    if column.type == "flag":
        return {"true": "Sí", "false": "No"}[text]
    if column.type == "date":
        return date.fromisoformat(text)
    if column.numeric or column.type == "integer":
        return digits(Decimal(text))
    return text
