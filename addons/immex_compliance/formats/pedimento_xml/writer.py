# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Writes pedimentos in our XML, a document at a time."""

import base64
from xml.sax.saxutils import escape, quoteattr

from ..m3.layout import LAYOUTS
from ..m3.record import AAAAMMDD, DDMMAAAA, parse_date
from .form import NOT_XML, Context, of_partida, take_apart
from .layout import EXTRA, NAMES, NAMESPACE, PEDIMENTO, ROOT, VERBATIM

EOLS = {"\r\n": "crlf", "\n": "lf", "": "none"}
INDENT = "  "


class PedimentoXmlWriter:
    """Write ``PedimentoDocument`` to a binary stream; ``close`` ends the file.

    Whatever form a record has, reading the file gives its text again: what our elements
    cannot tell is written verbatim (``registro``).

    :param summary: ``FileSummary`` of the M3 file that the documents come from, so that
        it can be written again byte for byte; None where there is no such file
    """

    def __init__(self, stream, summary=None):
        self.stream = stream
        self.summary = summary
        self._begun = False

    def document(self, document):
        """Write one pedimento."""
        self._begin()
        context = Context(
            dates=_date_layout(document), pipe=_ends_with_pipe(document.opening)
        )
        attributes = {"fechas": context.dates}
        if context.pipe:
            attributes["separador"] = "true"
        self._line(1, _tag(PEDIMENTO, attributes))
        inside = False  # of a partida
        for record in document.records:
            if inside and not of_partida(record, context):
                self._line(2, f"</{NAMES['551']}>")
                inside, context.partida, context.fraccion = False, "", ""
            inside = self._record(record, context, 3 if inside else 2) or inside
        if inside:
            self._line(2, f"</{NAMES['551']}>")
        self._line(1, f"</{PEDIMENTO}>")

    def close(self):
        """Write the closing record of the file, where there is one, and the end."""
        self._begin()
        summary = self.summary
        if summary and summary.trailer:
            if summary.last_eol != summary.eol:
                attributes = {"ultimo_fin": EOLS.get(summary.last_eol, "none")}
            else:
                attributes = {}
            self._record(summary.trailer, Context(), 1, attributes)
        self._line(0, f"</{ROOT}>")

    def _begin(self):
        if self._begun:
            return
        self._begun = True
        attributes = {"xmlns": NAMESPACE}
        if self.summary:
            attributes["codificacion"] = self.summary.encoding or "utf-8"
            attributes["fin_linea"] = EOLS.get(self.summary.eol, "crlf")
            if self.summary.bom:
                attributes["bom"] = "true"
        self._line(0, '<?xml version="1.0" encoding="UTF-8"?>')
        self._line(0, _tag(ROOT, attributes))

    def _record(self, record, context, depth, attributes=None):
        """Write a record; True where it is a partida, whose element stays open."""
        attributes = dict(attributes or {})
        form = take_apart(record, context)
        if form is None:
            self._verbatim(record, depth, attributes)
            if record.type in ("500", "551"):
                # nothing can stand in it, so nothing is taken from it
                context.enter(record.type, [])
            return False
        if form.size is not None:
            attributes["campos"] = str(form.size)
        if form.pipe != context.pipe:
            attributes["separador"] = "true" if form.pipe else "false"
        name = NAMES[record.type]
        texts = [f"<{key}>{_text(value)}</{key}>" for key, value in form.values.items()]
        texts += [f"<{EXTRA}>{_text(value)}</{EXTRA}>" for value in form.extra]
        context.enter(record.type, record.fields)
        if record.type == "551":
            self._line(depth, _tag(name, attributes))
            for text in texts:
                self._line(depth + 1, text)
            return True
        self._line(depth, _tag(name, attributes) + "".join(texts) + f"</{name}>")
        return False

    def _verbatim(self, record, depth, attributes):
        text = record.text
        if NOT_XML.search(text):
            attributes["codificado"] = "base64"
            text = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
        self._line(depth, _tag(VERBATIM, attributes) + _text(text) + f"</{VERBATIM}>")

    def _line(self, depth, text):
        self.stream.write(f"{INDENT * depth}{text}\n".encode())


def _tag(name, attributes):
    pairs = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{pairs}>"


def _text(value):
    # a carriage return that is not escaped becomes a line feed when it is read
    return escape(value, {"\r": "&#13;"})


def _date_layout(document):
    """Layout of the first date of the document."""
    for record in document.records:
        layout = LAYOUTS.get(record.type)
        for spec, raw in zip(
            layout.fields if layout else (), record.fields[1:], strict=False
        ):
            found = spec.kind == "F" and parse_date(raw)
            if found:
                return AAAAMMDD if found[1] == AAAAMMDD else DDMMAAAA
    return DDMMAAAA


def _ends_with_pipe(record):
    return record.text.endswith("|") and record.text == "|".join(record.fields) + "|"
