# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from ..definitions import REPORTS
from .common import ReportCase


@tagged("post_install", "-at_install")
class TestValueReports(ReportCase):
    def _rows(self, code):
        report = REPORTS[code]
        self.env.cr.execute(
            report.select,
            report.parameters(self.company.id, "2026-10-01", "2026-10-31"),
        )
        names = [column.name for column in report.columns]
        return [
            dict(zip(names, report.values(row), strict=True))
            for row in self.env.cr.fetchall()
        ]

    def test_a_year_by_value_is_reported_by_value(self):
        self._month()
        self.assertEqual(self._rows("saldos_valor"), [])
        self._by_value()
        taken = self._rows("descargos_valor")
        left = self._rows("saldos_valor")
        self.assertTrue(taken)
        self.assertTrue(left)
        self.assertEqual({row["moneda"] for row in taken + left}, {"USD"})
        # 160 pieces of two dollars came
        self.assertEqual(
            sum(row["valor"] for row in taken) + sum(row["saldo"] for row in left), 320
        )
        run = self._new_run("saldos_valor")
        run.action_screen()
        self.assertEqual(run.row_count, len(left))

    def test_what_is_used_up_expires_no_more(self):
        """Two layers of one pedimento and tariff item, as remesas make them, with terms
        of their own: the one that expired has nothing left."""
        other = self._product("MAT-2", "material")
        paper = self._pedimento(
            "IN", "1", "2026-10-01", [(self.material, 10), (other, 10)]
        )
        self._pedimento("RT", "2", "2026-10-05", [(self.material, 10)])
        self._by_value()
        first, second = self.env["immex.layer"].search(
            [("pedimento_id", "=", paper.id)], order="peps_key"
        )
        first.term_end, second.term_end = "2026-10-15", "2028-04-01"
        self.env.flush_all()
        [row] = self._rows("saldos_valor")
        self.assertEqual((row["saldo"], str(row["vence"])), (20, "2028-04-01"))
        self.assertIs(row["vencido"], False)
