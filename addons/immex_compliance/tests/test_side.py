# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase

COUNTS = ("immex_pedimento_count", "immex_layer_count", "immex_exit_count")
HOSTS = (
    "stock.picking",
    "mrp.production",
    "product.product",
    "product.template",
    "stock.lot",
    "purchase.order",
    "sale.order",
    "account.move",
    "res.partner",
)


@tagged("post_install", "-at_install")
class TestSide(EngineCase):
    """Records of Odoo show their pedimentos, layers, exits and balance."""

    def setUp(self):
        super().setUp()
        self.part = self._product("MAT", "material", tracking="lot")
        self.goods = self._product("PROD", "product")
        self.supplier = self.env["res.partner"].create({"name": "Supplier"})
        self.buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": self.part.id, "company_id": self.company.id}
        )
        self.entry = self._pedimento(
            "IN", "1", "2026-10-01", [(self.part, 100)], partner_id=self.supplier.id
        )
        self.entry.goods_ids.lot_name = "L-1"
        self.purchase = self._purchase()
        self.receipt = self.purchase.picking_ids
        self.receipt.write(
            {"immex_pedimento_id": self.entry.id, "immex_event_date": "2026-10-01"}
        )
        self.receipt.move_ids.move_line_ids.lot_id = self.lot
        self._validate(self.receipt)
        self.order = self._order_of_lot()
        self.sale = self._sale()
        self.delivery = self.sale.picking_ids
        self.exit = self._pedimento(
            "RT", "2", "2026-10-10", [(self.goods, 20)], partner_id=self.buyer.id
        )
        self.delivery.write(
            {"immex_pedimento_id": self.exit.id, "immex_event_date": "2026-10-10"}
        )
        self._validate(self.delivery)
        self._run()
        self.layer = self._layer(self.entry)
        self.line = self.exit.exit_line_ids

    def _validate(self, picking):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _purchase(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_qty": 100,
                            "price_unit": 2,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        order.picking_ids.move_ids.quantity = 100
        return order

    def _order_of_lot(self):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.goods.id,
                "product_qty": 30,
                "bom_id": False,
                "immex_event_date": "2026-10-05",
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "move_raw_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_uom_qty": 60,
                            "location_id": self.stock.id,
                            "location_dest_id": self.goods.property_stock_production.id,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.action_assign()
        order.qty_producing = 30
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order

    def _sale(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 20,
                            "price_unit": 9,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def _counts(self, record):
        return tuple(record[name] for name in COUNTS)

    def test_counts_and_what_they_open(self):
        for record, counts in (
            (self.receipt, (1, 1, 0)),
            (self.purchase, (1, 1, 0)),
            (self.delivery, (1, 1, 1)),
            (self.sale, (1, 1, 1)),
            (self.order, (1, 1, 1)),
            (self.lot, (1, 1, 0)),
            (self.part, (1, 1, 0)),
            (self.part.product_tmpl_id, (1, 1, 0)),
            (self.goods, (1, 0, 1)),
            (self.supplier, (1, 0, 0)),
            (self.buyer, (1, 0, 1)),
        ):
            with self.subTest(record=record):
                self.assertEqual(self._counts(record), counts)
                for kind, count in zip(
                    ("pedimentos", "layers", "exits"), counts, strict=True
                ):
                    opened = getattr(record, f"action_immex_{kind}")()
                    if count:
                        found = self.env[opened["res_model"]].browse(opened["res_id"])
                        self.assertEqual(len(found.exists()), 1)
                    else:
                        found = self.env[opened["res_model"]].search(opened["domain"])
                        self.assertFalse(found)
        opened = self.delivery.action_immex_layers()
        self.assertEqual(opened["res_id"], self.layer.id, "the import that it freed")

    def test_balance_and_origin(self):
        self.assertEqual(self.part.immex_balance, 60)
        self.assertEqual(self.part.product_tmpl_id.immex_balance, 60)
        opened = self.part.action_immex_balance()
        self.assertEqual(self.env["immex.layer"].search(opened["domain"]), self.layer)
        for record in (self.delivery, self.sale, self.order, self.goods, self.buyer):
            with self.subTest(record=record):
                opened = record.action_immex_origin()
                rows = self.env["immex.exit.origin"].search(opened["domain"])
                self.assertEqual(rows.product_id, self.part)
                self.assertEqual(sum(rows.mapped("quantity")), 40)

    def test_bills_and_invoices(self):
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "journal_id": self._journal().id,
                    "line_ids": [
                        Command.create(
                            {"account_id": self._account().id, "name": "x", **link}
                        )
                    ],
                }
                for link in (
                    {"purchase_line_id": self.purchase.order_line.id},
                    {"sale_line_ids": [Command.set(self.sale.order_line.ids)]},
                )
            ]
        )
        bill, invoice = moves
        self.assertEqual(self._counts(bill), (1, 1, 0))
        self.assertEqual(self._counts(invoice), (1, 1, 1))

    def _account(self):
        return self.env["account.account"].create(
            {
                "name": "Goods",
                "code": f"9{self.env['account.account'].search_count([]):05d}",
                "account_type": "expense",
                "company_ids": [Command.set(self.company.ids)],
            }
        )

    def _journal(self):
        return self.env["account.journal"].create(
            {
                "name": "Side",
                "code": f"S{self.env['account.journal'].search_count([]):03d}",
                "type": "general",
                "company_id": self.company.id,
            }
        )

    def _queries(self, records):
        self.env.flush_all()
        self.env.invalidate_all()
        records.mapped("display_name")
        records.env.companies.mapped("immex_in_use")
        start = self.env.cr.sql_log_count
        records.mapped("immex_layer_count")
        return self.env.cr.sql_log_count - start

    def test_a_list_asks_once(self):
        transfers = self.receipt | self.delivery
        for _n in range(10):
            transfers |= self.delivery.copy()
        for one, many in (
            (self.receipt, transfers),
            (self.part, self.env["product.product"].search([], limit=40) | self.part),
            (self.supplier, self.env["res.partner"].search([], limit=40)),
        ):
            with self.subTest(model=one._name):
                self.assertEqual(self._queries(one), 1)
                self.assertEqual(self._queries(many), 1)

    def test_nothing_is_asked_where_no_company_is_under_immex(self):
        other = self.env["res.company"].create({"name": "Plain"})
        self.env.user.company_ids |= other
        elsewhere = self.receipt.with_context(allowed_company_ids=other.ids)
        self.assertEqual(self._queries(elsewhere), 0)
        self.assertEqual(self._counts(elsewhere), (0, 0, 0))

    def test_other_companies_books_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["immex.program"].create(
            {"company_id": other.id, "name": "1-2019", "valid_from": "2019-01-01"}
        )
        self.env.user.company_ids |= other
        part = self.part.with_context(allowed_company_ids=other.ids)
        self.assertEqual(self._counts(part), (0, 0, 0))
        self.assertEqual(part.immex_balance, 0)

    def test_who_reads_no_books_gets_no_ids_of_them(self):
        """The buttons are methods: called by whom the form shows none."""
        seller = new_test_user(
            self.env,
            "side_seller",
            groups="sales_team.group_sale_salesman_all_leads,stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        customer = new_test_user(self.env, "side_customer", groups="base.group_portal")
        self.sale.partner_id = customer.partner_id
        self.sale.message_subscribe(customer.partner_id.ids)
        for user in (seller, customer):
            sale = self.sale.with_user(user).with_company(self.company)
            sale.check_access("read")
            for name in ("pedimentos", "layers", "exits", "origin"):
                with (
                    self.subTest(user=user.login, button=name),
                    self.assertRaises(AccessError),
                ):
                    getattr(sale, f"action_immex_{name}")()

    def test_who_has_no_role_sees_nothing(self):
        plain = new_test_user(
            self.env,
            "immex_side_plain",
            groups="stock.group_stock_manager,mrp.group_mrp_user,"
            "purchase.group_purchase_user,sales_team.group_sale_salesman,"
            "account.group_account_invoice",
        )
        role = new_test_user(
            self.env,
            "immex_side_role",
            groups="immex_compliance.group_manager,"
            "purchase.group_purchase_user,sales_team.group_sale_salesman,"
            "account.group_account_invoice",
        )
        for model in HOSTS:
            for user, seen in ((plain, False), (role, True)):
                with self.subTest(model=model, user=user.login):
                    arch = self.env[model].with_user(user).get_view(view_type="form")
                    tree = etree.fromstring(arch["arch"])
                    found = tree.xpath("//button[@name='action_immex_pedimentos']")
                    self.assertEqual(bool(found), seen)
            self.assertNotIn(
                "immex_layer_count", self.env[model].with_user(plain).fields_get()
            )
