# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Writes an M3 file: records from values, or lines verbatim."""

from .layout import LAYOUTS
from .record import AAAAMMDD, DDMMAAAA


class M3Writer:
    """Write records to a binary stream; ``close`` adds record 801 with its counts.

    :param name: file name, as record 801 bears it (``mppppnnn.ddd``)
    """

    def __init__(
        self,
        stream,
        name,
        eol="\r\n",
        trailing_pipe=True,
        encoding="cp1252",
        date_layout=DDMMAAAA,
    ):
        self.stream = stream
        self.name = name
        self.eol = eol
        self.trailing_pipe = trailing_pipe
        self.encoding = encoding
        self.date_layout = date_layout
        self.records = 0
        self.pedimentos = 0

    def record(self, record_type, **values):
        """Write a record; values that are not given are empty.

        Decimals are rounded (half to even) to the places of the layout.

        :raise KeyError: for a name that the layout does not have
        :raise ValueError: for a value that would break the record
        """
        layout = LAYOUTS[record_type]
        unknown = set(values) - {spec.name for spec in layout.fields}
        if unknown:
            raise KeyError(f"record {record_type} has no field {sorted(unknown)}")
        fields = [record_type]
        fields += [self._text(spec, values.get(spec.name)) for spec in layout.fields]
        self.raw("|".join(fields) + ("|" if self.trailing_pipe else ""))

    def raw(self, text, eol=None):
        """Write a line as it is, with the line ending of the file or another one.

        :raise UnicodeEncodeError: for what the encoding cannot write
        """
        if not text.startswith("801|"):
            self.records += 1
            self.pedimentos += text.startswith("500|")
        ending = self.eol if eol is None else eol
        self.stream.write((text + ending).encode(self.encoding))

    def close(self, prevalidador=""):
        """Write the closing record."""
        self.record(
            "801",
            archivo=self.name,
            pedimentos=self.pedimentos,
            registros=self.records,
            prevalidador=prevalidador,
        )

    def _text(self, spec, value):
        if value is None or value is False:
            return ""
        if spec.kind == "F" and not isinstance(value, str):
            form = "%Y%m%d" if self.date_layout == AAAAMMDD else "%d%m%Y"
            return value.strftime(form)
        if spec.kind == "D" and not isinstance(value, str):
            return f"{value:.{spec.decimals}f}"
        text = str(value)
        if any(mark in text for mark in "|\r\n"):
            raise ValueError(f"{spec.name}: {text!r} holds a separator")
        return text
