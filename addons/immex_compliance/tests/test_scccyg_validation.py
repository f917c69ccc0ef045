# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
import zipfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..models.scccyg.validation import checker
from .scccyg_case import ScccygCase

BASIC = {"as_of": "2026-11-10"}


@tagged("post_install", "-at_install")
class TestScccygValidation(ScccygCase):
    """A file as made has no hits; each damage has its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls.env["immex.program"].create(
            {
                "company_id": cls.company.id,
                "kind": "certification",
                "name": "IVA-1",
                "valid_from": "2026-10-05",
            }
        )

    def _validate(self, text, **values):
        if isinstance(text, str):
            text = text.encode()
        validation = self.env["immex.scccyg.validation"].create(
            {
                "company_id": self.company.id,
                "file": base64.b64encode(text),
                "filename": "a.txt",
                **BASIC,
                **values,
            }
        )
        validation.action_validate()
        self.assertEqual(validation.state, "done")
        return validation

    def _rules(self, text, **values):
        hits = self._validate(text, **values).hit_ids
        return {hit.rule_id.code for hit in hits}

    def _expect(self, cases, **common):
        for name, (text, rules) in cases.items():
            values = dict(common)
            if isinstance(text, tuple):
                text, more = text
                values |= more
            with self.subTest(name):
                self.assertEqual(self._rules(text, **values), set(rules.split()))

    def _october(self):
        self._history()
        report = self._report()
        report.action_compute()
        report.action_write()
        return report

    def test_every_rule_has_its_record(self):
        codes = set(self.env["immex.scccyg.rule"].search([]).mapped("code"))
        read = {
            "unknown_record",
            "no_header",
            "bom",
            "line_ending",
            "trailing_separator",
            "blank_line",
            "line_order",
            "file_rfc",
        }
        self.assertEqual(
            codes, set(checker.RULES) | set(checker.ISSUES.values()) | read
        )

    def test_a_damaged_report(self):
        """What stands in the file alone, and against the books."""
        report = self._october()
        text = self._text(report)
        head, goods, paper = text.splitlines(keepends=True)
        entry = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("payment_date", "=", "2026-10-06")]
        )
        november = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("payment_date", "=", "2026-11-03")]
        )
        other = self._report(number=11)
        other.action_compute()
        other.action_write()

        def named(document):
            return f"04|3456|{document}|240\r\n"

        unknown = named("6999999")
        self._expect(
            {
                "as made": (text, ""),
                "damaged value": (text.replace("114.29", "114.30"), "ledger_value"),
                "too much": (
                    text.replace("114.29", "214.29"),
                    "over_discharged ledger_value",
                ),
                "tariff item in two lines": (
                    head
                    + goods.replace("114.29", "14.29")
                    + goods.replace("114.29", "100.00")
                    + paper,
                    "goods_twice",
                ),
                "document twice": (text + paper, "document_twice"),
                "document nobody knows": (text + unknown, "document_unknown"),
                "of another month": (
                    text + named(november.document),
                    "document_period",
                ),
                "an import": (text + named(entry.document), "document_key"),
                "of no year": (
                    text + named("1999999"),
                    "document_unknown number_year",
                ),
                "a folio": (
                    text + "05|AVISO-1\r\n",
                    "document_kind document_unknown",
                ),
                "no documents": (head + goods, "no_documents document_missing"),
                "no goods": (head + paper, "no_goods ledger_value"),
                "asset": (
                    text.replace("|N\r", "|S\r"),
                    "asset_flag ledger_value",
                ),
                "never charged": (
                    head + goods + "03|84798999|5.00|N\r\n" + paper,
                    "not_charged",
                ),
                "no tariff item": (
                    head + goods + "03|99999999|5.00|N\r\n" + paper,
                    "not_charged fraccion_unknown",
                ),
                "nothing of it": (
                    head + goods + "03|84798999|0.00|N\r\n" + paper,
                    "value_zero",
                ),
                "too early": ((text, {"as_of": "2026-10-31"}), "period_open"),
                "in time": ((text, {"as_of": "2026-11-30"}), ""),
                "too late": ((text, {"as_of": "2026-12-01"}), "period_late"),
                "fortnight": (text.replace("|10\r", "|32\r"), "fortnight"),
                "before": (
                    text.replace("|10\r", "|9\r"),
                    "before_start document_period not_charged period_late",
                ),
                "two months": (
                    (text + self._text(other), {"as_of": "2026-12-10"}),
                    "several_reports period_late",
                ),
                "twice the same": (
                    text + text,
                    "several_reports reported_twice over_discharged",
                ),
                "zeros too": (
                    text + self.layout.zero + "\r\n",
                    "mixed_kinds inventory_late inventory_missing",
                ),
                "folio of nobody": (
                    text.replace("|10\r", "|10|F-9\r"),
                    "replaced_unknown",
                ),
                "no destination": (text.replace("02|1|", "02|99|"), "unknown_code"),
                "commas": (text.replace("114.29", "114,29"), "field_format"),
                "a field too many": (text.replace("|N\r", "|N|\r"), "field_count"),
                "a type": (text + "06|1\r\n", "unknown_record"),
                "no head": (goods + text, "no_header"),
                "empty line": (text + "\r\n", "blank_line"),
                "ends of lines": (text.replace("\r", ""), "line_ending"),
                "mark": ("\ufeff" + text, "bom"),
                "order": (head + paper + goods, "line_order"),
                "not a text": (b"\x00\x01", "unreadable"),
                "encoding": (text.encode() + b"05|\xff\r\n", "unreadable"),
                "nothing": ("", "empty_file"),
            }
        )
        report.company_id.vat = "IMM010101AA1"
        self._expect(
            {
                "ours": ((text, {"filename": "IMM010101AA1_i.txt"}), ""),
                "theirs": ((text, {"filename": "AAA010101AAA_i.txt"}), "file_rfc"),
            }
        )
        self.layout.trailing = True
        self._expect({"separator": (text, "trailing_separator")})
        self.layout.trailing = False
        exit_paper = report.document_ids.pedimento_id
        exit_paper.rfc = "AAA010101AAA"
        self._expect({"of another": (text, "document_rfc")})
        exit_paper.rfc = False
        self.certificate.valid_to = "2026-10-30"
        self._expect({"ended": (text, "no_certification")})

    def test_a_damaged_inventory(self):
        before = self._history()
        report = self._report(kind="initial", destination=False)
        report.action_compute()
        report.action_write()
        text = self._text(report)
        left = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("payment_date", "=", "2026-10-20")]
        )
        zero = self.layout.zero + "\r\n"
        self._expect(
            {
                "as made": (text, ""),
                "more than came": (text.replace("100.00", "101.00"), "inventory_value"),
                "less": (text.replace("100.00", "99.00"), "inventory_ledger"),
                "twice": (text + text, "inventory_twice"),
                "other day": (text.replace("01102026", "02102026"), "inventory_date"),
                "since": (text.replace("01102026", "05102026"), "inventory_after"),
                "no day": (text.replace("01102026", "31022026"), "field_format"),
                "tariff item": (
                    text.replace("85369099", "84798999"),
                    "inventory_fraccion inventory_missing",
                ),
                "asset": (text.replace("|N\r", "|S\r"), "inventory_asset"),
                "an exit": (
                    text
                    + text.replace(before.document, left.document).replace(
                        "01102026", "20102026"
                    ),
                    "inventory_not_temporary inventory_after",
                ),
                "zeros": (zero, "inventory_missing"),
                "zeros and lines": (text + zero, "zero_and_lines"),
                "late": ((text, {"as_of": "2026-11-05"}), "inventory_late"),
                "mixed": (
                    text + text.replace("01|", "09|", 1).replace("|N\r", "|N|F-1\r"),
                    "inventory_twice folios_mixed replaced_unknown",
                ),
            },
            as_of="2026-11-04",
        )
        report.action_sent()
        report.sudo().sent_on = "2026-10-20"
        report.folio = "F-1"
        again = text.replace("01|", "09|", 1).replace("|N\r", "|N|F-1\r")
        self._expect(
            {
                "sent again": (text, "inventory_sent"),
                "not valid yet": (again, "correction_limit"),
            },
            as_of="2026-11-04",
        )
        report.action_valid()
        self._expect(
            {
                "in three months": ((again, {"as_of": "2027-01-20"}), ""),
                "afterwards": ((again, {"as_of": "2027-01-21"}), "correction_limit"),
            }
        )
        report.writ = "AGACE-7"
        self._expect({"by writ": ((again, {"as_of": "2027-01-21"}), "")})

    def test_what_was_sent_before(self):
        report = self._october()
        text = self._text(report)
        report.action_sent()
        report.folio = "F-1"
        self._expect(
            {
                # both together are above what was charged
                "once more": (
                    text,
                    "reported_twice document_reported over_discharged",
                ),
                "corrects it": (text.replace("|10\r", "|10|F-1\r"), ""),
                "another month": (
                    (
                        text.replace("|10\r", "|11|F-1\r"),
                        {"as_of": "2026-12-01"},
                    ),
                    "replaced_other document_period ledger_value document_missing",
                ),
            }
        )
        # over the whole, of this report and November's
        november = self._report(number=11)
        november.action_compute()
        november.action_write()
        more = self._text(november).replace("85.71", "85.72")
        self._expect(
            {
                "a cent": (
                    (more, {"as_of": "2026-12-01"}),
                    "over_discharged ledger_value",
                )
            }
        )
        report.action_valid()
        correction = self.env["immex.scccyg.report"].browse(
            report.action_correct()["res_id"]
        )
        correction.action_write()
        correction.action_validate()
        self.assertEqual(correction.validation_state, "clean")
        correction.action_sent()
        self._expect(
            {
                "corrected twice": (
                    text.replace("|10\r", "|10|F-1\r"),
                    "replaced_already reported_twice document_reported over_discharged",
                )
            }
        )

    def test_folios_and_versions(self):
        """By folio, the date and destination of its document decide; of a rectified
        pedimento, the last version is named, in the period of the first."""
        report = self._october()
        text = self._text(report)
        head, goods, paper = text.splitlines(keepends=True)
        self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "AVISO-1",
                "notice_date": "2026-09-20",
            }
        )
        few = goods.replace("114.29", "1.00") + "05|AVISO-1\r\n"
        uuid = "05|6128396F-C09B-4EC6-8699-43C5F7E3B230\r\n"
        self._expect(
            {
                "acknowledged before": (
                    head.replace("02|1", "02|9") + few,
                    "document_period ledger_value",
                ),
                "no donation": (
                    head.replace("02|1", "02|8") + few,
                    "document_key document_period ledger_value",
                ),
                "no fiscal folio": (
                    head.replace("02|1", "02|7") + few,
                    "cfdi_folio document_key document_period ledger_value",
                ),
                "a fiscal folio": (
                    head.replace("02|1", "02|7") + few.replace("05|AVISO-1\r\n", uuid),
                    "document_unknown ledger_value",
                ),
                "by pedimento": (
                    head.replace("02|1", "02|9") + few.splitlines()[0] + "\r\n" + paper,
                    "document_kind ledger_value",
                ),
            }
        )
        named = report.document_ids.pedimento_id
        last = self._pedimento("RT", "2", "2026-11-05", [], root_id=named.id)
        named.current_id = last
        self._expect(
            {
                "the first version": (text, "document_rectified"),
                "the last one": (text.replace(named.document, last.document), ""),
            }
        )
        # the file of another report, under this one's record
        other = self._report(number=11)
        other.action_compute()
        other.action_write()
        report.sudo().file = other.file
        report.action_validate()
        rules = report.validation_id.hit_ids.rule_id
        self.assertIn("other_report", rules.mapped("code"))

    def test_what_expires_is_left_out(self):
        report = self._october()
        text = self._text(report)
        layer = self.env["immex.layer"].search(
            [
                ("company_id", "=", self.company.id),
                ("pedimento_id.payment_date", "=", "2026-10-06"),
            ]
        )
        layer.term_end = "2026-10-31"
        self._expect({"taken in": (text, "expiring")})
        self.layout.expiring = "in"
        self._expect({"the settings take them": (text, "")})

    def test_errors_hold_a_report_back(self):
        report = self._october()
        self.assertEqual(report.validation_state, "none")
        self.layout.must_validate = True
        with self.assertRaises(UserError):
            report.action_sent()
        # the ledger says less than the report now
        entry = self.env["immex.pedimento.contribution"].search(
            [
                ("company_id", "=", self.company.id),
                ("pedimento_id.payment_date", "=", "2026-10-06"),
            ]
        )
        entry.payment_form = "0"
        self.certificate.valid_to = "2026-10-30"
        report.action_validate()
        self.assertEqual(report.validation_state, "errors")
        self.assertIn(
            "over_discharged", report.validation_id.hit_ids.rule_id.mapped("code")
        )
        with self.assertRaises(UserError):
            report.action_sent()
        # written again, the file is another one
        report.action_compute()
        report.action_write()
        self.assertEqual(report.validation_state, "none")
        report.action_validate()
        self.assertEqual(report.validation_state, "warnings")
        rule = self.env["immex.scccyg.rule"].search([("code", "=", "no_certification")])
        rule.with_company(self.company).company_severity = "error"
        report.action_validate()
        with self.assertRaises(UserError):
            report.action_sent()
        report.send_reason = "Renewal is under way"
        report.action_sent()
        self.assertEqual(report.state, "sent")
        manager = self._user("group_manager")
        with self.assertRaises(UserError):
            report.with_user(manager).send_reason = "Other"
        rule.with_company(self.company).company_severity = "off"
        self.assertNotIn("no_certification", self._rules(self._text(report)))

    def _user(self, group):
        return new_test_user(
            self.env,
            group,
            groups=f"immex_compliance.{group}",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_who_may_what(self):
        report = self._october()
        text = self.env["immex.scccyg.report"].browse(report.id).file
        manager = self._user("group_manager")
        validations = self.env["immex.scccyg.validation"].with_user(manager)
        with Form(validations) as form:
            form.file = text
            form.as_of = "2026-11-10"
        validation = form.record
        validation.action_validate()
        self.assertEqual((validation.state, validation.line_count), ("done", 3))
        self.assertFalse(validation.hit_ids)
        for values in ({"state": "done"}, {"error_count": 0}, {"hit_ids": [(5,)]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                validation.write(values)
        # of another day, nothing is known yet
        validation.as_of = "2026-10-31"
        self.assertEqual(validation.state, "draft")
        validation.action_validate()
        self.assertEqual(validation.error_count, 1)
        user = self._user("group_user")
        with self.assertRaises(AccessError):
            validation.with_user(user).action_validate()
        with self.assertRaises(AccessError):
            self.env["immex.scccyg.rule"].with_user(manager).search(
                [], limit=1
            ).company_severity = "off"
        stream = io.BytesIO()
        validation.with_user(user)._write_xlsx(stream)
        with zipfile.ZipFile(stream) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("RGCE Anexo 30, III-a", sheet)
        self.assertIn("The period is not over", sheet)

    def test_large_and_hostile(self):
        """In the background, with bounded hits; too large is refused."""
        self._october()
        text = "02|1|2026|10\r\n" + "".join(
            f"04|3456|{7000000 + number}|240\r\n" for number in range(13_000)
        )
        validation = self.env["immex.scccyg.validation"].create(
            {
                "company_id": self.company.id,
                "file": base64.b64encode(text.encode()),
                **BASIC,
            }
        )
        validation.action_validate()
        self.assertEqual(validation.state, "waiting")
        with self.assertRaises(UserError):
            validation.action_validate()
        validation.job_id._run_now()
        self.assertEqual((validation.state, validation.line_count), ("done", 13_001))
        self.assertTrue(validation.is_cut)
        unknown = validation.hit_ids.filtered(
            lambda hit: hit.rule_id.code == "document_unknown"
        )
        self.assertEqual(len(unknown), checker.KEPT)
        self.assertGreaterEqual(validation.warning_count, 13_000)
        wrong = self._validate("99\r\n" * (checker.MAX_ERRORS + 2))
        self.assertEqual(
            set(wrong.hit_ids.rule_id.mapped("code")), {"unknown_record", "unreadable"}
        )
        with self.assertRaises(ValidationError):
            self.env["immex.scccyg.validation"].create(
                {"file": b"A" * (checker.MAX_BYTES // 3 * 4 + 8), **BASIC}
            )
