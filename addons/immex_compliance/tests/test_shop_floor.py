# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestShopFloor(EngineCase):
    """Who receives or produces enters the customs facts without an IMMEX role."""

    def setUp(self):
        super().setUp()
        self.worker = new_test_user(
            self.env,
            "immex_worker",
            groups="stock.group_stock_user,mrp.group_mrp_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _form(self, record):
        return Form(record.with_user(self.worker))

    def test_a_receiver_enters_the_pedimento(self):
        material = self._product("MAT", "material")
        paper = self._pedimento("IN", "1", "2026-10-01", [(material, 60)])
        picking = self._transfer("incoming", "2026-10-01", [(material, 60)])
        with self._form(picking) as form:
            form.immex_pedimento_ref = " ".join(
                (paper.number15[:2], paper.number15[2:4], paper.number15[4:])
            )
            form.immex_event_date = "2026-10-01"
        self.assertEqual(picking.immex_pedimento_id, paper)
        self.assertEqual(picking.immex_customs_status, "temporary")

    def test_a_producer_enters_merma_and_waste(self):
        material = self._product("MAT", "material")
        product = self._product("PROD", "product")
        order = self.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": 10,
                "bom_id": False,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "move_raw_ids": [
                    Command.create({"product_id": material.id, "product_uom_qty": 50})
                ],
            }
        )
        order.action_confirm()
        with self._form(order) as form:
            form.immex_event_date = "2026-10-05"
            with form.move_raw_ids.edit(0) as line:
                line.immex_merma_qty = 2
                line.immex_waste_qty = 3
        self.assertEqual(order.move_raw_ids.immex_merma_qty, 2)
        self.assertEqual(order.move_raw_ids.immex_waste_qty, 3)

    def test_another_company_sees_no_customs_fields(self):
        self.company.immex_program_ids.unlink()
        self.assertFalse(self.company.immex_in_use)
        picking = self._transfer(
            "incoming", "2026-10-01", [(self._product("MAT", "material"), 1)]
        )
        with (
            self._form(picking) as form,
            self.assertRaisesRegex(AssertionError, "invisible"),
        ):
            form.immex_pedimento_ref = "26 24 3456 6000001"
