# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parts with what customs wants to know of them."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

# Customs units (Appendix 7) that stand for a part's own unit in Odoo.
OWN_UNIT = {"pc": "6", "m": "3", "kg": "1"}
# Customs units that need a factor of the part: thousands of pieces.
MILLAR = "11"


@dataclass(frozen=True)
class Part:
    """A part; ``unit`` is Odoo's (pc, m, kg), ``umc`` and ``umt`` are those of
    customs, ``umt_factor`` is units of the tariff in one unit of the part.

    ``source``: P of the principal, K bought in Germany, S bought in China, V virtual
    transfer, B bought abroad and in Mexico, X packaging, C container, A fixed asset,
    M bought in Mexico only.
    """

    code: str
    description: str
    fraccion: str
    nico: str
    unit: str
    umc: str
    umt: str
    umt_factor: Decimal
    usd: Decimal
    origin: str
    source: str

    @property
    def umc_factor(self):
        """Customs units of commercialisation in one unit of the part."""
        if self.umc == OWN_UNIT[self.unit]:
            return Decimal(1)
        return Decimal("0.001") if self.umc == MILLAR else self.umt_factor

    @property
    def immex_class(self):
        return {"X": "packaging", "C": "container", "A": "fixed_asset"}.get(
            self.source, "material"
        )


def _read():
    path = Path(__file__).with_name("parts.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            row["umt_factor"] = Decimal(row["umt_factor"])
            row["usd"] = Decimal(row["usd"])
            yield Part(**row)


MATERIALS = {part.code: part for part in _read()}

HARNESS = ("85443099", "01")
# code: description, weight in kg, value in dollars
_MADE = {
    "SA-10": ("Subensamble de caja de fusibles", "1.2400", "14.2000"),
    "SA-20": ("Ramal de puerta", "0.1350", "3.1500"),
    "SA-30": ("Cable de tierra engarzado", "0.1310", "1.9500"),
    "FG-100": ("Arnés principal de tablero", "3.8500", "58.4000"),
    "FG-200": ("Arnés de puerta delantera", "0.5200", "11.7500"),
    "FG-300": ("Cable de batería con ramales de tierra", "0.7600", "12.9000"),
}
MADE = {
    code: Part(
        code, name, *HARNESS, "pc", "6", "1", Decimal(weight), Decimal(usd), "MEX", "F"
    )
    for code, (name, weight, usd) in _MADE.items()
}
WASTE = Part(
    "DESP-CU",
    "Desperdicio de cobre de cable y terminal",
    "74040003",
    "99",
    "kg",
    "1",
    "1",
    Decimal(1),
    Decimal("3.1000"),
    "MEX",
    "D",
)
ALL = {**MATERIALS, **MADE, WASTE.code: WASTE}
