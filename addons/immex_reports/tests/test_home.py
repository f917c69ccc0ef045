# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..definitions import REPORTS
from .common import ReportCase

CENT = Decimal("0.01")
TODAY = date(2028, 2, 20)  # the imports of October 2026 expire in April 2028


def cents(fraction):
    """A fraction of pesos as cents, half up."""
    quotient, rest = divmod(fraction.numerator * 100, fraction.denominator)
    whole = quotient + (2 * rest >= fraction.denominator)
    return (Decimal(whole) / 100).quantize(CENT, ROUND_HALF_UP)


class HomeCase(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "home_reader",
            groups="immex_compliance.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _home(self, user=None, today=TODAY, company=None):
        company = company or self.company
        return (
            self.env["immex.home"]
            .with_user(user or self.user)
            .with_context(allowed_company_ids=company.ids, immex_at_date=str(today))
        )

    def _cards(self, **values):
        sections = self._home(**values).figures()["sections"]
        return {card["key"]: card for part in sections for card in part["cards"]}

    def _charts(self, **values):
        return {chart["key"]: chart for chart in self._home(**values).charts()}

    def _declare(self, pedimento, *contributions):
        """(code, form of payment, amount) of the first partida."""
        self.env["immex.pedimento.contribution"].create(
            [
                {
                    "pedimento_id": pedimento.id,
                    "partida_id": pedimento.partida_ids[0].id,
                    "company_id": self.company.id,
                    "kind": "amount",
                    "code": code,
                    "payment_form": form,
                    "amount": amount,
                }
                for code, form, amount in contributions
            ]
        )

    def _opened(self, action, user=None):
        """The records that an action shows to the reader."""
        self.assertEqual(action["type"], "ir.actions.act_window")
        return (
            self.env[action["res_model"]]
            .with_user(user or self.user)
            .with_context(allowed_company_ids=self.company.ids)
            .search(action["domain"])
        )


@tagged("post_install", "-at_install")
class TestHome(HomeCase):
    """The figures against plain counting, and what they open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stakes = (
            (("6", "5", 701), ("3", "21", 1001), ("1", "0", 500), ("2", "5", 33)),
            (
                *(("6", "5", 97), ("3", "21", 1001), ("2", "5", 33)),
                *(("3", "0", 555), ("24", "22", 13)),
            ),
        )

    def setUp(self):
        super().setUp()
        self._month()
        imports = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("operation_type", "=", "1")],
            order="payment_date",
        )
        for pedimento, stakes in zip(imports, self.stakes, strict=True):
            self._declare(pedimento, *stakes)
        self.imports = imports

    def _layers(self):
        return self.env["immex.layer"].search(
            [
                ("company_id", "=", self.company.id),
                ("customs_status", "=", "temporary"),
            ]
        )

    def _stake(self, layer, forms=("5", "6", "21", "22")):
        """Deferred pesos of what is left of a layer, by contribution, in fractions."""
        left = Fraction(str(layer.quantity)) - Fraction(str(layer.qty_discharged))
        part = Fraction(str(layer.customs_value)) / Fraction(
            str(layer.partida_id.customs_value)
        )
        found = Counter()
        for tax in layer.partida_id.contribution_ids:
            if tax.kind == "amount" and tax.payment_form in forms:
                name = {"6": "igi", "3": "iva", "2": "cc"}.get(tax.code, "other")
                share = Fraction(str(tax.amount)) * part * left
                found[name] += cents(share / Fraction(str(layer.quantity)))
        return found

    def test_every_figure_counts_what_it_opens(self):
        cards = self._cards()
        self.assertEqual(len(cards), 9)
        for key, card in cards.items():
            with self.subTest(card=key):
                self.assertEqual(len(self._opened(card["action"])), card["count"])
        for chart in self._charts().values():
            for dataset in chart["datasets"]:
                rows = zip(dataset["values"], dataset["actions"], strict=True)
                for value, action in rows:
                    opened = self._opened(action)
                    if chart["key"] != "taxes":
                        self.assertEqual(bool(value), bool(opened))

    def test_findings_and_shortages(self):
        cards = self._cards()
        findings = self.env["immex.finding"].search(
            [("company_id", "=", self.company.id)]
        )
        todo = [row for row in findings if row.state in ("open", "progress")]
        self.assertTrue(todo)
        self.assertEqual(cards["findings"]["count"], len(todo))
        critical = sum(row.severity == "1_critical" for row in todo)
        self.assertIn(f"Critical: {critical}", cards["findings"]["details"])
        self.assertEqual(
            cards["findings"]["level"], "danger" if critical else "warning"
        )
        self.assertEqual(cards["shortages"]["count"], 0)
        self.assertEqual(cards["shortages"]["level"], "ok")
        # more leaves than came in
        late = self._pedimento("RT", "2", "2026-10-28", [(self.material, 500)])
        self._transfer("outgoing", "2026-10-28", [(self.material, 500)], late)
        self._run()
        cards = self._cards()
        short = [
            row
            for row in self.env["immex.requirement"].search(
                [("company_id", "=", self.company.id)]
            )
            if row.qty_shortage > 0 and not row.superseded_run_id
        ]
        self.assertTrue(short)
        self.assertEqual(cards["shortages"]["count"], len(short))
        self.assertEqual(cards["shortages"]["level"], "danger")

    def test_expiry_with_money(self):
        """Expired; within 30, 60, 90 days by the safe date; exact pesos."""
        layers = self._layers()
        open_layers = [row for row in layers if row.quantity > row.qty_discharged]
        self.assertTrue(open_layers)
        due = min(layer.term_safe_date for layer in open_layers)
        for today in (
            due,
            due - timedelta(30),
            due - timedelta(45),
            due + timedelta(9),
        ):
            cards = self._cards(today=today)
            expected = {"expired": [r for r in open_layers if r.term_end < today]}
            for days in (30, 60, 90):
                expected[f"within_{days}"] = [
                    row
                    for row in open_layers
                    if row.term_end >= today
                    and row.term_safe_date <= today + timedelta(days)
                ]
            for key, rows in expected.items():
                with self.subTest(today=today, card=key):
                    self.assertEqual(cards[key]["count"], len(rows))
                    stake = sum(map(self._stake, rows), Counter())
                    told = cards[key]["amounts"]
                    self.assertEqual(Decimal(told["total"]), sum(stake.values()))
                    for tax, amount in stake.items():
                        self.assertEqual(Decimal(told[tax]), amount)
        # what is left of the second import alone; the VAT that was paid is not in it
        (layer,) = open_layers
        self.assertEqual(layer.pedimento_id, self.imports[1])
        left = Fraction(str(layer.quantity)) - Fraction(str(layer.qty_discharged))
        card = self._cards(today=layer.term_end + timedelta(1))["expired"]
        self.assertEqual(
            card["amounts"],
            {
                "igi": str(cents(97 * left / 60)),
                "iva": str(cents(1001 * left / 60)),
                "cc": str(cents(33 * left / 60)),
                "other": str(cents(13 * left / 60)),
                "total": str(
                    sum(cents(whole * left / 60) for whole in (97, 1001, 33, 13))
                ),
            },
        )

    def test_the_cent_that_a_discharge_took(self):
        """Half of 1.01 left with 0.51: what is left is 0.50, as the balances say."""
        part = self._product("CENT", "material")
        paper = self._pedimento("IN", "1", "2026-10-03", [(part, 2)])
        partida = paper.partida_ids
        partida.customs_value = partida.goods_ids.customs_value = 1.01
        self._pedimento("RT", "2", "2026-10-20", [(part, 1)])
        self._run()
        report = self._new_run("saldos")
        report._fill()
        column = [column.name for column in REPORTS["saldos"].columns].index(
            "saldo_aduana"
        )
        (balance,) = self._charts(today=date(2026, 11, 28))["balance"]["datasets"]
        self.assertEqual(
            sum(map(Decimal, balance["amounts"])),
            sum(row[column] for row in report._rows()),
        )

    def test_charts(self):
        charts = self._charts(today=date(2026, 11, 28))
        values, stakes = Counter(), {}
        for layer in self._layers():
            left = Fraction(str(layer.quantity)) - Fraction(str(layer.qty_discharged))
            if left:
                month = f"{layer.term_end:%Y-%m}"
                whole = Fraction(str(layer.customs_value))
                values[month] += cents(whole * left / Fraction(str(layer.quantity)))
                for tax, amount in self._stake(layer).items():
                    stakes.setdefault(tax, Counter())[month] += amount
        (balance,) = charts["balance"]["datasets"]
        self.assertEqual(
            sum(map(Decimal, balance["amounts"])), sum(values.values(), Decimal(0))
        )
        label = charts["balance"]["labels"].index("Apr 28")
        self.assertEqual(Decimal(balance["amounts"][label]), values["2028-04"])
        names = {"IGI": "igi", "IVA": "iva", "Countervailing duty": "cc"}
        for dataset in charts["taxes"]["datasets"]:
            tax = stakes[names.get(dataset["label"], "other")]
            self.assertEqual(Decimal(dataset["amounts"][label]), tax["2028-04"])
        imports, returns = charts["flow"]["datasets"]
        october = charts["flow"]["labels"].index("Oct 26")
        self.assertEqual(
            Decimal(imports["amounts"][october]),
            sum(Decimal(str(layer.customs_value)) for layer in self._layers()),
        )
        returned = self.env["immex.discharge"].search(
            [("company_id", "=", self.company.id), ("superseded_run_id", "=", False)]
        )
        self.assertIn("destruction", returned.exit_line_id.mapped("kind"))
        self.assertEqual(
            Decimal(returns["amounts"][october]),
            sum(
                Decimal(str(row.customs_value))
                for row in returned
                if row.exit_line_id.kind in ("return", "transfer")
                and row.layer_id.customs_status == "temporary"
            ),
        )
        self.assertFalse(any(chart["empty"] for chart in charts.values()))

    def test_past_48_hours(self):
        """End of clearance against registration; by hour, by day, by the setting."""
        first, second = self.imports
        other = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("id", "not in", self.imports.ids)]
        )
        other.registered_at = "2026-10-01 00:00:00"
        # cleared at ten in Mexico City, which keeps UTC-6
        first.write(
            {
                "cleared_at": "2026-10-01 16:00:00",
                "registered_at": "2026-10-03 16:00:01",
            }
        )
        # paid on the fifth: presumed cleared at its end, 06:00 UTC of the sixth
        second.registered_at = "2026-10-08 06:00:00"
        card = self._cards(today=date(2026, 10, 20))["late"]
        self.assertEqual(card["count"], 1)
        self.assertEqual(self._opened(card["action"]), first)
        self.assertIn("Of 3 pedimentos", card["details"][0])
        self.company.immex_update_hours = 24
        card = self._cards(today=date(2026, 10, 20))["late"]
        self.assertEqual(self._opened(card["action"]), first | second)
        self.assertEqual(
            self.imports.filtered("registered_late"), first | second, "as computed"
        )
        # long ago
        card = self._cards(today=date(2026, 12, 20))["late"]
        self.assertEqual((card["count"], card["level"]), (0, "none"))

    def test_last_run(self):
        run = self.env["immex.discharge.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        card = self._cards()["run"]
        self.assertEqual(card["action"]["res_id"], run.id)
        self.assertEqual(card["level"], "ok")
        run.started_at = fields.Datetime.now() - timedelta(hours=30)
        self.assertEqual(self._cards()["run"]["level"], "warning")
        run.state = "failed"
        self.assertEqual(self._cards()["run"]["level"], "danger")

    def test_agreement(self):
        self.assertEqual(self._cards()["agreement"]["level"], "none")
        reconciliation = self.env["immex.reconciliation"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
            }
        )
        reconciliation._run()
        card = self._cards()["agreement"]
        self.assertEqual(card["count"], reconciliation.open_count)
        self.assertIn(f"{reconciliation.share:.2f}", card["value"])
        self.assertEqual(len(self._opened(card["action"])), card["count"])


@tagged("post_install", "-at_install")
class TestHomeRights(HomeCase):
    def test_who_may_look(self):
        for groups in ("base.group_user", "base.group_portal"):
            user = new_test_user(
                self.env,
                f"home_{groups[-6:]}",
                groups=groups,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for method in ("figures", "charts"):
                with self.assertRaises(AccessError):
                    getattr(self._home(user=user), method)()
        authority = new_test_user(
            self.env, "home_authority", groups="immex_compliance.group_authority"
        )
        with self.assertRaises(AccessError):
            self.env["immex.home"].with_user(authority).figures()

    def test_another_company(self):
        """The active company alone, and none that is not the user's."""
        self._month()
        other = self.env["res.company"].create({"name": "Otra"})
        self.user.company_ids |= other
        cards = self._cards(company=other)
        self.assertFalse(any(card["count"] for card in cards.values()))
        self.assertTrue(self._cards(company=self.company | other)["run"]["count"])
        self.assertFalse(self._cards(company=other | self.company)["run"]["count"])
        stranger = new_test_user(
            self.env,
            "home_stranger",
            groups="immex_compliance.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self._home(user=stranger).figures()

    def test_nothing_there_says_what_to_do(self):
        figures = self._home().figures()
        self.assertIn("Load a Customs File", figures["notice"]["text"])
        for chart in self._home().charts():
            self.assertTrue(chart["empty"])
        self.env["immex.program"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self.assertIn("programme", self._home().figures()["notice"]["text"])

    def test_who_may_is_led_by_the_assistant(self):
        manager = new_test_user(
            self.env,
            "home_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        assistant = "immex_compliance.action_immex_setup"
        notice = self._home(user=manager).figures()["notice"]
        self.assertEqual(notice["action"], assistant)
        self.assertIn("Load a Customs File", notice["text"])
        setup = self.env["immex.setup"].create({"company_id": self.company.id})
        self.assertIn("setup", self._home(user=manager).figures()["notice"]["text"])
        # who may not set up is told what is missing
        notice = self._home().figures()["notice"]
        self.assertNotEqual(notice["action"], assistant)
        setup.finished_at = "2026-10-01"
        notice = self._home(user=manager).figures()["notice"]
        self.assertIn("Load a Customs File", notice["text"])

    def test_read_in_a_transaction_that_cannot_write(self):
        self._month()
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL transaction_read_only = on")
        self._home().figures()
        self._home().charts()
