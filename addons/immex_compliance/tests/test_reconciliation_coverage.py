# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.tests import BaseCase, tagged

from ..models.reconciliation import coverage
from .common import m3_file, m3_partida
from .reconciliation_case import ReconciliationCase

LOADED = date(2026, 12, 31)
PAID = (date(2026, 1, 5), date(2026, 2, 10))


@tagged("post_install", "-at_install")
class TestCoverage(BaseCase):
    """Of which days a file tells."""

    def _of(self, name="77.zip", summaries=(), payments=PAID, loaded=LOADED):
        covered = coverage.of_file(name, summaries, payments, loaded)
        return coverage.gaps(covered, date(2026, 1, 1), date(2026, 4, 30))

    def test_months_of_the_payments(self):
        self.assertEqual(self._of(), [(date(2026, 3, 1), date(2026, 4, 30))])

    def test_a_period_in_the_name(self):
        for name in (
            "ds_20260105-20260315.zip",
            "2026-01-05_2026-03-15.zip",
            "RFC 2026.01.05 a 2026.03.15.zip",
        ):
            with self.subTest(name=name):
                self.assertEqual(
                    self._of(name),
                    [
                        (date(2026, 1, 1), date(2026, 1, 4)),
                        (date(2026, 3, 16), date(2026, 4, 30)),
                    ],
                )
        one = (date(2026, 2, 3), date(2026, 2, 10))
        for name in ("2026-02.zip", "RFC_202602.zip"):
            with self.subTest(name=name):
                self.assertEqual(
                    self._of(name, payments=one),
                    [
                        (date(2026, 1, 1), date(2026, 1, 31)),
                        (date(2026, 3, 1), date(2026, 4, 30)),
                    ],
                )

    def test_a_name_that_is_no_period(self):
        months = [(date(2026, 3, 1), date(2026, 4, 30))]
        for name in (
            "2026-03.zip",  # its payments are of other months
            "202613.zip",
            "20260230-20260331.zip",
            "20260401-20260101.zip",
            "1202601.zip",
            "",
        ):
            with self.subTest(name=name):
                self.assertEqual(self._of(name), months)

    def test_the_summary_says_it_best(self):
        row = {"Fecha_Inicial": "2026-01-01 00:00:00", "Fecha_Final": "2026/04/15"}
        self.assertEqual(
            self._of("2026-01.zip", [row]), [(date(2026, 4, 16), date(2026, 4, 30))]
        )
        # what came after it was made is not in it
        row["Fecha_Ejecucion"] = "2026-03-31 09:00:00"
        self.assertEqual(
            self._of("2026-01.zip", [row]), [(date(2026, 4, 1), date(2026, 4, 30))]
        )
        for strange in (
            {},
            {"Fecha_Inicial": 7, "Fecha_Final": ""},
            row | {"Fecha_Final": "x"},
        ):
            with self.subTest(strange=strange):
                self.assertEqual(
                    self._of(summaries=[strange]),
                    [(date(2026, 3, 1), date(2026, 4, 30))],
                )

    def test_not_after_it_was_loaded(self):
        self.assertEqual(
            self._of(loaded=date(2026, 2, 20)), [(date(2026, 2, 21), date(2026, 4, 30))]
        )
        # a clock that is wrong takes no payment away
        self.assertEqual(
            self._of(loaded=date(2020, 1, 1)),
            [
                (date(2026, 1, 1), date(2026, 1, 4)),
                (date(2026, 2, 11), date(2026, 4, 30)),
            ],
        )

    def test_gaps_between_periods(self):
        days = [date(2026, 1, day) for day in range(1, 32)]
        self.assertEqual(
            coverage.gaps(
                [(days[9], days[14]), (days[11], days[12]), (days[15], days[19])],
                days[0],
                days[30],
            ),
            [(days[0], days[8]), (days[20], days[30])],
        )
        self.assertEqual(coverage.gaps([], days[0], days[0]), [(days[0], days[0])])


@tagged("post_install", "-at_install")
class TestReconciliationCoverage(ReconciliationCase):
    """What no file tells of is not missing there."""

    def test_months_without_a_file(self):
        self._load(
            m3_file(
                ([m3_partida()], {"document": "6000011", "paid": date(2026, 11, 9)}),
                name="m3456002.275",
            ),
            name="m3456002.275",
        )
        self._government()
        run = self._reconcile("2026-10-01", "2026-12-31")
        self.assertFalse(run.line_ids)
        self.assertEqual((run.uncovered_count, run.share), (1, 100))
        self.assertEqual(run.gaps, "Nov 2026 - Dec 2026")
        # a file of November: now it is missing there
        self.tables["Resumen"] = [
            {"Fecha_Inicial": "2026-11-01", "Fecha_Final": "2026-11-30"}
        ]
        self._government(name="80.zip")
        run.action_run()
        self.assertEqual(
            [(line.kind, line.number15[-7:]) for line in run.line_ids],
            [("missing_there", "6000011")],
        )
        self.assertEqual(run.uncovered_count, 0)
        run.invalidate_recordset(["gaps"])
        # the file of October has no Resumen any more that covers it
        self.assertEqual(run.gaps, "Dec 2026")

    def test_what_the_files_have_is_compared_wherever_it_is(self):
        """What only the files have is missing here, with or without gaps."""
        extra = {table: list(rows) for table, rows in self.tables.items()}
        self.env["immex.pedimento"].search(
            [("document", "=", "6000002"), ("company_id", "=", self.company.id)]
        ).state = "cancelled"
        self._government(extra)
        run = self._reconcile("2026-09-01", "2026-12-31")
        self.assertEqual(run.line_ids.mapped("kind"), ["missing_here"])

    def test_the_programme_shows_the_share(self):
        self.assertFalse(self.program.reconciliation_id)
        self._partida(1)["ValorAduana"] = "1"
        self._government()
        run = self._reconcile()
        self.program.invalidate_recordset()
        self.assertEqual(self.program.reconciliation_id, run)
        self.assertEqual(self.program.reconciliation_share, run.share)
        self.assertTrue(0 < run.share < 100)
        self.assertEqual(self.program.action_open_reconciliation()["res_id"], run.id)
