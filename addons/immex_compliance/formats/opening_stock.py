# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Products on hand at the cut-off of another system, and the materials in them. A CSV
layout of ours, with check totals.

UTF-8 (or Windows-1252), separated by ``,`` or ``;``, first line the headers, in any
order. A line a material of a product; products without an order in Odoo only:

====================  ====================================================
``numero_parte``      part number of the product, or of the part made so far
``lote``              lot or serial number; may be empty
``orden``             order of the other system; may be empty
``cantidad``          quantity on hand, in the product's unit, 6 decimals; the same in
                      all lines of a product, lot and order
``secuencia``         number of the line; may be empty
``material``          part number of the material, of the last level
``estatus``           customs status: ``temporal``, ``definitivo`` or ``nacional``
``incorporado``       quantity of the material in all of them, in the material's unit
``merma``             what got lost with it and was not discharged yet; may be empty
====================  ====================================================

The last line is the check: ``numero_parte`` is TOTAL, ``secuencia`` the number of
lines, ``incorporado`` and ``merma`` their sums.
"""

from dataclasses import dataclass
from decimal import Decimal

from .checked_table import CheckedTableReader
from .issues import _lt

# see table.TableReader
COLUMNS = {
    "numero_parte": ("A", 80, 0, True, ("producto",)),
    "lote": ("A", 80, 0, False, ("serie",)),
    "orden": ("A", 80, 0, False, ("orden_produccion",)),
    "cantidad": ("D", 12, 6, True, ()),
    "secuencia": ("N", 9, 0, False, ("linea",)),
    "material": ("A", 80, 0, True, ("numero_parte_material",)),
    "estatus": ("A", 10, 0, True, ("estatus_aduanero",)),
    "incorporado": ("D", 12, 6, True, ()),
    "merma": ("D", 12, 6, False, ()),
}
STATUSES = {
    "temporal": "temporary",
    "definitivo": "definitive",
    "nacional": "domestic",
}


@dataclass(frozen=True, slots=True)
class OpeningStockLine:
    """A material in products on hand; ``line`` is its line in the file."""

    line: int
    numero_parte: str
    lote: str | None
    orden: str | None
    cantidad: Decimal
    secuencia: int | None
    material: str
    estatus: str
    incorporado: Decimal
    merma: Decimal | None


class OpeningStockReader(CheckedTableReader):
    """Lines of a file of products, and their totals: see ``CheckedTableReader``."""

    columns = COLUMNS
    row_class = OpeningStockLine
    summed = ("incorporado", "merma")
    not_this = _lt(
        "The first line lacks the columns %(names)s: this is not a file of products"
        " on hand."
    )

    def _is_right(self, line):
        found = len(self.issues)
        if line.estatus.lower() not in STATUSES:
            self._add(
                line.line,
                0,
                "estatus",
                "status",
                _lt("%(value)r is none of temporal, definitivo, nacional."),
                value=line.estatus,
            )
        for name, value in (
            ("cantidad", line.cantidad),
            ("incorporado", line.incorporado + (line.merma or 0)),
        ):
            if value <= 0:
                self._add(
                    line.line,
                    0,
                    name,
                    "quantity",
                    _lt("The quantity must be greater than zero."),
                )
        return len(self.issues) == found
