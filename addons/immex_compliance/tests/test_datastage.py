# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo.tests import tagged

from ..formats.datastage import TABLES, DataStageWriter
from ..models.pedimento.file_issues import FileRefused
from .import_case import ImportCase

KEY_1 = {"Patente": "3953", "Pedimento": "6000101", "SeccionAduanera": "70"}
KEY_2 = {"Patente": "3953", "Pedimento": "6000202", "SeccionAduanera": "240"}
PAID = {"FechaPagoReal": "2026-01-12 10:15:00"}


@tagged("post_install", "-at_install")
class TestDataStage(ImportCase):
    """A Data Stage zip into the comparison store."""

    def _tables(self):
        """Two pedimentos; the second rectifies the first."""
        head = {"TipoOperacion": "1", "ClaveDocumento": "IN", "TipoCambio": "17.5"}
        return {
            "501": [
                KEY_1 | head | PAID | {"TipoPedimento": "1"},
                KEY_2 | head | {"FechaPagoReal": "2026/02/20", "TipoPedimento": "2"},
            ],
            "506": [
                KEY_1 | {"TipoFecha": "1", "FechaOperacion": "2026-01-11 00:00:00"}
            ],
            "551": [self._partida(KEY_1, 1), self._partida(KEY_1, 2)],
            "557": [
                KEY_1
                | {
                    "SecuenciaFraccion": "1",
                    "ClaveContribucion": "03",
                    "FormaPago": "21",
                    "ImportePago": "1234",
                }
            ],
            "558": [KEY_1 | {"Observaciones": "<b>UNA</b>"}],
            "701": [
                KEY_2
                | {
                    "PedimentoAnterior": "6000101",
                    "PatenteAnterior": "3953",
                    "SeccionAduaneraAnterior": "070",
                    "PedimentoOriginal": "6000101",
                    "PatenteAduanalOrig": "3953",
                    "SeccionAduaneraDespOrig": "070",
                }
            ],
            "Resumen": [{"Folio": "77", "Total_Fracciones": "2"}],
        }

    def _partida(self, key, number, **values):
        return (
            key
            | PAID
            | {
                "Fraccion": "85389099",
                "SecuenciaFraccion": str(number),
                "SubdivisionFraccion": "1",
                "DescripcionMercancia": "PARTES \\ PARA\tINTERRUPTOR",
                "PrecioUnitario": "175.00000",
                "ValorAduana": "17500",
                "ValorDolares": "0.10",
                "CantidadUMComercial": "100.001",
                "UnidadMedidaComercial": "06",
                "CantidadUMTarifa": "12.00001",
                "UnidadMedidaTarifa": "1",
            }
            | values
        )

    def _zip(self, tables, columns=None):
        stream = io.BytesIO()
        with DataStageWriter(stream, "77", "utf-8") as writer:
            for name, rows in tables.items():
                names = (columns or {}).get(name, TABLES[name])
                writer.table(
                    name, ([row.get(column) for column in names] for row in rows), names
                )
        return stream.getvalue()

    def _load(self, tables, columns=None, name="77.zip"):
        files = self.env["immex.pedimento.file"]
        stream = io.BytesIO(self._zip(tables, columns))
        return files._load_file("datastage", self.company, stream, name)

    def _store(self):
        return self.env["immex.datastage.pedimento"].search(
            [("company_id", "=", self.company.id)], order="document"
        )

    def test_into_the_store(self):
        result = self._load(self._tables())
        self.assertFalse(result.issues)
        first, second = self._store()
        self.assertEqual(first.number15, "260739536000101")
        self.assertEqual((first.office_section, first.office), ("070", "07"))
        self.assertEqual(str(first.entry_date), "2026-01-11")
        self.assertEqual(str(first.payment_date), "2026-01-12")
        self.assertEqual(str(second.payment_date), "2026-02-20")
        self.assertTrue(first.superseded)
        self.assertFalse(second.superseded)
        self.assertEqual(second.previous_document, "6000101")
        partida = first.partida_ids[0]
        self.assertEqual((partida.nico, partida.umc_code), ("01", "6"))
        self.assertEqual(partida.description, "PARTES \\ PARA\tINTERRUPTOR")
        self.env.cr.execute(
            "SELECT qty_umc::text, qty_umt::text, value_usd::text"
            " FROM immex_datastage_partida WHERE id = %s",
            (partida.id,),
        )
        self.assertEqual(self.env.cr.fetchone(), ("100.001", "12.00001", "0.10"))
        tax = first.contribution_ids
        self.assertEqual(
            (tax.sequence, tax.kind, tax.code, tax.payment_form, tax.amount),
            (1, "amount", "3", "21", 1234),
        )
        self.assertEqual(first.record_ids.content["Observaciones"], "<b>UNA</b>")
        file = result.file
        self.assertEqual((file.datastage_folio, file.state), ("77", "loaded"))
        self.assertEqual(file.row_counts["551"], 2)
        other = self.env["immex.datastage.record"].search(
            [("file_id", "=", file.id), ("table_name", "=", "Resumen")]
        )
        self.assertEqual(other.content["Total_Fracciones"], "2")

    def test_the_same_bytes_are_recognised(self):
        first = self._load(self._tables())
        again = self._load(self._tables())
        self.assertTrue(again.recognised)
        self.assertEqual(again.file, first.file)

    def test_a_later_file_replaces_its_pedimentos(self):
        self._load(self._tables())
        tables = self._tables()
        tables["551"] = [self._partida(KEY_1, 1, ValorAduana="18000")]
        result = self._load(tables, name="78.zip")
        self.assertEqual(result.file.replaced_count, 2)
        first, _second = self._store()
        self.assertEqual(first.partida_ids.customs_value, 18000)

    def test_columns_in_any_order_and_unknown_ones(self):
        columns = {"551": (*reversed(TABLES["551"]), 'Nue"vo 100%')}
        tables = self._tables()
        tables["551"][0]['Nue"vo 100%'] = "x"
        self._load(tables, columns)
        first, _second = self._store()
        self.assertEqual(len(first.partida_ids), 2)
        extra = first.record_ids.filtered(lambda record: record.table_name == "551")
        self.assertEqual(
            [row for row in extra.mapped("content") if row], [{'Nue"vo 100%': "x"}]
        )

    def test_rows_of_unknown_pedimentos_are_kept(self):
        tables = self._tables()
        tables["551"].append(self._partida(KEY_1 | {"Pedimento": "6999999"}, 1))
        result = self._load(tables)
        self.assertEqual([issue.code for issue in result.issues], ["orphan"])
        kept = self.env["immex.datastage.record"].search(
            [("file_id", "=", result.file.id), ("table_name", "=", "551")]
        )
        self.assertEqual(kept.content["Pedimento"], "6999999")
        self.assertEqual(kept.line, 4)

    def _refused(self, tables):
        before = self.env["immex.datastage.pedimento"].search_count([])
        with self.assertRaises(FileRefused) as caught:
            self._load(tables)
        self.assertEqual(self.env["immex.datastage.pedimento"].search_count([]), before)
        return [
            (issue.record_type, issue.line, issue.field_name, issue.code)
            for issue in caught.exception.issues
        ]

    def test_what_cannot_be_cast_is_named(self):
        for column, value, code in (
            ("ValorAduana", "NaN", "number"),
            ("ValorAduana", "1-2", "number"),
            ("ValorAduana", "1e5", "number"),
            ("ValorAduana", "0x1F", "number"),
            ("SecuenciaFraccion", "1.5", "number"),
            ("FechaPagoReal", "05/01/2026", None),
            ("SubdivisionFraccion", "123", "text"),
            ("Fraccion", "853890991", "text"),
        ):
            with self.subTest(column=column, value=value):
                tables = self._tables()
                tables["551"][1][column] = value
                if code is None:  # is not cast in table 551
                    tables["501"][0][column] = value
                    self.assertIn(("501", 2, column, "date"), self._refused(tables))
                    continue
                self.assertEqual(self._refused(tables), [("551", 3, column, code)])

    def test_numbers_are_never_cut(self):
        tables = self._tables()
        tables["501"][0]["Patente"] = "39531"
        self.assertEqual(self._refused(tables), [("501", 2, "Patente", "key")])

    def test_pedimentos_and_partidas_occur_once(self):
        tables = self._tables()
        tables["551"][1]["SecuenciaFraccion"] = "1"
        self.assertEqual(
            self._refused(tables), [("551", 3, "SecuenciaFraccion", "duplicate")]
        )
        tables = self._tables()
        tables["501"].append(tables["501"][0])
        self.assertEqual(self._refused(tables), [("501", 2, "Pedimento", "duplicate")])

    def test_keys_that_are_not_there(self):
        tables = self._tables()
        tables["501"][0]["Patente"] = " "
        tables["501"][1]["FechaPagoReal"] = None
        self.assertEqual(
            self._refused(tables),
            [("501", 2, "Patente", "empty"), ("501", 3, "FechaPagoReal", "empty")],
        )

    def test_recorded_pedimentos_are_joined(self):
        self._load(self._tables())
        first, _second = self._store()
        self.assertFalse(first.pedimento_id)
        values = {
            "company_id": self.company.id,
            "year": 2026,
            "office": "07",
            "office_section": "070",
            "patente": "3953",
            "document": "6000101",
            "operation_type": "1",
            "key_id": self.env["immex.pedimento.key"]
            .search([("code", "=", "IN")], limit=1)
            .id,
        }
        pedimento = self.env["immex.pedimento"].create(values)
        self._load(self._tables() | {"502": []}, name="again.zip")
        first, _second = self._store()
        self.assertEqual(first.pedimento_id, pedimento)
