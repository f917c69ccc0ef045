# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A pedimento as the file tells it: records grouped, nothing left out."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise

from .layout import LAYOUTS
from .record import Record
from .store import FIRST_PARTIDA, GENERAL, Chosen, Records

EXTRACTIONS = ("E1", "E2")  # from bonded warehouse, Anexo 22, Appendix 2


class Partida:
    """Record 551 with the records that belong to it."""

    __slots__ = ("record", "records")

    def __init__(self, record, records):
        self.record, self.records = record, records

    @property
    def line(self):
        return self.record.line

    @property
    def fraccion(self):
        return self.record["fraccion"]

    @property
    def sequence(self):
        """Number of the partida, or None where the file has none that is valid."""
        return sequence_of(self.record)

    def of(self, record_type):
        return self.records.of(record_type)

    @property
    def identifiers(self):
        return self.of("554")

    @property
    def observations(self):
        return _joined(self.of("558"))


class Partidas(Sequence):
    """The partidas of a document, each made when it is asked for."""

    __slots__ = ("_begins", "_heads", "_order", "_records")

    def __init__(self, records, heads):
        """:param heads: places of records 551, in their order"""
        self._records, self._heads = records, heads
        self._order, self._begins = records.places(FIRST_PARTIDA + len(heads))

    def owned(self, owner):
        """The records of an owner, see :mod:`.store`."""
        begin, end = self._begins[owner : owner + 2]
        return Chosen(self._records, self._order[begin:end])

    def __len__(self):
        return len(self._heads)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        head = self._records[self._heads[index]]
        return Partida(head, self.owned(FIRST_PARTIDA + index))


@dataclass(slots=True)
class PedimentoDocument:
    """What stands between a record 500 and its 800 (signed) or 999 (unsigned)."""

    opening: Record
    header: Record | None = None
    records: Records = field(default_factory=Records)
    general: Sequence = ()
    partidas: Sequence = ()
    signature: Record | None = None

    def arrange(self, heads):
        """Group the records, once all are there.

        :param heads: places of records 551, in their order
        """
        self.partidas = Partidas(self.records, heads)
        self.general = self.partidas.owned(GENERAL)

    @property
    def line(self):
        return self.opening.line

    @property
    def patente(self):
        return self.opening["patente"]

    @property
    def pedimento(self):
        return self.opening["pedimento"]

    @property
    def aduana_seccion(self):
        return self.opening["aduana_seccion"]

    @property
    def tipo_movimiento(self):
        return self.opening["tipo_movimiento"]

    @property
    def signed(self):
        return self.signature is not None

    def of(self, record_type):
        """Records of a type at the level of the pedimento."""
        return self.general.of(record_type)

    @property
    def identifiers(self):
        return self.of("507")

    @property
    def dates(self):
        """``{type: date}`` of records 506; of two of a type the first counts."""
        found = {}
        for record in self.of("506"):
            if record["tipo"] and record["fecha"]:
                found.setdefault(record["tipo"].lstrip("0"), record["fecha"])
        return found

    @property
    def fecha_entrada(self):
        return self.dates.get("1")

    @property
    def fecha_pago(self):
        return self.dates.get("2")

    @property
    def fecha_extraccion(self):
        """Of goods that leave a bonded warehouse; the payment where it is not told."""
        if self.header["clave"] in EXTRACTIONS:
            return self.dates.get("3") or self.fecha_pago
        return None

    @property
    def observations(self):
        return _joined(self.of("511"))


@dataclass(slots=True)
class FileSummary:
    """How the file is written, and what it holds.

    ``date_layouts`` holds DDMMAAAA, AAAAMMDD or both; ``bom`` tells a byte order mark,
    ``last_eol`` the line ending of the last record ("" where the file has none).
    """

    encoding: str = ""
    bom: bool = False
    eol: str = "\r\n"
    last_eol: str = ""
    trailing_pipe: bool = False
    date_layouts: set = field(default_factory=set)
    bytes: int = 0
    records: int = 0
    pedimentos: int = 0
    trailer: Record | None = None


def sequence_of(record):
    """Number of the partida that a record names, or None."""
    number = record["partida"]
    return int(number) if number else None


def _joined(records):
    """Chunks of 120 characters, in the order of their sequence. A chunk may end with
    the space between two words, so that the field is taken as it is written."""
    keys = array("H", (int(record["secuencia"] or 0) for record in records))
    order = range(len(keys))
    if any(key > following for key, following in pairwise(keys)):
        order = sorted(order, key=keys.__getitem__)
    text = StringIO()
    for index in order:
        record = records[index]
        if record["observaciones"]:
            text.write(record.fields[LAYOUTS[record.type].arity - 1])
    return text.getvalue().strip()
