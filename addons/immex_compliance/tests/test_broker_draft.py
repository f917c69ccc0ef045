# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..formats.m3 import M3Reader
from ..formats.m3.checks import check_document
from ..formats.partfile import PartFileReader
from .common import OFFICE, PATENT, m3_file, m3_partida
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestBrokerDraft(ImportCase):
    """From a purchase or a transfer to the broker's files, and back."""

    def setUp(self):
        super().setUp()
        item = self.env["immex.tariff.item"].search(
            [("code", "=", "8536909917")], limit=1
        )
        factor = {"unit_id": item.unit_id.id, "factor": 0.015}
        for product in self.terminal | self.connector:
            product.write(
                {
                    "immex_tariff_item_id": item.id,
                    "immex_customs_description": "TERMINALES",
                    "immex_factor_ids": [Command.create(factor)],
                }
            )
        self.item = item
        self.usd = self.env.ref("base.USD")
        self.usd.active = True

    def _purchase(self, *lines):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "company_id": self.company.id,
                "currency_id": self.usd.id,
                "partner_ref": "INV-7",
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                    for product, quantity, price in lines
                ],
            }
        )
        return order

    def _draft(self, record):
        action = record.action_immex_broker_draft()
        draft = self.env["immex.broker.draft"].browse(action["res_id"])
        self.assertEqual(action["res_model"], draft._name)
        return draft

    def _complete(self, draft):
        draft.write(
            {
                "patente": PATENT,
                "customs_office_id": self.env["immex.customs.office"]
                .search([("code", "=", OFFICE)], limit=1)
                .id,
                "key_id": self.env["immex.pedimento.key"]
                .search([("code", "=", "IN")], limit=1)
                .id,
                "document": "6000001",
                "usd_rate": 1,
                "exchange_rate": 18.25,
                "invoice_number": "INV-7",
                "invoice_date": "2026-09-28",
            }
        )
        draft.line_ids.origin_id = self.env["immex.country"].search(
            [("code", "=", "CHN")], limit=1
        )
        return draft

    def _both(self):
        return self._purchase((self.terminal, 100, 0.5), (self.connector, 200, 0.5))

    def test_what_is_missing_is_listed(self):
        self.terminal.immex_tariff_item_id = False
        self.connector.immex_factor_ids.unlink()
        draft = self._draft(self._both())
        draft.action_make()
        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.m3_id)
        for text in (
            "Broker's patent",
            "Office and section",
            "Pedimento key",
            "TERM-01: choose the tariff item",
            "CONN-12: enter a factor",
            "country of origin",
        ):
            self.assertIn(
                text, draft.missing.replace("[TERM-01] ", "").replace("[CONN-12] ", "")
            )
        self.assertNotIn("enter the value", draft.missing)

    def test_read_back_by_our_own_readers(self):
        order = self._both()
        draft = self._complete(self._draft(order))
        draft.action_make()
        self.assertFalse(draft.missing)
        reader = M3Reader(io.BytesIO(draft.m3_id.raw), draft.m3_id.name)
        (document,) = list(reader)
        issues = [*reader.issues, *check_document(document)]
        self.assertEqual([i.text for i in issues if i.severity == "error"], [])
        self.assertEqual(
            [record.type for record in document.records],
            ["500", "501", "505", "507", "511", "551", "999"],
        )
        values = document.partidas[0].record
        self.assertEqual(str(values["cantidad_umc"]), "300.000")
        self.assertEqual(str(values["cantidad_umt"]), "4.50000")
        self.assertEqual(str(values["valor_dolares"]), "150.00")
        self.assertEqual(document.identifiers[0]["complemento1"], "1234-2019")
        parts = PartFileReader(io.BytesIO(draft.parts_id.raw), "parts.csv")
        self.assertEqual(
            sorted(line.numero_parte for line in parts), ["CONN-12", "TERM-01"]
        )
        self.assertEqual(list(parts.issues), [])
        self.assertEqual(
            (draft.m3_id | draft.parts_id).mapped("res_id"), [order.id] * 2
        )

    def test_identifiers_of_the_last_import_are_proposed(self):
        marks = [
            {"clave": "TL", "complemento1": "USA"},
            {"clave": "PS", "complemento1": "XII", "complemento3": "X"},
        ]
        for document, identifiers in (("6000001", []), ("6000002", marks)):
            partida = m3_partida(
                codigo_producto="TERM-01", identifiers=identifiers, nico="17"
            )
            options = {"document": document, "paid": date(2026, 10, int(document[-1]))}
            self._load(m3_file(([partida], options)))
        draft = self._complete(self._draft(self._both()))
        told = {line.product_id: line.identifiers for line in draft.line_ids}
        self.assertEqual(told[self.terminal], "TL|USA; PS|XII||X")
        self.assertFalse(told[self.connector])
        draft.document = "6000009"
        draft.action_make()
        self.assertFalse(draft.missing)
        (document,) = list(M3Reader(io.BytesIO(draft.m3_id.raw), draft.m3_id.name))
        self.assertEqual(
            [
                record.text.split("|", 2)[2]
                for record in document.records
                if record.type == "554"
            ],
            ["85369099|2|TL|USA|||", "85369099|2|PS|XII||X|"],
        )

    def test_identifiers_that_are_none(self):
        draft = self._complete(self._draft(self._both()))
        first, second = draft.line_ids
        first.identifiers = "TL|" + "A" * 30
        second.identifiers = "Z9|USA; TL|USA"
        draft.action_make()
        self.assertIn("too many or too long complements", draft.missing)
        self.assertIn("identifier Z9 is none of a partida", draft.missing)
        self.assertNotIn("identifier TL is", draft.missing)

    def test_loaded_it_gives_the_same_goods(self):
        draft = self._complete(self._draft(self._both()))
        draft.action_make()
        content = draft.m3_id.raw
        # what the broker fills in: dates, and the count of the closing record
        dates = b"506|6000001|1|01102026|\r\n506|6000001|2|02102026|\r\n"
        content = content.replace(b"507|", dates + b"507|", 1).replace(
            b"|1|7|", b"|1|9|"
        )
        pedimento = self._load(content, draft.m3_id.name).file.pedimento_ids
        files = self.env["immex.pedimento.file"]
        files._load_parts(self.company, io.BytesIO(draft.parts_id.raw), "p.csv")
        self.assertEqual(pedimento.state, "ready")
        self.assertEqual(
            sorted(
                (g.product_id.default_code, g.quantity, g.value_usd)
                for g in pedimento.goods_ids
            ),
            [("CONN-12", 200.0, 100.0), ("TERM-01", 100.0, 50.0)],
        )
        self.assertEqual(pedimento.invoice_ids.number, "INV-7")
        self.assertEqual(pedimento.partida_ids.tariff_item_id, self.item)
        # the next draft knows the origin
        again = self._draft(self._both())
        self.assertEqual(set(again.line_ids.origin_id.mapped("code")), {"CHN"})

    def test_price_rule(self):
        order = self._purchase((self.terminal, 100, 0.5), (self.connector, 200, 0.7))
        for rule, count in (("same", 2), ("any", 1), ("part", 2)):
            draft = self._complete(self._draft(order))
            draft.price_rule = rule
            draft.action_make()
            (document,) = list(M3Reader(io.BytesIO(draft.m3_id.raw)))
            self.assertEqual(len(document.partidas), count, rule)

    def test_delivery(self):
        buyer = self.supplier.copy({"name": "BUYER|ÑANDÚ <script>"})
        picking = self._transfer(
            "outgoing", [(self.terminal, 10)], done=False, partner_id=buyer.id
        )
        picking.action_confirm()
        draft = self._complete(self._draft(picking))
        self.assertEqual(draft.operation_type, "2")
        draft.action_make()
        self.assertIn("enter the value", draft.missing)
        draft.line_ids.value = 12.34
        draft.action_make()
        self.assertFalse(draft.missing)
        (document,) = list(M3Reader(io.BytesIO(draft.m3_id.raw)))
        self.assertEqual(document.header["tipo_operacion"], "2")
        self.assertEqual(document.of("505")[0]["nombre"], "BUYER/ÑANDÚ <script>")
        self.assertEqual(draft.m3_id.res_model, "stock.picking")

    def test_no_rate_is_guessed(self):
        self.usd.rate_ids.unlink()
        if self.company.currency_id == self.usd:
            self.company.currency_id = self.env.ref("base.MXN")
        draft = self._draft(self._both())
        self.assertEqual((draft.usd_rate, draft.exchange_rate), (1.0, 0.0))

    def test_nothing_to_declare(self):
        order = self._purchase()
        with self.assertRaises(UserError):
            order.action_immex_broker_draft()

    def test_only_managers(self):
        order = self._both()
        user = new_test_user(
            self.env,
            "draft_clerk",
            groups="immex_compliance.group_user,purchase.group_purchase_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            order.with_user(user).action_immex_broker_draft()
