# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..formats.opening import COLUMNS
from ..formats.opening_stock import COLUMNS as STOCK_COLUMNS
from .engine_case import EngineCase

NUMBERS = ("25 24 3456 5000001", "25 24 3456 5000002")


@tagged("post_install", "-at_install")
class TestOpening(EngineCase):
    """A company that comes from another system on 30 September: of 100 pieces of each
    of two imports, 30 and 80 remain there."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")

    def _line(self, number, balance, partida=1, **values):
        return {
            "pedimento": number,
            "clave": "IN",
            "fecha_entrada": "2025-11-0" + number[-1],
            "fecha_pago": "2025-11-0" + number[-1],
            "partida": str(partida),
            "numero_parte": "MAT",
            "cantidad": "100",
            "saldo": balance,
            "saldo_umc": balance,
            "umc": "6",
            "saldo_umt": balance,
            "umt": "6",
            "fraccion": "85369099",
            "valor_usd": str(float(balance) * 2),
            "valor_aduana": str(float(balance) * 36),
            **values,
        }

    def _file(self, *lines):
        total = {
            "numero_parte": "TOTAL",
            "secuencia": str(len(lines)),
            **{
                name: str(sum(float(line[name]) for line in lines))
                for name in ("saldo", "valor_usd", "valor_aduana")
            },
        }
        rows = [[row.get(name, "") for name in COLUMNS] for row in (*lines, total)]
        text = "\n".join(",".join(row) for row in (list(COLUMNS), *rows))
        return base64.b64encode(text.encode())

    def _stock(self, *lines):
        """File of products on hand: lines by column."""
        total = {
            "numero_parte": "TOTAL",
            "secuencia": str(len(lines)),
            "incorporado": str(sum(float(line["incorporado"]) for line in lines)),
            "merma": str(sum(float(line.get("merma", 0)) for line in lines)),
        }
        rows = [
            [row.get(name, "") for name in STOCK_COLUMNS] for row in (*lines, total)
        ]
        text = "\n".join(",".join(row) for row in (list(STOCK_COLUMNS), *rows))
        return base64.b64encode(text.encode())

    @staticmethod
    def _held(quantity, material, incorporated, status="temporal", **values):
        return {
            "numero_parte": "PROD",
            "cantidad": quantity,
            "material": material,
            "estatus": status,
            "incorporado": incorporated,
            **values,
        }

    def _opening(self, *lines, post=True, stock=None):
        lines = lines or (self._line(NUMBERS[0], "30"), self._line(NUMBERS[1], "80"))
        opening = self.env["immex.opening"].create(
            {
                "company_id": self.company.id,
                "cutoff_date": "2026-09-30",
                "filename": "saldos.csv",
                "data": self._file(*lines),
                "stock_filename": stock and "productos.csv",
                "stock_data": stock,
            }
        )
        opening.action_load()
        if post:
            opening.action_post()
        return opening

    def _exit(self, date, quantity, product=None, deliver=True):
        product = product or self.material
        paper = self._pedimento("RT", "2", date, [(product, quantity)])
        if deliver:
            self._transfer("outgoing", date, [(product, quantity)], paper)
        return paper

    def _taken(self, paper):
        return [(row[3], float(row[2])) for row in self._ledger(paper)]

    def test_exits_take_the_oldest_balance(self):
        opening = self._opening()
        self.assertEqual((opening.line_count, opening.pedimento_count), (2, 2))
        self.assertEqual(opening.total_balance, 110)
        self.assertEqual((opening.total_usd, opening.total_customs_value), (220, 3960))
        out = self._exit("2026-10-10", 50)
        self._run()
        self.assertEqual(self._taken(out), [("5000001", 30), ("5000002", 20)])
        layers = opening.pedimento_ids.layer_ids.sorted("peps_key")
        self.assertEqual(layers.mapped("source"), ["opening", "opening"])
        self.assertEqual(layers.mapped("quantity"), [30, 80])
        self.assertEqual(layers[0].peps_date.isoformat(), "2025-11-01")
        self.assertEqual(layers[0].term_end.isoformat(), "2027-05-01")
        self.assertEqual(layers[0].available_date.isoformat(), "2026-10-01")
        self.assertFalse(self._findings("layer_without_receipt"))
        self.assertFalse(self._findings("shortage"))

    def test_before_the_cutoff_the_other_system_answers(self):
        """Imports, exits and findings of before are not ours."""
        old = self._pedimento("IN", "1", "2026-09-01", [(self.material, 60)])
        self._transfer("incoming", "2026-09-01", [(self.material, 60)], old)
        self._transfer("incoming", "2026-09-02", [(self.material, 5)])
        gone = self._exit("2026-09-20", 40)
        self._transfer("outgoing", "2026-09-25", [(self.material, 3)])
        self._run()
        self.assertEqual(self._taken(gone), [(old.document, 40)])
        self.assertTrue(self._findings("exit_without_document"))
        told = self._opening().message_ids.mapped("body")
        # who posts is told what the cut-off takes out of the ledger
        self.assertIn(old.number15, "".join(told))
        self._run()
        self.assertFalse(self._taken(gone))
        self.assertFalse(self._layer(old).active)
        self.assertFalse(
            self.env["immex.finding"].search(
                [("company_id", "=", self.company.id), ("state", "=", "open")]
            )
        )

    def test_products_made_before_the_first_day(self):
        """Their orders tell what is in them; what left before used up its orders."""
        product = self._product("PROD", "product")
        self._transfer("incoming", "2026-08-01", [(self.material, 100)])
        self._order(product, 10, "2026-09-05", [(self.material, 10)])
        self._order(product, 10, "2026-09-15", [(self.material, 20)])
        self._exit("2026-09-20", 10, product)
        self._opening()
        out = self._exit("2026-10-10", 10, product)
        self._run()
        self.assertEqual(self._taken(out), [("5000001", 20)])

    def test_cancelled_balances_are_taken_back_and_may_come_again(self):
        opening = self._opening()
        out = self._exit("2026-10-10", 50)
        self._run()
        opening.action_cancel()
        self._run()
        self.assertFalse(self._taken(out))
        again = self._opening(self._line(NUMBERS[1], "45", 2))
        self._run()
        self.assertEqual(self._taken(out), [("5000002", 45)])
        self.assertEqual(again.pedimento_ids.layer_ids.filtered("active").quantity, 45)

    def test_a_declared_term_and_an_expired_one(self):
        self._opening(
            self._line(NUMBERS[0], "30", vencimiento="2026-10-05"),
            self._line(NUMBERS[1], "80"),
        )
        self._exit("2026-10-10", 10)
        self._run()
        late = self._findings("late_return")
        self.assertEqual(late.layer_id.pedimento_id.document, "5000001")
        self.assertEqual(late.layer_id.term_end.isoformat(), "2026-10-05")

    def test_definitive_and_fixed_assets(self):
        press = self._product("PRESS", "fixed_asset")
        opening = self._opening(
            self._line(NUMBERS[0], "2", clave="AF", numero_parte="PRESS"),
            self._line(NUMBERS[1], "80", clave="A1"),
        )
        out = self._exit("2026-10-10", 1, press)
        self._run()
        self.assertEqual(self._taken(out), [("5000001", 1)])
        layers = opening.pedimento_ids.layer_ids.sorted("peps_key")
        self.assertEqual(layers.mapped("goods_class"), ["fixed_asset", "material"])
        self.assertEqual(layers.mapped("customs_status"), ["temporary", "definitive"])

    # products on hand ----------------------------------------------------------------
    def test_products_on_hand_without_order(self):
        """Ten products, two of them left; then those that Odoo's order made."""
        product = self._product("PROD", "product")
        other = self._product("LOCAL", "material")
        opening = self._opening(
            stock=self._stock(
                self._held("10", "MAT", "30", merma="5", orden="OP-77"),
                self._held("10", "LOCAL", "20", "nacional", orden="OP-77"),
            )
        )
        self.assertEqual(opening.stock_count, 2)
        self._transfer("incoming", "2026-10-02", [(self.material, 100)])
        self._order(product, 10, "2026-10-05", [(self.material, 10)])
        first = self._exit("2026-10-10", 2, product)
        second = self._exit("2026-10-12", 18, product)
        self._run()
        # 2 of 10 hold 6 and lost 1 of the older import
        self.assertEqual(self._taken(first), [("5000001", 6), ("5000001", 1)])
        self.assertFalse(self._findings("unknown_composition"))
        layer = self.env["immex.production.layer"].search(
            [("company_id", "=", self.company.id), ("production_id", "=", False)]
        )
        self.assertEqual((layer.quantity, layer.qty_used), (10, 10))
        self.assertIn("OP-77", layer.display_name)
        self.assertEqual(
            set(layer.consumption_ids.mapped("status_source")), {"opening"}
        )
        # the other 8, with 24 and 4, then 8 of the order of Odoo
        self.assertEqual(sum(row[1] for row in self._taken(second)), 24 + 4 + 8 + 2)
        self.assertTrue(
            self.env["immex.requirement"].search(
                [
                    ("product_id", "=", other.id),
                    ("customs_status", "=", "domestic"),
                    ("company_id", "=", self.company.id),
                ]
            )
        )
        opening.action_cancel()
        self._run()
        self.assertFalse(layer.active)
        self.assertFalse(self._taken(first))

    def test_products_on_hand_by_lot(self):
        product = self._product("PROD", "product")
        product.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L1", "product_id": product.id, "company_id": self.company.id}
        )
        opening = self._opening(
            stock=self._stock(self._held("4", "MAT", "8", lote="L1"))
        )
        self.assertEqual(opening.stock_ids.lot_id, lot)
        self._run()
        layer = self.env["immex.production.layer"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((layer.lot_id, layer.quantity), (lot, 4))

    def test_more_in_products_than_remains_is_told(self):
        self._product("PROD", "product")
        opening = self._opening(stock=self._stock(self._held("10", "MAT", "111")))
        self.assertIn("MAT: 111", str(opening.message_ids[:1].body))

    def test_wrong_products_are_named_and_nothing_is_kept(self):
        self._product("PROD", "product")
        self._product("SUB", "product")
        first = self._held("10", "MAT", "30")
        cases = {
            "lote": ({"lote": "NONE"}, "no lot NONE"),
            "numero_parte": ({"numero_parte": "NOBODY"}, "NOBODY"),
            "material": ({"material": "SUB"}, "name the materials"),
            "cantidad": ({"cantidad": "9", "estatus": "nacional"}, "another quantity"),
            "estatus": ({"estatus": "otro"}, "none of temporal"),
            "incorporado": ({"incorporado": "0"}, "greater than zero"),
        }
        for column, (values, message) in cases.items():
            with (
                self.subTest(column=column),
                self.assertRaisesRegex(UserError, f"Line 3.*{column}.*{message}"),
                self.env.cr.savepoint(),
            ):
                self._opening(stock=self._stock(first, first | values))
        with self.assertRaisesRegex(UserError, "occurs once"):
            self._opening(stock=self._stock(first, first))

    # refused ----------------------------------------------------------------------
    def test_what_is_wrong_is_named_and_nothing_is_kept(self):
        cases = {
            "numero_parte": ({"numero_parte": "NOBODY"}, "NOBODY"),
            "clave": ({"clave": "RT"}, "brings nothing in"),
            "umc": ({"umc": "99"}, "catalogue"),
            "fecha_pago": ({"fecha_pago": "2026-10-01"}, "after the cut-off"),
            "saldo": ({"saldo": "101"}, "balance"),
            "partida": ({"fraccion": "85444999", "secuencia": "7"}, "another tariff"),
            "pedimento": ({"fecha_entrada": "2025-10-30"}, "another key or date"),
        }
        first = self._line(NUMBERS[0], "30", secuencia="1")
        for column, (values, message) in cases.items():
            with self.subTest(column=column):
                second = first | {"secuencia": "2"} | values
                with (
                    self.assertRaisesRegex(UserError, f"Line 3.*{column}.*{message}"),
                    self.env.cr.savepoint(),
                ):
                    self._opening(first, second, post=False)
                self.assertFalse(
                    self.env["immex.opening.line"].search(
                        [("company_id", "=", self.company.id)]
                    )
                )

    def test_other_totals(self):
        opening = self._opening(post=False)
        text = base64.b64decode(self._file(self._line(NUMBERS[0], "30"))).decode()
        lines, _point, total = text.rpartition("TOTAL")
        total = total.replace("1080.0", "1081")
        opening.data = base64.b64encode(f"{lines}TOTAL{total}".encode())
        # the lines of the file before are not posted in its stead
        self.assertFalse(opening.line_ids)
        self.assertFalse(opening.sha256)
        with self.assertRaisesRegex(UserError, "check total is 1081") as refused:
            opening.action_load()
        # not a class of ours: the web client would show no text of it
        self.assertIs(type(refused.exception), UserError)

    def test_a_pedimento_comes_once(self):
        self._pedimento(
            "IN",
            "1",
            "2025-11-01",
            [(self.material, 100)],
            year=2025,
            document="5000001",
        )
        with self.assertRaisesRegex(UserError, "recorded already"):
            self._opening()

    def test_posted_is_not_changed(self):
        opening = self._opening()
        for change in (
            lambda: opening.write({"cutoff_date": "2026-09-29"}),
            lambda: opening.write({"data": self._file()}),
            lambda: opening.write({"state": "draft"}),
            opening.unlink,
            opening.action_load,
            opening.action_post,
        ):
            with self.assertRaises(UserError):
                change()
        user = new_test_user(
            self.env,
            "opening_user",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.assertEqual(opening.with_user(user).line_count, 2)
        with self.assertRaises(AccessError):
            opening.with_user(user).action_cancel()
