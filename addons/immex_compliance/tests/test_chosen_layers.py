# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestChosenLayers(EngineCase):
    """Layers that a document chose, and PEPS for the rest."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.old, self.new = (
            self._pedimento("IN", "1", date, [(self.material, 100)])
            for date in ("2026-10-01", "2026-10-02")
        )
        for paper in (self.old, self.new):
            self._transfer(
                "incoming", paper.payment_date, [(self.material, 100)], paper
            )

    def _exit(self, key, date, quantity, product=None, **values):
        product = product or self.material
        kind = "1" if key in ("F4", "A3") else "2"
        paper = self._pedimento(key, kind, date, [(product, quantity)], **values)
        if kind == "2":
            self._transfer("outgoing", date, [(product, quantity)], paper)
        return paper

    def _how(self, paper):
        """{import document: (quantity, chosen by)} of what an exit took."""
        rows = self.env["immex.discharge"].search(
            [
                ("exit_line_id.pedimento_id", "=", paper.id),
                ("superseded_run_id", "=", False),
            ]
        )
        return {
            row.pedimento_id.document: (row.quantity, row.chosen_by) for row in rows
        }

    def _names(self, paper, *imports):
        for named in imports:
            self.env["immex.pedimento.reference"].create(
                {
                    "pedimento_id": paper.id,
                    "company_id": self.company.id,
                    "kind": "discharge",
                    "patente": named.patente,
                    "document": named.document,
                }
            )

    # named -----------------------------------------------------------------------
    def test_what_an_f4_names_is_compared_with_peps(self):
        """Rule 15: block 512 selects no layer unless the rule says so."""
        paper = self._exit("F4", "2026-10-10", 30)
        self._names(paper, self.new)
        self._run()
        self.assertEqual(self._how(paper), {self.old.document: (30, "peps")})
        self.assertTrue(self._findings("peps_mismatch"))

    def test_what_an_f4_names_is_taken_where_the_rule_says_so(self):
        self._rule("F4", "1").layer_choice = "named"
        paper = self._exit("F4", "2026-10-10", 130)
        self._names(paper, self.new)
        later = self._exit("RT", "2026-10-11", 90)
        self._run()
        self.assertEqual(self._how(paper), {self.new.document: (100, "named")})
        self.assertEqual(self._findings("shortage").quantity, 30)
        self.assertEqual(self._how(later), {self.old.document: (90, "peps")})
        # PEPS would have begun with the older import
        self.assertTrue(self._findings("peps_mismatch"))
        # a name that comes later counts, too
        self._names(paper, self.old)
        self._run()
        self.assertEqual(
            self._how(paper),
            {self.old.document: (100, "named"), self.new.document: (30, "named")},
        )
        self.assertEqual(self._how(later), {self.new.document: (70, "peps")})
        self.assertFalse(self._findings("peps_mismatch"))

    def test_a_name_that_has_nothing_of_the_part_leaves_it_to_peps(self):
        self._rule("F4", "1").layer_choice = "named"
        other = self._pedimento(
            "IN", "1", "2026-10-03", [(self._product("X", "material"), 5)]
        )
        paper = self._exit("F4", "2026-10-10", 30)
        self._names(paper, other)
        self._run()
        self.assertEqual(self._how(paper), {self.old.document: (30, "peps")})

    # serial ----------------------------------------------------------------------
    def test_a_fixed_asset_leaves_by_its_serial(self):
        """Rule 16."""
        press = self._product("PRESS", "fixed_asset", tracking="serial")
        papers = []
        for number in ("S1", "S2"):
            paper = self._pedimento("AF", "1", "2026-10-03", [(press, 1)])
            paper.goods_ids.lot_name = number
            papers.append(paper)
            self.env["stock.lot"].create({"name": number, "product_id": press.id})
        out = self._pedimento("RT", "2", "2026-10-10", [(press, 1)])
        out.goods_ids.lot_name = "S2"
        self._run()
        self.assertEqual(self._how(out), {papers[1].document: (1, "serial")})
        out.goods_ids.lot_name = "S1"
        self._run()
        self.assertEqual(self._how(out), {papers[0].document: (1, "serial")})

    def test_fixed_assets_and_material_never_serve_each_other(self):
        """Rule 16: a part that came as spare part and as material."""
        asset = self._pedimento("AF", "1", "2026-09-01", [(self.material, 5)])
        self.assertEqual(
            self.env["immex.operation.rule"]
            .browse(asset.operation_rule_id.id)
            .goods_class,
            "fixed_asset",
        )
        out = self._exit("RT", "2026-10-10", 205)
        self._run()
        self.assertEqual(sum(row[0] for row in self._how(out).values()), 200)
        self.assertEqual(self._findings("shortage").quantity, 5)

    # reserved --------------------------------------------------------------------
    def _notice(self, quantity):
        return self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "N-1",
                "notice_date": "2026-10-05",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.material.id,
                            "quantity": quantity,
                            "is_waste": False,
                        }
                    )
                ],
            }
        )

    def test_a_notice_reserves_what_it_lists_until_the_act(self):
        self._run()
        notice = self._notice(40)
        notice.action_reserve()
        self.assertEqual(notice.reservation_ids.pedimento_id, self.old)
        self.assertEqual(notice.reservation_ids.quantity, 40)
        out = self._exit("RT", "2026-10-10", 90)
        self._run()
        self.assertEqual(
            self._how(out),
            {self.old.document: (60, "peps"), self.new.document: (30, "peps")},
        )
        self.assertEqual(self._layer(self.old).qty_reserved, 40)
        notice.write({"act_number": "A-1", "act_date": "2026-11-05"})
        notice.action_done()
        later = self._exit("RT", "2026-11-20", 70)
        self._run()
        act = self.env["immex.discharge"].search(
            [
                ("exit_line_id.destruction_line_id", "in", notice.line_ids.ids),
                ("superseded_run_id", "=", False),
            ]
        )
        self.assertEqual(act.pedimento_id, self.old)
        self.assertEqual((act.quantity, act.chosen_by), (40, "held"))
        self.assertEqual(self._how(later), {self.new.document: (70, "peps")})
        self.assertEqual(self._layer(self.old).qty_reserved, 0)

    def test_what_the_act_leaves_is_free(self):
        self._run()
        notice = self._notice(40)
        notice.action_reserve()
        notice.line_ids.quantity = 10
        notice.write({"act_number": "A-1", "act_date": "2026-11-05"})
        notice.action_done()
        out = self._exit("RT", "2026-11-20", 95)
        self._run()
        self.assertEqual(
            self._how(out),
            {self.old.document: (90, "peps"), self.new.document: (5, "peps")},
        )

    def test_a_withdrawn_notice_frees_what_it_reserved(self):
        self._run()
        notice = self._notice(40)
        notice.action_reserve()
        out = self._exit("RT", "2026-10-10", 90)
        self._run()
        notice.action_cancel()
        self._run()
        self.assertEqual(self._how(out), {self.old.document: (90, "peps")})

    def test_a_filed_f4_reserves_until_it_is_paid(self):
        self._run()
        paper = self._exit("F4", "2026-10-10", 40)
        paper.payment_date = False
        paper.action_reserve()
        out = self._exit("RT", "2026-10-12", 90)
        self._run()
        self.assertEqual(self._how(out)[self.new.document], (30, "peps"))
        paper.payment_date = "2026-10-20"
        self._run()
        self.assertEqual(self._how(paper), {self.old.document: (40, "held")})
        with self.assertRaisesRegex(UserError, "not paid yet"):
            paper.action_reserve()

    def test_reservations_keep_within_the_balance(self):
        self._run()
        notice = self._notice(40)
        notice.action_reserve()
        with self.assertRaisesRegex(ValidationError, "balance of 100"):
            notice.reservation_ids.quantity = 101
        with self.assertRaisesRegex(UserError, "No import has enough"):
            self.env["immex.destruction"].create(
                {
                    "company_id": self.company.id,
                    "notice_folio": "N-2",
                    "notice_date": "2026-10-05",
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.material.id,
                                "quantity": 161,
                                "is_waste": False,
                            }
                        )
                    ],
                }
            ).action_reserve()

    def test_only_managers_reserve(self):
        user = new_test_user(
            self.env,
            "immex_reads",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._run()
        notice = self._notice(40)
        notice.action_reserve()
        reservation = notice.reservation_ids.with_user(user)
        self.assertEqual(reservation.quantity, 40)
        self.assertFalse(reservation.has_access("write"))
