# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The broker's part file: which parts a partida groups. A CSV layout of ours.

UTF-8 (or Windows-1252), separated by ``,`` or ``;``, first line the headers, in any
order. A line a part:

====================  ====================================================
``aduana_seccion``    customs office and section, 3 digits
``patente``           4 digits
``pedimento``         7 digits
``partida``           number of the partida (record 551)
``secuencia``         number of the line within the partida; may be empty
``numero_parte``      part number, the company's or the supplier's
``descripcion``       optional
``cantidad_umc``      quantity in the unit of the partida, 3 decimals
``umc``               unit of commercialisation, Appendix 7; may be empty
``cantidad_umt``      quantity in the tariff's unit, 5 decimals
``umt``               tariff's unit, Appendix 7; may be empty
``valor_usd``         value in dollars, 2 decimals
``valor_comercial``   optional, MXN
``valor_aduana``      optional, MXN
``pais_origen``       optional, key of Appendix 4
``factura``           optional, number of the invoice
``lote``              optional, lot or serial number
====================  ====================================================
"""

from dataclasses import dataclass
from decimal import Decimal

from .issues import _lt
from .table import TableReader

# see table.TableReader
COLUMNS = {
    "aduana_seccion": ("K", 3, 0, True, ("customs_office",)),
    "patente": ("K", 4, 0, True, ("patent",)),
    "pedimento": ("K", 7, 0, True, ("document",)),
    "partida": ("N", 5, 0, True, ("item",)),
    "secuencia": ("N", 5, 0, False, ("line", "linea")),
    "numero_parte": ("A", 80, 0, True, ("part_number",)),
    "descripcion": ("A", 250, 0, False, ("description",)),
    "cantidad_umc": ("D", 15, 3, True, ("quantity_umc",)),
    "umc": ("K", 2, 0, False, ()),
    "cantidad_umt": ("D", 18, 5, True, ("quantity_umt",)),
    "umt": ("K", 2, 0, False, ()),
    "valor_usd": ("D", 14, 2, True, ("value_usd",)),
    "valor_comercial": ("D", 14, 2, False, ("valor_comercial_mxn",)),
    "valor_aduana": ("D", 14, 2, False, ("valor_aduana_mxn",)),
    "pais_origen": ("A", 3, 0, False, ("origin_country",)),
    "factura": ("A", 40, 0, False, ("invoice",)),
    "lote": ("A", 80, 0, False, ("lot", "serie")),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a partida; ``line`` is its line in the file."""

    line: int
    aduana_seccion: str
    patente: str
    pedimento: str
    partida: int
    secuencia: int | None
    numero_parte: str
    descripcion: str | None
    cantidad_umc: Decimal
    umc: str | None
    cantidad_umt: Decimal
    umt: str | None
    valor_usd: Decimal
    valor_comercial: Decimal | None
    valor_aduana: Decimal | None
    pais_origen: str | None
    factura: str | None
    lote: str | None


class PartFileReader(TableReader):
    """Iterate over the lines of a part file that are right; what is wrong is collected
    in ``issues``, by line and column."""

    columns = COLUMNS
    row_class = PartLine
    not_this = _lt(
        "The first line lacks the columns %(names)s: this is not a part file."
    )
