# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A pedimento as the file tells it: records grouped, nothing left out."""

from dataclasses import dataclass, field

from .layout import LAYOUTS
from .record import Record

EXTRACTIONS = ("E1", "E2")  # from bonded warehouse, Anexo 22, Appendix 2


@dataclass(slots=True)
class Partida:
    """Record 551 with the records that belong to it."""

    record: Record
    records: list = field(default_factory=list)

    @property
    def line(self):
        return self.record.line

    @property
    def fraccion(self):
        return self.record["fraccion"]

    @property
    def sequence(self):
        """Number of the partida, or None where the file has none that is valid."""
        number = self.record["partida"]
        return int(number) if number else None

    def of(self, record_type):
        return [record for record in self.records if record.type == record_type]

    @property
    def identifiers(self):
        return self.of("554")

    @property
    def observations(self):
        return _joined(self.of("558"))


@dataclass(slots=True)
class PedimentoDocument:
    """What stands between a record 500 and its 800 (signed) or 999 (unsigned)."""

    opening: Record
    header: Record | None = None
    records: list = field(default_factory=list)
    general: list = field(default_factory=list)
    partidas: list = field(default_factory=list)
    signature: Record | None = None
    by_sequence: dict = field(default_factory=dict)

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
        return [record for record in self.general if record.type == record_type]

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


def _joined(records):
    """Chunks of 120 characters, in the order of their sequence. A chunk may end with
    the space between two words, so that the field is taken as it is written."""
    ordered = sorted(
        enumerate(records),
        key=lambda pair: (int(pair[1]["secuencia"] or 0), pair[0]),
    )
    chunks = (
        record.fields[LAYOUTS[record.type].arity - 1]
        for _index, record in ordered
        if record["observaciones"]
    )
    return "".join(chunks).strip()
