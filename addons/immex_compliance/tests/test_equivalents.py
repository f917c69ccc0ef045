# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import Error

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestEquivalents(EngineCase):
    """Parts that share a PEPS stack, where the company says so."""

    def setUp(self):
        super().setUp()
        self.a, self.b = (self._product(c, "material") for c in ("A", "B"))
        self.of_b = self._pedimento("IN", "1", "2026-10-01", [(self.b, 30)])
        self.of_a = self._pedimento("IN", "1", "2026-10-02", [(self.a, 100)])
        self.group = self.env["immex.equivalence"].create(
            {
                "name": "Screws",
                "company_id": self.company.id,
                "part_ids": [
                    Command.create({"product_id": part.id}) for part in (self.a, self.b)
                ],
            }
        )
        self.out = self._pedimento("RT", "2", "2026-10-10", [(self.a, 40)])

    def _how(self, paper=None):
        rows = self.env["immex.discharge"].search(
            [
                ("exit_line_id.pedimento_id", "=", (paper or self.out).id),
                ("superseded_run_id", "=", False),
            ]
        )
        return {
            row.pedimento_id.document: (row.quantity, row.chosen_by) for row in rows
        }

    def test_off_by_default(self):
        self._run()
        self.assertEqual(self._how(), {self.of_a.document: (40, "peps")})

    def test_the_oldest_of_the_group_goes_first_and_is_marked(self):
        self.company.immex_use_equivalents = True
        self._run()
        self.assertEqual(
            self._how(),
            {self.of_b.document: (30, "equivalent"), self.of_a.document: (10, "peps")},
        )
        # a change of one part moves the other
        early = self._pedimento("RT", "2", "2026-10-09", [(self.b, 25)])
        self._run()
        self.assertEqual(self._how(early), {self.of_b.document: (25, "peps")})
        self.assertEqual(
            self._how(),
            {self.of_b.document: (5, "equivalent"), self.of_a.document: (35, "peps")},
        )
        self.company.immex_use_equivalents = False
        self._run()
        self.assertEqual(self._how(), {self.of_a.document: (40, "peps")})

    def test_another_tariff_item_breaks_the_group(self):
        self.company.immex_use_equivalents = True
        self._run()
        later = self._pedimento("IN", "1", "2026-10-20", [(self.b, 5)])
        later.partida_ids.fraccion = "73181599"
        self._run()
        self.assertTrue(self.group.broken)
        self.assertTrue(self._findings("equivalence_broken"))
        self.assertEqual(self._how(), {self.of_a.document: (40, "peps")})
        later.partida_ids.fraccion = "85369099"
        self._run()
        self.assertFalse(self._findings("equivalence_broken"))
        self.assertEqual(self._how()[self.of_b.document], (30, "equivalent"))

    def test_a_part_leaves_the_group(self):
        self.company.immex_use_equivalents = True
        self._run()
        self.group.part_ids.filtered(lambda p: p.product_id == self.b).unlink()
        self._run()
        self.assertEqual(self._how(), {self.of_a.document: (40, "peps")})

    def test_one_unit(self):
        other = self._product(
            "C", "material", uom_id=self.env.ref("uom.product_uom_kgm").id
        )
        with self.assertRaisesRegex(ValidationError, "different units"):
            self.group.part_ids = [Command.create({"product_id": other.id})]

    def test_the_database_refuses_a_part_that_is_no_equivalent(self):
        self._run()
        row = self.env["immex.discharge"].search(
            [("exit_line_id.pedimento_id", "=", self.out.id)], limit=1
        )
        self.group.unlink()
        self.env.flush_all()
        layer = self._layer(self.of_b)
        for chosen in ("peps", "equivalent"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(Error, "does not fit its layer"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    """
                    INSERT INTO immex_discharge (company_id, run_id, requirement_id,
                        exit_line_id, layer_id, product_id, kind, exit_date, layer_from,
                        quantity, chosen_by)
                    SELECT company_id, run_id, requirement_id, exit_line_id, %s,
                        product_id, kind, exit_date, 0, 1, %s
                      FROM immex_discharge WHERE id = %s
                    """,
                    (layer.id, chosen, row.id),
                )
