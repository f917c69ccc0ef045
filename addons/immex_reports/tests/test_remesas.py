# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.immex_compliance.tests.test_remesa import RemesaCase

from ..definitions import REPORTS


@tagged("post_install", "-at_install")
class TestRemesaReports(RemesaCase):
    """A consolidated pedimento in the reports: open, then closed."""

    def _values(self, code, *names):
        run = self.env["immex.report.run"].create(
            {
                "company_id": self.company.id,
                "code": code,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
            }
        )
        run._fill()
        columns = [column.name for column in REPORTS[code].columns]
        return [
            tuple(row[columns.index(name)] for name in names) for row in run._rows()
        ]

    def test_import(self):
        pedimento = self._open()
        for day in ("2026-10-05", "2026-10-07"):
            self._remesa(pedimento, day, [(self.material, 50)])
        self._exit("2026-10-08", 60)
        self._run()
        self.assertFalse(self._values("entradas", "partida"))
        self.assertEqual(
            self._values("descargos", "partida", "cantidad"),
            [(None, Decimal(50)), (None, Decimal(10))],
        )
        self.assertEqual(
            self._values("saldos", "partida", "saldo"), [(None, Decimal(40))]
        )
        self._close(pedimento, [(self.material, 100)])
        self._run()
        # the partida once, whatever its remesas
        self.assertEqual(
            self._values("entradas", "partida", "cantidad_umc", "valor_usd"),
            [(1, Decimal(100), Decimal(200))],
        )
        self.assertEqual(
            self._values("descargos", "partida", "cantidad", "valor_usd"),
            [(1, Decimal(50), Decimal(100)), (1, Decimal(10), Decimal(20))],
        )
        self.assertEqual(
            self._values("saldos", "partida", "saldo", "saldo_usd"),
            [(1, Decimal(40), Decimal(80))],
        )

    def test_export(self):
        self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        pedimento = self._open("RT", "2")
        for day in ("2026-10-05", "2026-10-06", "2026-10-07"):
            self._remesa(pedimento, day, [(self.material, 1)])
        self._run()
        self.assertFalse(self._values("salidas", "cantidad"))
        self._close(pedimento, [(self.material, 3, {"value_usd": 10})])
        self._run()
        self.assertEqual(
            self._values("salidas", "fecha_fisica", "cantidad", "cantidad_umc")[0][1:],
            (Decimal(1), Decimal(1)),
        )
        self.assertEqual(
            [row[0] for row in self._values("salidas", "valor_usd")],
            [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")],
        )
