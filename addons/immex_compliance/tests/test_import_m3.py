# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.pedimento.file_issues import FileRefused
from .common import ImmexCase, m3_file, m3_partida

TABLES = (
    "immex_pedimento",
    "immex_pedimento_partida",
    "immex_pedimento_goods",
    "immex_pedimento_date",
    "immex_pedimento_invoice",
    "immex_pedimento_identifier",
    "immex_pedimento_contribution",
    "immex_pedimento_reference",
    "immex_pedimento_observation",
    "immex_pedimento_permit",
    "immex_pedimento_record",
    "immex_pedimento_file",
    "immex_pedimento_file_issue",
)


@tagged("post_install", "-at_install")
class TestImportM3(ImmexCase):
    def _load(self, content, name="m3456001.275"):
        files = self.env["immex.pedimento.file"]
        return files._load_m3(self.company, io.BytesIO(content), name)

    def _fingerprint(self):
        """All rows of our tables and the attachments, as one text."""
        self.env.flush_all()
        result = []
        for table in TABLES:
            self.env.cr.execute(
                f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t.id))"
                f" FROM {table} t"
            )
            result.append((table, *self.env.cr.fetchone()))
        self.env.cr.execute("SELECT count(*) FROM ir_attachment")
        return [*result, self.env.cr.fetchone()]

    def _refused(self, content):
        """Load, see it refused with the database as before; give the errors."""
        before = self._fingerprint()
        with self.assertRaises(FileRefused) as caught:
            self._load(content)
        self.assertEqual(self._fingerprint(), before)
        return [i for i in caught.exception.issues if i.severity == "error"]

    def _one(self, content, code, line, number=None):
        """One error of that code at that line and field."""
        found = [
            (issue.line, issue.field_number)
            for issue in self._refused(content)
            if issue.code == code
        ]
        if number is None:
            self.assertEqual([place[0] for place in found], [line])
        else:
            self.assertEqual(found, [(line, number)])

    @staticmethod
    def _plain(**options):
        return m3_file(([m3_partida()], options), trailing_pipe=False)

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
        from ..models.pedimento import m3_loader

        self.patch(m3_loader, "BATCH_RECORDS", 40)
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

    # refused --------------------------------------------------------------------
    def test_duplicate_with_other_content(self):
        self._load(self._plain())
        changed = self._plain().replace(b"TERMINALES", b"TERMINALEZ")
        line = 1 + changed[: changed.index(b"TERMINALEZ")].count(b"\n")
        self._one(changed, "duplicate", line, 6)

    def test_duplicate_within_the_file(self):
        content = m3_file(([m3_partida()], {}), ([m3_partida()], {}))
        self._one(content, "duplicate", 13, 4)

    def test_duplicate_of_a_pedimento_entered_by_hand(self):
        self._pedimento()
        self._one(self._plain(), "duplicate", 1, 4)

    def test_truncated(self):
        content = self._plain()
        lines = content.splitlines(keepends=True)
        self._one(b"".join(lines[:-1]), "truncated", len(lines) - 1)
        self._one(b"".join(lines[:-2]), "truncated", len(lines) - 2)
        self.assertTrue(self._refused(content[: len(content) // 2]))

    def test_a_field_too_many_and_one_too_few(self):
        content = self._plain()
        many = content.replace(b"|7\r\n510", b"|7|9|9\r\n510")
        self.assertNotEqual(many, content)
        line = 1 + many[: many.index(b"|7|9|9")].count(b"\n")
        self._one(many, "fields_too_many", line, 6)
        few = content.replace(b"|SIN OBSERVACIONES", b"").replace(
            b"510|6000001|15|0|330", b"510|6000001|15|0"
        )
        line = 1 + few[: few.index(b"510|")].count(b"\n")
        self._one(few, "fields_missing", line, 5)

    def test_wrong_count_in_801(self):
        content = self._plain()
        last = content.count(b"\n")
        before, _sep, _after = content.rpartition(b"801|")
        self._one(
            before + b"801|m3456001.275|2|%d|PRV01\r\n" % (last - 1),
            "wrong_count",
            last,
            3,
        )
        self._one(
            before + b"801|m3456001.275|1|%d|PRV01\r\n" % (last - 2),
            "wrong_count",
            last,
            4,
        )

    def test_unknown_keys(self):
        self._one(self._plain(key="ZZ"), "unknown_clave", 2, 6)
        for name, value, number in (
            ("umc", "77", 12),
            ("umt", "77", 14),
            ("fraccion", "99999999", 3),
            ("pais_origen", "QQQ", 21),
        ):
            with self.subTest(name=name):
                content = m3_file(([m3_partida(**{name: value})], {}))
                self._one(content, f"unknown_{name}", 9, number)
        office = (
            self._plain()
            .replace(b"|240|", b"|999|")
            .replace(b"|3456|6000001|240\r\n", b"|3456|6000001|999\r\n")
        )
        errors = self._refused(office)
        self.assertIn(
            ("unknown_aduana_seccion", 2, 4),
            [(i.code, i.line, i.field_number) for i in errors],
        )

    def test_keys_that_only_describe_are_warnings(self):
        content = m3_file(([m3_partida()], {"identifiers": [{"clave": "Q9"}]}))
        result = self._load(content)
        warning = result.file.issue_ids.filtered(lambda i: i.code == "unknown_clave")
        self.assertEqual(
            (warning.severity, warning.line, warning.field_number), ("warning", 6, 3)
        )

    def test_pedimento_of_another_rfc(self):
        self._one(self._plain(rfc="MEJ010203AB1"), "other_rfc", 2, 9)

    def test_company_without_rfc(self):
        self.company.vat = False
        self._one(self._plain(), "company_rfc", 2, 9)

    def test_invalid_rfc(self):
        self.assertIn("rfc", [i.code for i in self._refused(self._plain(rfc="XX1"))])

    def test_invoice_sum(self):
        content = self._plain().replace(b"|50.00|50.00|", b"|49.00|49.00|")
        self._one(content, "invoice_sum", 3, 7)

    def test_contribution_beyond_a_peso(self):
        content = self._plain().replace(b"|6|5|0\r\n", b"|6|5|2\r\n")
        self._one(content, "contribution", 11, 7)

    def test_date_that_is_none(self):
        content = self._plain().replace(
            b"506|6000001|2|02102026", b"506|6000001|2|31022026"
        )
        self._one(content, "date", 5, 4)

    def test_binary_and_empty_and_foreign_text(self):
        self.assertEqual(
            [i.code for i in self._refused(b"PK\x03\x04\x00\x00" * 1000)], ["binary"]
        )
        self.assertEqual([i.code for i in self._refused(b"")], ["empty"])
        self._one(b"name,quantity\nA,1\n", "no_pedimento", 1)

    def test_line_that_is_no_record(self):
        content = self._plain().replace(b"511|", b"NOT A RECORD|", 1)
        self._one(content, "record_type", 8, 1)

    def test_unknown_record_is_kept(self):
        content = self._plain().replace(b"511|", b"599|", 1)
        result = self._load(content)
        warning = result.file.issue_ids.filtered(lambda i: i.code == "unknown_record")
        self.assertEqual((warning.severity, warning.line), ("warning", 8))
        record = result.file.pedimento_ids.record_ids[7]
        self.assertEqual(record.text, "599|6000001|1|SIN OBSERVACIONES")

    def test_record_without_its_partida_and_partida_twice(self):
        content = self._plain()
        orphan = content.replace(b"556|6000001|85369099|1|", b"556|6000001|85369099|7|")
        self._one(orphan, "no_partida", 10, 4)
        twice = m3_file(([m3_partida()] * 2, {})).replace(
            b"551|6000001|85369099|2|", b"551|6000001|85369099|1|"
        )
        self._one(twice, "repeated", 12, 4)

    def test_line_without_end(self):
        self._one(b"500|" + b"1" * 100000, "line_too_long", 1)

    def test_larger_than_the_limit(self):
        self.env["ir.config_parameter"].set_param("immex_compliance.max_file_mb", "1")
        content = self._plain() + b" " * (1024 * 1024)
        self.assertEqual([i.code for i in self._refused(content)], ["file_too_large"])

    def test_confirmation_of_payment_is_not_a_pedimento(self):
        content = self._plain().replace(b"500|1|3456", b"500|8|3456")
        self._one(content, "movement", 1, 2)

    def test_error_late_in_the_file_undoes_what_came_before(self):
        from ..models.pedimento import m3_loader

        self.patch(m3_loader, "BATCH_RECORDS", 10)
        content = m3_file(
            ([m3_partida()], {}), ([m3_partida()], {"document": "6000002", "key": "ZZ"})
        )
        self._one(content, "unknown_clave", 14, 6)

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
