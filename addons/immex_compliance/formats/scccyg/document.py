# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the files say."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

# Anexo 30, III: one report a kind of destination.
DESTINATIONS = (
    "return",
    "regime_change",
    "transfer",
    "extraction",
    "regularization",
    "ctm",
    "cfdi",
    "donation",
    "destruction",
)
# kind of period -> how many a year has
PERIODS = {"month": 12, "fortnight": 24, "bimester": 6}


@dataclass(frozen=True, slots=True)
class InitialLine:
    """What is pending of a pedimento and tariff item (Anexo 30, I-e).

    ``date`` is that of payment, ``value`` the commercial value in pesos.
    ``replaces``: folio of the inventory that a correction replaces, else "".
    """

    patente: str
    pedimento: str
    aduana: str
    date: datetime.date
    fraccion: str
    value: Decimal
    fixed_asset: bool = False
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Zero:
    """An initial inventory without anything pending ("en ceros", Anexo 30, I-b)."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Sum of what was discharged of a tariff item, as declared at import."""

    fraccion: str
    value: Decimal
    fixed_asset: bool = False


@dataclass(slots=True)
class DischargeReport:
    """A discharge report (Anexo 30, III-c): one destination, one period.

    ``pedimentos`` are ``(patente, pedimento, aduana)``; ``folios`` of notices, CTM or
    CFDI. ``replaces``: folio of the report that a correction replaces whole (III-h).
    """

    destination: str
    year: int
    period: str
    number: int
    replaces: str = ""
    goods: list = field(default_factory=list)
    pedimentos: list = field(default_factory=list)
    folios: list = field(default_factory=list)
    line: int = 0
