# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import zipfile
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.reconciliation_stock.balance_sql import EXPLAINING
from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestStockBalance(EngineCase):
    """Customs balance against stock: every figure planted, the rest exactly nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.material = cls._product("MAT-1", "material")
        cls.product = cls._product("FG-1", "product")

    def _import(self, quantity=100, received=100, date="2026-10-01"):
        pedimento = self._pedimento("IN", "1", date, [(self.material, quantity)])
        if received:
            self._transfer("incoming", date, [(self.material, received)], pedimento)
        return pedimento

    def _compare(self, date="2026-10-31"):
        balance = self.env["immex.stock.balance"].create({"date": date})
        balance.action_run()
        return balance

    def _figures(self, balance):
        """Figures of the material that are not zero, exact, as texts."""
        names = ("customs_balance", "on_hand", *EXPLAINING, "unexplained")
        columns = ", ".join(f"trim_scale({name})::text" for name in names)
        self.env.cr.execute(
            f"SELECT {columns} FROM immex_stock_balance_line"
            " WHERE balance_id = %s AND product_id = %s",
            (balance.id, self.material.id),
        )
        row = self.env.cr.fetchone()
        return {
            name: value for name, value in zip(names, row, strict=True) if value != "0"
        }

    def _line(self, balance):
        return balance.line_ids.filtered(lambda line: line.product_id == self.material)

    def test_on_hand_and_in_production(self):
        self._import()
        self._order(self.product, 10, "2026-10-05", [(self.material, 30)])
        export = self._pedimento("RT", "2", "2026-10-10", [(self.product, 4)])
        self._transfer("outgoing", "2026-10-10", [(self.product, 4)], export)
        self._run()
        self.assertEqual(
            self._figures(self._compare("2026-10-02")),
            {"customs_balance": "100", "on_hand": "100"},
        )
        self.assertEqual(
            self._figures(self._compare("2026-10-06")),
            {"customs_balance": "100", "on_hand": "70", "in_production": "30"},
        )
        balance = self._compare()
        self.assertEqual(
            self._figures(balance),
            {"customs_balance": "88", "on_hand": "70", "in_production": "18"},
        )
        self.assertEqual(self._line(balance).state, "agrees")
        # before anything came
        self.assertEqual(self._figures(self._compare("2026-09-30")), {})

    def test_receipts_and_documents_apart(self):
        self._import(received=90)
        self._transfer("incoming", "2026-10-03", [(self.material, 7)])
        self._transfer("outgoing", "2026-10-04", [(self.material, 5)])
        self._run()
        self.assertEqual(
            self._figures(self._compare()),
            {
                "customs_balance": "100",
                "on_hand": "92",
                "not_received": "10",
                "undocumented_receipts": "-7",
                "undocumented_exits": "5",
            },
        )

    def test_waste_stays_until_its_own_exit(self):
        self._import()
        self._order(
            self.product, 10, "2026-10-05", [(self.material, 30)], **{"MAT-1": (2, 3)}
        )
        export = self._pedimento("RT", "2", "2026-10-10", [(self.product, 10)])
        self._transfer("outgoing", "2026-10-10", [(self.product, 10)], export)
        self._run()
        self.assertEqual(
            self._figures(self._compare()),
            {"customs_balance": "73", "on_hand": "70", "in_production": "3"},
        )

    def test_owned_by_the_principal(self):
        """Odoo's valuation leaves the principal's material out; customs does not."""
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 50)])
        self._transfer(
            "incoming",
            "2026-10-01",
            [(self.material, 50)],
            pedimento,
            owner_id=self.principal.id,
        )
        self._import(20, 20)
        self._run()
        balance = self._compare()
        self.assertEqual(
            self._figures(balance), {"customs_balance": "70", "on_hand": "70"}
        )
        self.assertEqual(self._line(balance).valued, 20)

    def test_exit_in_the_same_state(self):
        self._import()
        export = self._pedimento("RT", "2", "2026-10-10", [(self.material, 12)])
        self._transfer("outgoing", "2026-10-10", [(self.material, 9)], export)
        self._run()
        self.assertEqual(
            self._figures(self._compare()),
            {"customs_balance": "88", "on_hand": "91", "not_delivered": "-3"},
        )

    def test_counts(self):
        self._import()
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.material.id), ("location_id", "=", self.stock.id)]
        )
        quant.inventory_quantity = 96.5
        quant.action_apply_inventory()
        self._run()
        today = self.env["immex.movement"].search([("kind", "=", "count_loss")]).date
        self.assertEqual(
            self._figures(self._compare(today)),
            {"customs_balance": "100", "on_hand": "96.5", "counted": "3.5"},
        )

    def test_at_a_subcontractor(self):
        self._import()
        self._transfer(
            "outgoing",
            "2026-10-05",
            [(self.material, 40)],
            target=self.company.subcontracting_location_id,
        )
        self._run()
        self.assertEqual(
            self._figures(self._compare()),
            {"customs_balance": "100", "on_hand": "60", "at_subcontractor": "40"},
        )

    def test_by_place_at_any_date(self):
        """On hand is the sum of its places; sub-manufacturers are told apart."""
        self._import()
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        outside = self.company.subcontracting_location_id
        for date, target, quantity in (
            ("2026-10-05", outside, 40),
            ("2026-10-07", shelf, 25),
        ):
            self._transfer("outgoing", date, [(self.material, quantity)], target=target)
        self._run()
        stock = self.warehouse.lot_stock_id
        for date, expected in (
            ("2026-10-04", {stock: 100}),
            ("2026-10-06", {stock: 60, outside: 40}),
            ("2026-10-31", {stock: 35, outside: 40, shelf: 25}),
        ):
            balance = self._compare(date)
            line = self._line(balance)
            with self.subTest(date=date):
                self.assertEqual(
                    {place.location_id: place.quantity for place in line.place_ids},
                    expected,
                )
                inside = line.place_ids.filtered(lambda row: not row.at_subcontractor)
                self.assertEqual(sum(inside.mapped("quantity")), line.on_hand)
                found = self.env["immex.stock.balance.place"].search(
                    balance.action_places()["domain"]
                )
                self.assertEqual(found, line.place_ids)
        # made again, not twice
        balance.action_run()
        self.assertEqual(len(self._line(balance).place_ids), 3)

    def test_findings_of_the_part(self):
        self._import()
        self._transfer("outgoing", "2026-10-04", [(self.material, 5)])
        self._run()
        line = self._line(self._compare())
        self.assertTrue(line.finding_count)
        found = line.action_findings()
        findings = self.env["immex.finding"]
        findings = (
            findings.browse(found["res_id"])
            if "res_id" in found
            else findings.search(found["domain"])
        )
        self.assertEqual(len(findings), line.finding_count)
        self.assertEqual(findings.product_id, self.material)

    def _unexplained(self):
        """A receipt that the last run of the discharge has not seen."""
        self._import()
        self._run()
        self._transfer("incoming", "2026-10-07", [(self.material, 3)])
        return self._compare()

    def test_what_is_left_stays_explained(self):
        balance = self._unexplained()
        line = self._line(balance)
        self.assertEqual(self._figures(balance)["unexplained"], "-3")
        self.assertEqual(line.state, "open")
        with self.assertRaises(UserError):
            line.action_explain()
        line.explanation = "Arrived tonight"
        line.action_explain()
        balance.action_run()
        self.assertEqual(self._line(balance).state, "explained")
        self.assertEqual(self._line(balance).explanation, "Arrived tonight")
        self.assertEqual(self._line(self._compare()).state, "explained")
        # another quantity is another fact
        self._transfer("incoming", "2026-10-08", [(self.material, 1)])
        balance.action_run()
        line = self._line(balance)
        self.assertEqual((line.state, line.explanation), ("open", "Arrived tonight"))
        # and once the run has seen them, nothing is left
        self._run()
        balance.action_run()
        self.assertEqual(self._line(balance).state, "agrees")

    def test_figures_sum_exactly(self):
        self._import(quantity=100.1, received=99.7)
        self._order(self.product, 3, "2026-10-05", [(self.material, 33.33)])
        export = self._pedimento("RT", "2", "2026-10-10", [(self.product, 1)])
        self._transfer("outgoing", "2026-10-10", [(self.product, 1)], export)
        self._run()
        figures = self._figures(self._compare())
        total = sum(Decimal(figures.get(name, 0)) for name in EXPLAINING)
        self.assertEqual(
            Decimal(figures["customs_balance"]) - Decimal(figures["on_hand"]), total
        )
        self.assertNotIn("unexplained", figures)

    def test_another_company_sees_nothing(self):
        self._import()
        self._run()
        other = self.env["res.company"].create({"name": "Otra"})
        user = new_test_user(
            self.env,
            "immex_elsewhere",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        balance = self._compare()
        self.assertTrue(balance.line_ids)
        theirs = self.env(user=user.id, context={"allowed_company_ids": other.ids})
        self.assertFalse(theirs["immex.stock.balance"].search([]))
        self.assertFalse(theirs["immex.stock.balance.line"].search([]))
        self.assertTrue(balance.line_ids.place_ids)
        self.assertFalse(theirs["immex.stock.balance.place"].search([]))
        own = theirs["immex.stock.balance"].create({"date": "2026-10-31"})
        own.action_run()
        self.assertEqual(own.state, "done")
        self.assertFalse(own.line_ids)

    def test_roles(self):
        balance = self._unexplained()
        reader, manager = (
            new_test_user(
                self.env,
                f"immex_balance_{role}",
                groups=f"immex_compliance.group_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for role in ("user", "manager")
        )
        with self.assertRaises(AccessError):
            balance.with_user(reader).action_run()
        with self.assertRaises(AccessError):
            self._line(balance).with_user(reader).write({"explanation": "x"})
        with self.assertRaises(AccessError):
            balance.with_user(manager).write({"state": "draft"})
        line = self._line(balance).with_user(manager)
        with self.assertRaises(AccessError):
            line.write({"unexplained": 0})
        stranger = new_test_user(self.env, "immex_stranger", groups="base.group_user")
        with self.assertRaises(UserError):
            line.write({"user_id": stranger.id})
        line.write({"explanation": "x", "user_id": reader.id})
        line.action_explain()
        balance.with_user(manager).action_run()
        self.assertEqual(self._line(balance).state, "explained")

    def test_workbook_holds_no_formula(self):
        self.material.default_code = "=1+1"
        balance = self._unexplained()
        stream = io.BytesIO()
        balance._write_xlsx(stream)
        with zipfile.ZipFile(stream) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertNotIn("<f>", sheet)
        self.assertIn("=1+1", sheet)
        self.assertIn("<v>-3</v>", sheet)

    def test_in_the_background(self):
        self._import()
        self._run()
        balance = self.env["immex.stock.balance"].create({"date": "2026-10-31"})
        job = self.env["immex.job"]._enqueue(
            self.company, "stock_balance", "x", stock_balance_id=balance.id
        )
        job._run_now()
        self.assertEqual((job.state, balance.state), ("done", "done"))
        self.assertEqual(self._line(balance).customs_balance, 100)


@tagged("post_install", "-at_install")
class TestStockBalanceDownload(HttpCase):
    def test_own_rights(self):
        company = self.env["res.company"].create({"name": "Arneses"})
        balance = self.env["immex.stock.balance"].create(
            {"date": "2026-10-31", "company_id": company.id}
        )
        balance.action_run()
        for name, companies, group, status in (
            ("immex_in", company, "immex_compliance.group_user", 200),
            ("immex_out", self.env.company, "immex_compliance.group_manager", 404),
            ("immex_not", company, "base.group_user", 403),
        ):
            with self.subTest(name=name):
                new_test_user(
                    self.env,
                    name,
                    groups=group,
                    company_id=companies.id,
                    company_ids=[(6, 0, companies.ids)],
                )
                self.authenticate(name, name)
                answer = self.url_open(f"/immex/stock_balance/{balance.id}/xlsx")
                self.assertEqual(answer.status_code, status)
                self.assertEqual(answer.content[:2] == b"PK", status == 200)
