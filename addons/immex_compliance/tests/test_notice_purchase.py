# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..services.notice import document
from .common import ImmexCase

NAMES = {"n": document.NAMESPACE}


@tagged("post_install", "-at_install")
class TestNoticeOfPurchase(ImmexCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls.env["immex.tariff.item"].search(
            [("fraccion", "=", "85369099")], limit=1
        )
        cls.terminal.product_tmpl_id.write(
            {
                "immex_tariff_item_id": cls.item.id,
                "immex_customs_description": "TERMINALES DE COBRE",
            }
        )
        cls.freight = cls.env["product.product"].create(
            {"name": "Freight", "type": "service"}
        )
        cls.order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.supplier.id,
                "company_id": cls.company.id,
                "currency_id": cls.env.ref("base.USD").id,
                "order_line": [
                    cls._ordered(cls.terminal, 9, 3.3333, "2026-10-06 03:00:00"),
                    cls._ordered(cls.connector, 50, 2, "2026-10-20 12:00:00"),
                    cls._ordered(cls.freight, 1, 99, "2026-10-01 12:00:00"),
                    Command.create(
                        {"display_type": "line_note", "name": "note", "product_qty": 0}
                    ),
                ],
            }
        )
        cls.order.button_confirm()
        cls.first, cls.second = cls.order.order_line[:2]

    @classmethod
    def _ordered(cls, product, quantity, price, planned, **values):
        return Command.create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "price_unit": price,
                "date_planned": planned,
                "tax_ids": False,
                **values,
            }
        )

    def _announce(self):
        action = self.order.action_immex_notice()
        return self.env["immex.shipment.notice"].browse(action["res_id"])

    def _told(self, notice):
        return {
            line.product_id: self._exact(line, "quantity", "value")
            for line in notice.line_ids
        }

    def _receive(self, **quantities):
        """Receive so much of each part; the rest becomes a backorder."""
        picking = self.order.picking_ids.filtered(lambda one: one.state != "done")
        for move in picking.move_ids:
            quantity = quantities.get(move.product_id.default_code[:4], 0)
            move.write({"quantity": quantity, "picked": bool(quantity)})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def test_all_that_is_ordered(self):
        notice = self._announce()
        self.assertEqual((notice.direction, notice.state), ("import", "draft"))
        self.assertEqual(notice.purchase_id, self.order)
        self.assertEqual(notice.reference, self.order.name)
        # 03:00 in UTC is the evening before in the plant
        self.assertEqual(str(notice.expected_date), "2026-10-05")
        self.assertEqual(
            self._told(notice),
            {
                self.terminal: (Decimal(9), Decimal("30.00")),
                self.connector: (Decimal(50), Decimal(100)),
            },
        )
        line = notice.line_ids[0]
        self.assertEqual(line.tariff_item_id, self.item)
        self.assertEqual(line.description, "TERMINALES DE COBRE")
        self.assertEqual(line.currency_id.name, "USD")
        # never imported: where the supplier sits is no origin
        self.assertFalse(line.origin_id)
        self.assertEqual(self.order.immex_notice_count, 1)
        found = self.order.action_immex_notices()["domain"]
        self.assertEqual(self.env["immex.shipment.notice"].search(found), notice)
        root = etree.fromstring(notice._build())
        self.assertEqual(
            root.findtext("n:reference", namespaces=NAMES), self.order.name
        )
        self.assertEqual(
            [e.text for e in root.iterfind(".//n:quantity", NAMES)],
            ["9.00000", "50.00000"],
        )

    def test_only_what_was_not_announced(self):
        """Three shipments: pieces and cents of them are those of the order."""
        whole = []
        for pieces in (2, 4, 3):
            notice = self._announce()
            line = notice.line_ids.filtered(lambda one: one.product_id == self.terminal)
            with Form(notice) as form:
                with form.line_ids.edit(notice.line_ids.ids.index(line.id)) as edited:
                    edited.quantity = pieces
            whole.append(self._exact(line, "quantity", "value"))
        self.assertEqual(
            whole,
            [
                (Decimal(2), Decimal("6.67")),
                (Decimal(4), Decimal("13.33")),
                (Decimal(3), Decimal("10.00")),
            ],
        )
        with self.assertRaises(UserError):
            self.order.action_immex_notice()
        self.order.invalidate_recordset()
        self.assertEqual(self.order.immex_notice_count, 3)

    def test_the_rest_is_worth_the_rest(self):
        notice = self._announce()
        line = notice.line_ids[0]
        line.write({"quantity": 2, "value": 6.67})
        self.assertEqual(
            self._told(self._announce()),
            {self.terminal: (Decimal(7), Decimal("23.33"))},
        )

    def test_a_draft_that_goes_and_one_that_is_refused_free_their_goods(self):
        notice = self._announce()
        notice.unlink()
        notice = self._announce()
        notice.state = "refused"
        self.assertEqual(len(self._announce().line_ids), 2)
        with self.assertRaisesRegex(UserError, "not deleted"):
            notice.unlink()

    def test_what_came_is_not_announced_any_more(self):
        self._receive(TERM=4)
        notice = self._announce()
        self.assertEqual(
            self._told(notice),
            {
                self.terminal: (Decimal(5), Decimal("16.67")),
                self.connector: (Decimal(50), Decimal(100)),
            },
        )
        # what was announced and then came is the same goods
        self._receive(TERM=5, CONN=20)
        with self.assertRaises(UserError):
            self.order.action_immex_notice()

    def test_what_a_transfer_announced_counts(self):
        picking = self._receive(TERM=4)
        (backorder,) = self.order.picking_ids - picking
        of_picking = self.env["immex.shipment.notice"]._from_picking(backorder)
        self.assertEqual(of_picking.line_ids.purchase_line_id, self.first | self.second)
        # of nine, five were announced: four may still come, as far as is known
        self.assertEqual(
            self._told(self._announce()),
            {self.terminal: (Decimal(4), Decimal("13.33"))},
        )

    def test_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.connector.uom_ids |= dozen
        self.order.order_line = [
            self._ordered(self.connector, 2, 12, "2026-10-20", product_uom_id=dozen.id)
        ]
        notice = self._announce()
        line = notice.line_ids.filtered(lambda one: one.uom_id == dozen)
        self.assertEqual(self._exact(line, "quantity", "value"), (2, 24))
        line.write({"quantity": 15, "uom_id": self.connector.uom_id.id, "value": 15})
        rest = self._announce().line_ids
        self.assertEqual(rest.uom_id, dozen)
        self.assertEqual(
            self._exact(rest, "quantity", "value"), (Decimal("0.75"), Decimal(9))
        )

    def test_the_origin_that_the_last_import_declared(self):
        china = self.env.ref("base.cn")
        pedimento = self._pedimento(
            partidas=[{"origin_country_id": china.id, "product_code": "TERM-01"}]
        )
        self.env["immex.pedimento.goods"].create(
            {
                "partida_id": pedimento.partida_ids.id,
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "sequence": 1,
                "part_number": "TERM-01",
                "product_id": self.terminal.id,
                "qty_umc": 100,
                "qty_umt": 100,
                "value_usd": 50,
                "origin_country_id": china.id,
            }
        )
        notice = self._announce()
        self.assertEqual(
            [line.origin_id.code for line in notice.line_ids], ["CN", False]
        )

    def test_cove_numbers_that_are_known(self):
        cove = self.env["immex.cove"].create(
            {
                "company_id": self.company.id,
                "number": "F-1",
                "picking_ids": self.order.picking_ids.ids,
            }
        )
        cove.sudo().edocument = "COVE26000001A"
        notice = self._announce()
        self.assertEqual(notice.cove_numbers, "COVE26000001A")
        notice.line_ids[1].unlink()
        # the first shipment named it
        self.assertFalse(self._announce().cove_numbers)
        picking = self.env["immex.shipment.notice"]._from_picking(
            self.order.picking_ids
        )
        self.assertEqual(picking.cove_numbers, "COVE26000001A")

    def test_where_it_is_not_for(self):
        order = self.order.copy()
        with self.assertRaisesRegex(UserError, "Confirm"):
            order.action_immex_notice()
        services = self.order.copy({"order_line": False})
        services.order_line = [self._ordered(self.freight, 1, 9, "2026-10-01")]
        services.button_confirm()
        with self.assertRaisesRegex(UserError, "announced"):
            services.action_immex_notice()
        self.program.unlink()
        with self.assertRaisesRegex(UserError, "no IMMEX programme"):
            self.order.action_immex_notice()
        with self.assertRaisesRegex(UserError, "no IMMEX programme"):
            self.order.picking_ids.action_immex_notice()

    def test_who_may(self):
        values = {"company_id": self.company.id, "company_ids": self.company.ids}
        own = {"allowed_company_ids": self.company.ids}
        users = {
            role: new_test_user(
                self.env,
                f"notice_{role}",
                groups=f"immex_compliance.group_{role},purchase.group_purchase_user",
                **values,
            )
            for role in ("user", "manager")
        }
        with self.assertRaises(AccessError):
            self.order.with_user(users["user"]).with_context(
                **own
            ).action_immex_notice()
        mine = self.order.with_user(users["manager"]).with_context(**own)
        action = mine.action_immex_notice()
        notice = self.env["immex.shipment.notice"].browse(action["res_id"])
        self.assertEqual(notice.create_uid, users["manager"])
        self.assertEqual(len(notice.line_ids), 2)
        self.assertEqual(mine.immex_notice_count, 1)
        buyer = new_test_user(
            self.env, "notice_buyer", groups="purchase.group_purchase_user", **values
        )
        arch = self.order.with_user(buyer).get_views([(False, "form")])
        self.assertNotIn("action_immex_notice", str(arch["views"]["form"]["arch"]))
