# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""PDF: the report as it is handed in on paper.

Every page bears the report's legal name and source, the company, its RFC and programme
(Anexo 24 A-I-a), the period, the seal, the day of printing and its number of how many.
The paper and the size of the letters follow from the columns. A number is never broken
nor cut; a text that is longer than a cell may be goes on in the XML.
"""

from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from ..definitions.base import DATE, FLAG, INTEGER
from .pdf_file import BOLD, REGULAR, TOTAL_WIDTH, PdfFile, encode, show, width_of
from .text import clean
from .totals import summed

# landscape, in points; the last is two letters side by side, "doble carta"
LETTER, LEGAL, TABLOID = (792, 612), (1008, 612), (1224, 792)
MARGIN = 28
PAD = 2
SIZES = {
    LETTER: (8, 7.5, 7, 6.5),
    LEGAL: (8, 7.5, 7, 6.5, 6),
    TABLOID: (8, 7.5, 7, 6.5, 6, 5.5),
}
LEADING = 1.2
LAST_LINE = 16  # points
SIGNATURE, SIGNATURE_WIDTH = 70, 240  # points
HEAD_LINES = 8  # lines of a column's name
CELL_LINES = 12  # lines of a text
LEAST_SQUEEZE = 0.8  # a text that would be narrower is wrapped
TEXT_CHARACTERS = 26  # of a wide text column before there is room for more


@dataclass(frozen=True)
class Words:
    """What a page says besides its report."""

    rfc: str = "RFC"
    program: str = "Programa IMMEX"
    source: str = "Fundamento"
    page: str = "Página {page} de "
    printed: str = "Impreso el {printed}"
    total: str = "Total"
    rows: str = "Renglones: {rows}"
    none: str = "Sin renglones que informar."
    sign: str = ""  # what is to be signed, where something is
    yes: str = "Sí"
    no: str = "No"


SPANISH = Words()


class TooManyRows(Exception):
    """The report has more rows than are printed."""


def limited(rows, limit):
    """Pass rows on; raise :class:`TooManyRows` where they are more than ``limit``."""
    for number, row in enumerate(rows):
        if number >= limit:
            raise TooManyRows(limit)
        yield row


def text_of(column, value, words=SPANISH):
    """Text of a value as it is printed: exact, with separators."""
    if value is None:
        return ""
    if column.numeric:
        return f"{value:,.{column.decimals}f}"
    if column.type == INTEGER:
        return str(value)
    if column.type == FLAG:
        return words.yes if value else words.no
    if column.type == DATE:
        return f"{value:%d/%m/%Y}"
    return clean(value)


def _stiff(column):
    """Whether the column is never wrapped."""
    return column.numeric or column.type in (DATE, INTEGER, FLAG)


def _indent(column, room):
    """Where the text of a cell begins: numbers, and what stands over them, end at the
    right.

    :param room: width of the column without the text
    """
    rightwards = column.numeric or column.type == INTEGER
    return room - PAD if rightwards else PAD


def _natural(column, size):
    """Width in points that a column asks for."""
    if column.numeric:
        pattern = "00,000,000" + (
            "." + "0" * column.decimals if column.decimals else ""
        )
    elif column.type == DATE:
        pattern = "00/00/0000"
    elif column.type == INTEGER:
        pattern = "00000"
    elif column.type == FLAG:
        pattern = "No"
    else:
        pattern = "n" * min(column.width, TEXT_CHARACTERS)
    word = max(column.label.split(), key=len)
    widths = (
        width_of(encode(pattern), size),
        width_of(encode(word), size, BOLD) * LEAST_SQUEEZE,
    )
    return max(widths) + 2 * PAD


@lru_cache(maxsize=8192)
def wrap(text, width, size, font=REGULAR, most=CELL_LINES):
    """Break a text into lines (bytes, factor of width) that fit ``width`` points."""
    lines = []
    for paragraph in text.split("\n"):
        data = encode(paragraph)
        wide = width_of(data, size, font)
        if wide * LEAST_SQUEEZE <= width:
            lines.append((data, min(1.0, width / wide) if wide else 1.0))
            continue
        line = b""
        words = deque(data.split(b" "))
        while words:
            word = words.popleft()
            longer = line + b" " + word if line else word
            if width_of(longer, size, font) <= width:
                line = longer
                continue
            wide = width_of(word, size, font)
            if line:
                lines.append((line, 1.0))
                line = b""
                words.appendleft(word)
            elif wide * LEAST_SQUEEZE <= width:
                lines.append((word, width / wide))
            else:
                cut = _fitting(word, width, size, font)
                lines.append((word[:cut], 1.0))
                if word[cut:]:
                    words.appendleft(word[cut:])
            if len(lines) > most:
                break
        if line:
            lines.append((line, 1.0))
        if len(lines) > most:
            break
    if len(lines) > most:
        last = lines[most - 1][0]
        lines[most - 1 :] = [(last[: max(0, len(last) - 3)] + b"\x85", 1.0)]
    return tuple(lines)


def _fitting(word, width, size, font):
    """How many letters of a word fit, one at least."""
    room = width * 1000 / size
    for cut, letter in enumerate(word):
        room -= width_of(bytes([letter]), 1000, font)
        if room < 0:
            return max(1, cut)
    return len(word)


class _Layout:
    """Paper, size of the letters and widths for a report's columns."""

    def __init__(self, columns):
        for paper, sizes in SIZES.items():
            for size in sizes:
                room = paper[0] - 2 * MARGIN
                widths = [_natural(column, size) for column in columns]
                if sum(widths) <= room:
                    break
            else:
                continue
            break
        self.paper, self.size, self.line = paper, size, size * LEADING
        rest = room - sum(widths)
        if rest < 0:
            widths = [width * room / sum(widths) for width in widths]
        elif texts := [i for i, column in enumerate(columns) if not _stiff(column)]:
            wide = sum(columns[i].width for i in texts)
            for i in texts:
                widths[i] += rest * columns[i].width / wide
        self.widths = widths
        self.left = []
        x = MARGIN
        for width in widths:
            self.left.append(x)
            x += width


class _Pages:
    """Fills pages with rows and hands each full one to the file."""

    def __init__(self, report, header, stream, words):
        self.report, self.header, self.words = report, header, words
        self.layout = _Layout(report.columns)
        self.file = PdfFile(
            stream, self.layout.paper, report.title, clean(header.company)
        )
        self.names = [
            wrap(column.label, width - 2 * PAD, self.layout.size, BOLD, HEAD_LINES)
            for column, width in zip(report.columns, self.layout.widths, strict=True)
        ]
        self.top = self._head()
        self.content = []
        self.y = 0
        self._open()

    # what every page has ----------------------------------------------------------
    def _head(self):
        """Operators of the head of a page; sets where the rows begin."""
        report, header, words = self.report, self.header, self.words
        width, height = self.layout.paper
        right, y = width - MARGIN, height - MARGIN
        seal = [clean(header.seal)] if header.seal else []
        lines = (
            (11, BOLD, clean(header.company), ""),
            (
                8,
                REGULAR,
                f"{words.rfc}: {clean(header.rfc)}     "
                f"{words.program}: {clean(header.program)}",
                header.printed and words.printed.format(printed=header.printed),
            ),
            (12, BOLD, report.title, ""),
            (
                8,
                REGULAR,
                f"{words.source}: {report.source}" if report.source else "",
                clean(header.period_text(report)),
            ),
            *((6.5, REGULAR, text, "") for text in seal),
        )
        drawn = [b"BT\n"]
        for size, font, left, at_right in lines:
            y -= size * 1.35
            aside = encode(at_right)
            aside_width = width_of(aside, size, font)
            room = right - MARGIN - aside_width - 12
            data = encode(left)
            squeeze = min(1.0, room / (width_of(data, size, font) or 1))
            drawn.append(show(data, MARGIN, y, size, font, squeeze))
            if aside:
                drawn.append(show(aside, right - aside_width, y, size, font))
        y -= 6
        size, line = self.layout.size, self.layout.line
        deep = max(map(len, self.names)) * line + 2 * PAD
        for column, x, width, name in zip(
            report.columns,
            self.layout.left,
            self.layout.widths,
            self.names,
            strict=True,
        ):
            at = y - PAD - size * 0.9
            for data, squeeze in name:
                room = width - width_of(data, size, BOLD) * squeeze
                start = x + _indent(column, room)
                drawn.append(show(data, start, at, size, BOLD, squeeze))
                at -= line
        self.body = y - deep
        box = b"0.85 0.89 0.95 rg %.2f %.2f %.2f %.2f re f 0 g\n" % (
            MARGIN,
            self.body,
            right - MARGIN,
            deep,
        )
        rule = b"0.6 w %.2f %.2f m %.2f %.2f l S\n" % (
            MARGIN,
            self.body,
            right,
            self.body,
        )
        return box + rule + b"".join(drawn) + b"ET\n"

    def _foot(self):
        words, size = self.words, 7
        width = self.layout.paper[0]
        y = MARGIN - 12
        number = encode(words.page.format(page=self.file.pages + 1))
        x = width - MARGIN - TOTAL_WIDTH
        return b"BT\n%s%sET q 1 0 0 1 %.2f %.2f cm /Total Do Q\n" % (
            show(encode(self.report.title), MARGIN, y, size),
            show(number, x - width_of(number, size), y, size),
            x,
            y - size / 4,
        )

    def _open(self):
        self.content = [self.top, b"BT\n"]
        self.rules = [b"0.25 w 0.7 G\n"]
        self.y = self.body

    def _close_page(self):
        self.content.append(b"ET\n")
        self.rules.append(b"S 0 G\n" if len(self.rules) > 1 else b"0 G\n")
        self.file.add_page(b"".join([*self.content, *self.rules, self._foot()]))

    # rows ---------------------------------------------------------------------------
    def _cell(self, column, value, width, font):
        text = text_of(column, value, self.words)
        if not text:
            return ()
        if not _stiff(column):
            return wrap(text, width, self.layout.size, font)
        data = encode(text)
        wide = width_of(data, self.layout.size, font)
        return ((data, min(1.0, width / wide)),)

    def add(self, values, font=REGULAR, below=0):
        """Write a row, on a page that has ``below`` points more for what follows."""
        layout = self.layout
        size, line = layout.size, layout.line
        cells = [
            self._cell(column, value, width - 2 * PAD, font)
            for column, value, width in zip(
                self.report.columns, values, layout.widths, strict=True
            )
        ]
        deep = max(1, *map(len, cells)) * line + 2 * PAD
        if self.y - deep - below < MARGIN:
            self._close_page()
            self._open()
        for column, lines, x, width in zip(
            self.report.columns, cells, layout.left, layout.widths, strict=True
        ):
            at = self.y - PAD - size * 0.9
            for data, squeeze in lines:
                room = width - width_of(data, size, font) * squeeze
                start = x + _indent(column, room)
                self.content.append(show(data, start, at, size, font, squeeze))
                at -= line
        self.y -= deep
        self.rules.append(
            b"%.2f %.2f m %.2f %.2f l\n"
            % (MARGIN, self.y, layout.paper[0] - MARGIN, self.y)
        )

    def _line(self, text, font=REGULAR):
        """A line over the whole width."""
        if self.y - LAST_LINE < MARGIN:
            self._close_page()
            self._open()
        self.y -= 14
        self.content.append(show(encode(text), MARGIN + PAD, self.y, 8, font))

    def _signature(self):
        if self.y - SIGNATURE < MARGIN:
            self._close_page()
            self._open()
        self.y -= SIGNATURE - LAST_LINE
        self.rules.append(
            b"%.2f %.2f m %.2f %.2f l\n"
            % (MARGIN, self.y, MARGIN + SIGNATURE_WIDTH, self.y)
        )
        self._line(self.words.sign)

    def finish(self, count, totals):
        if totals and count:
            # the word stands where the first column has no total of its own
            values = [totals.get(column.name) for column in self.report.columns]
            self.add(values, BOLD, LAST_LINE)
            if self.report.columns[0].name not in totals:
                data = encode(self.words.total)
                size = self.layout.size
                at = self.y + 2 * PAD + self.layout.line - PAD - size * 0.9
                self.content.append(show(data, MARGIN + PAD, at, size, BOLD))
        self._line(
            self.words.rows.format(rows=f"{count:,}") if count else self.words.none
        )
        if self.words.sign:
            self._signature()
        self._close_page()
        self.file.close(7)


def write_pdf(report, header, rows, stream, words=SPANISH):
    """Write rows (tuples of values in column order) to a binary stream.

    :return: ``(number of rows, {column: total})``
    """
    pages = _Pages(report, header, stream, words)
    count, totals = summed(report, rows, pages.add)
    pages.finish(count, totals)
    return count, totals
