# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a COVE says. Texts are as they will be sent: white space collapsed.

Numbers are ``Decimal``; :func:`amount` gives the text that is sent and signed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

IMPORT, EXPORT = "TOCE.IMP", "TOCE.EXP"
EXPORTER, IMPORTER = "4", "5"
ID_TAX, ID_RFC, ID_CURP, ID_NONE = "0", "1", "2", "3"
# Decimals of the manual: quantity 3, values 6, dollars 4.
QUANTITY, VALUE, DOLLARS = (Decimal(1).scaleb(-places) for places in (3, 6, 4))


def amount(number, step):
    """Text of a number at the decimals of ``step``, half up, without exponent."""
    return format(Decimal(number).quantize(step, ROUND_HALF_UP), "f")


def clean(text):
    """White space collapsed, as the schema reads it: what is signed is what is read."""
    return " ".join((text or "").split())


@dataclass(frozen=True, slots=True)
class Address:
    street: str = ""
    exterior: str = ""
    interior: str = ""
    colony: str = ""
    locality: str = ""
    municipality: str = ""
    state: str = ""
    country: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Issuer or recipient; ``id_type`` one of ID_TAX, ID_RFC, ID_CURP, ID_NONE."""

    id_type: str
    identification: str
    name: str
    address: Address
    paternal: str = ""
    maternal: str = ""


@dataclass(frozen=True, slots=True)
class Specific:
    brand: str = ""
    model: str = ""
    submodel: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """``unit``: key of COVE units (C62_1, KGM ...); values in ``currency``, ``usd`` in
    dollars."""

    description: str
    unit: str
    currency: str
    quantity: Decimal
    unit_value: Decimal
    total: Decimal
    usd: Decimal
    specifics: tuple[Specific, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice: alone in its comprobante, or one of a list, which names its parties
    unless the list does (automotive industry)."""

    number: str
    goods: tuple[Goods, ...]
    certificate_of_origin: bool = False
    subdivision: bool = False
    exporter_number: str = ""
    issuer: Person | None = None
    recipient: Person | None = None


@dataclass(frozen=True, slots=True)
class Comprobante:
    """One COVE. With ``list_number`` a relación de facturas, without it one invoice.

    ``edocument``: the COVE that this one corrects (adenda). ``automotive``: the list
    has one issuer and recipient for all its invoices.
    """

    operation: str
    date: date
    figure: str
    email: str
    invoices: tuple[Invoice, ...]
    issuer: Person | None = None
    recipient: Person | None = None
    list_number: str = ""
    automotive: bool = False
    remarks: str = ""
    query_rfcs: tuple[str, ...] = ()
    patents: tuple[str, ...] = ()
    edocument: str = ""

    @property
    def number(self):
        """Number of the invoice or of the list, by which the answer names it."""
        return self.list_number or self.invoices[0].number
