# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A record as our XML tells it, and back: the same text comes out, or the record is
written verbatim."""

import re
from dataclasses import dataclass, field

from ..m3.layout import LAYOUTS
from ..m3.record import AAAAMMDD, parse_date
from .layout import OF_PARTIDA, inherited

ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BREAKS = re.compile(r"[|\r\n\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass
class Form:
    """A record: values by name, in the layout's order; those that stand around it are
    left out, and so are empty ones.

    ``size`` is the number of fields where it is not the layout's, ``extra`` what goes
    beyond it, ``pipe`` whether the record ends with a separator.
    """

    type: str
    values: dict
    extra: list = field(default_factory=list)
    size: int | None = None
    pipe: bool = False


@dataclass
class Context:
    """What stands around a record: how the document writes dates and ends its records,
    and the fields that need not be repeated."""

    dates: str = "DDMMAAAA"
    pipe: bool = False
    pedimento: str = ""
    fraccion: str = ""
    partida: str = ""

    def of(self, record_type):
        """Fields that a record of the type takes from here, as ``{name: text}``."""
        return {name: getattr(self, name) for name in inherited(record_type)}

    def enter(self, record_type, fields):
        """Go on behind a record, of which ``fields`` are the texts."""
        if record_type == "500":
            self.pedimento = _at(fields, 3)
        elif record_type == "551":
            self.fraccion, self.partida = _at(fields, 2), _at(fields, 3)


def _at(fields, index):
    return fields[index] if index < len(fields) else ""


def take_apart(record, context):
    """The :class:`Form` of a record, or None where it can only be kept verbatim."""
    layout = LAYOUTS.get(record.type)
    if layout is None or NOT_XML.search(record.text) or "\r" in record.text:
        return None
    fields = record.fields
    around = context.of(record.type)
    values = {}
    for spec, raw in zip(layout.fields, fields[1:], strict=False):
        if raw != around.get(spec.name, ""):
            values[spec.name] = _told(spec, raw, context)
    form = Form(
        record.type,
        values,
        list(fields[layout.arity :]),
        None if len(fields) == layout.arity else len(fields),
        record.text.endswith("|") and record.text == "|".join(fields) + "|",
    )
    return form if put_together(form, context) == record.text else None


def put_together(form, context):
    """The text of the record."""
    layout = LAYOUTS[form.type]
    around = context.of(form.type)
    size = layout.arity if form.size is None else form.size
    fields = [form.type]
    for spec in layout.fields[: max(size - 1, 0)]:
        text = form.values.get(spec.name, around.get(spec.name, ""))
        fields.append(_written(spec, text, context))
    fields += form.extra
    return "|".join(fields) + ("|" if form.pipe else "")


def of_partida(record, context):
    """Whether a record belongs to the partida that stands around it."""
    return (
        record.type in OF_PARTIDA
        and context.partida != ""
        and _at(record.fields, 3) == context.partida
    )


def _told(spec, raw, context):
    """A date of the document's own layout as ISO 8601, anything else as it is."""
    if spec.kind == "F":
        found = parse_date(raw)
        if found and found[1] == context.dates:
            return found[0].isoformat()
    return raw


def _written(spec, text, context):
    if spec.kind == "F" and ISO.fullmatch(text):
        year, month, day = text.split("-")
        if context.dates == AAAAMMDD:
            return year + month + day
        return day + month + year
    return text
