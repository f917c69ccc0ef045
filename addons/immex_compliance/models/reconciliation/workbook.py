# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A list as a workbook: row by row, memory does not grow with it."""

import re
from datetime import date
from decimal import Decimal

import xlsxwriter

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767  # characters in a cell
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_workbook(stream, title, heads, rows, max_rows=MAX_ROWS):
    """Write ``rows`` below ``heads``, on as many sheets as they need.

    Texts are written as texts whatever they begin with: none becomes a formula or a
    link.

    :param stream: binary stream, written to
    :param title: line above the heads of the first sheet, and name of the sheets
    :param heads: ``[(label, width)]``
    :param rows: iterable of tuples of text, number, date or None
    """
    book = xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, line = None, max_rows

    for row in rows:
        if line >= max_rows:
            sheet, line = _sheet(book, title, heads, bold), 2
        for column, value in enumerate(row):
            if value is None or value is False:
                continue
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif isinstance(value, (int, float, Decimal)):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, clean(value)[:MAX_TEXT])
        line += 1
    if sheet is None:
        _sheet(book, title, heads, bold)
    book.close()


def _sheet(book, title, heads, bold):
    sheet = book.add_worksheet()
    for column, (_label, width) in enumerate(heads):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, clean(title), bold)
    for column, (label, _width) in enumerate(heads):
        sheet.write_string(1, column, clean(label), bold)
    sheet.freeze_panes(2, 0)
    return sheet


def clean(text):
    """``text`` without what XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", str(text))
