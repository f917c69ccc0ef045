# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo.tests import new_test_user, tagged

from .common import m3_file, m3_partida
from .import_case import ImportCase

COMPLEMENTARY = """\
301|3456|6000001|240|CT|18.00000|ADN150203AB1||ARNESES||
302|6000001|USA|DOC-77|1|01102026
351|6000001|USA|85369099|17|1|900|45|30|USD|30
352|6000001|USA|85369099|1|6|1.50000|85369040|2.7|24.30|USD
355|6000001|USA|85369099|1|6|0|15
358|6000001|USA|85369099|1|1|{remark}
601|3456|6000001|240|RT|2||ADN150203AB1||9|
577|6000001|NEW|THING""".splitlines()
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def with_records(content, records):
    """A broker file with further records before the end of its only pedimento."""
    lines = content.decode("cp1252").split("\r\n")
    count = len(lines) - 2  # without the closing record and what follows it
    assert lines[-3].startswith("800|") and f"|{count}|" in lines[-2]
    lines[-2] = lines[-2].replace(f"|{count}|", f"|{count + len(records)}|")
    lines[-3:-3] = records
    return "\r\n".join(lines).encode("cp1252")


@tagged("post_install", "-at_install")
class TestPedimentoRecords(ImportCase):
    """The lines of a file, told field by field."""

    def _complementary(self, remark="OBSERVACION", **options):
        plain = m3_file(
            ([m3_partida()], {"key": "CT", "operation": "2", **options}),
            trailing_pipe=False,
        )
        records = [line.format(remark=remark) for line in COMPLEMENTARY]
        return self._load(with_records(plain, records)).file.pedimento_ids

    def _record(self, pedimento, kind):
        return pedimento.record_ids.filtered(lambda r: r.record_type == kind)

    def test_a_record_by_its_fields(self):
        pedimento = self._complementary()
        record = self._record(pedimento, "351")
        self.assertEqual(
            record.meaning, "Complementary pedimento: determination by partida"
        )
        for number, label, value in (
            (3, "Country of destination", "USA"),
            (7, "Value of the goods that do not originate", "900"),
            (8, "Import duty of the goods that do not originate", "45"),
            (11, "Exempt amount", "30"),
        ):
            row = f"<td>{number}</td><td>{label}</td><td>{value}</td>"
            self.assertIn(row, record.content)
        proof = self._record(pedimento, "302")
        self.assertIn("<td>Date</td><td>10/01/2026</td>", proof.content)
        withdrawal = self._record(pedimento, "601")
        self.assertIn("Destination of the goods</td><td>9</td>", withdrawal.content)

    def test_a_record_that_nobody_knows(self):
        record = self._record(self._complementary(), "577")
        self.assertFalse(record.meaning)
        self.assertIn("<td>3</td><td></td><td>NEW</td>", record.content)

    def test_every_record_of_a_file_can_be_told(self):
        pedimento = self._complementary()
        for record in pedimento.record_ids:
            fields = record.text.split("|")[1:]
            for field in filter(str.isalpha, fields):
                self.assertIn(f">{field}<", record.content)

    def test_complementary_pedimento(self):
        pedimento = self._complementary()
        tables = pedimento.complementary
        self.assertEqual(tables.count("<table"), 6)
        for text in (
            "351 · Complementary",
            "85369040",
            "DOC-77",
            "24.30",
            "OBSERVACION",
        ):
            self.assertIn(text, tables)
        self.assertLess(tables.index("351 ·"), tables.index("352 ·"))
        plain = self._load(self._plain(document="6000002")).file.pedimento_ids
        self.assertFalse(plain.complementary)

    def test_in_spanish(self):
        self.env["res.lang"]._activate_lang("es_MX")
        pedimento = self._complementary().with_context(lang="es_MX")
        # the translation is the catalogue's; the date is as people write it there
        proof = self._record(pedimento, "302")
        self.assertIn("01/10/2026", proof.content)

    def test_for_those_who_read_pedimentos(self):
        pedimento = self._complementary()
        user = new_test_user(
            self.env,
            "reader_of_records",
            "immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertIn("DOC-77", pedimento.with_user(user).complementary)
        record = self._record(pedimento, "351").with_user(user)
        self.assertIn("Exempt amount", record.content)

    # nothing of a file is HTML --------------------------------------------------
    def test_no_html_from_a_file(self):
        pedimento = self._complementary(remark=HOSTILE, supplier=HOSTILE)
        shown = [pedimento.complementary, *pedimento.record_ids.mapped("content")]
        self.assertIn("&lt;script&gt;", pedimento.complementary)
        shown += self._html_of(pedimento)
        shown += self._html_of(pedimento.file_id)
        for html in shown:
            self.assertNotIn("<script", html)
            self.assertNotIn("<img", html)

    def test_no_html_from_a_refused_file(self):
        plain = m3_file(
            ([m3_partida()], {"supplier": HOSTILE}),
            trailing_pipe=False,
        )
        bad = plain.replace(b"|USD|", b"|<b>|").replace(b"|900|900|", b"|<i>|900|")
        files = self.env["immex.pedimento.file"]
        result = files._load_or_keep(
            "m3", self.company, io.BytesIO(bad), f"{HOSTILE}.275"
        )
        self.assertTrue(result.refused)
        said = result.file.issue_ids.mapped("message")
        self.assertTrue(any("<i>" in text for text in said), "kept as it is")
        for html in self._html_of(result.file) + self._html_of(result.file.issue_ids):
            self.assertNotIn("<i>", html)
            self.assertNotIn("<img", html)

    def _html_of(self, records):
        """What the screens of ``records`` show as HTML: their own fields of that type,
        and what stands in their chatter."""
        self.env.flush_all()
        names = [
            name for name, field in records._fields.items() if field.type == "html"
        ]
        found = [record[name] or "" for record in records for name in names]
        if "message_ids" in records._fields:
            found += records.message_ids.mapped("body")
        return [str(html) for html in found]
