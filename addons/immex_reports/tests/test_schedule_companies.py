# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

OURS = "odoo.addons.immex_compliance.models.schedule.ir_cron"


@tagged("post_install", "-at_install")
class TestScheduleCompanies(TransactionCase):
    """An error of one company does not keep the others' scheduled work undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].create(
            [{"name": name, "vat": "ADN150203AB1"} for name in ("Una", "Otra")]
        )
        for company in cls.companies:
            user = new_test_user(
                cls.env,
                f"schedule_{company.id}",
                groups="immex_compliance.group_manager",
                email="a@example.com",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            company.immex_responsible_ids = user
            cls.env["immex.program"].create(
                {
                    "company_id": company.id,
                    "name": "1234-2019",
                    "valid_from": "2019-01-01",
                }
            )
            cls.env["immex.report.delivery"].with_user(user).create(
                {
                    "company_id": company.id,
                    "code": "descargos",
                    "as_xml": True,
                    "way": "folder",
                    "subfolder": "any",
                }
            )

    def _check(self, cron, model, method, company):
        """``method`` fails for the first of two companies: the second has its turn,
        and the log names the first."""
        cron = self.env.ref(f"immex_reports.{cron}")
        seen = []

        def work(record, *arguments):
            found = company(record, *arguments).id
            if found in self.companies.ids:
                seen.append(found)
            if len(seen) == 1:
                record.env["res.company"].browse(found).phone = "undone"
                record.env.flush_all()
                raise ValueError("a broken company")

        self.patch(self.env.registry[model], method, work)
        self.env.flush_all()
        with self.enter_registry_test_mode(), mute_logger(OURS):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(sorted(set(seen)), sorted(self.companies.ids), method)
        self.assertFalse(any(self.companies.mapped("phone")))
        logs = self.env["immex.schedule.log"].search([("cron_id", "=", cron.id)])
        failed = logs.filtered(lambda log: log.state == "failed")
        self.assertEqual(failed.company_id.ids, seen[:1])
        self.assertIn("a broken company", failed.result)

    def test_month_end(self):
        self._check(
            "ir_cron_month_end", "immex.month.end", "_check_months_of", lambda _m, c: c
        )

    def test_expiry(self):
        self._check("ir_cron_expiry", "immex.expiry.month", "_scan", lambda _m, c: c)

    def test_hours(self):
        self._check(
            "ir_cron_update_hours",
            "immex.pedimento",
            "_check_update_hours",
            lambda _model, company, _now: company,
        )

    def test_digest(self):
        self._check(
            "ir_cron_digest",
            "immex.digest",
            "_send_one",
            lambda _model, company, _user, _week: company,
        )

    def test_deliveries(self):
        self._check(
            "ir_cron_delivery",
            "immex.report.delivery",
            "_add_due",
            lambda delivery: delivery.company_id,
        )

    def test_delivery_lines(self):
        for delivery in self.env["immex.report.delivery"].search(
            [("company_id", "in", self.companies.ids)]
        ):
            delivery._add_due()
        self._check(
            "ir_cron_delivery",
            "immex.report.delivery.line",
            "_advance",
            lambda line: line.company_id,
        )
