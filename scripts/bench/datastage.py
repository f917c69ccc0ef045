# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Loading a Data Stage zip into the comparison store.

Full size is 1,000,000 partidas of 20,000 pedimentos. Against: the same zip, unpacked,
its lines split, and copied as texts into plain tables without keys.

Then 100,000 partidas of the store become pedimentos in the company's books, with every
check. Against: as many from a broker's file, the same way and under the same checks.
"""

import datetime
import os
import tempfile

from _common import SCALE, Database, Table, load_package
from host import Odoo

PARTIDAS, OF_PEDIMENTO = 1_000_000, 50
RECORDED = 100_000
RFC, PATENT, OFFICE = "ADN150203AB1", "3953", "240"


def write(stream, partidas, entered=False):
    """A zip of tables 501 and 551 under the names of their columns; with 506 where the
    goods shall have ``entered``."""
    datastage = load_package("formats.datastage")
    count = max(partidas // OF_PEDIMENTO, 1)

    def table(name, number, row):
        columns = datastage.TABLES[name]
        blank = dict.fromkeys(columns, "")
        rows = (blank | row(index) for index in range(number))
        return name, ([row[column] for column in columns] for row in rows)

    def key(number):
        return {
            "Patente": PATENT,
            "Pedimento": f"6{number:06d}",
            "SeccionAduanera": OFFICE,
            "FechaPagoReal": f"2026-{number % 12 + 1:02d}-05 17:48:15",
        }

    def pedimento(index):
        return key(index) | {
            "TipoOperacion": "1",
            "ClaveDocumento": "IN",
            "TipoCambio": "18.00120",
            "Rfc": RFC,
            "NombreContribuyente": "MAQUILADORA DE EJEMPLO SA DE CV",
            "TipoPedimento": "1",
            "PesoBrutoMercancia": "287.000",
        }

    def entry(index):
        day = f"2026-{index % 12 + 1:02d}-05 00:00:00"
        return key(index) | {"TipoFecha": "1", "FechaOperacion": day}

    def partida(index):
        return key(index // OF_PEDIMENTO) | {
            "Fraccion": "85369099",
            "SecuenciaFraccion": str(index % OF_PEDIMENTO + 1),
            "SubdivisionFraccion": "17",
            "DescripcionMercancia": f"PARTES PARA INTERRUPTOR {index % 5000}",
            "PrecioUnitario": "2962.75000",
            "ValorAduana": str(35553 + index % 1000),
            "ValorComercial": "35553",
            "ValorDolares": "1976.88",
            "CantidadUMComercial": "12.000",
            "UnidadMedidaComercial": "6",
            "CantidadUMTarifa": "4.80000",
            "UnidadMedidaTarifa": "1",
            "CodigoMercanciaProducto": f"P{index % 5000}",
            "PaisOrigenDestino": "HUN",
            "PaisCompradorVendedor": "HUN",
            "TipoOperacion": "1",
            "ClaveDocumento": "IN",
        }

    with datastage.DataStageWriter(stream, "1000001") as writer:
        writer.table(*table("501", count, pedimento))
        if entered:
            writer.table(*table("506", count, entry))
        writer.table(*table("551", count * OF_PEDIMENTO, partida))


def write_m3(stream, partidas):
    """The same facts as a broker's file, under other numbers."""
    writer = load_package("formats.m3").M3Writer(stream, "m3953001.002")
    for number in range(max(partidas // OF_PEDIMENTO, 1)):
        common = {"pedimento": f"65{number:05d}"}
        place = {"patente": PATENT, "aduana_seccion": OFFICE}
        paid = datetime.date(2026, number % 12 + 1, 5)
        writer.record("500", tipo_movimiento="1", **place, **common)
        writer.record(
            "501",
            tipo_operacion="1",
            clave="IN",
            tipo_cambio="18.00120",
            rfc=RFC,
            nombre="MAQUILADORA DE EJEMPLO SA DE CV",
            peso_bruto="287.000",
            **place,
            **common,
        )
        writer.record("506", tipo="1", fecha=paid, **common)
        writer.record("506", tipo="2", fecha=paid, **common)
        for sequence in range(1, OF_PEDIMENTO + 1):
            index = number * OF_PEDIMENTO + sequence - 1
            writer.record(
                "551",
                fraccion="85369099",
                partida=str(sequence),
                nico="17",
                descripcion=f"PARTES PARA INTERRUPTOR {index % 5000}",
                precio_unitario="2962.75000",
                valor_aduana=35553 + index % 1000,
                valor_comercial=35553,
                valor_dolares="1976.88",
                cantidad_umc="12.000",
                umc="6",
                cantidad_umt="4.80000",
                umt="1",
                codigo_producto=f"P{index % 5000}",
                pais_origen="HUN",
                pais_vendedor="HUN",
                **common,
            )
        writer.record("800", tipo_figura="1", firma="F", certificado="1", **common)
    writer.close("BENCH")


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
    with (
        tempfile.NamedTemporaryFile(suffix=".zip") as file,
        tempfile.NamedTemporaryFile(suffix=".m3") as broker,
    ):
        write(file, int(RECORDED * SCALE), entered=True)
        write_m3(broker, int(RECORDED * SCALE))
        file.flush(), broker.flush()
        os.environ["IMMEX_BENCH_FILE"] = file.name
        os.environ["IMMEX_BENCH_BROKER"] = broker.name
        with Database("immex_bench_datastage") as database, Odoo(database) as odoo:
            odoo("datastage")
            theirs, _megabytes = odoo("broker")
            ours, megabytes = odoo("record")
    table.add("pedimentos of the store into the books / of a broker", ours, theirs, 1.3)
    table.add("megabytes that the recording grew by / 100", megabytes, 100, 1)


if __name__ == "__main__":
    main()
