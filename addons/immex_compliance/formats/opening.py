# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Initial balances from another system: what remains of each import. A CSV layout of
ours, with check totals.

UTF-8 (or Windows-1252), separated by ``,`` or ``;``, first line the headers, in any
order. A line a part of a partida that has a balance:

====================  ====================================================
``pedimento``         15 digits, in any spacing
``seccion``           customs office and section, 3 digits; may be empty
``clave``             key of the pedimento (IN, AF, V1 ...)
``fecha_entrada``     date of entry, YYYY-MM-DD or DD/MM/YYYY
``fecha_pago``        date of payment
``partida``           number of the partida
``secuencia``         number of the line within the partida; may be empty
``numero_parte``      the company's part number
``descripcion``       optional
``lote``              optional, lot or serial number
``cantidad``          quantity that was imported, in the part's unit, 6 decimals
``saldo``             what remains of it
``saldo_umc``         the same in the unit of the partida, 3 decimals
``umc``               unit of commercialisation, Appendix 7
``saldo_umt``         the same in the tariff's unit, 5 decimals
``umt``               tariff's unit, Appendix 7
``fraccion``          tariff item, 8 digits
``nico``              2 digits, optional
``valor_usd``         value of what remains, in dollars, 2 decimals
``valor_aduana``      customs value of what remains, MXN, 2 decimals
``tasa_igi``          duty rate in per cent, optional
``pais_origen``       optional, key of Appendix 4
``vencimiento``       optional, end of the term that the company keeps to
====================  ====================================================

The last line is the check: ``numero_parte`` is TOTAL, ``secuencia`` the number of
lines, ``saldo``, ``valor_usd`` and ``valor_aduana`` their sums.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from .checked_table import CheckedTableReader
from .issues import _lt
from .number import parse_number

# see table.TableReader
COLUMNS = {
    "pedimento": ("A", 25, 0, True, ()),
    "seccion": ("K", 3, 0, False, ("aduana_seccion",)),
    "clave": ("A", 2, 0, True, ("clave_pedimento",)),
    "fecha_entrada": ("F", 10, 0, True, ()),
    "fecha_pago": ("F", 10, 0, True, ()),
    "partida": ("N", 5, 0, True, ()),
    "secuencia": ("N", 9, 0, False, ("linea",)),
    "numero_parte": ("A", 80, 0, True, ("part_number",)),
    "descripcion": ("A", 250, 0, False, ()),
    "lote": ("A", 80, 0, False, ("serie",)),
    "cantidad": ("D", 12, 6, True, ()),
    "saldo": ("D", 12, 6, True, ()),
    "saldo_umc": ("D", 15, 3, True, ()),
    "umc": ("K", 2, 0, True, ()),
    "saldo_umt": ("D", 18, 5, True, ()),
    "umt": ("K", 2, 0, True, ()),
    "fraccion": ("K", 8, 0, True, ()),
    "nico": ("K", 2, 0, False, ()),
    "valor_usd": ("D", 14, 2, True, ()),
    "valor_aduana": ("D", 14, 2, True, ()),
    "tasa_igi": ("D", 5, 10, False, ()),
    "pais_origen": ("A", 3, 0, False, ()),
    "vencimiento": ("F", 10, 0, False, ()),
}
SUMMED = ("saldo", "valor_usd", "valor_aduana")


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What remains of a part of a partida; ``line`` is its line in the file."""

    line: int
    pedimento: str
    seccion: str | None
    clave: str
    fecha_entrada: datetime.date
    fecha_pago: datetime.date
    partida: int
    secuencia: int | None
    numero_parte: str
    descripcion: str | None
    lote: str | None
    cantidad: Decimal
    saldo: Decimal
    saldo_umc: Decimal
    umc: str
    saldo_umt: Decimal
    umt: str
    fraccion: str
    nico: str | None
    valor_usd: Decimal
    valor_aduana: Decimal
    tasa_igi: Decimal | None
    pais_origen: str | None
    vencimiento: datetime.date | None


class OpeningReader(CheckedTableReader):
    """Lines of a file of balances, and their totals: see ``CheckedTableReader``."""

    columns = COLUMNS
    row_class = OpeningLine
    summed = SUMMED
    not_this = _lt(
        "The first line lacks the columns %(names)s: this is not a file of initial"
        " balances."
    )

    def _is_right(self, line):
        """What the columns of one line must be to each other."""
        found = len(self.issues)
        try:
            parse_number(line.pedimento)
        except ValueError:
            self._add(
                line.line,
                0,
                "pedimento",
                "number",
                _lt("%(value)r is not a pedimento number of 15 digits."),
                value=line.pedimento,
            )
        if not 0 < line.saldo <= line.cantidad:
            self._add(
                line.line,
                0,
                "saldo",
                "balance",
                _lt(
                    "The balance %(saldo)s must be more than zero and at most what was "
                    "imported, %(cantidad)s."
                ),
                saldo=line.saldo,
                cantidad=line.cantidad,
            )
        if line.saldo_umc <= 0:
            self._add(
                line.line,
                0,
                "saldo_umc",
                "quantity",
                _lt("The quantity must be greater than zero."),
            )
        return len(self.issues) == found
