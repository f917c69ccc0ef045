# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..formats import cove as codec
from .cove_case import CoveCase


@tagged("post_install", "-at_install")
class TestCoveDraft(CoveCase):
    """A COVE made from what Odoo has: values, parties, and what is to be corrected."""

    def _cove(self, source):
        action = source.action_immex_cove()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_from_a_customer_invoice(self):
        invoice = self._invoice(
            "out_invoice", [(self.terminal, 3, 10.0), (self.connector, 7, 1.43)]
        )
        cove = self._cove(invoice)
        self.assertEqual(cove.operation_type, codec.EXPORT)
        self.assertEqual(cove.number, invoice.name)
        self.assertEqual(str(cove.date), "2026-11-20")
        self.assertEqual(cove.issuer_id, self.company.partner_id)
        self.assertEqual(cove.recipient_id, self.customer)
        self.assertEqual(cove.email, "customs@arneses.example")
        self.assertEqual(
            cove.line_ids.mapped("description"), ["TERMINAL DE COBRE", "CONN-12"]
        )
        self.assertEqual(cove.line_ids.mapped("unit_code"), ["C62_1", "C62_1"])
        first, second = cove.line_ids
        names = ("quantity", "total", "unit_value", "usd")
        self.assertEqual(
            self._exact(first, *names),
            tuple(map(Decimal, ("3.000", "30.000000", "10.000000", "30.0000"))),
        )
        self.assertEqual(
            self._exact(second, *names),
            tuple(map(Decimal, ("7.000", "10.010000", "1.430000", "10.0100"))),
        )
        self.assertFalse(cove.problem_html)
        document = cove._comprobante()
        self.assertEqual(codec.check(document), [])
        self.assertIn("|0|06-0858386|ACME AEROSPACE", codec.original(document))
        self.assertIn("|1|ADN150203AB1|Arneses del Norte", codec.original(document))
        # the same invoice opens the same draft; another is made on purpose
        self.assertEqual(self._cove(invoice), cove)
        invoice.action_immex_cove_new()
        self.assertEqual(len(invoice.immex_cove_ids), 2)

    def test_pesos_at_the_rate_of_the_day(self):
        bill = self._invoice(
            "in_invoice", [(self.terminal, 3, 33.33)], self.peso, ref="F-77"
        )
        cove = self._cove(bill)
        self.assertEqual(cove.operation_type, codec.IMPORT)
        self.assertEqual(cove.number, "F-77")
        self.assertEqual(cove.issuer_id, self.supplier)
        self.assertEqual(
            (cove.rate_source, str(cove.rate_date)), ("odoo", "2026-11-01")
        )
        self.assertEqual(self._exact(cove, "usd_factor"), Decimal("0.05"))
        line = cove.line_ids
        self.assertEqual(self._exact(line, "usd"), Decimal("4.9995"))
        # by hand: said so
        cove.usd_factor = 0.06
        self.assertEqual((cove.rate_source, cove.rate_date), ("manual", False))
        self.assertEqual(self._exact(line, "usd"), Decimal("5.9994"))
        cove.action_rate()
        self.assertEqual(cove.rate_source, "odoo")
        self.assertEqual(self._exact(line, "usd"), Decimal("4.9995"))

    def test_a_rate_is_never_supposed(self):
        bill = self._invoice("in_invoice", [(self.terminal, 1, 5)], self.peso, ref="A")
        cove = self._cove(bill)
        cove.date = "2026-10-01"  # before the first rate
        cove.action_rate()
        self.assertEqual(cove.usd_factor, 0)
        with self.assertRaisesRegex(UserError, "No exchange rate of MXN"):
            cove._comprobante()

    def test_from_transfers_at_the_prices_of_the_order(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.terminal.id,
                            "product_uom_qty": 8,
                            "price_unit": 2.5,
                            "tax_ids": [(5, 0, 0)],
                        },
                    ),
                ],
            }
        )
        self.env["stock.quant"]._update_available_quantity(
            self.terminal, self.warehouse.lot_stock_id, 100
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 3, "picked": True})
        cove = self._cove(picking)
        self.assertEqual(cove.operation_type, codec.EXPORT)
        self.assertEqual(cove.number, picking.name)
        self.assertEqual(self._exact(cove.line_ids, "quantity"), Decimal(3))
        self.assertEqual(self._exact(cove.line_ids, "total"), Decimal("7.5"))
        self.assertEqual(cove.currency_id, order.currency_id)
        # several COVE of one shipment
        picking.action_immex_cove_new()
        self.assertEqual(len(picking.immex_cove_ids), 2)

    def _received(self, partner, currency):
        """A receipt of an order of five terminals at two."""
        line = {
            "product_id": self.terminal.id,
            "product_qty": 5,
            "price_unit": 2,
            "tax_ids": [(5, 0, 0)],
        }
        order = self.env["purchase.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "currency_id": currency.id,
                "order_line": [(0, 0, line)],
            }
        )
        order.button_confirm()
        order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
        return order.picking_ids

    def test_transfers_that_belong_together(self):
        first = self._received(self.supplier, self.dollar)
        contact = self.env["res.partner"].create(
            {"name": "Yard", "parent_id": self.supplier.id, "type": "delivery"}
        )
        second = self._received(contact, self.dollar)
        (first + second).action_immex_cove_new()
        cove = (first + second).immex_cove_ids
        self.assertEqual(cove.picking_ids, first + second)
        self.assertEqual(cove.currency_id, self.dollar)
        self.assertEqual([float(line.total) for line in cove.line_ids], [10, 10])

    def test_transfers_that_do_not_belong_together(self):
        ours = self._received(self.supplier, self.dollar)
        pesos = self._received(self.supplier, self.peso)
        customer = self._received(self.customer, self.dollar)
        nobody = self._transfer("incoming", [(self.terminal, 5)], done=False)
        nobody.partner_id = False
        other = self.env["res.company"].create({"name": "Other"})
        door = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", other.id)], limit=1
        )
        theirs = ours.copy(
            {
                "company_id": other.id,
                "picking_type_id": door.id,
                "move_ids": False,
                "location_id": door.default_location_src_id.id,
                "location_dest_id": door.default_location_dest_id.id,
            }
        )
        # one receipt of two orders
        merged = self._received(self.supplier, self.dollar)
        pesos_too = self._received(self.supplier, self.peso)
        pesos_too.move_ids.picking_id = merged
        for pickings, message in (
            (ours + pesos, "priced in USD, MXN"),
            (merged, "priced in USD, MXN"),
            (ours + customer, f"not {self.supplier.name}, {self.customer.name}"),
            (ours + theirs, "same company and partner, not .*, Other"),
            (ours + nobody, f"Enter the partner of {nobody.name}"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                pickings.action_immex_cove_new()
            self.assertFalse(pickings.immex_cove_ids)

    def test_ordered_by_the_dozen_shipped_by_the_piece(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.terminal.id,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                            "product_uom_qty": 2,
                            "price_unit": 30,
                            "tax_ids": [(5, 0, 0)],
                        },
                    ),
                ],
            }
        )
        self.env["stock.quant"]._update_available_quantity(
            self.terminal, self.warehouse.lot_stock_id, 100
        )
        order.action_confirm()
        moves = order.picking_ids.move_ids
        moves.write({"quantity": 6, "picked": True})
        moves.product_uom = self.terminal.uom_id
        moves.quantity = 6
        order.picking_ids.scheduled_date = "2026-11-21 03:00:00"
        cove = self._cove(order.picking_ids)
        line = cove.line_ids
        self.assertEqual(
            self._exact(line, "quantity", "total", "unit_value"),
            (Decimal(6), Decimal(15), Decimal("2.5")),
        )
        self.assertEqual(line.unit_code, "C62_1")
        # still the day before at the plant
        self.assertEqual(str(cove.date), "2026-11-20")

    def test_a_receipt_without_order_asks_for_its_value(self):
        picking = self._transfer(
            "incoming", [(self.terminal, 5)], partner_id=self.supplier.id
        )
        cove = self._cove(picking)
        self.assertEqual(cove.recipient_id, self.company.partner_id)
        cove.usd_factor = 1
        with self.assertRaisesRegex(UserError, "Line 1.*unit value is 0"):
            cove._comprobante()
        cove.line_ids.total = 12.5
        self.assertEqual(self._exact(cove.line_ids, "unit_value"), Decimal("2.5"))
        self.assertTrue(cove._comprobante())

    def test_a_list_of_invoices(self):
        invoices = self._invoice("out_invoice", [(self.terminal, 3, 10)])
        invoices += self._invoice(
            "out_invoice", [(self.connector, 2, 4)], invoice_date="2026-11-21"
        )
        action = invoices.action_immex_cove_new()
        cove = self.env["immex.cove"].browse(action["res_id"])
        self.assertTrue(cove.is_list)
        self.assertEqual(
            cove.line_ids.mapped("invoice_number"), invoices.mapped("name")
        )
        cove.number = "REL-1"
        document = cove._comprobante()
        self.assertEqual(codec.operation(document), "RecibirRelacionFacturasNoIA")
        self.assertEqual(codec.check(document), [])
        self.assertEqual(
            [invoice.number for invoice in document.invoices], invoices.mapped("name")
        )
        cove.is_automotive = True
        document = cove._comprobante()
        self.assertEqual(codec.operation(document), "RecibirRelacionFacturasIA")
        self.assertTrue(
            codec.build(document, codec.SignedPart(b"c", "|", b"f")) is not None
        )

    def test_invoices_that_do_not_belong_together(self):
        invoice = self._invoice("out_invoice", [(self.terminal, 3, 10)])
        pesos = self._invoice("out_invoice", [(self.terminal, 3, 10)], self.peso)
        bill = self._invoice("in_invoice", [(self.terminal, 3, 10)], ref="X")
        draft = self._invoice("out_invoice", [(self.terminal, 3, 10)], post=False)
        for moves, message in (
            (invoice + pesos, "same company, partner and currency"),
            (invoice + bill, "not of both"),
            (draft, "Confirm the invoice"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                moves.action_immex_cove_new()

    def test_what_is_to_be_corrected(self):
        invoice = self._invoice("out_invoice", [(self.cable, 3, 10)])
        cove = self._cove(invoice)
        self.customer.write({"street": False, "country_id": False, "vat": False})
        cove.patents = "35"
        cove.line_ids.description = "<b>X</b> | Y"
        cove.invalidate_recordset()
        text = str(cove.problem_html)
        self.assertIn("The recipient (ACME AEROSPACE CORPORATION): the street", text)
        self.assertIn("the country is missing", text)
        self.assertIn("35 is no customs patent", text)
        self.assertIn("Line 1: the generic description holds a character", text)
        self.assertNotIn("<b>", text)
        with self.assertRaisesRegex(UserError, "street is missing"):
            cove._comprobante()

    def test_unit_without_key(self):
        roll = self.env["uom.uom"].create({"name": "Roll"})
        self.terminal.uom_id = roll
        invoice = self._invoice("out_invoice", [(self.terminal, 1, 10)])
        cove = self._cove(invoice)
        with self.assertRaisesRegex(UserError, "the unit Roll has no key in COVE"):
            cove._comprobante()
        roll.immex_cove_code = "RO"
        cove.line_ids.unit_code = False
        cove.line_ids._compute_unit_code()
        self.assertEqual(cove.line_ids.unit_code, "RO")

    def test_a_foreigner_without_tax_id(self):
        self.customer.vat = False
        cove = self._cove(self._invoice("out_invoice", [(self.terminal, 1, 10)]))
        self.assertIn("|3|SIN TAX ID|ACME", codec.original(cove._comprobante()))

    def test_roles_and_companies(self):
        cove = self._cove(self._invoice("out_invoice", [(self.terminal, 1, 10)]))
        document = self.env["immex.edocument"].create({"name": "F-1"})
        efirma = self._efirma()
        exchange = self.env["immex.exchange"].create(
            {
                "company_id": self.company.id,
                "service": "X",
                "operation": "Y",
                "request": "<x/>",
            }
        )
        access = self.env["immex.vucem.access"].create(
            {"company_id": self.company.id, "rfc": "ADN150203AB1"}
        )
        writers = {
            cove: ("manager", "administrator"),
            cove.line_ids: ("manager", "administrator"),
            document: ("manager", "administrator"),
            efirma: (),
            access: (),
            exchange: (),
        }
        other = self.env["res.company"].create({"name": "Other"})
        for role in ("user", "manager", "administrator"):
            group = f"immex_compliance.group_{role}"
            own = new_test_user(
                self.env,
                f"cove_{role}",
                groups=group,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            stranger = new_test_user(
                self.env,
                f"cove_other_{role}",
                groups=group,
                company_id=other.id,
                company_ids=[(6, 0, other.ids)],
            )
            for record, roles in writers.items():
                with self.subTest(model=record._name, role=role):
                    self.assertTrue(record.with_user(own).has_access("read"))
                    self.assertEqual(
                        record.with_user(own).has_access("write"), role in roles
                    )
                    self.assertFalse(
                        record.with_user(stranger)
                        .with_context(allowed_company_ids=other.ids)
                        .has_access("read")
                    )

    def test_form(self):
        with Form(self.env["immex.cove"]) as form:
            form.number = "H-1"
            form.currency_id = self.dollar
            with form.line_ids.new() as line:
                line.product_id = self.terminal
                line.quantity = 4
                line.total = 10
        cove = form.save()
        self.assertEqual(cove.rate_source, "same")
        self.assertEqual(self._exact(cove.line_ids, "unit_value"), Decimal("2.5"))
        self.assertEqual(self._exact(cove.line_ids, "usd"), Decimal(10))
        self.assertIn("The issuer is missing", str(cove.problem_html))

    def test_declared_in_a_pedimento(self):
        cove = self._cove(self._invoice("out_invoice", [(self.terminal, 1, 10)]))
        cove.edocument = "COVE26ABCDEF1"
        pedimento = self._pedimento()
        invoice = self.env["immex.pedimento.invoice"].create(
            {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "number": "COVE26ABCDEF1",
            }
        )
        self.assertEqual(invoice.cove_id, cove)
        self.assertEqual(cove.move_ids.immex_cove_numbers, "COVE26ABCDEF1")
