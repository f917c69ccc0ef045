# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.pedimento import document_recorder
from .common import m3_file, m3_partida
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestImportM3(ImportCase):
    # what is loaded -------------------------------------------------------------
    def test_every_field_is_kept(self):
        content = m3_file(
            (
                [
                    m3_partida(
                        codigo_producto="TERM-01",
                        identifiers=[{"clave": "EB"}],
                    ),
                    m3_partida(valor_dolares=Decimal("0.10")),
                ],
                {
                    "identifiers": [{"clave": "IM", "complemento1": "1234-2019"}],
                    "references": [
                        {
                            "patente_original": "3456",
                            "pedimento_original": "5000009",
                            "aduana_original": "240",
                            "clave_original": "IN",
                            "fecha_original": date(2025, 5, 5),
                            "fraccion": "85369099",
                            "unidad": "1",
                            "cantidad": Decimal("10.5"),
                        }
                    ],
                },
            )
        )
        # the invoice leaves out the packaging
        content = content.replace(b"|50.10|50.10|", b"|0.10|0.10|")
        result = self._load(content)
        self.assertFalse(result.recognised)
        pedimento = result.file.pedimento_ids
        self.assertEqual(pedimento.number, "26  24  3456  6000001")
        self.assertEqual(pedimento.entry_date, date(2026, 10, 1))
        self.assertEqual(pedimento.payment_date, date(2026, 10, 2))
        self.assertEqual(pedimento.key_id.code, "IN")
        self.assertEqual(pedimento.customs_office_id.code, "240")
        self.assertEqual(pedimento.operation_rule_id.effect, "entry")
        self.assertEqual(pedimento.partner_id, self.supplier)
        self.assertTrue(pedimento.signed)
        self.assertEqual(self._exact(pedimento, "total_usd"), Decimal("50.10"))
        self.assertEqual(self._exact(pedimento, "exchange_rate"), Decimal(18))
        coded, bare = pedimento.partida_ids
        self.assertTrue(coded.returnable_packaging)
        self.assertEqual(coded.tariff_item_id.code, "8536909917")
        self.assertEqual(coded.umt_id, self.unit_kilo)
        self.assertEqual(coded.origin_country_id.code, "US")
        self.assertEqual(
            self._exact(coded, "qty_umc", "qty_umt", "value_usd", "unit_price"),
            (Decimal(100), Decimal("1.5"), Decimal(50), Decimal(9)),
        )
        self.assertEqual(coded.detail_state, "done")
        self.assertEqual(coded.goods_ids.product_id, self.terminal)
        self.assertEqual(bare.detail_state, "missing")
        self.assertEqual((pedimento.state, pedimento.pending_count), ("incomplete", 1))
        self.assertEqual(
            {
                (line.code, line.identifier_id.level, line.partida_id.sequence)
                for line in pedimento.identifier_ids
            },
            {("EB", "P", 1), ("IM", "G", 0)},
        )
        amounts = pedimento.contribution_ids.filtered(lambda c: c.kind == "amount")
        self.assertEqual(sorted(amounts.mapped("code")), ["15", "6", "6"])
        reference = pedimento.reference_ids
        self.assertEqual(self._exact(reference, "quantity"), Decimal("10.5"))
        self.assertEqual(reference.date, date(2025, 5, 5))
        self.assertEqual(pedimento.observation_ids.text, "SIN OBSERVACIONES")
        # nothing of the file is lost: records verbatim, the rest, and the bytes
        lines = content.decode("cp1252").split("\r\n")
        self.assertEqual(pedimento.record_ids.mapped("text"), lines[:-2])
        self.assertEqual(result.file.trailer, lines[-2])
        self.assertEqual(result.file.attachment_id.raw, content)
        self.assertEqual(result.file.line_count, len(lines) - 1)

    def test_unsigned_file_and_dates_year_first(self):
        content = m3_file(([m3_partida()], {"signed": False}), date_layout="AAAAMMDD")
        pedimento = self._load(content).file.pedimento_ids
        self.assertFalse(pedimento.signed)
        self.assertEqual(pedimento.payment_date, date(2026, 10, 2))

    def test_latin1_and_utf8(self):
        text = "CONECTOR PEQUEÑO"
        for number, encoding in enumerate(("cp1252", "utf-8"), 1):
            content = m3_file(
                (
                    [m3_partida(descripcion=text)],
                    {"document": f"600000{number}"},
                ),
                encoding=encoding,
            )
            pedimento = self._load(content).file.pedimento_ids
            self.assertEqual(pedimento.partida_ids.description, text)
            self.assertEqual(pedimento.file_id.encoding, encoding)

    def test_many_pedimentos_in_small_batches(self):
        self.patch(document_recorder, "BATCH_RECORDS", 40)
        content = m3_file(
            *(
                (
                    [m3_partida(codigo_producto="TERM-01")] * 3,
                    {"document": f"60{n:05d}"},
                )
                for n in range(10)
            )
        )
        pedimentos = self._load(content).file.pedimento_ids
        self.assertEqual(len(pedimentos), 10)
        self.assertEqual(set(pedimentos.mapped("state")), {"ready"})
        self.assertEqual(len(pedimentos.partida_ids), 30)
        # children stand under their own pedimento and partida
        self.env.cr.execute(
            """SELECT count(*) FROM immex_pedimento_contribution c
                 JOIN immex_pedimento_partida pa ON pa.id = c.partida_id
                WHERE pa.pedimento_id = c.pedimento_id AND c.company_id = %s""",
            (self.company.id,),
        )
        self.assertEqual(self.env.cr.fetchone()[0], 60)
        for pedimento in pedimentos:
            numbers = {
                record.text.split("|")[1]
                for record in pedimento.record_ids
                if record.record_type == "551"
            }
            self.assertEqual(numbers, {pedimento.document})

    def test_receipt_that_came_first_is_joined(self):
        receipt = self._transfer(
            "incoming",
            [(self.terminal, 100)],
            immex_pedimento_ref="26 24 3456 6000001",
        )
        self.assertEqual(receipt.immex_customs_status, "temporary")
        pedimento = self._load(self._plain(key="A1")).file.pedimento_ids
        self.assertEqual(receipt.immex_pedimento_id, pedimento)
        self.assertEqual(receipt.immex_customs_status, "definitive")

    # recognised -----------------------------------------------------------------
    def test_same_file_again(self):
        content = self._plain()
        first = self._load(content)
        before = self._fingerprint()
        again = self._load(content, "another name.txt")
        self.assertTrue(again.recognised)
        self.assertEqual(again.file, first.file)
        self.assertEqual(self._fingerprint(), before)

    def test_same_pedimento_in_another_file(self):
        first = self._load(self._plain())
        before = self._fingerprint()
        again = self._load(m3_file(([m3_partida()], {}), eol="\n"))
        self.assertTrue(again.recognised)
        self.assertEqual(again.file, first.file)
        self.assertEqual(self._fingerprint(), before)
        # beside a new one it is passed over, with a warning that says so
        both = self._load(
            m3_file(([m3_partida()], {}), ([m3_partida()], {"document": "6000002"}))
        )
        self.assertFalse(both.recognised)
        self.assertEqual(both.file.pedimento_ids.document, "6000002")
        self.assertEqual(
            both.file.issue_ids.filtered(lambda i: i.code == "duplicate").severity,
            "warning",
        )

    def test_same_file_of_another_company(self):
        content = self._plain()
        first = self._load(content)
        other = self.env["res.company"].create(
            {"name": "Branch", "vat": self.company.vat}
        )
        self.env.user.company_ids |= other
        again = self.env["immex.pedimento.file"]._load_m3(
            other, io.BytesIO(content), "m3456001.275"
        )
        self.assertFalse(again.recognised)
        self.assertNotEqual(again.file, first.file)
        self.assertEqual(again.file.pedimento_ids.company_id, other)

    # what the law blocks ----------------------------------------------------------
    def test_barred_from_temporary_import(self):
        for fraccion, nico in (
            ("22071001", "00"),  # alcohol, Decree Annex I
            ("27111201", "00"),  # propane, Anexo 29
        ):
            with self.subTest(fraccion=fraccion):
                partida = m3_partida(fraccion=fraccion, nico=nico)
                self._one(m3_file(([partida], {})), "blocked", 9, 3)

    def test_bar_with_a_condition_is_a_warning(self):
        partida = m3_partida(fraccion="17011301", nico="00")  # sugar
        result = self._load(m3_file(([partida], {})))
        warning = result.file.issue_ids.filtered(lambda i: i.code == "blocked")
        self.assertEqual((warning.severity, warning.line), ("warning", 9))

    def test_barred_goods_may_be_imported_definitively(self):
        partida = m3_partida(fraccion="27111201", nico="00")
        result = self._load(m3_file(([partida], {"key": "A1"})))
        self.assertEqual(len(result.file.pedimento_ids), 1)

    # who -------------------------------------------------------------------------
    def test_rights(self):
        values = {
            "company_id": self.company.id,
            "company_ids": [(6, 0, self.company.ids)],
        }
        clerk = new_test_user(
            self.env, "clerk", groups="immex_compliance.group_user", **values
        )
        manager = new_test_user(
            self.env, "manager", groups="immex_compliance.group_manager", **values
        )
        files = self.env["immex.pedimento.file"]
        content = self._plain()
        with self.assertRaises(AccessError):
            files.with_user(clerk)._load_m3(self.company, io.BytesIO(content), "a")
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            files.with_user(manager)._load_m3(foreign, io.BytesIO(content), "a")
        result = files.with_user(manager)._load_m3(
            self.company, io.BytesIO(content), "a"
        )
        self.assertEqual(result.file.create_uid, manager)
        self.assertTrue(result.file.with_user(clerk).pedimento_ids.partida_ids)
