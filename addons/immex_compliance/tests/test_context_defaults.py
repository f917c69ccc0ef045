# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase

DAY = "2026-10-31"
MONTH = {"date_from": "2026-10-01", "date_to": DAY}
MOMENT = "2026-10-31 12:00:00"
# model: values that a person gives, and what only its buttons write
GUARDED = {
    "immex.cove": ({}, {"state": "accepted", "edocument": "COVE269999999"}),
    "immex.edocument": (
        {"name": "Factura"},
        {"state": "accepted", "edocument": "0438260000001"},
    ),
    "immex.opening": ({"cutoff_date": DAY}, {"state": "posted", "posted_at": MOMENT}),
    "immex.period.consumption": (MONTH, {"state": "ratified", "ratified_at": MOMENT}),
    "immex.reconciliation": (MONTH, {"state": "done", "run_at": MOMENT}),
    "immex.stock.balance": ({"date": DAY}, {"state": "done", "done_at": MOMENT}),
    "immex.receipt.check": ({"date": DAY}, {"state": "done", "done_at": MOMENT}),
    "immex.scccyg.replay": ({"date": DAY}, {"state": "done", "for_report": True}),
    "immex.scccyg.report": (
        {"destination": "return", "year": 2026, "number": 10},
        {"state": "sent", "total": 5, "sent_on": DAY},
    ),
}


@tagged("post_install", "-at_install")
class TestContextDefaults(EngineCase):
    """A default of the context is a value: what a guard refuses as the one, nobody
    writes as the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "defaults_manager",
            groups="immex_compliance.group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _create(self, model, values, defaults):
        context = {f"default_{name}": value for name, value in defaults.items()}
        records = self.env[model].with_user(self.manager).with_context(**context)
        return records.create({"company_id": self.company.id, **values})

    def test_what_buttons_write(self):
        for model, (values, defaults) in GUARDED.items():
            with self.subTest(model=model):
                record = self._create(model, values, defaults)
                fresh = self.env[model].new({"company_id": self.company.id, **values})
                for name, value in defaults.items():
                    self.assertNotEqual(record[name], value, name)
                    self.assertEqual(record[name], fresh[name], name)
