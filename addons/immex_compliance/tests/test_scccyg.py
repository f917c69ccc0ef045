# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..models.scccyg.immex_scccyg_report import period_days
from .scccyg_case import ScccygCase


@tagged("post_install", "-at_install")
class TestScccyg(ScccygCase):
    """Initial inventory and discharge reports of Anexo 30, from the ledger."""

    def test_inventory_of_the_day_before(self):
        before = self._history()
        report = self._report(kind="initial", destination=False)
        self.assertEqual(str(report.date_to), "2026-10-04")
        report.action_compute()
        self.assertEqual(report.goods_ids.pedimento_id, before)
        self.assertEqual(report.goods_ids.value, 100)
        report.action_write()
        self.assertEqual(
            self._text(report),
            f"01|3456|{before.document}|240|01102026|{report.goods_ids.fraccion}"
            "|100.00|N\r\n",
        )

    def test_nothing_pending_is_told_in_zeros(self):
        report = self._report(kind="initial", destination=False)
        report.action_compute()
        report.action_write()
        self.assertEqual(self._text(report), self.layout.zero + "\r\n")

    def test_a_compared_inventory_is_written_as_ours(self):
        """Lines that only the other file has, of a pedimento here or of one that
        nobody knows, are none of ours; and nothing is still told in zeros."""
        report = self._report(kind="initial", destination=False)
        report.action_compute()
        before = self._history()
        lines = [
            f"01|3456|{document}|240|01102026|85369099|5.00|N"
            for document in (before.document, "6999999")
        ]
        report.given = base64.b64encode("\r\n".join([*lines, ""]).encode())
        report.action_compare()
        self.assertEqual(len(report.goods_ids), 2)
        report.action_write()
        self.assertEqual(self._text(report), self.layout.zero + "\r\n")
        report.action_compute()
        report.action_write()
        ours = self._text(report)
        report.given = base64.b64encode("\r\n".join([*lines, ""]).encode())
        report.action_compare()
        report.action_write()
        self.assertEqual(self._text(report), ours)
        self.assertIn("|100.00|N", ours)

    def test_discharges_of_a_month(self):
        """Seven of the first import and one of the second: 100 + 100/7, and the rest
        of the second with its share; what paid its VAT is in no report."""
        self._history()
        october = self._report()
        november = self._report(number=11)
        (october | november).action_compute()
        self.assertEqual(october.goods_ids.value, 114.29)
        self.assertEqual(november.goods_ids.value, 85.71)
        self.assertEqual(october.total, 114.29)
        self.assertEqual(len(october.document_ids), 1)
        october.action_write()
        fraccion = october.goods_ids.fraccion
        exit_paper = october.document_ids.pedimento_id
        self.assertEqual(
            self._text(october),
            "02|1|2026|10\r\n"
            f"03|{fraccion}|114.29|N\r\n"
            f"04|3456|{exit_paper.document}|240\r\n",
        )
        other = self._report(destination="regime_change")
        other.action_compute()
        self.assertFalse(other.goods_ids)

    def test_a_partida_is_charged_by_its_own_form(self):
        """The pedimento's sums name both forms: each partida has one."""
        self._mixed()
        totals = {}
        for account in ("credit", "guarantee", "both"):
            self.layout.account = account
            report = self._report()
            report.action_compute()
            totals[account] = report.total
        self.assertEqual(totals, {"credit": 100, "guarantee": 30, "both": 130})

    def test_a_rectification_keeps_the_charge_of_its_first_version(self):
        """Paid before the certification and rectified after it: it stays in the
        inventory, and what left of it in the reports."""
        before = self._history()
        now = self._rectified(before, "2026-11-15")
        self._run()
        inventory = self._report(kind="initial", destination=False)
        inventory.action_compute()
        goods = inventory.goods_ids
        self.assertEqual(goods.pedimento_id, now)
        self.assertEqual((goods.value, str(goods.payment_date)), (100, "2026-10-01"))
        october = self._report()
        october.action_compute()
        self.assertEqual(october.total, 114.29)
        line = self._account("2026-10-31").line_ids
        self.assertEqual((line.charged, line.discharged), (200, 114.29))

    def test_guarantee_takes_its_own_charges(self):
        self._history()
        self.layout.account = "guarantee"
        november = self._report(number=11)
        november.action_compute()
        self.assertFalse(november.goods_ids)

    def test_a_correction_replaces_the_whole(self):
        self._history()
        report = self._report()
        with self.assertRaises(UserError):
            report.action_write()  # nothing is computed yet
        report.action_compute()
        report.action_write()
        report.action_sent()
        with self.assertRaises(UserError):
            report.action_compute()
        with self.assertRaises(UserError):
            report.action_correct()  # no folio
        report.folio = "F-77"
        report.action_valid()
        correction = self.env["immex.scccyg.report"].browse(
            report.action_correct()["res_id"]
        )
        correction.action_write()
        self.assertTrue(self._text(correction).startswith("02|1|2026|10|F-77\r\n"))
        correction.action_sent()
        self.assertEqual(report.state, "valid")
        correction.action_valid()
        self.assertEqual((report.state, correction.state), ("replaced", "valid"))
        with self.assertRaises(UserError):
            report.unlink()

    def test_a_file_made_elsewhere_is_compared(self):
        self._history()
        report = self._report()
        report.action_compute()
        fraccion = report.goods_ids.fraccion
        given = (
            f"02|1|2026|10\r\n03|{fraccion}|114.00|N\r\n03|{fraccion}|5.00|S\r\n"
            f"02|1|2026|11\r\n03|{fraccion}|999.00|N\r\n"
        )
        for _turn in range(2):
            report.given = base64.b64encode(given.encode())
            report.action_compare()
            rows = {row.fixed_asset: row for row in report.goods_ids}
            self.assertAlmostEqual(rows[False].difference, -0.29, 6)
            self.assertEqual((rows[True].value, rows[True].difference), (0, 5))
            self.assertEqual(report.differing_count, 2)
        report.action_write()  # what only the other file has is not written
        self.assertNotIn("|5.00|", self._text(report))
        for content, told in (
            (b"02|1|2026|10\r\n03|1|x|N\r\n", "Line 2"),
            (b"02|1|2026|11\r\n", "other reports"),
            (b"\x00\x01", "binary"),
        ):
            report.given = base64.b64encode(content)
            with self.assertRaisesRegex(UserError, told):
                report.action_compare()

    def test_periods(self):
        for period, number, first, last in (
            ("month", 2, date(2024, 2, 1), date(2024, 2, 29)),
            ("fortnight", 3, date(2024, 2, 1), date(2024, 2, 15)),
            ("fortnight", 4, date(2024, 2, 16), date(2024, 2, 29)),
            ("bimester", 6, date(2024, 11, 1), date(2024, 12, 31)),
        ):
            with self.subTest(period=period, number=number):
                self.assertEqual(period_days(period, 2024, number), (first, last))
        report = self._report(period="bimester", number=6)
        self.assertEqual(str(report.due_date), "2027-01-31")
        for values in ({"number": 13}, {"destination": False}, {"year": 26}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._report(**values)

    def test_settings_that_read_two_ways_are_refused(self):
        for values in ({"no": "S"}, {"goods": "02"}, {"first_fortnight": 5}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.layout.write(values)
        with self.assertRaises(UserError):
            self._report(year=2020).action_compute()  # before any settings

    def test_form_and_roles(self):
        with Form(self.env["immex.scccyg.report"]) as form:
            form.destination = "transfer"
        reader = new_test_user(
            self.env,
            "reads_reports",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        report = self._report()
        self.assertTrue(report.with_user(reader).display_name)
        with self.assertRaises(AccessError):
            report.with_user(reader).action_compute()
        other = self.env["res.company"].create({"name": "Otra"})
        theirs = self._report(company_id=other.id)
        reports = self.env["immex.scccyg.report"].with_user(reader)
        self.assertNotIn(theirs, reports.search([]))

    def _account(self, day="2026-11-30"):
        account = self.env["immex.credit.account"].create(
            {"company_id": self.company.id, "date": day}
        )
        account.action_compute()
        return account

    def test_account_per_tariff_item(self):
        """Two imports of the account, 200 in all; 200 discharged by November, of which
        October's 114.29 was reported."""
        self._history()
        report = self._sent()
        line = self._account().line_ids
        self.assertEqual((line.charged, line.tax), (200, 16))
        self.assertEqual((line.discharged, line.reported), (200, 114.29))
        self.assertEqual((line.difference, line.balance), (85.71, 85.71))
        self.assertFalse(line.over_discharged)
        october = self._account("2026-10-31")
        self.assertEqual((october.differing_count, october.over_count), (0, 0))
        # a correction counts instead of what it corrects, once it was sent
        report.folio = "F-1"
        correction = self.env["immex.scccyg.report"].browse(
            report.action_correct()["res_id"]
        )
        self.assertEqual(self._account().line_ids.reported, 114.29)
        correction.action_write()
        correction.action_sent()
        self.assertEqual(self._account().line_ids.reported, 114.29)

    def test_over_discharged(self):
        self._history()
        for number in (10, 11):
            self._sent(number=number)
        self.env.cr.execute(
            "UPDATE immex_scccyg_goods SET value = value + 0.01 WHERE report_id IN"
            " (SELECT id FROM immex_scccyg_report WHERE number = 11)"
        )
        account = self._account()
        self.assertTrue(account.line_ids.over_discharged)
        self.assertEqual((account.over_count, account.differing_count), (1, 1))
        self.assertEqual(account.line_ids.balance, -0.01)

    def test_a_notice_before_the_certification(self):
        """Its acknowledgement gives the period: what the act destroys later is not in
        the inventory, as no report would ever discharge it; the account agrees."""
        part = self._product("MAT", "material")
        self._import("2026-08-20", part, 7, 100, form="0")
        self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "AV-1",
                "notice_date": "2026-09-10",
                "act_number": "ACTA-1",
                "act_date": "2026-10-12",
                "state": "done",
                "line_ids": [
                    (0, 0, {"product_id": part.id, "quantity": 7, "is_waste": False})
                ],
            }
        )
        self._run()
        inventory = self._report(kind="initial", destination=False)
        inventory.action_compute()
        self.assertFalse(inventory.goods_ids)
        line = self._account().line_ids
        self.assertEqual((line.charged, line.discharged, line.reported), (0, 0, 0))
        discharge = self.env["immex.discharge"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(str(discharge.exit_date), "2026-10-12")
