# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bills of materials and the orders of October 2026, with what they really drew."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal

from .parts import ALL, WASTE

THOUSANDTH = Decimal("0.001")
# Wire ends are cut off and kept; terminals are lost in setting up the presses.
WIRE_WASTE = Decimal("0.02")
TERMINAL_MERMA = Decimal("0.005")


def _bom(text):
    pairs = (entry.split(":") for entry in text.split())
    return {code: Decimal(quantity) for code, quantity in pairs}


BOMS = {
    "SA-10": _bom(
        "B-0901:1 F-0701:6 F-0702:4 R-0801:2 R-0802:1 T-0103:14 W-0305:5.2 W-0301:3.4"
    ),
    "SA-20": _bom(
        "C-0201:2 C-0202:1 T-0106:6 T-0107:6 S-0401:12 W-0301:4.5 W-0303:3.1"
        " A-0601:0.25"
    ),
    "SA-30": _bom("T-0104:1 T-0105:1 W-0306:1.15 H-0501:0.12"),
    "FG-100": _bom(
        "SA-10:1 SA-20:2 C-0204:2 C-0205:1 C-0206:1 T-0101:24 T-0102:18 W-0302:12.4"
        " W-0304:8.6 H-0502:3.5 A-0602:0.4 G-1001:8 G-1002:10 G-1003:1 L-1101:1"
        " E-1201:0.25 E-1202:1 M-1301:1"
    ),
    "FG-200": _bom(
        "SA-20:1 SA-30:1 C-0203:1 S-0402:8 S-0403:2 W-0302:2.8 H-0501:0.3 G-1001:3"
        " L-1101:1 E-1202:1 M-1301:1"
    ),
    "FG-300": _bom(
        "SA-30:2 T-0105:2 W-0307:2.4 H-0503:1.6 G-1002:4 L-1101:1 E-1202:1 M-1301:1"
    ),
}
# The ones that put out copper waste beside the product.
WITH_WASTE = ("SA-10", "SA-20", "SA-30", "FG-100", "FG-200", "FG-300")


@dataclass(frozen=True)
class Drawn:
    """What an order drew of a part, in its unit, and how it splits."""

    part: str
    quantity: Decimal
    merma: Decimal
    waste: Decimal
    domestic: Decimal = Decimal(0)

    @property
    def waste_kg(self):
        """Weight of the residue, for what becomes copper waste."""
        return self.waste * ALL[self.part].umt_factor


@dataclass(frozen=True)
class Order:
    """An order; ``more`` is what it drew over (or under) its bill of materials,
    ``domestic`` what of it came from the domestic store."""

    name: str
    product: str
    quantity: int
    date: date
    site: str = "P1"
    more: dict = field(default_factory=dict)
    domestic: dict = field(default_factory=dict)
    subcontracted: bool = False

    def drawn(self):
        return [self._line(code, each) for code, each in BOMS[self.product].items()]

    def _line(self, code, each):
        quantity = each * self.quantity + Decimal(self.more.get(code, 0))
        merma = waste = Decimal(0)
        if code.startswith("W-"):
            waste = (quantity * WIRE_WASTE).quantize(THOUSANDTH)
        elif code.startswith("T-"):
            merma = (quantity * TERMINAL_MERMA).quantize(Decimal(1), ROUND_CEILING)
        elif code.startswith("A-"):
            merma = (quantity * WIRE_WASTE).quantize(THOUSANDTH)
        if self.subcontracted:
            # its residue stays with the sub-manufacturer's own count: none reported
            waste = Decimal(0)
        domestic = Decimal(self.domestic.get(code, 0))
        return Drawn(code, quantity, merma, waste, domestic)

    def waste_kg(self):
        """Copper waste that the order put out, in kilograms."""
        return sum((line.waste_kg for line in self.drawn()), Decimal(0))


def _order(name, product, quantity, day, site="P1", more="", domestic="", sub=False):
    return Order(
        name,
        product,
        quantity,
        date(2026, 10, day),
        site,
        _bom(more),
        _bom(domestic),
        sub,
    )


ORDERS = [
    _order("OP/2610/001", "SA-10", 70, 8, more="T-0103:22 W-0301:-4.5 F-0701:5"),
    _order("OP/2610/002", "SA-20", 200, 9, more="W-0303:11.75 T-0106:18 A-0601:-1.5"),
    _order("OP/2610/003", "SA-30", 250, 9, "P2", more="T-0104:6 W-0306:4.125"),
    _order(
        "OP/2610/004",
        "FG-100",
        60,
        13,
        more="T-0101:35 T-0102:-12 W-0302:9.2 G-1002:14 E-1202:2",
    ),
    _order("OP/2610/005", "FG-200", 50, 14, more="S-0402:11 H-0501:-0.75"),
    _order("OP/2610/006", "SA-10", 45, 16, more="W-0305:-2.1 T-0103:7"),
    _order("OP/2610/007", "SA-20", 160, 17, more="C-0201:3 W-0301:6.25"),
    _order("OP/2610/008", "SA-30", 130, 19, sub=True),
    _order("OP/2610/009", "FG-300", 120, 21, "P2", more="W-0307:5.5 T-0105:9"),
    _order(
        "OP/2610/010",
        "FG-100",
        50,
        22,
        more="W-0304:-3.9 L-1101:3",
        domestic="H-0502:100",
    ),
    _order("OP/2610/011", "FG-200", 70, 23, more="C-0203:2 W-0302:1.6 S-0403:5"),
]
BYPRODUCT = WASTE.code
