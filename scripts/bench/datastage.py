# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Loading a Data Stage zip into the comparison store.

Full size is 1,000,000 partidas of 20,000 pedimentos. Against: the same zip, unpacked,
its lines split, and copied as texts into plain tables without keys.
"""

import os
import tempfile

from _common import SCALE, Database, Table, load_package
from host import Odoo

PARTIDAS, OF_PEDIMENTO = 1_000_000, 50


def write(stream, partidas):
    """A zip of tables 501, 551 and 557 under the names of their columns."""
    datastage = load_package("formats.datastage")
    count = max(partidas // OF_PEDIMENTO, 1)

    def table(name, number, row):
        columns = datastage.TABLES[name]
        blank = dict.fromkeys(columns, "")
        return name, (list((blank | row(index)).values()) for index in range(number))

    def key(number):
        return {
            "Patente": "3953",
            "Pedimento": f"6{number:06d}",
            "SeccionAduanera": "240",
            "FechaPagoReal": f"2026-{number % 12 + 1:02d}-05 17:48:15",
        }

    def pedimento(index):
        return key(index) | {
            "TipoOperacion": "1",
            "ClaveDocumento": "IN",
            "TipoCambio": "18.00120",
            "Rfc": "XAXX010101000",
            "NombreContribuyente": "MAQUILADORA DE EJEMPLO SA DE CV",
            "TipoPedimento": "1",
            "PesoBrutoMercancia": "287.000",
        }

    def partida(index):
        return key(index // OF_PEDIMENTO) | {
            "Fraccion": f"85{index % 997:03d}099",
            "SecuenciaFraccion": str(index % OF_PEDIMENTO + 1),
            "SubdivisionFraccion": "1",
            "DescripcionMercancia": f"PARTES PARA INTERRUPTOR {index % 5000}",
            "PrecioUnitario": "2962.75000",
            "ValorAduana": str(35553 + index % 1000),
            "ValorComercial": "35553",
            "ValorDolares": "1976.88",
            "CantidadUMComercial": "12.000",
            "UnidadMedidaComercial": "6",
            "CantidadUMTarifa": "4.80000",
            "UnidadMedidaTarifa": "1",
            "PaisOrigenDestino": "HUN",
            "PaisCompradorVendedor": "HUN",
            "TipoOperacion": "1",
            "ClaveDocumento": "IN",
        }

    with datastage.DataStageWriter(stream, "1000001") as writer:
        writer.table(*table("501", count, pedimento))
        writer.table(*table("551", count * OF_PEDIMENTO, partida))


def main():
    table = Table("Data Stage")
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        write(file, int(PARTIDAS * SCALE))
        file.flush()
        os.environ["IMMEX_BENCH_FILE"] = file.name
        with Database("immex_bench_datastage") as database, Odoo(database) as odoo:
            bare = odoo("unpack")
            seconds, megabytes = odoo("datastage")
    table.add("Data Stage into the store / unpack, split and copy", seconds, bare, 5)
    table.add("megabytes that the loading grew by / 100", megabytes, 100, 1)


if __name__ == "__main__":
    main()
