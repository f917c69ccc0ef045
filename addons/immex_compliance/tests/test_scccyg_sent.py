# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .scccyg_case import ScccygCase


@tagged("post_install", "-at_install")
class TestScccygSent(ScccygCase):
    """What was sent stays, and is sent once."""

    def _manager(self):
        return new_test_user(
            self.env,
            "makes_reports",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_values_and_status_come_from_the_buttons_alone(self):
        self._history()
        reports = self.env["immex.scccyg.report"].with_user(self._manager())
        own = {
            "company_id": self.company.id,
            "destination": "return",
            "period": "month",
            "year": 2026,
            "number": 10,
        }
        for values in ({"state": "valid"}, {"total": 1}, {"sent_on": "2026-11-01"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                reports.create(own | values)
        # what the web client sends for a new one
        with Form(reports) as form:
            form.destination, form.period = "return", "month"
            form.year, form.number = 2026, 10
        report = form.record
        report.action_compute()
        for values in ({"state": "valid"}, {"total": 1}, {"file": b"MDI="}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                report.write(values)
        report.number = 11  # other values than those that were computed
        self.assertFalse(report.computed_at)
        report.number = 10
        report.action_compute()
        report.action_write()
        report.action_sent()
        self.assertTrue(report.sent_on)
        with self.assertRaises(UserError):
            report.number = 11
        report.folio = "F-1"
        report.action_valid()
        self.assertEqual(report.state, "valid")

    def test_a_discharge_is_reported_once(self):
        """The SCCCyG rejects what another report has: months, fortnights and bimesters
        of a destination don't overlap, but for a correction."""
        self._history()
        october = self._sent()
        october.folio = "F-1"
        for values in (
            {},
            {"period": "bimester", "number": 5},
            {"period": "fortnight", "number": 20},
        ):
            with self.subTest(values=values):
                again = self._report(**values)
                again.action_compute()
                with self.assertRaisesRegex(UserError, "twice"):
                    again.action_write()
        for values in ({"number": 11}, {"destination": "transfer"}):
            with self.subTest(values=values):
                self._sent(**values)
        correction = self.env["immex.scccyg.report"].browse(
            october.action_correct()["res_id"]
        )
        correction.action_write()
        correction.action_sent()
        self.assertEqual(correction.state, "sent")

    def test_codes_that_do_not_count_on(self):
        self.layout.codes_fortnight = " ".join(f"Q{number}" for number in range(1, 25))
        self._history()
        report = self._report(period="fortnight", number=20)
        report.action_compute()
        report.action_write()
        self.assertTrue(self._text(report).startswith("02|1|2026|Q20\r\n"))
        for values in (
            {"codes_month": "1 2 3"},
            {"codes_bimester": "A B C D E A"},
            {"codes_bimester": "A B C D E 1"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.layout.write(values)
