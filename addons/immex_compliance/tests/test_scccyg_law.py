# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..formats.scccyg import DESTINATIONS
from .scccyg_case import ScccygCase


@tagged("post_install", "-at_install")
class TestScccygLaw(ScccygCase):
    """Anexo 30, rule by rule: destinations, terms, corrections, and its manual."""

    # destinations: III-c-1 -------------------------------------------------------
    def _exit(self, key, operation_type="2", quantity=2, **values):
        """Two of seven of an import leave under ``key``; the report of ``values``."""
        part = self._product(f"MAT {key}", "material")
        # what is regularised has expired
        self._import("2025-01-06" if key == "A3" else "2026-10-06", part, 7, 70)
        paper = self._pedimento(
            key,
            operation_type,
            "2026-10-20",
            [(part, quantity)],
            case="II" if key == "A3" else None,
        )
        paper.write(values)
        if operation_type == "2":
            self._transfer("outgoing", "2026-10-20", [(part, quantity)], paper)
        self._run()
        return paper

    def _reported(self, destination, **values):
        report = self._report(destination=destination, **values)
        report.action_compute()
        if report.goods_ids:
            report.action_write()
        return report

    def test_destinations_of_pedimentos(self):
        """By the rules that come with the add-on; each in its report, and no other."""
        for destination, key, operation_type in (
            ("return", "RT", "2"),
            ("transfer", "V1", "2"),
            ("regime_change", "F4", "1"),
            ("regularization", "A3", "1"),
            ("ctm", "V4", "2"),
            ("donation", "V9", "2"),
        ):
            with self.subTest(destination=destination):
                paper = self._exit(key, operation_type)
                report = self._reported(destination)
                self.assertEqual(report.goods_ids.value, 20)
                self.assertEqual(report.document_ids.pedimento_id, paper)
                self.assertIn(f"04|3456|{paper.document}|240\r\n", self._text(report))
                for other in DESTINATIONS:
                    if other != destination:
                        named = self._reported(other).document_ids.pedimento_id
                        self.assertNotIn(paper, named)

    def test_destinations_by_a_rule_of_the_company(self):
        """Extractions and CFDI: who has such operations says so in a rule."""
        for destination, key in (("extraction", "F3"), ("cfdi", "V3")):
            with self.subTest(destination=destination):
                self.env["immex.operation.rule"].create(
                    {
                        "name": destination,
                        "key_id": self._key(key).id,
                        "operation_type": "2",
                        "effect": "exit",
                        "exit_kind": "transfer",
                        "credit_effect": "discharge",
                        "destination": destination,
                        "legal_source": "RGCE Anexo 30, III",
                    }
                )
                paper = self._exit(key)
                report = self._reported(destination)
                self.assertEqual(report.goods_ids.value, 20)
                self.assertEqual(report.document_ids.pedimento_id, paper)
                self.assertIn(
                    f"02|{DESTINATIONS.index(destination) + 1}|2026|10\r\n",
                    self._text(report),
                )

    def test_destruction_by_its_notice(self):
        part = self._product("MAT", "material")
        self._import("2026-10-06", part, 7, 70)
        self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "AV-7",
                "notice_date": "2026-10-08",
                "act_number": "ACTA-7",
                "act_date": "2026-11-12",
                "state": "done",
                "line_ids": [(0, 0, {"product_id": part.id, "quantity": 2})],
            }
        )
        self._run()
        report = self._reported("destruction")
        self.assertEqual(report.goods_ids.value, 20)
        self.assertTrue(self._text(report).endswith("05|AV-7\r\n"))

    def test_a_constancia_by_its_folio_and_its_issue(self):
        """The folio stands for the pedimentos, and its date gives the period."""
        paper = self._exit(
            "V4", scccyg_folio="CTM-2026-15", scccyg_date=date(2026, 9, 30)
        )
        self.assertTrue(paper.is_scccyg_by_folio)
        self.assertFalse(self._reported("ctm").goods_ids)
        report = self._reported("ctm", number=9)
        self.assertEqual(report.goods_ids.value, 20)
        self.assertEqual(str(report.document_ids.date), "2026-09-30")
        self.assertTrue(self._text(report).endswith("05|CTM-2026-15\r\n"))
        self.assertNotIn(paper.document, self._text(report))

    def test_a_folio_once(self):
        for _turn in range(2):
            self._exit("V9", scccyg_folio="DON-1", scccyg_date=date(2026, 10, 1))
        report = self._reported("donation")
        self.assertEqual(len(report.document_ids), 2)
        self.assertEqual(self._text(report).count("05|DON-1\r\n"), 1)

    def test_a_return_is_named_by_its_pedimento(self):
        """Whatever folio somebody wrote on it."""
        paper = self._exit("RT", scccyg_folio="X", scccyg_date=date(2026, 9, 1))
        self.assertFalse(paper.is_scccyg_by_folio)
        report = self._reported("return")
        self.assertEqual(report.goods_ids.value, 20)
        self.assertIn(paper.document, self._text(report))

    # III-d -----------------------------------------------------------------------
    def test_a_term_that_ends_within_the_period(self):
        part = self._product("MAT", "material")
        expiring = self._import("2026-10-06", part, 7, 70)
        following = self._import("2026-10-07", part, 7, 140)
        paper = self._pedimento("RT", "2", "2026-10-20", [(part, 9)])
        self._transfer("outgoing", "2026-10-20", [(part, 9)], paper)
        self._run()
        for term, value, left in (
            ("2026-09-30", 110, 0),
            ("2026-10-01", 40, 70),
            ("2026-10-31", 40, 70),
            ("2026-11-01", 110, 0),
        ):
            with self.subTest(term=term):
                self._layer(expiring).sudo().term_end = term
                report = self._reported("return")
                self.assertEqual((report.total, report.left_out), (value, left))
        self._layer(expiring).sudo().term_end = "2026-10-31"
        report = self._reported("return")
        told = self.env["immex.discharge"].browse(report.action_left_out()["res_id"])
        self.assertEqual(told.layer_id, self._layer(expiring))
        # a domain, however many there are
        self._layer(following).sudo().term_end = "2026-10-15"
        report = self._reported("return")
        self.assertEqual((report.total, report.left_out), (0, 110))
        action = report.action_left_out()
        self.assertEqual(action["domain"], [("left_out_of_id", "=", report.id)])
        told = self.env["immex.discharge"].search(action["domain"])
        self.assertEqual(told.layer_id, self._layer(expiring) | self._layer(following))
        november = self._report(destination="return", number=11)
        for other in (november, self._report(kind="initial", destination=False)):
            domain = [("left_out_of_id", "=", other.id)]
            self.assertFalse(self.env["immex.discharge"].search(domain))
        self._layer(following).sudo().term_end = False
        self.layout.expiring = "in"
        self.assertEqual(self._reported("return").total, 110)
        # the inventory is of all that is pending (I-c)
        self._layer(expiring).sudo().term_end = "2026-10-04"
        self.layout.start_date = "2026-10-08"
        inventory = self._report(kind="initial", destination=False)
        inventory.action_compute()
        self.assertEqual(inventory.total, 210)

    # corrections -----------------------------------------------------------------
    def _inventory(self, sent_on):
        self._history()
        report = self._sent(kind="initial", destination=False)
        report.write({"folio": "F-1", "sent_on": sent_on})
        return report

    def _correct(self, report):
        report.action_correct()
        correction = report.search([("replaces_id", "=", report.id)])
        correction.action_write()
        correction.action_sent()
        correction.folio = f"{report.folio}-C"
        correction.action_valid()
        return correction

    def test_an_inventory_is_corrected_twice(self):
        today = fields.Date.context_today(self.company)
        self.layout.start_date = fields.Date.subtract(today, days=30)
        report = self._inventory(today)
        with self.assertRaisesRegex(UserError, "twice at most"):
            report.action_correct()  # not valid yet
        report.action_valid()
        second = self._correct(report)
        self.assertTrue(self._text(second).startswith("09|"))
        third = self._correct(second)
        with self.assertRaisesRegex(UserError, "twice at most"):
            third.action_correct()
        third.writ = "AGACE-5"
        self.assertTrue(self._correct(third))

    def test_an_inventory_late(self):
        today = fields.Date.context_today(self.company)
        for start, sent in (
            (fields.Date.subtract(today, days=31), today),  # sent late
            (
                fields.Date.subtract(today, months=4),
                fields.Date.subtract(today, days=94),
            ),
        ):
            with self.subTest(start=start):
                self.layout.start_date = start
                report = self._inventory(sent)
                report.action_valid()
                with self.assertRaisesRegex(UserError, "AGACE"):
                    report.action_correct()

    def test_a_rectified_document_asks_for_a_correction(self):
        self._history()
        report = self._sent()
        self.assertFalse(report.is_outdated)
        exit_paper = report.document_ids.pedimento_id
        partida = exit_paper.partida_ids
        partida.goods_ids.quantity = 7
        self._run()
        report.invalidate_recordset(["is_outdated"])
        self.assertTrue(report.is_outdated)
        # the correction says what the ledger says
        report.folio = "F-1"
        report.action_correct()
        correction = report.search([("replaces_id", "=", report.id)])
        self.assertEqual(correction.total, 100)
        correction.action_write()
        correction.action_sent()
        self.assertFalse(correction.is_outdated)

    def test_another_version_of_the_document_is_enough(self):
        """The values stay, and the report names the former pedimento."""
        self._history()
        report = self._sent()
        self.env.cr.execute(
            "UPDATE immex_scccyg_document SET pedimento_id = %s WHERE report_id = %s",
            (self._history().id, report.id),
        )
        report.invalidate_recordset()
        self.assertTrue(report.is_outdated)

    # the manual ------------------------------------------------------------------
    def test_names_of_files_and_digits(self):
        self.layout.write(
            {
                "initial_name": "{rfc}/II {number}.TXT",
                "report_name": "{rfc}_{destination_code}{code}_{year}.txt",
                "period_digits": 2,
                "first_month": 1,
            }
        )
        self._history()
        report = self._reported("return", number=10)
        inventory = self._sent(kind="initial", destination=False)
        rfc = self.company.vat or "RFC"
        self.assertEqual(report.filename, f"{rfc}_110_2026.txt")
        self.assertEqual(inventory.filename, f"{rfc}_II_{inventory.id}.TXT")
        january = self._report(number=1)
        january.action_compute()
        self.layout.report_name = "../{code}"
        report.action_write()
        self.assertEqual(report.filename, "_10")
        layout = self.layout._layout()
        self.assertEqual(layout.code_of("month", 1), "01")
        self.assertEqual(layout.period_of("01"), ("month", 1))
        report.given = base64.b64encode(report_text := base64.b64decode(report.file))
        report.action_compare()
        self.assertEqual((report.differing_count, report_text[:5]), (0, b"02|1|"))
        with self.assertRaises(ValidationError):
            self.layout.period_digits = 0

    # the account against Data Stage ------------------------------------------------
    def test_what_was_charged_by_data_stage(self):
        self._history()
        account = self.env["immex.credit.account"].create(
            {"company_id": self.company.id, "date": "2026-11-30"}
        )
        account.action_compute()
        # no Data Stage: nothing to compare with
        self.assertEqual(account.tax_differing_count, 0)
        self._government("6000050", "85369099", 10, "IN")
        account.action_compute()
        line = account.line_ids
        self.assertEqual(
            (line.tax, line.government_tax, line.tax_difference), (16, 10, 6)
        )
        self.assertEqual(account.tax_differing_count, 1)
        # fixed assets apart, by key or identifier; another form charges nothing
        self._government("6000051", "85369099", 7, "AF")
        self._government("6000052", "85369099", 5, "IN", identifier="AF")
        self._government("6000053", "85369099", 3, "IN", form="0")
        self._government("6000054", "85369099", 6, "IN", paid="2026-12-01")
        account.action_compute()
        told = {line.fixed_asset: line.government_tax for line in account.line_ids}
        self.assertEqual(told, {False: 10, True: 12})
