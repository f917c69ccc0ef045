# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common import ReportCase

DAYS = ("2026-10-05", "2026-10-12", "2026-10-20", "2026-10-31")


@tagged("post_install", "-at_install")
class TestKnownBalances(ReportCase):
    """What was known then against a notebook: what the report of the day said on the
    day, written down after each run."""

    def _rows(self, day, run=None):
        report = self.env["immex.report.run"].create(
            {
                "company_id": self.company.id,
                "code": "saldos_conocidos",
                "date_to": day,
                "known_run_id": run and run.id,
            }
        )
        report._fill()
        names = [column.name for column in report._report().columns]
        return [dict(zip(names, row, strict=True)) for row in report._rows()]

    def _sums(self, rows, when):
        """{(pedimento, part, tariff item, class, expiry): (quantity, value)}."""
        quantity, value = Counter(), Counter()
        suffix = "" if when == "now" else "_entonces"
        for row in rows:
            key = tuple(
                row[name]
                for name in ("pedimento", "numero_parte", "fraccion", "clase", "vence")
            )
            quantity[key] += row[f"saldo{suffix}"] or 0
            value[key] += row[f"valor{suffix}"] or 0
        return {key: (amount, value[key]) for key, amount in quantity.items() if amount}

    def _plain(self, day):
        """The oracle: balances that the books say at this moment, row by row."""
        found = {}
        self.env.flush_all()
        self.env.invalidate_all()
        layers = self.env["immex.layer"].search(
            [
                ("company_id", "=", self.company.id),
                ("customs_status", "=", "temporary"),
                ("peps_date", "<=", day),
            ]
        )
        words = {"material": "Material", "product": "Producto"}
        for layer in layers:
            left = Decimal(str(layer.quantity))
            value = Decimal(str(layer.customs_value))
            for discharge in layer.discharge_ids:
                date = discharge.exit_line_id.document_date
                if not discharge.superseded_run_id and date and str(date) <= day:
                    left -= Decimal(str(discharge.quantity))
                    value -= Decimal(str(discharge.customs_value))
            if left:
                key = (
                    layer.pedimento_id.number,
                    layer.product_id.default_code,
                    layer.fraccion,
                    words[layer.goods_class],
                    layer.term_end,
                )
                before = found.get(key, (0, 0))
                found[key] = (before[0] + left, before[1] + value)
        return found

    def _check(self, book):
        for run, told in book:
            for day, expected in told.items():
                rows = self._rows(day, run)
                self.assertEqual(self._sums(rows, "then"), expected, (run.id, day))
                self.assertEqual(self._sums(rows, "now"), self._plain(day))

    def _write_down(self, book):
        run = self.env["immex.discharge.run"]._run_company(self.company, "test")
        book.append((run, {day: self._plain(day) for day in DAYS}))

    @settings(
        max_examples=4,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        steps=st.lists(
            st.sampled_from(
                ["import", "export", "late_import", "pay_later", "more", "value"]
                + ["cancel", "tariff", "rule"]
            ),
            min_size=3,
            max_size=5,
        ),
        data=st.data(),
    )
    def _history(self, steps, data):
        point = self.env.cr.savepoint()
        try:
            book, imports, exports = [], [], []
            for number, step in enumerate(["import", *steps]):
                getattr(self, f"_do_{step}")(data.draw, number, imports, exports)
                self._write_down(book)
            self._check(book)
        finally:
            self.env.invalidate_all()
            point.rollback()
            self.env.invalidate_all()
            point.close()

    def _quantity(self, draw):
        return draw(st.integers(1, 90))

    def _do_import(self, draw, number, imports, exports, day="2026-10-02"):
        quantity = self._quantity(draw)
        pedimento = self._pedimento("IN", "1", day, [(self.material, quantity)])
        self._transfer("incoming", day, [(self.material, quantity)], pedimento)
        imports.append(pedimento)

    def _do_late_import(self, draw, number, imports, exports):
        """Loaded late: PEPS takes it before what came after it."""
        self._do_import(draw, number, imports, exports, "2026-10-01")

    def _do_export(self, draw, number, imports, exports):
        quantity = self._quantity(draw)
        day = draw(st.sampled_from(DAYS[1:3]))
        pedimento = self._pedimento("RT", "2", day, [(self.material, quantity)])
        self._transfer("outgoing", day, [(self.material, quantity)], pedimento)
        exports.append(pedimento)

    def _do_pay_later(self, draw, number, imports, exports):
        """The date of an exit's document turns out to be another."""
        if exports:
            exports[-1].payment_date = "2026-10-25"

    def _do_more(self, draw, number, imports, exports):
        goods = imports[-1].partida_ids.goods_ids
        extra = self._quantity(draw)
        goods.write({"quantity": goods.quantity + extra})

    def _do_value(self, draw, number, imports, exports):
        imports[-1].partida_ids.goods_ids.customs_value = self._quantity(draw)

    def _do_tariff(self, draw, number, imports, exports):
        imports[-1].partida_ids.fraccion = draw(
            st.sampled_from(["85369099", "85444204"])
        )

    def _do_cancel(self, draw, number, imports, exports):
        imports[-1].state = "cancelled"

    def _do_rule(self, draw, number, imports, exports):
        imports[-1].modulation_date = draw(
            st.sampled_from(["2026-10-03", "2026-10-04"])
        )

    def test_as_known_then(self):
        self._history()

    def test_before_any_run_nothing_was_known(self):
        self._do_import(lambda _s: 10, 0, [], [])
        self._run()
        # this run ended today, long after the day of the report
        (row,) = self._rows("2026-10-31")
        self.assertEqual((row["saldo_entonces"], row["saldo"]), (0, 10))
        self.assertEqual(row["diferencia_valor"], row["valor"])
        self.env.cr.execute(
            "UPDATE immex_discharge_run SET finished_at = '2026-11-01 04:00'"
            " WHERE company_id = %s",
            [self.company.id],
        )
        # 22:00 of October 31 in the plant
        (row,) = self._rows("2026-10-31")
        self.assertEqual((row["saldo_entonces"], row["diferencia"]), (10, 0))
        self.assertEqual(self._rows("2026-10-01"), [])

    def test_what_does_not_change_is_not_kept(self):
        self._month()
        versions = self.env["immex.layer.version"]
        before = versions.search_count([("company_id", "=", self.company.id)])
        self._run()
        self.assertEqual(
            versions.search_count([("company_id", "=", self.company.id)]), before
        )

    # where -----------------------------------------------------------------------
    def test_places(self):
        """130 of 160: 20 with a processor, 60 in the plant, 50 drawn by an order."""
        maker = self.env["res.partner"].create({"name": "Maquilas del Bravo"})
        program = self.env["immex.program"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "immex")]
        )
        program.site_ids = [
            Command.create(
                {
                    "kind": "plant",
                    "name": "Planta Uno",
                    "partner_id": self.company.partner_id.id,
                    "warehouse_id": self.warehouse.id,
                }
            )
        ]
        imports = []
        for quantity in (100, 60):
            imports.append(
                self._pedimento("IN", "1", "2026-10-02", [(self.material, quantity)])
            )
            self._transfer(
                "incoming", "2026-10-02", [(self.material, quantity)], imports[-1]
            )
        self._order(self.product, 50, "2026-10-08", [(self.material, 50)])
        gone = self._pedimento("RT", "2", "2026-10-09", [(self.material, 30)])
        self._transfer("outgoing", "2026-10-09", [(self.material, 30)], gone)
        self._transfer(
            "outgoing",
            "2026-10-10",
            [(self.material, 20)],
            source=self.stock,
            target=self.company.subcontracting_location_id,
            partner_id=maker.id,
        )
        run = self._run()
        rows = self._rows("2026-10-31", run)
        where = Counter()
        for row in rows:
            where[row["planta"], row["maquilador"]] += row["saldo"]
            self.assertEqual(row["saldo"], row["saldo_entonces"])
        self.assertEqual(
            where,
            {
                ("Planta Uno", None): 60,
                ("En submaquila", "Maquilas del Bravo"): 20,
                ("En proceso o sin ubicación", None): 50,
            },
        )
        # the newest layer is the one on the shelf
        shelf = [row for row in rows if row["planta"] == "Planta Uno"]
        self.assertEqual({row["pedimento"] for row in shelf}, {imports[1].number})
        plain = self._plain("2026-10-31")
        self.assertEqual(self._sums(rows, "now"), plain)
        # the day before, the processor had nothing
        before = {row["planta"] for row in self._rows("2026-10-09", run)}
        self.assertNotIn("En submaquila", before)
