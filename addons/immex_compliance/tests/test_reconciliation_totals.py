# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.tests import tagged

from .reconciliation_case import ReconciliationCase


@tagged("post_install", "-at_install")
class TestReconciliationTotals(ReconciliationCase):
    """Amounts of the partidas (557) against the pedimento's (510), on each side."""

    def setUp(self):
        super().setUp()
        self.pedimento = self.env["immex.pedimento"].search(
            [("document", "=", "6000001"), ("company_id", "=", self.company.id)]
        )
        self.partidas = self.pedimento.partida_ids.sorted("sequence")

    def _both(self, code, form, amount, partida=0):
        """The same amount on both sides: of the pedimento, or of a partida."""
        self._here(code, form, amount, partida)
        self._there(code, form, amount, partida)

    def _here(self, code, form, amount, partida=0):
        self.env["immex.pedimento.contribution"].create(
            {
                "pedimento_id": self.pedimento.id,
                "partida_id": partida and self.partidas[partida - 1].id,
                "company_id": self.company.id,
                "kind": "amount",
                "code": code,
                "payment_form": form,
                "amount": amount,
            }
        )

    def _there(self, code, form, amount, partida=0):
        row = {"ClaveContribucion": code, "FormaPago": form, "ImportePago": str(amount)}
        of = self._partida(partida) if partida else self._row("501")
        self.tables["557" if partida else "510"].append(dict(of) | row)

    def _sums(self):
        self._government()
        run = self._reconcile()
        return run, [found for found in self._found(run) if found[0] == "total"]

    def test_they_add_up(self):
        """150.40 and 149.60: each row is rounded, up to a peso a row is nothing."""
        self._both("3", "21", 150, 1)
        self._both("3", "21", 150, 2)
        self._both("3", "21", 302)
        run, sums = self._sums()
        self.assertFalse(sums)
        self.assertEqual(run.share, 100)

    def test_more_than_a_peso_a_row(self):
        self._both("3", "21", 150, 1)
        self._both("3", "21", 150, 2)
        self._both("3", "21", Decimal("302.01"))
        run, sums = self._sums()
        told = ("6000001", 0, "3", "", "300", "302.01")
        self.assertEqual(
            sums, [("total", "sum_here", *told), ("total", "sum_there", *told)]
        )
        line = run.line_ids.filtered(lambda line: line.kind == "sum_there")
        self.assertEqual((line.form, self._difference(line)), ("21", Decimal("-2.01")))
        self.assertEqual(line.pedimento_id, self.pedimento)
        # the two sides say the same: it takes nothing from the share
        self.assertEqual(run.share, 100)

    def test_the_setting(self):
        self.company.immex_sum_tolerance = 0
        self._both("3", "21", 150, 1)
        self._both("3", "21", 151)
        self.assertEqual(len(self._sums()[1]), 2)
        self.company.immex_sum_tolerance = 1
        self.assertFalse(self._reconcile().line_ids)

    def test_one_side_alone(self):
        self._both("3", "21", 150, 1)
        self._here("3", "21", 140)
        self._there("3", "21", 150)
        _run, sums = self._sums()
        self.assertEqual(
            sums, [("total", "sum_here", "6000001", 0, "3", "", "150", "140")]
        )

    def test_by_form_of_payment(self):
        """The same sum in another form is not the same."""
        self._both("3", "21", 150, 1)
        self._both("3", "0", 150)
        _run, sums = self._sums()
        self.assertEqual(
            [(found[1], *found[6:]) for found in sums],
            [
                ("sum_here", "0", "150"),
                ("sum_here", "150", "0"),
                ("sum_there", "0", "150"),
                ("sum_there", "150", "0"),
            ],
        )

    def test_contributions_of_the_pedimento_alone(self):
        """DTA (1) has no partida, 9 may be at either level (Anexo 22, Appendix 12)."""
        self._both("1", "0", 400)
        self._both("9", "0", 400)
        self.assertFalse(self._sums()[1])

    def test_amounts_of_one_level_alone(self):
        """Where table 510 did not come, and the books tell none either."""
        self._both("3", "21", 150, 1)
        self.pedimento.contribution_ids.filtered(
            lambda row: row.kind == "amount" and not row.partida_id
        ).unlink()
        del self.tables["510"]
        self.assertFalse(self._sums()[1])

    def test_of_a_pedimento_that_only_one_side_has(self):
        self._both("3", "21", 150, 1)
        self._both("3", "21", 170)
        self.pedimento.state = "cancelled"
        run, sums = self._sums()
        self.assertEqual([found[1] for found in sums], ["sum_there"])
        self.assertEqual(len(run.line_ids), 2)

    def test_an_explanation_holds(self):
        self._there("3", "21", 170)
        self._there("3", "21", 150, 1)
        run, _sums = self._sums()
        line = run.line_ids.filtered(lambda line: line.level == "total")
        line.explanation = "As paid"
        line.action_explain()
        run.action_run()
        self.assertEqual((line.exists(), line.state), (line, "explained"))
