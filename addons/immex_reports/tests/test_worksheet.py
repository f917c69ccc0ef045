# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.tests import new_test_user, tagged

from odoo.addons.immex_compliance.tests.scccyg_case import ScccygCase

from ..definitions import REPORTS


@tagged("post_install", "-at_install")
class TestWorksheet(ScccygCase):
    """The worksheet of Anexo 30 sums to the reports, cent by cent."""

    def _rows(self, first="2026-10-01", last="2026-10-31"):
        run = self.env["immex.report.run"].create(
            {
                "company_id": self.company.id,
                "code": "anexo30",
                "date_from": first,
                "date_to": last,
            }
        )
        run._fill()
        names = [column.name for column in REPORTS["anexo30"].columns]
        return [dict(zip(names, row, strict=True)) for row in run._rows()]

    def _sums_to(self, report, rows):
        """The report's goods are the sums of the rows."""
        report.action_compute()
        sums = {}
        for row in rows:
            if row["valor"]:
                key = row["fraccion"], row["activo_fijo"]
                sums[key] = sums.get(key, 0) + row["valor"]
        self.assertEqual(
            {
                (goods.fraccion, goods.fixed_asset): round(Decimal(goods.value), 2)
                for goods in report.goods_ids
            },
            sums,
        )

    def test_sums_and_what_is_left_out(self):
        before = self._history()
        rows = self._rows()
        self.assertEqual(
            [(row["valor"], row["inicial"], row["forma_pago"]) for row in rows],
            [(Decimal("100.00"), True, "0"), (Decimal("14.29"), False, "21")],
        )
        self.assertEqual(rows[0]["pedimento_importacion"], before.number)
        self.assertEqual({row["destino"] for row in rows}, {"Retorno"})
        report = self._report()
        self._sums_to(report, rows)
        # of November, what paid its VAT is left out
        rows = self._rows("2026-11-01", "2026-11-30")
        self.assertEqual(
            [
                (row["valor"], row["valor_excluido"], row["motivo"], row["forma_pago"])
                for row in rows
            ],
            [
                (Decimal("85.71"), 0, None, "21"),
                (
                    0,
                    Decimal("42.86"),
                    "Sin cargo: no se pagó con forma 21 ni 22 (II-a-2)",
                    "0",
                ),
            ],
        )
        self._sums_to(self._report(number=11), rows)
        layer = self.env["immex.layer"].search(
            [
                ("company_id", "=", self.company.id),
                ("pedimento_id.payment_date", "=", "2026-10-06"),
            ]
        )
        layer.term_end = "2026-10-31"
        rows = self._rows()
        self.assertEqual(
            [row["motivo"] for row in rows],
            [None, "El plazo de retorno vence en el periodo (III-d)"],
        )
        self._sums_to(report, rows)
        self.assertEqual(rows[1]["valor_excluido"], Decimal("14.29"))
        self.assertEqual(report.left_out, 14.29)
        self.layout.account = "guarantee"
        self.assertEqual(
            [row["motivo"] for row in self._rows()],
            [None, "Forma de pago de otra cuenta (III-i)"],
        )
        self.layout.unlink()
        self.assertEqual(
            {row["motivo"] for row in self._rows()}, {"Sin configuración del SCCCyG"}
        )

    def test_a_rectification_and_a_partida_of_another_form(self):
        self._rectified(self._history(), "2026-11-15")
        self._mixed()
        rows = self._rows()
        self._sums_to(self._report(), rows)
        self.assertEqual(
            sorted(
                (row["valor"], row["valor_excluido"], row["inicial"]) for row in rows
            ),
            [
                (0, Decimal("30.00"), False),
                (Decimal("14.29"), 0, False),
                (Decimal("100.00"), 0, False),
                (Decimal("100.00"), 0, True),
            ],
        )

    def test_button(self):
        self._history()
        report = self._report()
        user = new_test_user(
            self.env,
            "looks",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        action = report.with_user(user).action_worksheet()
        lines = self.env[action["res_model"]].with_user(user).search(action["domain"])
        self.assertEqual(len(lines), 2)
        other = self._report(destination="transfer").action_worksheet()
        self.assertFalse(self.env[other["res_model"]].search(other["domain"]))
