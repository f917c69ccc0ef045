# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
from contextlib import contextmanager
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.first_loading.first_loading_sql import gaps
from .common import m3_file, m3_partida
from .datastage_make import tables_of, zip_of
from .import_case import ImportCase

# what a pedimento says, whatever it came by; texts, so that nothing is rounded
SAID = {
    "pedimento": """
        SELECT p.number15, p.operation_type, k.code, p.rfc, p.entry_date,
               p.payment_date, p.exchange_rate, p.gross_weight, p.total_usd,
               p.total_customs_value, p.state, p.operation_rule_id
          FROM immex_pedimento p JOIN immex_pedimento_key k ON k.id = p.key_id""",
    "partida": """
        SELECT p.number15, a.sequence, a.fraccion, a.nico, a.tariff_item_id,
               a.description, a.unit_price, a.customs_value, a.commercial_value,
               a.value_usd, a.qty_umc, a.umc_id, a.qty_umt, a.umt_id, a.product_code,
               a.origin_country_id, a.igi_rate, a.detail_state
          FROM immex_pedimento_partida a JOIN immex_pedimento p
            ON p.id = a.pedimento_id""",
    "goods": """
        SELECT p.number15, a.sequence, g.product_id, g.qty_umc, g.quantity, g.value_usd
          FROM immex_pedimento_goods g
          JOIN immex_pedimento_partida a ON a.id = g.partida_id
          JOIN immex_pedimento p ON p.id = g.pedimento_id""",
    "identifier": """
        SELECT p.number15, a.sequence, i.code, i.complement1, i.complement2,
               i.identifier_id
          FROM immex_pedimento_identifier i
          JOIN immex_pedimento p ON p.id = i.pedimento_id
          LEFT JOIN immex_pedimento_partida a ON a.id = i.partida_id""",
    "contribution": """
        SELECT p.number15, a.sequence, c.kind, c.code, c.rate, c.rate_type,
               c.payment_form, c.amount, c.contribution_id
          FROM immex_pedimento_contribution c
          JOIN immex_pedimento p ON p.id = c.pedimento_id
          LEFT JOIN immex_pedimento_partida a ON a.id = c.partida_id""",
    "reference": """
        SELECT p.number15, r.kind, r.patente, r.document, r.office_section, r.date,
               r.fraccion, r.quantity
          FROM immex_pedimento_reference r
          JOIN immex_pedimento p ON p.id = r.pedimento_id""",
    "layer": """
        SELECT p.number15, l.product_id, l.customs_status, l.quantity, l.qty_umt,
               l.customs_value, l.fraccion, l.available_date, l.peps_date, l.term_end
          FROM immex_layer l JOIN immex_pedimento p ON p.id = l.pedimento_id""",
}


class Undo(Exception):
    """Undoes what was done in a savepoint."""


@tagged("post_install", "-at_install")
class TestFirstLoading(ImportCase):
    """Pedimentos of Data Stage in the company's books, and what it says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.broker = m3_file(
            (
                [
                    m3_partida(codigo_producto="TERM-01"),
                    # several parts: Data Stage cannot tell which
                    m3_partida(
                        fraccion="85444299",
                        nico="01",
                        descripcion="CABLES <b>MAS</b>",
                        identifiers=[{"clave": "EN", "complemento1": "U"}],
                    ),
                ],
                {"identifiers": [{"clave": "IM", "complemento1": "1234-2019"}]},
            ),
            (
                [m3_partida(codigo_producto="TERM-01")],
                {
                    "document": "6000002",
                    "operation": "2",
                    "key": "RT",
                    "references": [],
                },
            ),
        )

    def _store(self, tables, name="77.zip"):
        files = self.env["immex.pedimento.file"]
        return files._load_file(
            "datastage", self.company, io.BytesIO(zip_of(tables)), name
        )

    def _loading(self, **values):
        return self.env["immex.first.loading"].create(
            {"company_id": self.company.id, **values}
        )

    def _reader(self):
        return new_test_user(
            self.env,
            "reads_only",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _record(self, loading):
        loading.action_record()
        loading.job_id._run_now()
        self.assertEqual(loading.job_id.state, "done", loading.job_id.error)
        return loading

    def _said(self):
        self.env.flush_all()
        found = {}
        for name, query in SAID.items():
            self.env.cr.execute(
                f"SELECT t::text FROM ({query} WHERE p.company_id = %s) t ORDER BY 1",
                (self.company.id,),
            )
            found[name] = [row for (row,) in self.env.cr.fetchall()]
        return found

    @contextmanager
    def _undone(self):
        try:
            with self.env.cr.savepoint():
                yield
                raise Undo
        except Undo:
            self.env.invalidate_all()

    def _run(self):
        return self.env["immex.discharge.run"]._run_company(self.company, "test")

    def test_the_same_as_the_brokers_file(self):
        """What Data Stage tells of a pedimento is what the broker's file told of it."""
        with self._undone():
            self._load(self.broker)
            self._run()
            by_broker = self._said()
        self._store(tables_of(self.broker))
        self._record(self._loading())
        self._run()
        by_customs = self._said()
        self.assertTrue(by_broker["layer"])
        self.assertTrue(by_broker["contribution"])
        for name in SAID:
            self.assertEqual(by_customs[name], by_broker[name], name)
        pedimento = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.assertEqual(pedimento.origin, "datastage")
        self.assertEqual(pedimento.file_id.kind, "datastage")

    def test_before_and_after(self):
        broker = m3_file(([m3_partida()], {"document": "6000002", "operation": "1"}))
        self._load(broker)
        tables = tables_of(self.broker)
        tables["501"].append(
            tables["501"][0] | {"Pedimento": "6000009", "FechaPagoReal": None}
        )
        tables["501"][-1]["FechaRecepcionPedimento"] = "2026-12-01 08:00:00"
        tables["501"].append(tables["501"][0] | {"Pedimento": "6000010", "Rfc": ""})
        self._store(tables)
        loading = self._loading()
        self.assertEqual(loading.covered, "2026-10 - 2026-12")
        self.assertEqual(loading.gaps, "2026-11")
        self._record(loading)
        self.assertEqual(loading.state, "recorded")
        self.assertEqual(
            (
                loading.government_count,
                loading.before_count,
                loading.after_count,
                loading.passed_count,
            ),
            (4, 1, 2, 2),
        )
        reasons = {row.datastage_id.document: row.reason for row in loading.passed_ids}
        self.assertEqual(reasons["6000009"], "It is not paid.")
        self.assertIn("rfc", reasons["6000010"])
        line = loading.line_ids.filtered(
            lambda row: row.key_code == "IN" and row.operation_type == "1"
        )
        self.assertEqual((line.government, line.before, line.after), (3, 0, 1))
        self.assertEqual(line.customs_value_after, 1800)
        self.assertEqual(loading.waiting_count, 1)  # the one without product code
        # what is recorded from the broker stays as it was
        kept = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("document", "=", "6000002")]
        )
        self.assertEqual((kept.origin, kept.operation_type), ("m3", "1"))

    def test_again_brings_only_what_is_new(self):
        self._store(tables_of(self.broker))
        loading = self._record(self._loading())
        before = self._said()
        self._record(loading)
        self.assertEqual(self._said(), before)
        self.assertEqual((loading.before_count, loading.after_count), (2, 2))
        later = m3_file(([m3_partida()], {"document": "6000003"}))
        self._store(tables_of(later), "78.zip")
        self._record(loading)
        self.assertEqual((loading.before_count, loading.after_count), (2, 3))

    def test_a_chain_of_rectifications(self):
        """R1 of an R1: the last version's quantities with the first one's dates."""
        tables = tables_of(self.broker)
        numbers = ("6000011", "6000012")
        before = "6000001"
        paid = "2026-10-02"
        for day, number in zip(("20", "25"), numbers, strict=True):
            for name in ("501", "505", "506", "551", "556", "557"):
                for row in list(tables.get(name, [])):
                    if row["Pedimento"] != "6000001":
                        continue
                    tables[name].append(
                        row
                        | {
                            "Pedimento": number,
                            "FechaPagoReal": f"2026-10-{day} 09:00:00",
                        }
                    )
            tables["501"][-1] |= {"ClaveDocumento": "R1", "TipoPedimento": "2"}
            for row in tables["551"]:
                if row["Pedimento"] == number:
                    row["CantidadUMComercial"] = "90"
                    row["PrecioUnitario"] = "10"
            for row in tables["506"]:
                if row["Pedimento"] == number and row["TipoFecha"] == "2":
                    row["FechaOperacion"] = f"2026-10-{day} 00:00:00"
            tables.setdefault("701", []).append(
                {
                    "Patente": "3456",
                    "Pedimento": number,
                    "SeccionAduanera": "240",
                    "ClaveDocumento": "R1",
                    "DocumentoAnterior": "IN" if before == "6000001" else "R1",
                    "PedimentoAnterior": before,
                    "PatenteAnterior": "3456",
                    "SeccionAduaneraAnterior": "240",
                    "FechaOperacionAnterior": f"{paid} 00:00:00",
                    "PedimentoOriginal": "6000001",
                    "PatenteAduanalOrig": "3456",
                    "SeccionAduaneraDespOrig": "240",
                    "FechaPagoReal": f"2026-10-{day} 09:00:00",
                }
            )
            before, paid = number, f"2026-10-{day}"
        self._store(tables)
        loading = self._record(self._loading())
        self.assertEqual(loading.chain_count, 2)
        self.assertFalse(loading.passed_ids.mapped("reason"))
        chain = loading.chain_ids
        self.assertEqual(chain.original_id.document, "6000001")
        self.assertEqual(chain.last_id.document, "6000012")
        self.assertEqual((chain.versions, chain.incomplete), (3, False))
        self.assertEqual(str(chain.last_paid), "2026-10-25")
        self._run()
        layers = self.env["immex.layer"].search(
            [
                ("company_id", "=", self.company.id),
                ("product_id", "=", self.terminal.id),
            ]
        )
        self.assertEqual(layers.mapped("quantity"), [90])
        first = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("document", "=", "6000001")]
        )
        self.assertEqual(layers.peps_date, first.entry_date)

    def test_balance_and_workbook(self):
        out = m3_file(
            (
                [m3_partida(codigo_producto="CABLE-18", cantidad_umc=30, umc="3")],
                {"document": "6000005", "operation": "2", "key": "RT"},
            )
        )
        self._store(tables_of(self.broker, out))
        loading = self._loading()
        with self.assertRaises(UserError):
            loading.action_report()
        self._record(loading)
        self._run()
        loading.action_report()
        self.assertEqual(loading.state, "reported")
        row = loading.balance_ids.filtered(lambda line: line.fraccion == "85369099")
        self.assertEqual((row.layers, row.imported), (1, 1.5))
        self.assertEqual(row.remaining, row.imported - row.discharged)
        short = loading.short_ids
        self.assertEqual((short.product_id, short.short), (self.cable, 30))
        self.assertEqual(loading.short_count, 1)
        # who only reads takes the file along, too; and once more
        reader = self._reader()
        loading.with_user(reader).action_xlsx()
        url = loading.with_user(reader).action_xlsx()["url"]
        files = self.env["ir.attachment"].search(
            [("res_model", "=", loading._name), ("res_id", "=", loading.id)]
        )
        self.assertEqual(len(files), 1)
        attachment = self.env["ir.attachment"].browse(
            int(url.split("/")[3].split("?")[0])
        )
        book = load_workbook(io.BytesIO(base64.b64decode(attachment.datas)))
        self.assertEqual(len(book.worksheets), 5)
        self.assertEqual(
            [cell.value for cell in book.worksheets[2][2]][0::5], ["CABLE-18", 30]
        )
        sheet = book.worksheets[1]
        self.assertEqual(sheet["A2"].value, "85369099")
        self.assertEqual(sheet["E2"].value, 1.5)

    def test_other_company_and_role(self):
        self._store(tables_of(self.broker))
        other = self.env["res.company"].create({"name": "Otra"})
        loading = self.env["immex.first.loading"].create({"company_id": other.id})
        self.assertFalse(loading.covered)
        with self.assertRaises(UserError):
            loading.action_record()
        reader = self._reader()
        ours = self._loading()
        with self.assertRaises(AccessError):
            ours.with_user(reader).action_record()
        self.assertFalse(
            self.env["immex.first.loading"]
            .with_user(reader)
            .search_count([("company_id", "=", other.id)])
        )

    def test_a_duplicate_stops_none_of_the_others(self):
        """Recorded under this number, and the store does not know: told, no more."""
        tables = tables_of(self.broker)
        late = m3_file(([m3_partida()], {"document": "6000003"}))
        self._store(tables)
        self._load(m3_file(([m3_partida()], {"document": "6000001"})))
        loading = self._loading()
        link = "odoo.addons.immex_compliance.models.first_loading."
        link += "immex_first_loading.link_recorded"
        self._store(tables_of(late), "78.zip")
        self.env["immex.datastage.pedimento"].flush_model()
        self.env.cr.execute("UPDATE immex_datastage_pedimento SET pedimento_id = NULL")
        with patch(link):
            self._record(loading)
        self.assertEqual(loading.passed_ids.datastage_id.document, "6000001")
        self.assertIn("another source", loading.passed_ids.reason)
        recorded = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("origin", "=", "datastage")]
        )
        self.assertEqual(set(recorded.mapped("document")), {"6000002", "6000003"})
        # once more, one of them with another content: an error of that one alone
        self.env.cr.execute(
            "UPDATE immex_datastage_pedimento SET trader_name = 'OTRO'"
            " WHERE document = '6000002'"
        )
        self._store(tables_of(m3_file(([m3_partida()], {"document": "6000004"}))))
        with patch(link):
            self.env.cr.execute(
                "UPDATE immex_datastage_pedimento SET pedimento_id = NULL"
            )
            self._record(loading)
        reasons = {row.datastage_id.document: row.reason for row in loading.passed_ids}
        self.assertIn("with other content", reasons["6000002"])
        self.assertIn("same content", reasons["6000003"])
        self.assertEqual(
            self.env["immex.pedimento"].search_count(
                [("company_id", "=", self.company.id), ("origin", "=", "datastage")]
            ),
            3,
        )

    def test_one_that_cannot_be_read_stops_none_of_the_others(self):
        """More errors than a reading bears: that pedimento alone is passed over."""
        tables = tables_of(self.broker)
        first = next(row for row in tables["551"] if row["Pedimento"] == "6000001")
        tables["551"] += [
            first | {"SecuenciaFraccion": str(number), "DescripcionMercancia": None}
            for number in range(10, 2000)
        ]
        self._store(tables)
        loading = self._record(self._loading())
        self.assertEqual(loading.passed_ids.datastage_id.document, "6000001")
        self.assertEqual((loading.after_count, loading.passed_count), (1, 1))

    def test_separators_in_names(self):
        tables = tables_of(self.broker)
        self._store(tables)
        self.env.cr.execute(
            "UPDATE immex_datastage_partida SET description = %s, model = %s",
            ("A|551|B\r\n500|1", "=1+1"),
        )
        loading = self._record(self._loading())
        self.assertFalse(loading.passed_ids)
        partidas = self.env["immex.pedimento.partida"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(partidas), 3)
        self.assertEqual(set(partidas.mapped("description")), {"A 551 B  500 1"})
        self.assertEqual(set(partidas.mapped("model")), {"=1+1"})

    def test_what_the_law_bars_is_a_warning(self):
        """History: it is recorded as customs has it, and said."""
        self.env["immex.restriction"].create(
            {"kind": "petroleum", "fraccion": "85369099"}
        )
        self._store(tables_of(self.broker))
        loading = self._record(self._loading())
        self.assertEqual((loading.after_count, loading.passed_count), (2, 0))
        told = loading.warning_ids.filtered(
            lambda row: row.datastage_id.document == "6000001"
        )
        self.assertIn("imported temporarily", told.reason)
        self.assertEqual(loading.warning_count, len(loading.warning_ids))

    def test_pedimentos_of_another_company_are_passed_over(self):
        tables = tables_of(self.broker)
        for row in tables["501"]:
            row["Rfc"] = "XYZ010101AB1"
        self._store(tables)
        loading = self._record(self._loading())
        self.assertEqual((loading.after_count, loading.passed_count), (0, 2))
        self.assertIn("XYZ010101AB1", loading.passed_ids[0].reason)

    def test_lists_of_what_waits(self):
        broker = m3_file(
            ([m3_partida(codigo_producto="NOBODY-KNOWS"), m3_partida()], {})
        )
        self._store(tables_of(broker))
        loading = self._record(self._loading())
        self.assertEqual((loading.waiting_count, loading.unmapped_count), (2, 1))
        goods = self.env["immex.pedimento.goods"].search(
            loading.action_unmapped()["domain"]
        )
        self.assertEqual(goods.part_number, "NOBODY-KNOWS")
        waiting = self.env["immex.pedimento.partida"].search(
            loading.action_waiting()["domain"]
        )
        self.assertLessEqual(goods.partida_id, waiting)

    def test_months_without_pedimento(self):
        self.assertEqual(gaps([]), [])
        self.assertEqual(gaps(["2025-11", "2026-02"]), ["2025-12", "2026-01"])
