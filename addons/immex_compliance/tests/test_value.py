# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import datetime

import psycopg2

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestValue(EngineCase):
    """Two parts of one tariff item, two dollars each; A came before B."""

    def setUp(self):
        super().setUp()
        self.a = self._product("A", "material")
        self.b = self._product("B", "material")
        self.record = self.env["immex.program"].create(
            {
                "company_id": self.company.id,
                "kind": "certification",
                "certification": "oea",
                "name": "OEA-1",
                "valid_from": "2024-01-01",
                "valid_to": "2027-12-31",
            }
        )

    def _method(self, year=2026, method="fraction_value", basis="automotive", **values):
        return self.env["immex.discharge.method"].create(
            {
                "company_id": self.company.id,
                "year": year,
                "method": method,
                "basis": basis,
                **values,
            }
        )

    def _import(self, product, quantity, date):
        paper = self._pedimento("IN", "1", date, [(product, quantity)])
        self._transfer("incoming", date, [(product, quantity)], paper)
        return paper

    def _exit(self, product, quantity, date):
        return self._pedimento("RT", "2", date, [(product, quantity)])

    def _run(self):
        run = super()._run()
        self.env.cr.execute(
            """
            SELECT count(*) FROM immex_value_discharge v
              JOIN immex_discharge_run r ON r.reason = 'proof'
               AND r.id IN (v.run_id, v.superseded_run_id)
            """
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0, "a full run changed something")
        return run

    def _values(self):
        """(exit year, part that left, part of the layer or None, value) in force."""
        self.env.cr.execute(
            """
            SELECT v.exit_date::text, p.default_code, q.default_code, v.value::text
              FROM immex_value_discharge v
              JOIN immex_requirement r ON r.id = v.requirement_id
              JOIN product_product p ON p.id = r.product_id
              LEFT JOIN immex_layer l ON l.id = v.layer_id
              LEFT JOIN product_product q ON q.id = l.product_id
             WHERE v.superseded_run_id IS NULL AND v.company_id = %s
             ORDER BY 1, 2, l.peps_date, l.peps_key
            """,
            (self.company.id,),
        )
        return self.env.cr.fetchall()

    def _refused(self, statement, params=()):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.Error),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, params)

    def test_a_part_discharges_the_oldest_value_of_its_tariff_item(self):
        self._import(self.a, 30, "2026-03-01")
        self._import(self.b, 100, "2026-03-02")
        self._exit(self.b, 50, "2026-04-01")
        self._method()
        self._run()
        # by part the exit takes B; by value the older A first: 60 of its 100 dollars
        self.assertEqual([row[0] for row in self._ledger()], ["B"])
        self.assertEqual(
            self._values(),
            [
                ("2026-04-01", "B", "A", "60.00"),
                ("2026-04-01", "B", "B", "40.00"),
            ],
        )

    def test_another_tariff_item_does_not_serve_and_is_short(self):
        other = self._import(self.a, 30, "2026-03-01")
        other.partida_ids.fraccion = "85444299"
        self._import(self.b, 10, "2026-03-02")
        self._exit(self.b, 15, "2026-04-01")
        self._method()
        self._run()
        self.assertEqual(
            self._values(),
            [
                ("2026-04-01", "B", "B", "20.00"),
                ("2026-04-01", "B", None, "10.00"),
            ],
        )
        finding = self._findings("value_short")
        self.assertEqual((finding.quantity, finding.expected), (10, 30))
        self.assertIn("30", finding.message)
        # the missing import comes: no finding any more
        self._import(self.b, 5, "2026-03-03")
        self._run()
        self.assertFalse(self._findings("value_short"))

    def test_pedimento_level_keeps_the_highest_rate(self):
        self.record.certification = "oea_seciit"
        paper = self._pedimento("IN", "1", "2026-03-01", [(self.a, 10), (self.b, 10)])
        self._transfer("incoming", "2026-03-01", [(self.a, 10), (self.b, 10)], paper)
        first, second = paper.partida_ids.sorted("sequence")
        first.fraccion, second.fraccion = "85444299", "85369099"
        self._exit(self.a, 5, "2026-04-01")
        self._method(method="pedimento_value", basis="seciit")
        self._run()
        # the rates are the pedimento's: A bears 15 %, B is free
        layers = self._layer(paper)
        self.env.cr.execute(
            "UPDATE immex_layer SET igi_rate = 15 WHERE id = %s",
            (layers.filtered(lambda layer: layer.product_id == self.a).id,),
        )
        self.env.cr.execute(
            "UPDATE immex_layer SET igi_rate = 0 WHERE id = %s",
            (layers.filtered(lambda layer: layer.product_id == self.b).id,),
        )
        self.env["immex.discharge.run"]._run_company(self.company, "rates")
        self.assertEqual(self._values(), [("2026-04-01", "A", "B", "10.00")])

    def test_part_value_part(self):
        for year in (2025, 2026, 2027):
            self._exit(self.b, 10, f"{year}-06-01")
        self._import(self.a, 8, "2025-01-10")
        self._import(self.b, 100, "2025-02-01")
        method = self._method()
        self._run()
        self.assertEqual(
            self._values(),
            [("2026-06-01", "B", "A", "16.00"), ("2026-06-01", "B", "B", "4.00")],
        )
        layers = self.env["immex.layer"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(layers.mapped("value_given")), [4, 16])
        self._method(2027)
        self._run()
        # A is used up by value; 2025 took 20 of B by part, 2026 took 4
        self.assertEqual(self._values()[2:], [("2027-06-01", "B", "B", "20.00")])
        method.method = "part"
        self._run()
        self.assertEqual(
            self._values(),
            [("2027-06-01", "B", "A", "16.00"), ("2027-06-01", "B", "B", "4.00")],
        )
        self.env["immex.discharge.method"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self._run()
        self.assertFalse(self._values())

    def test_customs_value_and_entry_average(self):
        paper = self._import(self.b, 10, "2026-03-01")
        paper.partida_ids.customs_value = 720
        paper.partida_ids.goods_ids.customs_value = 720
        self._import(self.b, 10, "2026-03-02")
        self._exit(self.b, 5, "2026-04-01")
        method = self._method(currency="mxn")
        self._run()
        self.assertEqual(self._values()[0][3], "360.00")
        method.value_rule = "entry_average"
        self._run()
        # (720 + 360) / 20 each
        self.assertEqual(self._values()[0][3], "270.00")

    def test_what_tells_no_value_is_not_worth_nothing(self):
        """Thirty for 60 dollars and ten of unknown value: twenty are worth 40."""
        self._import(self.a, 30, "2026-03-01")
        unknown = self._import(self.a, 10, "2026-03-02")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_pedimento_goods SET value_usd = NULL WHERE pedimento_id = %s",
            [unknown.id],
        )
        self.env.invalidate_all()
        self._exit(self.a, 20, "2026-04-01")
        self._method(value_rule="entry_average")
        self._run()
        self.assertEqual(self._values(), [("2026-04-01", "A", "A", "40.00")])

    def test_refused_without_a_record(self):
        for words, values in (
            ("2028-01-01", {"year": 2028}),
            ("Only SECIIT", {"method": "pedimento_value"}),
            ("needs an OEA record", {"basis": "seciit"}),
            ("needs an OEA record", {"basis": False}),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                self._method(**values)
        self._method(2028, method="part", basis=False)
        self._method()
        with (
            self.assertRaisesRegex(ValidationError, "one currency"),
            self.env.cr.savepoint(),
        ):
            self._method(2027, currency="mxn")
        with (
            self.assertRaisesRegex(UserError, "stands on this record"),
            self.env.cr.savepoint(),
        ):
            self.record.unlink()
        with (
            self.assertRaisesRegex(ValidationError, "2026-07-01"),
            self.env.cr.savepoint(),
        ):
            self.record.valid_to = "2026-06-30"

    def test_a_planned_exit_by_value(self):
        older = self._import(self.a, 30, "2026-03-01")
        self._import(self.b, 100, "2026-03-02")
        self._method()
        self._run()
        plan = self.env["immex.simulation"].create(
            {
                "company_id": self.company.id,
                "date": "2026-10-20",
                "line_ids": [
                    Command.create({"product_id": self.b.id, "quantity": 10}),
                ],
            }
        )
        plan.action_simulate()
        self.assertTrue(plan.by_value)
        part, value = plan.result_ids.sorted("value")
        self.assertEqual((part.product_id, part.quantity), (self.b, 10))
        self.assertEqual(value.pedimento_id, older)
        self.assertEqual((value.currency, value.value), ("usd", 20))
        self.assertFalse(self._values(), "nothing is written")

    def test_a_closed_period_stays(self):
        self._import(self.a, 30, "2026-03-01")
        self._import(self.b, 100, "2026-03-02")
        self._exit(self.b, 10, "2026-04-01")
        self._exit(self.b, 10, "2026-10-05")
        method = self._method()
        self._run()
        seal = self.env["immex.period.seal"]._close(
            self.company, datetime.date(2026, 9, 30)
        )
        self.assertEqual(seal.row_count, 2, "one row of each ledger")
        with self.assertRaisesRegex(ValidationError, "is closed"):
            method.method = "part"
        with self.assertRaisesRegex(ValidationError, "is closed"):
            method.unlink()
        # an older import of the tariff item serves what is still open
        self._import(self.a, 5, "2026-02-01")
        self.env["immex.discharge.run"]._run_company(self.company, "late")
        self.assertEqual(
            self._values(),
            [
                ("2026-04-01", "B", "A", "20.00"),
                ("2026-10-05", "B", "A", "10.00"),
                ("2026-10-05", "B", "A", "10.00"),
            ],
        )
        held = self.env["immex.locked.difference"].search(
            [("company_id", "=", self.company.id)], order="value_before desc"
        )
        self.assertEqual(
            [
                (line.layer_id.peps_date.isoformat(), line.currency, line.qty_after)
                + (line.value_before, line.value_after)
                for line in held
            ],
            [
                ("2026-03-01", "usd", 0, 20, 10),
                ("2026-02-01", "usd", 0, 0, 10),
            ],
        )
        (finding,) = self._findings("locked_change")
        self.assertEqual((finding.expected, finding.quantity), (20, 20))
        change = """
            UPDATE immex_value_discharge SET superseded_run_id = run_id
             WHERE company_id = %s AND exit_date = '2026-04-01'"""
        self._refused(change, (self.company.id,))
        # who gets past the guards does not get past the seal
        self.assertTrue(seal._verify())
        table = "ALTER TABLE immex_value_discharge"
        self.env.cr.execute(f"{table} DISABLE TRIGGER USER")
        self.env.cr.execute(change, (self.company.id,))
        self.env.cr.execute(f"{table} ENABLE TRIGGER USER")
        self.assertFalse(seal._verify())

    def test_the_database_refuses(self):
        paper = self._import(self.a, 30, "2026-03-01")
        late = self._import(self.a, 30, "2026-05-01")
        self._exit(self.a, 10, "2026-04-01")
        self._method()
        self._run()
        row = self.env["immex.value.discharge"].search(
            [("company_id", "=", self.company.id)]
        )
        layer = self._layer(paper)
        copy = """
            INSERT INTO immex_value_discharge (company_id, run_id, requirement_id,
                exit_line_id, layer_id, kind, exit_date, value, year, method, currency)
            SELECT company_id, run_id, requirement_id, exit_line_id, %s, kind,
                   exit_date, %s, year, method, currency
              FROM immex_value_discharge WHERE id = %s
        """
        self._refused(copy, (layer.id, 40.01, row.id))
        self._refused(copy, (self._layer(late).id, 1, row.id))
        self._refused(copy, (layer.id, -1, row.id))
        self._refused("DELETE FROM immex_value_discharge WHERE id = %s", (row.id,))
        self._refused("TRUNCATE immex_value_discharge")
        self._refused(
            "UPDATE immex_value_discharge SET value = 1 WHERE id = %s", (row.id,)
        )
        self._refused(
            "UPDATE immex_layer SET value_given = 0 WHERE id = %s", (layer.id,)
        )
        # what is left may be given, to the cent
        self.env.cr.execute(copy, (layer.id, 40, row.id))
        layer.invalidate_recordset()
        self.assertEqual(layer.value_given, 60)
        self.env.cr.execute(
            "UPDATE immex_value_discharge SET superseded_run_id = run_id WHERE id = %s",
            (row.id,),
        )
        layer.invalidate_recordset()
        self.assertEqual(layer.value_given, 40)
        self._refused(
            "UPDATE immex_value_discharge SET superseded_run_id = NULL WHERE id = %s",
            (row.id,),
        )
