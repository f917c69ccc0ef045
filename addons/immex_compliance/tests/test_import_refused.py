# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import random

from odoo.tests import tagged

from ..models.pedimento import document_recorder
from ..models.pedimento.file_issues import FileRefused
from .common import m3_file, m3_partida
from .import_case import ImportCase

RUBBISH = [
    b"",
    b" ",
    b"0",
    b"-1",
    b"1.5",
    b"1e9",
    b"NaN",
    b"99999999",
    b"A",
    b"\xf1",
    b"\xc3\xb1",
    b"%s",
    b"%(value)s",
    b"\\",
    b"'",
    b"31022026",
]


@tagged("post_install", "-at_install")
class TestImportRefused(ImportCase):
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

    def test_told_in_the_readers_language(self):
        content = self._plain().rsplit(b"801", 1)[0]
        self.env["res.lang"]._activate_lang("es_MX")
        files = self.env["immex.pedimento.file"].with_context(lang="es_MX")
        with self.assertRaisesRegex(FileRefused, "está truncado"):
            files._load_m3(self.company, io.BytesIO(content), "m3456001.275")

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

    def test_more_records_than_the_limit(self):
        content = self._plain()
        count = content.count(b"\n") - 1  # the closing record is not the pedimento's
        name = "immex_compliance.max_pedimento_records"
        self.env["ir.config_parameter"].set_param(name, str(count - 1))
        self._one(content, "too_many_records", count)
        self.env["ir.config_parameter"].set_param(name, str(count))
        self.assertTrue(self._load(content).file.pedimento_ids)

    def test_confirmation_of_payment_is_not_a_pedimento(self):
        content = self._plain().replace(b"500|1|3456", b"500|8|3456")
        self._one(content, "movement", 1, 2)

    def test_error_late_in_the_file_undoes_what_came_before(self):
        self.patch(document_recorder, "BATCH_RECORDS", 10)
        content = m3_file(
            ([m3_partida()], {}), ([m3_partida()], {"document": "6000002", "key": "ZZ"})
        )
        self._one(content, "unknown_clave", 14, 6)

    # anything -----------------------------------------------------------------------
    def test_damaged_files_are_refused_or_loaded_never_worse(self):
        base = m3_file(
            (
                [m3_partida(identifiers=[{"clave": "EN"}]), m3_partida()],
                {"identifiers": [{"clave": "IM", "complemento1": "1"}]},
            )
        )
        chance = random.Random(20261101)
        outcomes = set()
        for _turn in range(80):
            damaged = self._damage(base, chance)
            with self.subTest(damaged=damaged[-400:]):
                before = self._fingerprint()
                savepoint = self.env.cr.savepoint()
                try:
                    self._load(damaged)
                    outcomes.add("loaded")
                except FileRefused as refused:
                    outcomes.add("refused")
                    self.assertTrue(str(refused))
                    self.assertEqual(self._fingerprint(), before)
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        self.assertEqual(outcomes, {"loaded", "refused"})

    @staticmethod
    def _damage(content, chance):
        """Lines lost, doubled, cut, swapped or with a field of rubbish."""
        lines = content.split(b"\r\n")
        for _time in range(chance.randint(1, 2)):
            index = chance.randrange(len(lines))
            match chance.randrange(6):
                case 0:
                    del lines[index]
                case 1:
                    lines.insert(chance.randrange(len(lines)), lines[index])
                case 2:
                    lines[index] = lines[index][: chance.randint(0, 30)]
                case 3:
                    lines[index] += b"|" * chance.randint(1, 3)
                case _:
                    fields = lines[index].split(b"|")
                    fields[chance.randrange(len(fields))] = chance.choice(RUBBISH)
                    lines[index] = b"|".join(fields)
        return b"\r\n".join(lines)
