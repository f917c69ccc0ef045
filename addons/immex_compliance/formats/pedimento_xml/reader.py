# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads our XML as a stream of pedimentos, the same documents that M3 gives."""

import base64
import binascii

from ..issues import ERROR, Issue, _lt
from ..m3.layout import LAYOUTS
from ..m3.reader import M3Reader
from ..m3.record import AAAAMMDD, DDMMAAAA
from ..text import fatal
from ..xml_stream import END, START, XmlLimits, events, local
from .form import BREAKS, Context, Form, put_together
from .layout import (
    EXTRA,
    OF_PARTIDA,
    PEDIMENTO,
    ROOT,
    TYPES,
    VERBATIM,
    qualified,
)

MAX_FIELDS = 200
EOLS = {"crlf": "\r\n", "lf": "\n", "none": ""}
ENCODINGS = ("utf-8", "cp1252", "latin-1")


class _Reading:
    """A record that is being read."""

    def __init__(self, record_type, line, attributes, context):
        self.type, self.line = record_type, line
        self.verbatim = record_type is None
        self.decode = attributes.get("codificado") == "base64"
        self.values, self.extra = {}, []
        self.size = _number(attributes.get("campos"), line)
        self.pipe = _truth(attributes.get("separador"), context.pipe)
        self.name, self.text, self.length = None, [], 0


class PedimentoXmlReader(M3Reader):
    """Iterate over the pedimentos of a file; see :class:`M3Reader`, whose checks these
    are. Issues tell the line of the element, the record of M3 that it stands for, and
    the name of the field, which is the name of its element.
    """

    def __iter__(self):
        self._context = Context()
        self._record = None
        self._path = []
        self.summary.encoding, self.summary.eol = "utf-8", "\r\n"
        limits = XmlLimits(max_bytes=self.limits.max_bytes, max_depth=6)
        self.stream.seek(0)
        for kind, line, what, attributes in events(self.stream, limits):
            self._last_line = line
            if kind == START:
                finished = self._start(line, what, attributes)
            elif kind == END:
                finished = self._end(line)
            else:
                finished = self._data(line, what)
            if finished:
                yield finished
        self.summary.bytes = self.stream.tell()
        if not self.summary.pedimentos:
            raise fatal(
                "no_pedimento",
                _lt("There is no pedimento in the file."),
                self._last_line,
            )

    # elements ------------------------------------------------------------------
    def _start(self, line, tag, attributes):
        depth = len(self._path)
        name = local(tag)
        if depth == 0 and tag != qualified(ROOT):
            raise fatal(
                "xml_root",
                _lt(
                    "The file begins with element %(found)s; expected is %(expected)s."
                ),
                line,
                found=tag[:120],
                expected=qualified(ROOT),
            )
        if tag != qualified(name):
            raise self._unexpected(line, tag)
        self._path.append(name)
        if depth == 0:
            self._begin_file(attributes)
        elif depth == 1 and name == PEDIMENTO:
            self._begin_document(attributes)
        elif depth == 1 and TYPES.get(name) == "801":
            self.summary.last_eol = EOLS.get(
                attributes.get("ultimo_fin"), self.summary.eol
            )
            self._begin_record("801", line, attributes)
        elif depth == 1 and name == VERBATIM:
            self.summary.last_eol = EOLS.get(
                attributes.get("ultimo_fin"), self.summary.eol
            )
            self._begin_record(None, line, attributes)
        elif self._record is not None:
            return self._start_within(line, name, attributes)
        elif depth == 2 and self._path[1] == PEDIMENTO:
            self._begin_named(line, name, attributes)
        elif depth == 3 and self._path[2] == "partida":
            self._begin_of_partida(line, name, attributes)
        else:
            raise self._unexpected(line, name)
        return None

    def _end(self, line):
        depth = len(self._path)
        name = self._path.pop()
        record = self._record
        if record is not None:
            if record.name is not None:
                self._end_field(line)
                return None
            return self._end_record()
        if name == PEDIMENTO and depth == 2:
            self._end_document(line)
        elif name == "partida" and depth == 3:
            self._context.partida = self._context.fraccion = ""
        return None

    def _data(self, line, text):
        record = self._record
        if record is None or not (record.name or record.verbatim):
            if text.strip():
                raise fatal(
                    "xml_text",
                    _lt("Text stands outside of a field: %(text)r."),
                    line,
                    text=text.strip()[:40],
                )
            return None
        record.length += len(text)
        if record.length > self.limits.max_line:
            raise fatal(
                "line_too_long",
                _lt("The record is longer than %(limit)s characters."),
                record.line,
                limit=self.limits.max_line,
            )
        record.text.append(text)
        return None

    # file and document -----------------------------------------------------------
    def _begin_file(self, attributes):
        summary = self.summary
        encoding = attributes.get("codificacion", "utf-8")
        summary.encoding = encoding if encoding in ENCODINGS else "utf-8"
        summary.eol = EOLS.get(attributes.get("fin_linea"), "\r\n")
        summary.last_eol = summary.eol
        summary.bom = _truth(attributes.get("bom"), False)

    def _begin_document(self, attributes):
        dates = attributes.get("fechas", DDMMAAAA)
        self._context = Context(
            dates=AAAAMMDD if dates == AAAAMMDD else DDMMAAAA,
            pipe=_truth(attributes.get("separador"), False),
        )

    def _end_document(self, line):
        if self._document is not None:
            raise fatal(
                "not_closed",
                _lt(
                    "Pedimento %(number)s of line %(first)s has no closing "
                    "record 800 or "
                    "999."
                ),
                line,
                number=self._document.pedimento,
                first=self._document.line,
            )

    # records ---------------------------------------------------------------------
    def _begin_named(self, line, name, attributes):
        if name == VERBATIM:
            self._begin_record(None, line, attributes)
            return
        record_type = TYPES.get(name)
        if record_type in (None, "801"):
            raise self._unexpected(line, name)
        if self._document is None and record_type != "500":
            raise fatal(
                "xml_first",
                _lt("A pedimento begins with %(expected)s, not with %(found)s."),
                line,
                expected="movimiento",
                found=name,
            )
        self._begin_record(record_type, line, attributes)

    def _begin_of_partida(self, line, name, attributes):
        record_type = TYPES.get(name)
        if record_type not in OF_PARTIDA:
            raise self._unexpected(line, name)
        self._begin_record(record_type, line, attributes)

    def _start_within(self, line, name, attributes):
        """An element in a record: a field, or in a partida the next record."""
        record = self._record
        if record.verbatim or record.name is not None:
            raise self._unexpected(line, name)
        if record.type == "551" and TYPES.get(name) in OF_PARTIDA:
            finished = self._take_open()
            self._begin_of_partida(line, name, attributes)
            return finished
        record.name, record.text = name, []
        return None

    def _begin_record(self, record_type, line, attributes):
        self._record = _Reading(record_type, line, attributes, self._context)

    def _end_field(self, line):
        record = self._record
        name, text = record.name, "".join(record.text)
        record.name, record.text = None, []
        if BREAKS.search(text):
            self._field_issue(
                line,
                "separator",
                _lt("Element %(name)s holds a separator or a line end."),
                name,
            )
            text = ""
        if name == EXTRA:
            if len(record.extra) < MAX_FIELDS:
                record.extra.append(text)
        elif name not in _names(record.type):
            self._field_issue(
                line,
                "unknown_element",
                _lt("Element %(name)s is not one of the record."),
                name,
            )
        elif name in record.values:
            self._field_issue(
                line, "repeated_element", _lt("Element %(name)s stands twice."), name
            )
        else:
            record.values[name] = text

    def _end_record(self):
        if self._record.type == "551":
            finished = self._take_open()
            self._context.partida = self._context.fraccion = ""
            return finished
        return self._take_open()

    def _take_open(self):
        """Give the record that is complete to the checks of M3."""
        record, self._record = self._record, None
        if record.verbatim:
            text = self._decoded(record)
        else:
            form = Form(
                record.type, record.values, record.extra, record.size, record.pipe
            )
            text = put_together(form, self._context)
        fields = text.split("|")
        if fields[0] in ("500", "551"):
            # nothing stands in what is verbatim, so nothing is taken from it
            self._context.enter(fields[0], [] if record.verbatim else fields)
        within = self._path[1:2] == [PEDIMENTO]
        if within == (fields[0] == "801") or (
            within and self._document is None and fields[0] != "500"
        ):
            raise self._unexpected(record.line, VERBATIM)
        return self.read_record(record.line, text)

    def _decoded(self, record):
        text = "".join(record.text)
        if record.decode:
            try:
                text = base64.b64decode(text, validate=True).decode()
            except (binascii.Error, ValueError):
                text = ""
        if not text.strip() or any(mark in text for mark in "\r\n\x00"):
            raise fatal(
                "xml_verbatim",
                _lt("Element %(name)s does not hold one record."),
                record.line,
                name=VERBATIM,
            )
        return text

    # issues ------------------------------------------------------------------------
    def _field_issue(self, line, code, message, name):
        record_type = self._record.type
        names = _names(record_type)
        number = names.index(name) + 2 if name in names else 0
        self.issues.append(
            Issue(
                ERROR,
                code,
                message,
                {"name": name[:60]},
                line,
                record_type,
                number,
                name[:60],
            )
        )

    def _unexpected(self, line, name):
        where = "/".join(self._path[:4])
        return fatal(
            "xml_element",
            _lt("Element %(name)s is not expected here (%(where)s)."),
            line,
            name=name[:120],
            where=where[:120],
        )


def _names(record_type):
    return _FIELDS[record_type]


_FIELDS = {
    kind: tuple(spec.name for spec in layout.fields) for kind, layout in LAYOUTS.items()
}


def _truth(text, default):
    return {"true": True, "1": True, "false": False, "0": False}.get(text, default)


def _number(text, line):
    if text is None:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MAX_FIELDS:
        return int(text[:4])
    raise fatal(
        "xml_attribute",
        _lt("Attribute %(name)s does not take %(value)r."),
        line,
        name="campos",
        value=text[:20],
    )
