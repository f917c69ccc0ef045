# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from decimal import Decimal

from ..formats.datastage import TABLES, DataStageWriter
from ..formats.m3 import M3Reader
from .common import m3_file, m3_partida
from .import_case import ImportCase

PARTIDA = {
    "Fraccion": "fraccion",
    "SecuenciaFraccion": "partida",
    "SubdivisionFraccion": "nico",
    "DescripcionMercancia": "descripcion",
    "PrecioUnitario": "precio_unitario",
    "ValorAduana": "valor_aduana",
    "ValorComercial": "valor_comercial",
    "ValorDolares": "valor_dolares",
    "CantidadUMComercial": "cantidad_umc",
    "UnidadMedidaComercial": "umc",
    "CantidadUMTarifa": "cantidad_umt",
    "UnidadMedidaTarifa": "umt",
    "ValorAgregado": "valor_agregado",
    "ClaveVinculacion": "vinculacion",
    "MetodoValorizacion": "metodo_valoracion",
    "PaisOrigenDestino": "pais_origen",
    "PaisCompradorVendedor": "pais_vendedor",
}
HEAD = {
    "TipoOperacion": "tipo_operacion",
    "ClaveDocumento": "clave",
    "SeccionAduaneraEntrada": "aduana_seccion_es",
    "Rfc": "rfc",
    "TipoCambio": "tipo_cambio",
    "TotalFletes": "fletes",
    "TotalSeguros": "seguros",
    "PesoBrutoMercancia": "peso_bruto",
    "NombreContribuyente": "nombre",
}
RATE = {
    "ClaveContribucion": "contribucion",
    "TasaContribucion": "tasa",
    "TipoTasa": "tipo_tasa",
}
AMOUNT = {
    "ClaveContribucion": "contribucion",
    "FormaPago": "forma_pago",
    "ImportePago": "importe",
}
IDENTIFIER = {
    "ClaveCaso": "clave",
    "IdentificadorCaso": "complemento1",
    "ComplementoCaso": "complemento2",
}
OF_PARTIDA = {"Fraccion": "fraccion", "SecuenciaFraccion": "partida"}
GENERAL = {
    "506": {"TipoFecha": "tipo", "FechaOperacion": "fecha"},
    "507": IDENTIFIER,
    "509": RATE,
    "510": AMOUNT,
}
PARTIDAS = {
    "554": OF_PARTIDA | IDENTIFIER,
    "556": OF_PARTIDA | RATE,
    "557": OF_PARTIDA | AMOUNT,
}


def _text(value):
    return f"{value:f}" if isinstance(value, Decimal) else value


def government(content):
    """Tables of Data Stage that say what a broker file says: name -> rows as dicts."""
    tables = {name: [] for name in ("501", "551", "701", *GENERAL, *PARTIDAS)}

    def add(name, key, record, columns):
        row = {column: _text(record[field]) for column, field in columns.items()}
        tables[name].append(dict(key) | row)

    for document in M3Reader(io.BytesIO(content)):
        key = {
            "Patente": document.patente,
            "Pedimento": document.pedimento,
            "SeccionAduanera": document.aduana_seccion,
        }
        add("501", key, document.header, HEAD)
        tables["501"][-1] |= {
            "FechaPagoReal": f"{document.fecha_pago} 10:00:00",
            "TipoPedimento": "1",
        }
        for name, columns in GENERAL.items():
            for record in document.of(name):
                add(name, key, record, columns)
        for partida in document.partidas:
            add("551", key, partida.record, PARTIDA)
            for name, columns in PARTIDAS.items():
                for record in partida.of(name):
                    add(name, key, record, columns)
    return tables


class ReconciliationCase(ImportCase):
    """The same documents in a broker's file and in the government's data.

    Two imports of two partidas each; :meth:`_plant` changes what one side says.
    """

    def setUp(self):
        super().setUp()
        self.content = m3_file(
            (
                [
                    m3_partida(identifiers=[{"clave": "TL", "complemento1": "USA"}]),
                    m3_partida(fraccion="85444299", nico="99"),
                ],
                {
                    "document": "6000001",
                    "identifiers": [{"clave": "IM", "complemento1": "1234-2019"}],
                },
            ),
            ([m3_partida(), m3_partida()], {"document": "6000002"}),
        )
        self._load(self.content)
        self.tables = government(self.content)

    def _row(self, table, document="6000001", **values):
        """The one row of ``table`` with these values."""
        [row] = [
            row
            for row in self.tables[table]
            if row["Pedimento"] == document
            and all(str(row[name]) == value for name, value in values.items())
        ]
        return row

    def _partida(self, number, document="6000001"):
        return self._row("551", document, SecuenciaFraccion=str(number))

    def _without(self, table, document, **values):
        """Take the rows of a pedimento (with these values) out of ``table``."""
        before = len(self.tables[table])
        self.tables[table] = [
            row
            for row in self.tables[table]
            if row["Pedimento"] != document
            or any(str(row[name]) != value for name, value in values.items())
        ]
        self.assertLess(len(self.tables[table]), before)

    def _government(self, tables=None, company=None, name="77.zip"):
        stream = io.BytesIO()
        with DataStageWriter(stream, "77", "utf-8") as writer:
            for table, rows in (tables or self.tables).items():
                columns = TABLES[table]
                writer.table(
                    table,
                    ([row.get(column) for column in columns] for row in rows),
                    columns,
                )
        stream.seek(0)
        files = self.env["immex.pedimento.file"]
        loaded = files._load_file("datastage", company or self.company, stream, name)
        # after all that it tells of, whatever the clock says
        loaded.file.flush_recordset()
        self.env.cr.execute(
            "UPDATE immex_pedimento_file SET create_date = '2027-01-15' WHERE id = %s",
            (loaded.file.id,),
        )
        loaded.file.invalidate_recordset(["create_date"])
        return loaded

    def _reconcile(self, date_from="2026-01-01", date_to="2026-12-31", company=None):
        run = self.env["immex.reconciliation"].create(
            {
                "company_id": (company or self.company).id,
                "date_from": date_from,
                "date_to": date_to,
            }
        )
        run.action_run()
        self.assertEqual(run.state, "done")
        return run

    def _found(self, run):
        """``[(level, kind, document, partida, code, field, ours, theirs)]``."""
        return sorted(
            (
                line.level,
                line.kind,
                line.number15[-7:],
                line.sequence,
                line.code or "",
                line.field or "",
                line.ours or "",
                line.theirs or "",
            )
            for line in run.line_ids
        )

    def _difference(self, line):
        return self._exact(line, "difference").normalize() + Decimal(0)
