# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from .common import ReportCase

CLEARED = datetime(2026, 10, 6, 18, 0)


@tagged("post_install", "-at_install")
class TestUpdateHours(ReportCase):
    """A pedimento cleared on 6 October, whose parts are not known."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env,
            "hours_user",
            groups="immex_compliance.group_user",
            email="hours@example.com",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.company.immex_responsible_ids = self.user
        self.paper = self._pedimento(
            "IN",
            "1",
            "2026-10-06",
            [(self.material, 5)],
            cleared_at=CLEARED,
        )
        self.paper.state = "incomplete"

    def _check(self, hours):
        """Look so many hours after the end of clearance; return what was said."""
        messages = self.env["mail.message"]
        domain = [("partner_ids", "in", self.user.partner_id.ids)]
        before = messages.search(domain)
        self.env["immex.pedimento"]._check_update_hours(
            self.company, CLEARED + timedelta(hours=hours)
        )
        return " ".join((messages.search(domain) - before).mapped("body"))

    def test_before_and_after(self):
        self.assertFalse(self._check(20))
        said = self._check(26)
        self.assertIn("hours: 0;", said)
        self.assertIn("from now: 1.", said)
        self.assertIn(self.paper.number[-7:], said)
        said = self._check(49)
        self.assertIn("hours: 1;", said)
        self.assertIn("48 hours", said)
        self.assertFalse(self._check(55), "told once")

    def test_an_hour_of_a_seciit(self):
        self.company.immex_update_hours = 24
        self.assertIn("from now: 1.", self._check(20))
        self.assertIn("past the 24 hours: 1;", self._check(25))

    def test_with_its_parts_there_is_nothing_to_say(self):
        self.paper.state = "ready"
        self.assertFalse(self._check(26))
        self.assertFalse(self._check(49))

    def test_another_company_is_not_told(self):
        self.paper.state = "ready"
        other = self.env["res.company"].create({"name": "Otra"})
        self.env["immex.pedimento"]._check_update_hours(other, CLEARED)
        self.assertEqual(other.immex_hours_checked_at, CLEARED)
        self.assertFalse(self.company.immex_hours_checked_at)

    def test_by_the_scheduler(self):
        self.env.flush_all()
        cron = self.env.ref("immex_reports.ir_cron_update_hours")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self.company.immex_hours_checked_at)
        line = self.env["immex.schedule.log"].search(
            [("cron_id", "=", cron.id), ("company_id", "=", self.company.id)]
        )
        # long ago: it stays in the log, nobody is told anew
        self.assertIn("hours: 1;", line.result)
        self.assertFalse(self._check(49 * 100 * 24))
