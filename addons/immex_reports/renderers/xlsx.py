# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""XLSX: typed cells, streamed row by row, ready to print.

Excel keeps 15 significant digits of a number; the XML keeps them all.
"""

from datetime import date, datetime

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ..definitions.base import DATE, FLAG, INTEGER
from .text import clean
from .totals import summed

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767  # characters in a cell
MAX_PRINTED = 100  # characters of a name in a printed header, which holds 255
EARLIEST = date(1900, 1, 1)  # Excel knows no earlier one
CREATED = datetime(2000, 1, 1)  # the same rows give the same file
HEAD_ROWS = 5  # title, company, programme, period, column headers
TITLE_ROW, COMPANY_ROW, PROGRAM_ROW, PERIOD_ROW, HEADER_ROW = range(HEAD_ROWS)


class _Book:
    """A workbook that goes on to another sheet when one is full."""

    def __init__(self, report, header, stream, max_rows):
        self.report, self.header, self.max_rows = report, header, max_rows
        self.book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties(
            {
                "title": report.title,
                "company": clean(header.company),
                "subject": report.source,
                "created": CREATED,
            }
        )
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.bold = self.book.add_format({"bold": True})
        self.head = self.book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#D9E2F3"}
        )
        self.formats = [self._format(column) for column in report.columns]
        self.total_formats = [self._format(column, True) for column in report.columns]
        self.sheets = 0
        self.names = []
        self.spans = []
        self.row = 0
        self.writers = []
        self._open()

    def _format(self, column, bold=False):
        """Format of a column's cells; None where it says nothing, which is faster."""
        style = {"bold": True} if bold else {}
        if column.numeric:
            style["num_format"] = "#,##0" + (
                "." + "0" * column.decimals if column.decimals else ""
            )
        elif column.type == DATE:
            style["num_format"] = "dd/mm/yyyy"
        return self.book.add_format(style) if style else None

    def _open(self):
        self.sheets += 1
        name = "Reporte" if self.sheets == 1 else f"Reporte {self.sheets}"
        sheet = self.sheet = self.book.add_worksheet(name)
        self.names.append(name)
        report, header = self.report, self.header
        for position, column in enumerate(report.columns):
            sheet.set_column(position, position, column.width)
        sheet.write_string(TITLE_ROW, 0, report.title, self.title)
        company = f"{clean(header.company)}  RFC {clean(header.rfc)}"
        sheet.write_string(COMPANY_ROW, 0, company, self.bold)
        program = f"Programa IMMEX {clean(header.program)}"
        sheet.write_string(PROGRAM_ROW, 0, program, self.bold)
        period = ".  ".join(filter(None, (header.period_text(report), header.seal)))
        sheet.write_string(PERIOD_ROW, 0, clean(period))
        sheet.set_row(HEADER_ROW, 45)
        for position, column in enumerate(report.columns):
            sheet.write_string(HEADER_ROW, position, column.label, self.head)
        sheet.freeze_panes(HEAD_ROWS, 0)
        sheet.set_landscape()
        sheet.set_paper(1)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
        sheet.set_header(
            f"&L{_printed(header.company)}  RFC {_printed(header.rfc)}"
            f"&RPrograma IMMEX {_printed(header.program)}"
        )
        sheet.set_footer(f"&L{_printed(report.title)}&RPágina &P de &N")
        self.writers = [
            self._writer(position, column)
            for position, column in enumerate(report.columns)
        ]
        self.row = HEAD_ROWS

    def _close_sheet(self):
        last = max(self.row - 1, HEADER_ROW)
        self.sheet.autofilter(HEADER_ROW, 0, last, len(self.report.columns) - 1)
        self.spans.append((self.names[-1], last))

    def add(self, values):
        # one row is kept for the totals
        if self.row >= self.max_rows - 1:
            self._close_sheet()
            self._open()
        row = self.row
        for write, value in zip(self.writers, values, strict=True):
            if value is not None:
                write(row, value)
        self.row = row + 1

    def _writer(self, position, column):
        """Function of a row and a value that writes a cell of ``column``: what a
        column is, is asked once a sheet and not once a cell."""
        sheet, style = self.sheet, self.formats[position]
        if column.numeric or column.type == INTEGER:
            write = sheet.write_number
            return lambda row, value: write(row, position, value, style)
        write = sheet.write_string
        if column.type == FLAG:
            return lambda row, value: write(
                row, position, "Sí" if value else "No", style
            )
        if column.type == DATE:
            day = sheet.write_datetime
            return lambda row, value: (
                day(row, position, value, style)
                if value >= EARLIEST
                else write(row, position, value.isoformat(), style)
            )
        return lambda row, value: write(row, position, clean(value)[:MAX_TEXT], style)

    def finish(self, totals):
        self._close_sheet()
        if totals:
            self.sheet.write_string(self.row, 0, "Total", self.bold)
        for position, column in enumerate(self.report.columns):
            if not column.total:
                continue
            letter = xl_col_to_name(position)
            parts = [
                f"'{name}'!{letter}{HEAD_ROWS + 1}:{letter}{last + 1}"
                for name, last in self.spans
                if last >= HEAD_ROWS
            ]
            value = totals[column.name]
            style = self.total_formats[position]
            if not parts:
                self.sheet.write_number(self.row, position, value, style)
                continue
            # a single sheet: the total follows the filter
            formula = (
                f"=SUBTOTAL(109,{letter}{HEAD_ROWS + 1}:{letter}{self.row})"
                if len(parts) == 1
                else f"=SUM({','.join(parts)})"
            )
            self.sheet.write_formula(self.row, position, formula, style, value)
        self.book.close()


def _printed(text):
    """Text for a printed header, where ``&`` begins a code."""
    text = " ".join(clean(text or "").split())
    return text[: MAX_PRINTED - text[:MAX_PRINTED].count("&")].replace("&", "&&")


def write_xlsx(report, header, rows, stream, max_rows=MAX_ROWS):
    """Write rows (tuples of values in column order) to a binary stream.

    :return: ``(number of rows, {column: total})``
    """
    book = _Book(report, header, stream, max_rows)
    count, totals = summed(report, rows, book.add)
    book.finish(totals)
    return count, totals
