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
                names = (columns or {}).get(name) or TABLES[name]
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

    def _made(self, day, *partidas, **tables):
        """Tables of a file that customs made on ``day``."""
        told = self._tables() | {"551": list(partidas)} | tables
        told["Resumen"] = [{"Folio": "77", "Fecha_Ejecucion": f"{day} 10:00:00"}]
        return told

    def test_what_customs_made_later_counts(self):
        """In whatever order the files are loaded."""
        new = self._made("2026-11-05", self._partida(KEY_1, 1, ValorAduana="18000"))
        loaded = self._load(new)
        self.assertEqual(str(loaded.file.datastage_executed), "2026-11-05 16:00:00")
        old = self._made("2026-10-05", self._partida(KEY_1, 1), self._partida(KEY_1, 2))
        third = KEY_1 | {"Pedimento": "6900000"}
        old["501"].append(self._tables()["501"][0] | third)
        old["551"].append(self._partida(third, 1))
        result = self._load(old, name="old.zip")
        self.assertEqual([issue.code for issue in result.issues], ["older"])
        self.assertEqual(result.issues[0].params["count"], 2)
        self.assertEqual(result.file.replaced_count, 0)
        first, second, other = self._store()
        self.assertEqual(first.partida_ids.mapped("customs_value"), [18000])
        self.assertEqual((first | second).file_id, loaded.file)
        self.assertEqual((other.file_id, len(other.partida_ids)), (result.file, 1))
        kept = self.env["immex.datastage.record"].search_count(
            [("file_id", "=", result.file.id), ("datastage_id", "=", False)]
        )
        self.assertEqual(kept, 1)  # the summary: nothing is taken for an orphan
        self._load(self._made("2026-11-06", self._partida(KEY_1, 1)), name="newer.zip")
        self.assertEqual(first.partida_ids.mapped("customs_value"), [17500])

    def test_tables_that_a_later_file_lacks_stay(self):
        first_load = self._load(self._tables())
        tables = self._tables()
        for name in ("551", "557", "506", "701", "558"):
            del tables[name]
        tables["501"][0]["TipoCambio"] = "18.25"
        result = self._load(tables, name="78.zip")
        self.assertEqual([issue.code for issue in result.issues], ["kept"])
        self.assertEqual(
            result.issues[0].params, {"count": 2, "tables": "506, 551, 557, 558, 701"}
        )
        first, second = self._store()
        self.assertEqual((first.exchange_rate, first.file_id), (18.25, result.file))
        self.assertEqual(len(first.partida_ids), 2)
        self.assertEqual(first.contribution_ids.amount, 1234)
        self.assertEqual(str(first.entry_date), "2026-01-11")
        self.assertEqual(first.record_ids.content["Observaciones"], "<b>UNA</b>")
        self.assertEqual(first.record_ids.file_id, first_load.file)
        self.assertEqual(second.previous_document, "6000101")
        self.assertTrue(first.superseded)
        self.assertEqual(first.tables["551"], 2)
        # all of it once more, changed: nothing is left of the first
        tables = self._tables()
        tables["551"] = [self._partida(KEY_1, 1)]
        for name in ("557", "506", "701", "558"):
            tables[name] = []
        result = self._load(tables, name="79.zip")
        self.assertFalse(result.issues)
        first, second = self._store()
        self.assertEqual(len(first.partida_ids), 1)
        self.assertFalse(first.contribution_ids | second.contribution_ids)
        self.assertFalse(first.entry_date or first.record_ids or first.tables)
        self.assertFalse(second.previous_document or first.superseded)

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

    def test_names_that_the_database_has_itself(self):
        """Headers and tables that are called like ours of the staging, or like
        PostgreSQL's own, are kept as they came."""
        odd = ("line", "ctid", "xmin", "tableoid", "x0", "s", "%(file_id)s", "'; --")
        odd += ("Ñ" * 60, "ñ" * 60)
        tables = self._tables() | {
            "key": [{name: f"2 {name}" for name in odd}],
            "501x": [{"line": "7", "document": "8"}],
            "502": [KEY_1 | {"line": "9"}],
        }
        columns = {
            "551": (*odd, *TABLES["551"]),
            "key": odd,
            "501x": ("line", "document"),
            "502": (*TABLES["502"], "line"),
        }
        tables["551"][0] |= {name: f"1 {name}" for name in odd}
        tables["551"].append(
            self._partida(KEY_1 | {"Pedimento": "6999999"}, 1, line="8")
        )
        result = self._load(tables, columns)
        self.assertEqual([issue.code for issue in result.issues], ["orphan"])
        first, _second = self._store()
        self.assertEqual(first.document, "6000101")
        self.assertEqual(len(first.partida_ids), 2)
        kept = self.env["immex.datastage.record"].search(
            [("file_id", "=", result.file.id)]
        )
        content = {
            name: [row for row in rows.mapped("content") if row]
            for name, rows in kept.grouped("table_name").items()
        }
        self.assertEqual(content["key"], tables["key"])
        self.assertEqual(content["501x"], tables["501x"])
        self.assertEqual(content["502"], tables["502"])
        self.assertIn({name: f"1 {name}" for name in odd}, content["551"])
        (orphan,) = (row for row in content["551"] if "Pedimento" in row)
        self.assertEqual((orphan["Pedimento"], orphan["line"]), ("6999999", "8"))

    def test_as_many_unknown_columns_as_are_read(self):
        names = tuple(f"Column {index}" for index in range(200 - len(TABLES["551"])))
        tables = self._tables()
        tables["551"][0] |= dict.fromkeys(names, "x")
        self._load(tables, {"551": (*TABLES["551"], *names)})
        first, _second = self._store()
        extra = first.record_ids.filtered(lambda record: record.table_name == "551")
        self.assertIn(dict.fromkeys(names, "x"), extra.mapped("content"))

    def test_tables_that_differ_in_case_alone(self):
        tables = self._tables() | {"abc": [{"a": "1"}], "ABC": [{"a": "2"}]}
        files = self.env["immex.pedimento.file"]
        stream = io.BytesIO(self._zip(tables, {"abc": ("a",), "ABC": ("a",)}))
        with self.assertRaises(FileRefused) as caught:
            files._load_file("datastage", self.company, stream, "77.zip")
        self.assertEqual([i.code for i in caught.exception.issues], ["table_twice"])

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
