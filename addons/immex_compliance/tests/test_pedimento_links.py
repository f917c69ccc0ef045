# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ImmexCase

NUMBER = "26  24  3456  6000001"


@tagged("post_install", "-at_install")
class TestPedimentoLinks(ImmexCase):
    def test_transfers_wait_for_the_paper(self):
        receipt = self._transfer(
            "incoming", [(self.terminal, 100)], immex_pedimento_ref=NUMBER
        )
        delivery = self._transfer(
            "outgoing",
            [(self.terminal, 5)],
            immex_pedimento_ref="26-24 3456/6000001",
            done=False,
        )
        other = self._transfer(
            "incoming", [(self.terminal, 1)], immex_pedimento_ref="262434566000002"
        )
        self.assertFalse((receipt | delivery | other).immex_pedimento_id)
        pedimento = self._pedimento(partidas=[{"product_code": "TERM-01"}])
        pedimento._link_arrival()
        self.assertEqual(pedimento.picking_ids, receipt | delivery)
        self.assertFalse(other.immex_pedimento_id)

    def test_number_typed_after_the_paper(self):
        pedimento = self._pedimento()
        typed = self._transfer(
            "incoming", [(self.terminal, 1)], immex_pedimento_ref=NUMBER
        )
        self.assertEqual(typed.immex_pedimento_id, pedimento)
        receipt = self._transfer("incoming", [(self.terminal, 100)])
        receipt.immex_pedimento_ref = "2624 3456 6000001"
        self.assertEqual(receipt.immex_pedimento_id, pedimento)
        receipt.immex_pedimento_ref = "2624 3456 6000009"
        self.assertFalse(receipt.immex_pedimento_id)

    def test_who_receives_goods_need_not_read_pedimentos(self):
        pedimento = self._pedimento(key="A1", partidas=[{"product_code": "TERM-01"}])
        pedimento._recompute_detail()
        user = new_test_user(
            self.env,
            "receiver",
            groups="stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        receipt = self._transfer("incoming", [(self.terminal, 100)])
        receipt.with_user(user).immex_pedimento_ref = NUMBER
        self.assertEqual(receipt.immex_pedimento_id, pedimento)
        self.assertEqual(receipt.immex_customs_status, "definitive")
        with self.assertRaises(AccessError):
            pedimento.with_user(user).check_access("read")

    def test_pedimento_of_another_company_is_not_joined(self):
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= foreign
        self._pedimento(company_id=foreign.id)
        receipt = self._transfer(
            "incoming", [(self.terminal, 1)], immex_pedimento_ref=NUMBER
        )
        self.assertFalse(receipt.immex_pedimento_id)

    def test_status_of_a_receipt_follows_its_pedimento(self):
        receipt = self._transfer(
            "incoming", [(self.terminal, 1)], immex_pedimento_ref=NUMBER
        )
        self.assertEqual(receipt.immex_customs_status, "temporary")
        definitive = self._pedimento(key="A1", partidas=[{"product_code": "TERM-01"}])
        definitive._recompute_detail()
        self.assertEqual(definitive.operation_rule_id.customs_status, "definitive")
        definitive._link_arrival()
        self.assertEqual(receipt.immex_customs_status, "definitive")

    def test_references_find_their_pedimento_in_either_order(self):
        exit_paper = self._pedimento("6000002", key="F4", operation_type="1")
        reference = self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": exit_paper.id,
                "company_id": self.company.id,
                "kind": "discharge",
                "patente": "3456",
                "document": "6000001",
                "office_section": "240",
                "date": "2026-10-02",
            }
        )
        exit_paper._link_arrival()
        self.assertFalse(reference.target_id)
        pedimento = self._pedimento()
        decade = self._pedimento(year=2016, payment_date="2016-10-02")
        (pedimento | decade)._link_arrival()
        self.assertEqual(reference.target_id, pedimento)

    def test_partner_by_name_must_be_alone(self):
        self.env["res.partner"].create({"name": "TWIN INC"})
        twin = self.env["res.partner"].create({"name": "Twin Inc", "vat": "TW-2"})
        pedimento = self._pedimento()
        invoice = self.env["immex.pedimento.invoice"].create(
            {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "partner_name": "TWIN INC",
            }
        )
        pedimento._link_arrival()
        self.assertFalse(invoice.partner_id)
        invoice.tax_id = "TW2"
        pedimento._link_arrival()
        self.assertEqual(invoice.partner_id, twin)

    # detail from the receipt or the invoice -------------------------------------
    def _proposal(self, pedimento, source="receipt"):
        wizard = self.env["immex.detail.proposal"].create(
            {"pedimento_id": pedimento.id, "source": source}
        )
        wizard.action_propose()
        return wizard

    def test_receipt_proposes_and_a_person_confirms(self):
        pedimento = self._pedimento(
            partidas=[{"qty_umt": Decimal("3.00001"), "value_usd": Decimal("10.01")}]
        )
        self._transfer(
            "incoming",
            [(self.terminal, 60), (self.connector, 40)],
            immex_pedimento_ref=NUMBER,
        )
        wizard = self._proposal(pedimento)
        self.assertFalse(pedimento.goods_ids)
        self.assertEqual(wizard.line_ids.partida_id, pedimento.partida_ids)
        self.assertEqual(sorted(wizard.line_ids.mapped("qty_umc")), [40, 60])
        wizard.action_apply()
        self.assertEqual(pedimento.state, "ready")
        self.assertEqual(set(pedimento.goods_ids.mapped("source")), {"receipt"})
        totals = [
            sum(values)
            for values in zip(
                *(
                    self._exact(line, "qty_umc", "qty_umt", "value_usd")
                    for line in pedimento.goods_ids
                ),
                strict=True,
            )
        ]
        self.assertEqual(totals, [Decimal(100), Decimal("3.00001"), Decimal("10.01")])

    def test_receipt_that_differs_is_shown_not_bent(self):
        pedimento = self._pedimento(partidas=[{}])
        self._transfer(
            "incoming",
            [(self.terminal, 60), (self.connector, 39)],
            immex_pedimento_ref=NUMBER,
        )
        wizard = self._proposal(pedimento)
        wizard.action_apply()
        self.assertEqual(pedimento.partida_ids.detail_state, "mismatch")

    def test_line_that_could_be_of_two_partidas_is_left_open(self):
        pedimento = self._pedimento(partidas=[{}, {}])
        self._transfer("incoming", [(self.terminal, 100)], immex_pedimento_ref=NUMBER)
        wizard = self._proposal(pedimento)
        self.assertFalse(wizard.line_ids.partida_id)
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertFalse(pedimento.goods_ids)

    def test_bill_of_the_supplier_proposes_its_values(self):
        pedimento = self._pedimento(partidas=[{"value_usd": 100}])
        self.env["immex.pedimento.invoice"].create(
            {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "number": "F-77",
            }
        )
        account, journal = self._accounting()
        self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "ref": "F-77",
                "partner_id": self.supplier.id,
                "journal_id": journal.id,
                "invoice_date": "2026-10-01",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "account_id": account.id,
                            "tax_ids": [(5,)],
                        },
                    )
                    for product, quantity, price in (
                        (self.terminal, 60, 1),
                        (self.connector, 40, 1),
                    )
                ],
            }
        )
        wizard = self._proposal(pedimento, "invoice")
        self.assertEqual(sorted(wizard.line_ids.mapped("value_usd")), [40, 60])
        wizard.action_apply()
        self.assertEqual(pedimento.state, "ready")
        self.assertEqual(set(pedimento.goods_ids.mapped("source")), {"invoice"})

    def _accounting(self):
        account = self.env["account.account"].create(
            {
                "name": "Goods",
                "code": "115999",
                "account_type": "expense",
                "company_ids": [(4, self.company.id)],
            }
        )
        payable = self.env["account.account"].create(
            {
                "name": "Payable",
                "code": "201999",
                "account_type": "liability_payable",
                "reconcile": True,
                "company_ids": [(4, self.company.id)],
            }
        )
        self.supplier.with_company(self.company).property_account_payable_id = payable
        journal = self.env["account.journal"].create(
            {
                "name": "Bills",
                "code": "BILLX",
                "type": "purchase",
                "company_id": self.company.id,
                "default_account_id": account.id,
            }
        )
        return account, journal

    def test_part_file_outranks_a_proposal(self):
        pedimento = self._pedimento(partidas=[{}])
        self.env["immex.pedimento.goods"].create(
            {
                "partida_id": pedimento.partida_ids.id,
                "part_number": "NOT-OURS",
                "qty_umc": 100,
                "qty_umt": 100,
                "value_usd": 50,
                "source": "part_file",
            }
        )
        self._transfer("incoming", [(self.terminal, 100)], immex_pedimento_ref=NUMBER)
        wizard = self._proposal(pedimento)
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(pedimento.goods_ids.part_number, "NOT-OURS")

    # the discharge asked for from a document -------------------------------------
    def test_discharge_is_for_managers(self):
        pedimento = self._pedimento(partidas=[{"product_code": "TERM-01"}])
        pedimento._recompute_detail()
        receipt = self._transfer(
            "incoming", [(self.terminal, 100)], immex_pedimento_ref=NUMBER
        )
        user = new_test_user(
            self.env,
            "clerk",
            groups="immex_compliance.group_user,stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        manager = new_test_user(
            self.env,
            "customs",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        for record in (pedimento, receipt):
            with self.assertRaises(AccessError):
                record.with_user(user).action_run_discharge()
            action = record.with_user(manager).action_run_discharge()
            request = (
                self.env[action["res_model"]]
                .with_user(manager)
                .with_context(**action["context"])
                .create({"reason": "test"})
            )
            job = self.env["immex.job"].browse(request.action_run()["res_id"])
            self.assertEqual(job.company_id, self.company)
            job._run_now()
            self.assertEqual(job.run_id.user_id, manager)
        layer = self.env["immex.layer"].search([("pedimento_id", "=", pedimento.id)])
        self.assertEqual(layer.quantity, 100)
