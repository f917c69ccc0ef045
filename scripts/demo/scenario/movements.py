# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What crosses doors and plants in October 2026."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .documents import PEDIMENTOS


def _day(day):
    return date(2026, 10, day)


def _lines(text):
    pairs = (entry.split(":") for entry in text.split())
    return {part: Decimal(quantity) for part, quantity in pairs}


@dataclass(frozen=True)
class Receipt:
    """Goods of ``pedimento`` from ``supplier``; ``differs`` is what came where it is
    not what the papers say; ``ordered`` by a purchase order, else consigned."""

    pedimento: str | None
    supplier: str
    date: date
    ordered: bool = True
    differs: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)
    serial: str = ""

    def lines(self):
        if not self.pedimento:
            return self.parts
        declared = {
            line.part: line.quantity
            for line in PEDIMENTOS[self.pedimento].lines
            if line.supplier == self.supplier
        }
        return declared | self.differs


@dataclass(frozen=True)
class Delivery:
    """Goods that leave a plant, under a pedimento or (a finding) under none."""

    pedimento: str | None
    partner: str
    date: date
    site: str
    parts: dict
    audited: bool = False  # the physical date differs from Odoo's


@dataclass(frozen=True)
class Transfer:
    """Goods from plant to plant, or to the sub-manufacturer (target ``SUB``)."""

    date: date
    source: str
    target: str
    parts: dict


RECEIPTS = (
    Receipt("P1", "principal", _day(2), ordered=False),
    # 80 bags more than the papers say
    Receipt("P1", "distributor", _day(2), differs=_lines("E-1202:280")),
    Receipt("P5", "chinese", _day(3)),
    Receipt("P7", "maker", _day(6), serial="TCM-26-00871"),
    # before its pedimento: transfers of the week are declared together
    Receipt("P6", "relay", _day(6)),
    # a reel of 50 m missing
    Receipt("P2", "principal", _day(7), ordered=False, differs=_lines("W-0303:1150")),
    Receipt("P3", "german", _day(8)),
    Receipt(None, "conduit_mx", _day(12), parts=_lines("H-0502:150 M-1301:500")),
    Receipt("P4", "principal", _day(14), ordered=False),
    Receipt("P4", "distributor", _day(14)),
    Receipt("P4", "chinese", _day(14)),
)

TRANSFERS = (
    Transfer(_day(8), "P1", "P2", _lines("T-0104:260 T-0105:260 W-0306:295 H-0501:35")),
    Transfer(_day(13), "P2", "P1", _lines("SA-30:130")),
    Transfer(
        _day(15),
        "P1",
        "P2",
        _lines(
            "W-0307:300 H-0503:200 T-0105:260 G-1002:490 L-1101:125 E-1202:125"
            " M-1301:125"
        ),
    ),
    Transfer(_day(15), "P1", "SUB", _lines("T-0104:130 T-0105:130 W-0306:149.5 H-0501:15.6")),
)

DELIVERIES = (
    # one harness less than declared stays on the dock
    Delivery("X1", "principal", _day(16), "P1", _lines("FG-100:55 FG-200:44"), True),
    # samples leave before their order is closed
    Delivery("X1", "principal", _day(16), "P2", _lines("FG-300:6")),
    Delivery("X2", "principal", _day(24), "P1", _lines("FG-100:45 T-0102:500")),
    Delivery("X2", "principal", _day(24), "P2", _lines("FG-300:100")),
    Delivery("X3", "tier1", _day(27), "P1", _lines("FG-200:60")),
    Delivery(None, "dealer", _day(29), "P2", _lines("FG-300:12")),
)

DESTRUCTION = {
    "notice_folio": "102LA-2026-004417",
    "notice_date": date(2026, 9, 25),
    "act_number": "ACTA-0031/2026",
    "act_date": _day(30),
    "place": "Planta 1 Apodaca, patio de residuos",
    "process": "Trituración y fundición del cobre por tercero autorizado.",
    "partner": "recycler",
    "site": "P1",
    "quantity": Decimal("1.250000"),
}
