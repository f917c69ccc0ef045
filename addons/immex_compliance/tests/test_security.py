# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import TransactionCase, new_test_user, tagged

# What the engine alone writes, by SQL.
BOOKS = (
    "immex.discharge",
    "immex.value.discharge",
    "immex.requirement",
    "immex.layer",
    "immex.movement",
    "immex.production.layer",
    "immex.production.consumption",
    "immex.exit.line",
    "immex.remesa.link",
    "immex.discharge.run",
)
ROLES = ("user", "manager", "administrator")


@tagged("post_install", "-at_install")
class TestSecurity(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env, f"immex_{role}", groups=f"immex_compliance.group_{role}"
            )
            for role in ROLES
        }
        cls.authority = new_test_user(
            cls.env, "immex_authority", groups="immex_compliance.group_authority"
        )
        cls.models = [
            cls.env[model.model]
            for model in cls.env["ir.model"].search([("model", "=like", "immex.%")])
            if model.model in cls.env
            and not cls.env[model.model]._abstract
            and cls.env[model.model]._original_module == "immex_compliance"
        ]

    def test_every_model_has_its_rights(self):
        self.assertGreater(len(self.models), 50)
        for model in self.models:
            with self.subTest(model=model._name):
                self.assertTrue(
                    self.env["ir.model.access"].search([("model_id", "=", model._name)])
                )
                # the authority reads through pages, never through models
                self.assertFalse(model.with_user(self.authority).has_access("read"))
                if not model._transient:
                    self.assertTrue(
                        model.with_user(self.users["user"]).has_access("read")
                    )

    def test_every_model_of_a_company_has_its_rule(self):
        for model in self.models:
            if "company_id" not in model._fields or model._transient:
                continue
            with self.subTest(model=model._name):
                rules = self.env["ir.rule"].search(
                    [("model_id", "=", model._name), ("groups", "=", False)]
                )
                self.assertTrue(
                    any("company_ids" in rule.domain_force for rule in rules)
                )

    def test_nobody_writes_the_books(self):
        for name in BOOKS:
            for role in ROLES:
                model = self.env[name].with_user(self.users[role])
                with self.subTest(model=name, role=role):
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(model.has_access(operation))

    def test_roles(self):
        expected = {
            "immex.pedimento": ("manager", "administrator"),
            "immex.pedimento.goods": ("manager", "administrator"),
            "immex.destruction": ("manager", "administrator"),
            "immex.opening": ("manager", "administrator"),
            "immex.period.consumption": ("manager", "administrator"),
            "immex.period.consumption.line": ("manager", "administrator"),
            "immex.remesa": ("manager", "administrator"),
            "immex.remesa.line": ("manager", "administrator"),
            "immex.finding": ("manager", "administrator"),
            "immex.program": ("administrator",),
            "immex.discharge.method": ("administrator",),
            "immex.term.rule": ("administrator",),
            "immex.operation.rule": ("administrator",),
            "immex.tariff.item": ("administrator",),
        }
        for name, writers in expected.items():
            for role in ROLES:
                with self.subTest(model=name, role=role):
                    self.assertEqual(
                        self.env[name].with_user(self.users[role]).has_access("write"),
                        role in writers,
                    )

    def test_companies_do_not_see_each_other(self):
        other = self.env["res.company"].create({"name": "Other"})
        key = self.env["immex.pedimento.key"].search([("code", "=", "IN")], limit=1)
        records = [
            self.env["immex.pedimento"].create(
                {
                    "company_id": other.id,
                    "year": 2026,
                    "office": "24",
                    "office_section": "240",
                    "patente": "3456",
                    "document": "6999999",
                    "operation_type": "1",
                    "key_id": key.id,
                }
            ),
            self.env["immex.program"].create(
                {
                    "company_id": other.id,
                    "name": "9999-2026",
                    "valid_from": "2026-01-01",
                    "kind": "immex",
                }
            ),
            self.env["immex.period.consumption"].create({"company_id": other.id}),
            self.env["immex.opening"].create(
                {"company_id": other.id, "cutoff_date": "2026-01-01"}
            ),
            self.env["immex.destruction"].create(
                {
                    "company_id": other.id,
                    "notice_folio": "X",
                    "notice_date": "2026-01-01",
                }
            ),
        ]
        user = self.users["administrator"]
        for record in records:
            with self.subTest(model=record._name):
                self.assertFalse(
                    self.env[record._name]
                    .with_user(user)
                    .search([("id", "=", record.id)])
                )
                with self.assertRaises(AccessError):
                    record.with_user(user).check_access("read")
        # nor does a partida of ours go into a pedimento of theirs
        unit = self.env["immex.unit"].search([], limit=1)
        with self.assertRaises(UserError):
            self.env["immex.pedimento.partida"].with_user(user).create(
                {
                    "pedimento_id": records[0].id,
                    "company_id": user.company_id.id,
                    "sequence": 1,
                    "fraccion": "85369099",
                    "description": "X",
                    "qty_umc": 1,
                    "umc_id": unit.id,
                    "qty_umt": 1,
                    "umt_id": unit.id,
                }
            )
        user.company_ids = [Command.link(other.id)]
        for record in records:
            record.with_user(user).with_company(other).check_access("read")

    def test_of_a_finding_only_the_note_is_written(self):
        finding = self.env["immex.finding"].create(
            {
                "company_id": self.env.company.id,
                "code": "shortage",
                "severity": "1_critical",
                "key": "test",
            }
        )
        mine = finding.with_user(self.users["manager"])
        mine.note = "Counted again"
        with self.assertRaises(AccessError):
            mine.key = "other"
        mine.action_explain()
        self.assertEqual(finding.state, "explained")

    def test_runs_are_not_called_from_outside(self):
        for name in ("_run_company", "_cron_run"):
            with self.assertRaises(AccessError):
                get_public_method(self.env["immex.discharge.run"], name)

    def test_only_managers_run_the_discharge(self):
        pedimentos = self.env["immex.pedimento"]
        with self.assertRaises(AccessError):
            pedimentos.with_user(self.users["user"]).action_run_discharge()
