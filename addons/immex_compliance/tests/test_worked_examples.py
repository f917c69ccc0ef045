# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .engine_case import EngineCase

IMPORT, EXPORT = "1", "2"


@tagged("post_install", "-at_install")
class TestWorkedExamples(EngineCase):
    """Each rule of the discharge by one small story, to be read beside its text.

    Quantities are pieces of one material, balances those of the import pedimentos.
    """

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.product = self._product("PROD", "product")

    def _enters(self, date, quantity, key="IN", product=None, **values):
        lines = [(product or self.material, quantity)]
        paper = self._pedimento(key, IMPORT, date, lines, **values)
        self._transfer("incoming", date, lines, paper)
        return paper

    def _leaves(self, date, quantity, key="RT", product=None, **values):
        lines = [(product or self.material, quantity)]
        kind = EXPORT if key == "RT" else IMPORT
        paper = self._pedimento(key, kind, date, lines, **values)
        if kind == EXPORT:
            self._transfer("outgoing", date, lines, paper)
        return paper

    def _taken(self, paper):
        """What an exit took: [(import document, pieces, kind)], oldest first."""
        return [(row[3], float(row[2]), row[1]) for row in self._ledger(paper)]

    def _balances(self, *papers):
        return [self._layer(paper).qty_balance for paper in papers]

    def _destroyed(self, product, quantity, date):
        """What an act of destruction took: [(import document, pieces, kind)]."""
        act = self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "AV-1",
                "notice_date": "2026-09-01",
                "act_number": "ACTA-1",
                "act_date": date,
                "line_ids": [(0, 0, {"product_id": product.id, "quantity": quantity})],
            }
        )
        act.action_done()
        self._run()
        exit_line = self.env["immex.exit.line"].search(
            [("destruction_line_id", "in", act.line_ids.ids)]
        )
        return [
            (row.pedimento_id.document, row.quantity, row.kind)
            for row in exit_line.discharge_ids
        ]

    # Anexo 24, A-II-c: which pedimento --------------------------------------------
    def test_less_than_the_balance_of_the_oldest(self):
        """Anexo 24, A-II-c, numeral 1: "es menor que el saldo ... se descargará la
        cantidad total de la mercancía" from the oldest temporary import."""
        oldest, following = (
            self._enters("2026-10-01", 100),
            self._enters("2026-10-02", 100),
        )
        self._order(self.product, 20, "2026-10-05", [(self.material, 80)])
        out = self._leaves("2026-10-08", 20, product=self.product)
        self._run()
        self.assertEqual(self._taken(out), [(oldest.document, 80, "incorporated")])
        self.assertEqual(self._balances(oldest, following), [20, 100])

    def test_more_than_the_balance_of_the_oldest(self):
        """Anexo 24, A-II-c, numeral 2: "se descargará el saldo ... y la diferencia se
        descargará del siguiente pedimento ... en orden cronológico"."""
        # told in another order than they came
        third = self._enters("2026-10-04", 100)
        oldest = self._enters("2026-10-01", 100)
        second = self._enters("2026-10-03", 100)
        self._order(self.product, 20, "2026-10-05", [(self.material, 130)])
        self._order(self.product, 20, "2026-10-06", [(self.material, 100)])
        first_out = self._leaves("2026-10-08", 20, product=self.product)
        then_out = self._leaves("2026-10-09", 20, product=self.product)
        self._run()
        self.assertEqual(
            self._taken(first_out),
            [
                (oldest.document, 100, "incorporated"),
                (second.document, 30, "incorporated"),
            ],
        )
        self.assertEqual(
            self._taken(then_out),
            [
                (second.document, 70, "incorporated"),
                (third.document, 30, "incorporated"),
            ],
        )
        self.assertEqual(self._balances(oldest, second, third), [0, 0, 70])

    def test_the_balance_of_the_oldest_to_the_piece(self):
        """Between the two numerals of Anexo 24, A-II-c: the next one is not touched."""
        oldest, following = (
            self._enters("2026-10-01", 100),
            self._enters("2026-10-02", 100),
        )
        out = self._leaves("2026-10-08", 100)
        self._run()
        self.assertEqual(self._taken(out), [(oldest.document, 100, "same_state")])
        self.assertEqual(self._balances(oldest, following), [0, 100])

    # merma and waste --------------------------------------------------------------
    def test_merma_goes_with_the_product(self):
        """LA 2-XI, RLA 171: what was really lost, discharged as part of the
        consumption, without a document of its own. 100 drawn for 10 products, 7 of
        them lost; 4 products leave."""
        paper = self._enters("2026-10-01", 100)
        self._order(self.product, 10, "2026-10-05", [(self.material, 100)], MAT=(7, 0))
        out = self._leaves("2026-10-08", 4, product=self.product)
        self._run()
        self.assertEqual(
            self._taken(out),
            [
                (paper.document, 37.2, "incorporated"),
                (paper.document, 2.8, "merma"),
            ],
        )
        self.assertEqual(self._balances(paper), [60])

    def test_waste_is_discharged_when_it_goes(self):
        """Anexo 24, A-II-c: "el descargo de los desperdicios al momento de su ...
        destrucción": not when it came about, and then by PEPS like all else, so from
        what is the oldest balance on that day."""
        scrap = self._product("SCRAP", "waste")
        oldest, following = (
            self._enters("2026-09-01", 100),
            self._enters("2026-09-02", 100),
        )
        self._order(
            self.product,
            10,
            "2026-09-05",
            [(self.material, 100)],
            byproducts=[(scrap, 5)],
            MAT=(0, 10, scrap),
        )
        out = self._leaves("2026-09-10", 10, product=self.product)
        self._run()
        self.assertEqual(self._taken(out), [(oldest.document, 90, "incorporated")])
        self.assertEqual(self._balances(oldest, following), [10, 100])
        # another exit comes first and takes the 10 that are left of the oldest
        again = self._leaves("2026-09-20", 30)
        destroyed = self._destroyed(scrap, 5, "2026-10-12")
        self.assertEqual(
            self._taken(again),
            [
                (oldest.document, 10, "same_state"),
                (following.document, 20, "same_state"),
            ],
        )
        self.assertEqual(destroyed, [(following.document, 10, "waste")])
        self.assertEqual(self._balances(oldest, following), [0, 70])

    def test_recovered_parts_of_what_was_taken_apart(self):
        """Anexo 24, B-IV-d-1: parts recovered by disassembly are discharged from the
        oldest import of the goods that they came from. Of 8 old units 40 % of the cost
        is the core, 35 % the board and 25 % the case."""
        unit = self._product("UNIT", "material")
        core = self._product("CORE", "product")
        board, case = (
            self._product("BOARD", "product"),
            self._product("CASE", "product"),
        )
        oldest, following = (
            self._enters("2026-10-01", 6, product=unit),
            self._enters("2026-10-02", 6, product=unit),
        )
        order = self._order(
            core, 8, "2026-10-05", [(unit, 8)], byproducts=[(board, 16), (case, 8)]
        )
        for move in order.move_byproduct_ids:
            move.cost_share = {board: 35, case: 25}[move.product_id]
        boards = self._leaves("2026-10-08", 16, product=board)
        cores = self._leaves("2026-10-09", 8, product=core)
        self._run()
        # 8 units x 35 % and 8 x 40 % are the 6 of the oldest, to the last
        self.assertEqual(self._taken(boards), [(oldest.document, 2.8, "incorporated")])
        self.assertEqual(self._taken(cores), [(oldest.document, 3.2, "incorporated")])
        cases = self._leaves("2026-10-10", 8, product=case)
        self._run()
        self.assertEqual(self._taken(cases), [(following.document, 2, "incorporated")])
        self.assertEqual(self._balances(oldest, following), [0, 4])

    # terms -------------------------------------------------------------------------
    def test_goods_under_f4_are_sold_in_mexico(self):
        """LA 109, RLA 140: the F4 discharges on the day of its payment and frees what
        it names. 30 of 100 change their regime; 20 of them are sold, then 15, for which
        10 are left: 5 are still temporary, and their balance stays charged."""
        paper = self._enters("2026-10-01", 100)
        regime = self._leaves("2026-10-10", 30, "F4")
        self._run()
        free = self._layer(regime)
        self.assertEqual((free.customs_status, free.quantity), ("definitive", 30))
        self.assertEqual(free.customs_value, 1080)
        sold = self._transfer("outgoing", "2026-10-15", [(self.material, 20)], regime)
        self._run()
        self.assertEqual(self._taken(regime), [(paper.document, 30, "same_state")])
        self.assertEqual(self._balances(paper), [70])
        self.assertEqual((free.quantity, free.customs_value), (10, 360))
        self.assertFalse(self._findings("exit_without_document"))
        self.assertFalse(
            self.env["immex.exit.line"].search([("kind", "=", "provisional")])
        )
        exit_line = self.env["immex.exit.line"].search(
            [("pedimento_id", "=", regime.id)]
        )
        self.assertEqual(str(exit_line.date), "2026-10-10")
        self.assertEqual(exit_line.qty_delivered, 20)
        stock = self.env["immex.stock.balance"].create({"date": "2026-10-31"})
        stock.action_run()
        line = stock.line_ids.filtered(lambda line: line.product_id == self.material)
        self.assertEqual((line.customs_balance, line.on_hand), (80, 80))
        self.assertEqual((line.temporary_balance, line.unexplained), (70, 0))
        self._transfer("outgoing", "2026-10-16", [(self.material, 15)], regime)
        self._run()
        self.assertEqual(self._findings("exit_without_document").quantity, 5)
        self.assertFalse(free.active)
        self.assertEqual(self._balances(paper), [70])
        # what was sold without naming it is as it was before
        sold.immex_pedimento_number = False
        self._run()
        self.assertEqual(self._findings("exit_without_document").quantity, 20)
        self.assertEqual((free.active, free.quantity), (True, 15))

    def test_an_f4_that_is_not_paid_frees_nothing(self):
        """Rule 1: only what is paid discharges, and is sold."""
        paper = self._enters("2026-10-01", 100)
        regime = self._leaves("2026-10-10", 30, "F4")
        regime.payment_date = False
        self._transfer("outgoing", "2026-10-15", [(self.material, 20)], regime)
        self._run()
        self.assertEqual(self._balances(paper), [100])
        self.assertEqual(self._findings("exit_without_document").quantity, 20)
        regime.payment_date = "2026-10-17"
        self._run()
        self.assertEqual(self._balances(paper), [70])
        self.assertFalse(self._findings("exit_without_document"))

    def test_months_end_as_the_fiscal_code_says(self):
        """CFF 12: on the same day of the month; where it has no such day, on the first
        business day of the next. RLA 173: from the modulation, else presumed."""
        for number, (key, start, end, safe) in enumerate(
            (
                # LA 108-I: 18 months
                ("IN", "2025-04-08", "2026-10-08", "2026-10-08"),
                # 31 February 2027: 1 March is a Monday
                ("IN", "2025-08-31", "2027-03-01", "2027-02-28"),
                # 2028 is a leap year
                ("IN", "2026-08-29", "2028-02-29", "2028-02-29"),
                ("IN", "2026-08-30", "2028-03-01", "2028-02-29"),
                # a Saturday, and a holiday: the last day is not extended
                ("IN", "2025-03-19", "2026-09-19", "2026-09-19"),
                ("IN", "2025-03-16", "2026-09-16", "2026-09-16"),
                # Decreto IMMEX, art. 4: 6 months for the receiver of a transfer
                ("V1", "2026-03-31", "2026-10-01", "2026-09-30"),
                # 31 April 2027: 1 May is a holiday and a Saturday, 2 May a Sunday
                ("V1", "2026-10-31", "2027-05-03", "2027-04-30"),
            )
        ):
            with self.subTest(key=key, start=start):
                part = self._product(f"TERM-{number}", "material")
                dates = {"modulation_date": start} if key == "IN" else {}
                paper = self._enters(start, 1, key, part, **dates)
                self._run()
                layer = self._layer(paper)
                self.assertEqual(str(layer.term_end), end)
                self.assertEqual(str(layer.term_safe_date), safe)
                self.assertEqual(layer.term_start_presumed, False)

    def test_a_certified_company_born_on_29_february(self):
        """RGCE 7.3.3-XXV: 36 months; 29 February 2027 does not exist."""
        self.env["immex.program"].create(
            {
                "company_id": self.company.id,
                "kind": "certification",
                "name": "OEA-1",
                "certification": "oea",
                "valid_from": "2023-01-01",
            }
        )
        paper = self._enters("2024-02-29", 1)
        self._run()
        layer = self._layer(paper)
        self.assertEqual(str(layer.term_end), "2027-03-01")
        self.assertEqual(str(layer.term_safe_date), "2027-02-28")

    def test_the_last_day_is_in_term(self):
        """LA 108 and CFF 12: late is what leaves after the last day."""
        paper = self._enters("2026-03-31", 20, "V1")
        self._leaves("2026-10-01", 5)
        self._run()
        self.assertFalse(self._findings("late_return"))
        self._leaves("2026-10-02", 4)
        self._run()
        self.assertEqual(self._findings("late_return").quantity, 4)
        self.assertEqual(self._balances(paper), [11])

    def test_what_may_still_leave_an_expired_pedimento(self):
        """Rule 14: RT takes it by PEPS and late (LA 183-II); F4 only what is in term
        (Anexo 22, App. 2); A3 case II only what is not (RGCE 2.5.2)."""
        expired, fresh = (
            self._enters("2024-10-01", 40),
            self._enters("2026-09-01", 40),
        )
        change = self._leaves("2026-10-06", 30, "F4")
        back = self._leaves("2026-10-08", 15)
        regularised = self._leaves("2026-10-12", 25, "A3", case="II")
        self._run()
        self.assertEqual(self._taken(change), [(fresh.document, 30, "same_state")])
        self.assertEqual(self._taken(back), [(expired.document, 15, "same_state")])
        self.assertEqual(
            self._taken(regularised), [(expired.document, 25, "same_state")]
        )
        finding = self._findings("late_return")
        self.assertEqual(
            (finding.quantity, finding.layer_id), (15, self._layer(expired))
        )
        self.assertEqual(self._balances(expired, fresh), [0, 10])

    # fixed assets --------------------------------------------------------------------
    def test_a_fixed_asset_stays_as_long_as_the_programme(self):
        """LA 108-III: no term; Anexo 24, A-II-d: a ledger of their own, discharged when
        they are returned."""
        press = self._product("PRESS", "fixed_asset")
        first, second = (
            self._enters("2019-05-01", 1, "AF", press),
            self._enters("2021-05-01", 2, "AF", press),
        )
        out = self._leaves("2026-10-08", 2, product=press)
        self._run()
        self.assertEqual(
            self._taken(out),
            [(first.document, 1, "same_state"), (second.document, 1, "same_state")],
        )
        self.assertEqual(self._balances(first, second), [0, 1])
        self.assertFalse(self._layer(second).term_end)
        self.assertFalse(self._findings("late_return"))

    # corrections ---------------------------------------------------------------------
    def test_a_rectification_that_lowers_the_quantity(self):
        """Rule 24; LA 89: an R1 keeps the date of its original, so its place; what it
        no longer covers goes to the next pedimento, and the row before stays."""
        original, following = (
            self._enters("2026-10-01", 100),
            self._enters("2026-10-02", 100),
        )
        out = self._leaves("2026-10-08", 90)
        self._run()
        self.assertEqual(self._taken(out), [(original.document, 90, "same_state")])
        lower = self._pedimento(
            "R1", IMPORT, "2026-11-10", [(self.material, 70)], operation_rule_id=False
        )
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": lower.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": original.patente,
                "document": original.document,
                "office_section": original.office_section,
                "key_code": "IN",
                "date": original.payment_date,
            }
        )
        lower._link_arrival()
        lower._recompute_detail()
        run = self._run()
        self.assertEqual(
            self._taken(out),
            [
                (lower.document, 70, "same_state"),
                (following.document, 20, "same_state"),
            ],
        )
        self.assertEqual(self._balances(lower, following), [0, 80])
        before = self.env["immex.discharge"].search(
            [("superseded_run_id", "=", run.id)]
        )
        self.assertEqual(
            (before.quantity, before.layer_id.pedimento_id, before.layer_id.active),
            (90, original, False),
        )

    # rule 16: fixed assets ---------------------------------------------------------
    def test_assets_never_serve_production(self):
        """LA 108-III: goods imported as fixed assets (key AF) are a ledger of their
        own. An order that draws the same part takes what was made of it."""
        tool = self._product("TOOL", "product")
        asset = self._enters("2026-10-01", 5, key="AF", product=tool)
        oldest = self._enters("2026-10-02", 100)
        self._order(tool, 4, "2026-10-03", [(self.material, 40)])
        self._order(self.product, 2, "2026-10-05", [(tool, 4)])
        out = self._leaves("2026-10-08", 2, product=self.product)
        self._run()
        self.assertEqual(self._taken(out), [(oldest.document, 40, "incorporated")])
        self.assertEqual(self._balances(asset, oldest), [5, 60])
        self.assertFalse(self._findings("shortage"))
