# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The traceability file (expediente) as PDF: head, picture, tables, index. Pure Python.

Texts come worded; nothing here knows a language.
"""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Group, Path, Polygon, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    LongTable,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)

from .graph_layout import ends
from .text import clean

PAGE = landscape(LETTER)
SIDE, TOP, BOTTOM = 1.5 * cm, 2.7 * cm, 1.5 * cm
INSIDE = PAGE[0] - 2 * SIDE
GREY, DARK, PALE = HexColor("#808080"), HexColor("#202020"), HexColor("#e8e8e8")
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=7, leading=8.5)
NUMBER = ParagraphStyle("number", CELL, alignment=2)
HEAD = ParagraphStyle("head", CELL, fontName="Helvetica-Bold")
TITLE = ParagraphStyle(
    "title", fontName="Helvetica-Bold", fontSize=13, leading=16, spaceAfter=4
)
SECTION = ParagraphStyle("section", TITLE, fontSize=10, leading=13, spaceBefore=10)
SECTION.keepWithNext = 1
BODY = ParagraphStyle("body", CELL, fontSize=8.5, leading=11)
MONO = ParagraphStyle("mono", CELL, fontName="Courier", fontSize=6)
# the look of a node by its type: fill, and whether its frame is dashed
LOOKS = {
    "pedimento": ("#e3f1f4", False),
    "act": ("#e3f1f4", False),
    "layer": ("#e4f3e8", False),
    "made": ("#fff5dc", False),
    "exit": ("#efe6ec", False),
    "short": ("#fbe3e5", True),
    "missing": ("#fbe3e5", True),
    "more": ("#ffffff", True),
}


@dataclass
class Section:
    """A table: ``columns`` are (title, width share, style of "text", "number",
    "mono"); ``note`` is said under it."""

    title: str
    columns: list
    rows: list
    note: str = ""
    empty: str = ""


@dataclass
class TraceFile:
    """What the file says.

    :param head: texts at the head of every page: company, RFC, programme
    :param facts: (name, value) pairs under the title
    :param page_of: "Page %(page)s of %(pages)s", worded
    :param picture: graph with places, see ``graph_layout``; or None
    """

    title: str
    head: list
    facts: list
    made: str
    page_of: str
    picture_title: str
    picture: dict | None = None
    picture_note: str = ""
    sections: list = field(default_factory=list)


def say(text):
    """Text in what the standard fonts of PDF hold; of the rest, a question mark."""
    return clean(text or "").encode("cp1252", "replace").decode("cp1252")


def write_trace(file, stream):
    """Write the PDF of a :class:`TraceFile` to a binary stream."""
    document = BaseDocTemplate(
        stream,
        pagesize=PAGE,
        title=say(file.title),
        author=say(file.head[0]),
        leftMargin=SIDE,
        rightMargin=SIDE,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        # the same file gives the same bytes
        invariant=1,
    )
    frame = Frame(SIDE, BOTTOM, INSIDE, PAGE[1] - TOP - BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame])])

    def canvas(*args, **kwargs):
        return _Pages(file, *args, **kwargs)

    document.build(list(_parts(file, frame)), canvasmaker=canvas)


class _Pages(Canvas):
    """Head and foot of every page, once it is known how many there are."""

    def __init__(self, file, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.file, self.pages = file, []

    def showPage(self):
        self.pages.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        total = len(self.pages)
        for number, state in enumerate(self.pages, 1):
            self.__dict__.update(state)
            self._frame(number, total)
            Canvas.showPage(self)
        Canvas.save(self)

    def _frame(self, number, total):
        file, y = self.file, PAGE[1] - 1.2 * cm
        self.setFillColor(DARK)
        self.setFont("Helvetica-Bold", 11)
        self.drawString(SIDE, y, say(file.head[0])[:90])
        self.setFont("Helvetica-Bold", 10)
        self.drawRightString(PAGE[0] - SIDE, y, say(file.title)[:80])
        self.setFont("Helvetica", 8)
        for line, text in enumerate(file.head[1:], 1):
            self.drawString(SIDE, y - 11 * line, say(text)[:120])
        self.drawRightString(PAGE[0] - SIDE, y - 11, say(file.made))
        self.setStrokeColor(GREY)
        self.line(SIDE, PAGE[1] - TOP + 8, PAGE[0] - SIDE, PAGE[1] - TOP + 8)
        self.setFont("Helvetica", 7.5)
        self.drawRightString(
            PAGE[0] - SIDE,
            0.9 * cm,
            say(file.page_of % {"page": number, "pages": total}),
        )


def _parts(file, frame):
    yield NextPageTemplate("page")
    yield Paragraph(escape(say(file.title)), TITLE)
    yield _table(
        [
            [Paragraph(escape(say(name)), HEAD), Paragraph(escape(say(value)), CELL)]
            for name, value in file.facts
        ],
        (5 * cm, INSIDE - 5 * cm),
        header=False,
    )
    if file.picture and file.picture["nodes"]:
        yield Paragraph(escape(say(file.picture_title)), SECTION)
        # the facts stay on the first page with the picture where both fit
        yield picture(file.picture, INSIDE, frame._height - 190)
        if file.picture_note:
            yield Paragraph(escape(say(file.picture_note)), BODY)
    for section in file.sections:
        yield Paragraph(escape(say(section.title)), SECTION)
        if not section.rows:
            yield Paragraph(escape(say(section.empty)), BODY)
            continue
        yield _section(section)
        if section.note:
            yield Spacer(0, 3)
            yield Paragraph(escape(say(section.note)), BODY)


def _section(section):
    styles = {"text": CELL, "number": NUMBER, "mono": MONO}
    kinds = [kind for _title, _share, kind in section.columns]
    whole = sum(share for _title, share, _kind in section.columns)
    widths = [INSIDE * share / whole for _title, share, _kind in section.columns]
    rows = [[Paragraph(escape(say(title)), HEAD) for title, *_rest in section.columns]]
    rows += [
        [
            Paragraph(escape(say(value)), styles[kind])
            for value, kind in zip(row, kinds, strict=True)
        ]
        for row in section.rows
    ]
    return _table(rows, widths, header=True)


def _table(rows, widths, header):
    table = LongTable(rows, colWidths=widths, repeatRows=1 if header else 0)
    style = [
        ("GRID", (0, 0), (-1, -1), 0.4, GREY),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    if header:
        style.append(("BACKGROUND", (0, 0), (-1, 0), PALE))
    table.setStyle(TableStyle(style))
    return table


# the picture -----------------------------------------------------------------------
def picture(graph, width, height):
    """The placed graph as a drawing no wider and no higher than told."""
    scale = min(width / graph["width"], height / graph["height"], 1.1)
    drawing = Drawing(graph["width"] * scale, graph["height"] * scale)
    group = Group(transform=(scale, 0, 0, -scale, 0, graph["height"] * scale))
    nodes = {node["key"]: node for node in graph["nodes"]}
    for edge in graph["edges"]:
        _draw_edge(group, edge, nodes[edge["source"]], nodes[edge["target"]])
    for node in graph["nodes"]:
        _draw_node(group, node)
    for edge in graph["edges"]:
        _words(group, edge["label"], edge["x"], edge["y"])
    drawing.add(group)
    drawing.hAlign = "CENTER"
    return drawing


def _text(group, x, y, text, size, bold=False, color=DARK):
    """Text in a group that hangs upside down."""
    font = "Helvetica-Bold" if bold else "Helvetica"
    turned = Group(
        String(0, 0, say(text), fontName=font, fontSize=size, fillColor=color),
        transform=(1, 0, 0, -1, x, y),
    )
    group.add(turned)


def _fit(text, size, width, bold=False):
    """The text cut to what fits."""
    text = say(text)
    font = "Helvetica-Bold" if bold else "Helvetica"
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(text + "...", font, size) > width:
        text = text[:-1]
    return text + "..."


def _draw_node(group, node):
    fill, dashed = LOOKS.get(node["type"], ("#ffffff", False))
    group.add(
        Rect(
            node["x"],
            node["y"],
            node["w"],
            node["h"],
            rx=4,
            ry=4,
            fillColor=HexColor(fill),
            strokeColor=DARK if node["root"] else GREY,
            strokeWidth=2.5 if node["root"] else 1,
            strokeDashArray=[4, 3] if dashed else None,
        )
    )
    x, y, inside = node["x"] + 7, node["y"], node["w"] - 14
    _text(group, x, y + 13, _fit(node["label"], 9, inside), 9)
    _text(group, x, y + 28, _fit(node["title"], 11.5, inside, True), 11.5, True)
    for number, line in enumerate(node["lines"]):
        _text(group, x, y + 44 + 14 * number, _fit(line, 9.5, inside), 9.5)


def _draw_edge(group, edge, a, b):
    start, *bends, end = ends(a, b)
    path = Path(
        fillColor=None,
        strokeColor=DARK if edge["flow"] else GREY,
        strokeWidth=1.4 if edge["flow"] else 0.9,
        strokeDashArray=None if edge["flow"] else [4, 3],
    )
    path.moveTo(*start)
    path.curveTo(*bends[0], *bends[1], *end)
    group.add(path)
    back = end[0] - (8 if bends[1][0] < end[0] else -8)
    group.add(
        Polygon(
            [end[0], end[1], back, end[1] - 3.5, back, end[1] + 3.5],
            fillColor=DARK,
            strokeColor=None,
        )
    )


def _words(group, lines, x, y):
    for number, line in enumerate(lines):
        size = 8.5
        wide = stringWidth(say(line), "Helvetica", size)
        top = y - 4 - 10.5 * (len(lines) - 1 - number)
        group.add(
            Rect(
                x - wide / 2 - 1,
                top - 8,
                wide + 2,
                10,
                fillColor=HexColor("#ffffff"),
                strokeColor=None,
                fillOpacity=0.8,
            )
        )
        _text(group, x - wide / 2, top, line, size)
