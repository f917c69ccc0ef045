# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from .regularization_case import RegularizationCase


@tagged("post_install", "-at_install")
class TestRegularization(RegularizationCase):
    """Which correction is open, and its figures, worked by hand."""

    # A3 past the term (2.5.2) -------------------------------------------------------
    def test_expired_by_hand(self):
        """60 of 100 pieces at 36 pesos, 10 January 2025 to 20 November 2026."""
        layer = self._expired(exported=40)
        proposal = self._propose(layer)
        self.assertFalse(proposal.problem)
        self.assertEqual((proposal.path, proposal.complement), ("a3_2", "2A"))
        self.assertEqual((proposal.quantity, proposal.customs_value), (60, 2160))
        self.assertEqual(
            self._lines(proposal),
            {
                # 108 x INPC October 2026 / December 2024 = 1.1; 22 months and a
                # fraction at 1 %
                "6": ("2160", "1.1", "118.8", 23, "23", "27.324", "119"),
                "1": ("2160", "1", "17.28", 0, "0", "0", "17"),
                "3": ("2296.08", "1", "367.3728", 0, "0", "0", "367"),
                "7": ("27.324", "1", "27.324", 0, "0", "0", "27"),
            },
        )
        self.assertEqual(proposal.total, 119 + 17 + 367 + 27)
        # 130 to 150 % of 108 pesos, without their update (LA 5)
        self.assertEqual(self._fines(proposal), {"LA 183-III, 178-I": (140, 162, True)})
        self.assertEqual((proposal.fine_min, proposal.fine_max), (0, 0))
        self.assertEqual((proposal.saving_min, proposal.saving_max), (140, 162))
        self.assertIn("2.5.2", proposal.ground)

    def test_expired_after_the_audit_began(self):
        layer = self._expired()
        proposal = self._propose(layer, audit="audit", letter_date="2026-11-02")
        self.assertEqual(proposal.complement, "2")
        # 133 days after 10 July: nine periods of fifteen days, at most the value
        self.assertEqual(
            self._fines(proposal, "correction"), {"LA 183-II": (3600, 3600, True)}
        )
        # the third Monday of November is no business day
        self.assertEqual(str(proposal.file_by), "2026-12-01")

    def test_expired_at_the_declared_rate(self):
        layer = self._expired(rate=0)
        proposal = self._propose(layer)
        self.assertEqual(proposal.igi_source, "declared")
        self.assertIn("proof", proposal.caution)
        # exempt: 30 to 50 % of the value
        self.assertEqual(self._fines(proposal), {"LA 183-III": (1080, 1800, True)})
        proposal.write({"igi_source": "tariff"})
        proposal.action_compute()
        self.assertEqual(self._lines(proposal)["6"][6], "198")

    def test_restricted_goods(self):
        layer = self._expired()
        proposal = self._propose(layer, restricted=True)
        self.assertEqual(
            self._fines(proposal),
            {
                "LA 183-III, 178-I": (234, 270, False),
                "LA 183-III, 178-IV": (9000, 10800, True),
            },
        )
        self.assertEqual(proposal.saving_max, 10800)

    def test_duty_paid_at_the_import(self):
        layer = self._expired()
        self._contribution(
            layer.pedimento_id, kind="amount", payment_form="0", amount=150
        )
        proposal = self._propose(layer)
        # 180 less 150, updated
        self.assertEqual(self._lines(proposal)["6"][2], "33")
        # and is in the base of VAT: 3,600 + 150 + 33 + DTA 28.80
        self.assertEqual(self._lines(proposal)["3"][0], "3811.8")

    def test_duty_paid_in_full_at_the_import(self):
        layer = self._expired()
        self._contribution(
            layer.pedimento_id, kind="amount", payment_form="0", amount=180
        )
        proposal = self._propose(layer)
        self.assertEqual(self._lines(proposal)["6"][6], "0")
        # nothing is omitted: 30 to 50 % of the value, as if exempt
        self.assertEqual(self._fines(proposal), {"LA 183-III": (1080, 1800, True)})

    def test_countervailing_duty_and_no_dta(self):
        proposal = self._propose(self._expired(), cc_rate=10, no_dta=True)
        lines = self._lines(proposal)
        self.assertEqual(set(lines), {"6", "2", "3", "7"})
        self.assertEqual(lines["2"][2], "396")
        self.assertEqual(lines["3"][0], "4194")  # 3,600 + 198 + 396

    def test_settings_of_the_company(self):
        layer = self._expired()
        self.company.immex_surcharge_count = "calendar"
        self.company.immex_surcharge_cap = 12
        proposal = self._propose(layer)
        self.assertEqual(self._lines(proposal)["6"][3], 12)
        self.company.immex_surcharge_cap = 0
        proposal.action_compute()
        self.assertEqual(self._lines(proposal)["6"][3], 23)
        self.company.immex_vat_on_surcharges = True
        proposal.action_compute()
        # 3,600 + 198 + 45.54 + 28.80
        self.assertEqual(self._lines(proposal)["3"][0], "3872.34")

    def test_missing_months_are_named(self):
        layer = self._expired()
        self.env["immex.price.index"].search([("month", "=", "2026-10-01")]).unlink()
        self.env["immex.surcharge.rate"].search([("month", "=", "2025-06-01")]).unlink()
        proposal = self._propose(layer)
        self.assertIn("INPC of 2026-10", proposal.problem)
        self.assertIn("Price Index (INPC)", proposal.problem)
        self.assertIn("surcharge rate of 2025-06", proposal.problem)
        self.assertFalse(proposal.line_ids)
        with self.assertRaises(UserError):
            proposal.action_accept()
        # not published yet: the one before it serves where the company says so
        self.env["immex.surcharge.rate"].create(
            {"month": "2025-06-15", "rate": 1, "source": "test"}
        )
        self.company.immex_last_index = True
        proposal.action_compute()
        self.assertFalse(proposal.problem)
        self.assertEqual(self._lines(proposal)["6"][1], "1")

    def test_rate_of_the_day(self):
        """The general rate in force when the goods came, not today's."""
        self.rates.write({"valid_to": "2025-06-30"})
        for rate in self.rates:
            rate.copy({"rate": 20, "valid_from": "2025-07-01", "valid_to": False})
        proposal = self._propose(self._expired())
        self.assertEqual(proposal.igi_rate, 5)
        self.rates[:1].rate = 7
        proposal.action_compute()
        if len(self.rates) > 1:
            self.assertIn("85369099", proposal.problem)
        proposal.write({"igi_source": "manual", "igi_rate": 12.5})
        proposal.action_compute()
        self.assertTrue(proposal.problem)
        proposal.rate_note = "Ruling of the authority"
        proposal.action_compute()
        self.assertFalse(proposal.problem)
        self.assertEqual(self._lines(proposal)["6"][2], "495")

    def test_specific_rate_is_never_guessed(self):
        self.rates.write({"specific": "0.36 USD/kg"})
        proposal = self._propose(self._expired())
        self.assertIn("ad valorem", proposal.problem)

    def test_only_what_is_past_its_term(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 5)])
        self._run()
        with self.assertRaises(UserError):
            self._layer(pedimento).action_propose_regularization()

    # without documents (2.5.1) ------------------------------------------------------
    def test_undocumented(self):
        self._expired()
        self._transfer("incoming", "2026-10-05", [(self.material, 10)])
        proposal = self._difference()
        self.assertEqual((proposal.path, proposal.complement), ("a3_1", "1"))
        self.assertEqual(proposal.customs_value, 360)
        self.assertEqual(
            self._lines(proposal)["6"],
            # October to November: September's INPC to October's, two months begun
            ("360", "1.1", "19.8", 2, "2", "0.396", "20"),
        )
        self.assertEqual(self._fines(proposal), {"LA 178-I": (23, 27, True)})
        # no preference, whatever a person chooses
        proposal.write({"igi_source": "declared"})
        proposal.action_compute()
        self.assertIn("2.5.1", proposal.problem)
        proposal.write({"igi_source": "tariff", "entry_known": False})
        proposal.action_compute()
        self.assertEqual(
            self._lines(proposal)["6"], ("360", "1", "18", 0, "0", "0", "18")
        )
        proposal.write({"audit": "audit"})
        proposal.action_compute()
        self.assertEqual(proposal.complement, "1A")
        self.assertEqual((proposal.fine_min, proposal.saving_min), (23, 0))

    def test_value_is_asked_for(self):
        """A part that was never imported has no value to take."""
        self._transfer("incoming", "2026-10-05", [(self.material, 10)])
        proposal = self._difference()
        self.assertIn("customs value", proposal.problem)
        proposal.write({"customs_value": 500, "fraccion": "85369099"})
        proposal.action_compute()
        self.assertFalse(proposal.problem)
        self.assertEqual(self._lines(proposal)["6"][0], "500")

    # rectification ------------------------------------------------------------------
    def test_surplus_is_rectified_or_regularised(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-01", [(self.material, 110)], pedimento)
        proposal = self._difference()
        self.assertEqual((proposal.path, proposal.total), ("r1", 0))
        self.assertIn("art. 89", proposal.ground)
        # what the authority would claim: duty with two months of surcharges and VAT
        idle = self._lines(proposal, "idle")
        self.assertEqual(idle["6"], ("360", "1.1", "19.8", 2, "2", "0.396", "20"))
        self.assertEqual(proposal.idle_total, 20 + 3 + 61 + 0)
        self.assertEqual(proposal.saving_min, proposal.idle_total + 23)
        # a person may choose the other way
        proposal.write({"path": "a3_1"})
        proposal.action_compute()
        self.assertEqual(proposal.path, "a3_1")
        # the authority reviews: no rectification
        proposal.write({"path": "r1", "audit": "audit"})
        proposal.action_compute()
        self.assertEqual((proposal.path, proposal.complement), ("a3_1", "1A"))
        # nor past the term of the goods, or the company's own
        proposal.write(
            {"path": "r1", "audit": "spontaneous", "payment_date": "2028-11-20"}
        )
        self.assertEqual(proposal._lawful(), ["a3_1"])
        proposal.write({"payment_date": "2026-11-20"})
        self.assertEqual(proposal._lawful(), ["r1", "a3_1"])
        self.company.immex_r1_months = 1
        self.assertEqual(proposal._lawful(), ["a3_1"])

    def test_surplus_of_goods_that_paid(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._contribution(pedimento, kind="amount", payment_form="0", amount=180)
        self._contribution(pedimento, "3", kind="amount", payment_form="21", amount=600)
        self._transfer("incoming", "2026-10-01", [(self.material, 110)], pedimento)
        proposal = self._difference()
        # a tenth of 180; deferred VAT is declared, not paid
        self.assertEqual(
            self._lines(proposal),
            {
                "6": ("360", "1.1", "19.8", 2, "2", "0.396", "20"),
                "7": ("0.396", "1", "0.396", 0, "0", "0", "0"),
            },
        )

    def test_surplus_larger_than_what_was_declared(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 10)])
        self._contribution(pedimento, kind="amount", payment_form="0", amount=18)
        self._transfer("incoming", "2026-10-01", [(self.material, 40)], pedimento)
        proposal = self._difference()
        # thirty beyond ten: three times what was paid, updated
        self.assertEqual(self._lines(proposal)["6"][2], "59.4")

    def test_lack_and_its_authorisation(self):
        pedimento = self._pedimento("IN", "1", "2026-08-03", [(self.material, 100)])
        self._transfer("incoming", "2026-08-03", [(self.material, 90)], pedimento)
        proposal = self._difference()
        self.assertEqual((proposal.path, proposal.needs_authorization), ("r1", False))
        self.assertEqual(self._fines(proposal), {"LA 185-II": (2640, 3750, True)})
        self.assertEqual((proposal.saving_min, proposal.saving_max), (2640, 3750))
        self._contribution(pedimento, kind="amount", payment_form="0", amount=180)
        proposal.action_compute()
        self.assertTrue(proposal.needs_authorization)
        self.assertIn("ACAJACE", proposal.ground)
        self.env["immex.program"].create(
            {
                "company_id": self.company.id,
                "kind": "certification",
                "certification": "oea",
                "name": "OEA-1",
                "valid_from": "2026-01-01",
            }
        )
        self.env["immex.program"].create(
            {
                "company_id": self.company.id,
                "kind": "certification",
                "certification": "vat",
                "name": "IVA-1",
                "valid_from": "2026-02-01",
            }
        )
        for paid, waived in (("2026-11-03", True), ("2026-11-04", False)):
            proposal.write({"payment_date": paid})
            proposal.action_compute()
            self.assertEqual(proposal.authorization_waived, waived)
            self.assertEqual(proposal.needs_authorization, not waived)
        # under review there is no correction to accept
        proposal.write({"audit": "audit"})
        proposal.action_compute()
        self.assertEqual((proposal.path, proposal.fine_min), ("none", 2640))
        with self.assertRaises(UserError):
            proposal.action_accept()

    def test_lack_past_its_term(self):
        """Declared, never received and not returned: the authority claims it all."""
        self._pedimento("IN", "1", "2025-01-10", [(self.material, 10)])
        proposal = self._difference()
        self.assertEqual((proposal.kind, proposal.path), ("not_received", "r1"))
        self.assertEqual(
            self._fines(proposal),
            {
                "LA 183-III, 178-I": (23, 27, False),
                "LA 185-II": (2640, 3750, True),
            },
        )
        self.assertEqual(self._lines(proposal, "idle")["6"][6], "20")

    # output -------------------------------------------------------------------------
    def test_workbook(self):
        proposal = self._propose(self._expired(), rate_note="=1+1")
        stream = io.BytesIO()
        proposal._write_xlsx(stream)
        book = zipfile.ZipFile(stream)
        texts = book.read("xl/worksheets/sheet1.xml").decode()
        if "xl/sharedStrings.xml" in book.namelist():
            texts += book.read("xl/sharedStrings.xml").decode()
        self.assertIn("LA 183-III, 178-I", texts)
        self.assertIn("<v>45.54</v>", texts)  # surcharge of the duty, exact
        self.assertNotIn("<f>", texts)
