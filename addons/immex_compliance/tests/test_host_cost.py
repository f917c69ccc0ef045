# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .engine_case import EngineCase

# a statement on a table of ours; columns of ours in the host's statements cost none
OURS = re.compile(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?immex_', re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestHostCost(EngineCase):
    """What users wait for sends no statement of ours: the triggers note what changed
    within the host's own statements. Speed itself is shown by ``make bench``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = [cls._product(f"Q{number}", "material") for number in range(30)]
        cls.made = cls._product("QMADE", "product")

    @contextmanager
    def _statements(self):
        """The statements that reach the database within the block."""
        sent, execute = [], Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            sent.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", spy):
            yield sent
            self.env.flush_all()

    def _picking(self, parts):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        places = {"location_id": suppliers.id, "location_dest_id": self.stock.id}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "move_ids": [
                    Command.create(
                        {"product_id": part.id, "product_uom_qty": 5, **places}
                    )
                    for part in parts
                ],
                **places,
            }
        )
        picking.action_confirm()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        return picking

    def _noted(self, kind):
        self.env.cr.execute(
            "SELECT count(*) FROM immex_change WHERE company_id = %s AND kind = %s",
            (self.company.id, kind),
        )
        return self.env.cr.fetchone()[0]

    def test_spy_sees_ours(self):
        with self._statements() as sent:
            self.env["immex.finding"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len([query for query in sent if OURS.search(query)]), 1)

    def test_picking(self):
        """200 lines or 5: as many extra statements."""
        self._picking(self.parts[:3]).button_validate()  # caches
        before = self._noted("L")
        for size in (5, 30):
            picking = self._picking(self.parts[:size])
            with self._statements() as sent:
                picking.button_validate()
            self.assertEqual(picking.state, "done")
            self.assertGreater(len(sent), 10)
            self.assertFalse([query for query in sent if OURS.search(query)])
        self.assertGreaterEqual(self._noted("L"), before + 35, "the engine is told")

    def test_order(self):
        self._picking(self.parts).button_validate()
        for size in (5, 30):
            order = self.env["mrp.production"].create(
                {
                    "product_id": self.made.id,
                    "product_qty": 1,
                    "bom_id": False,
                    "company_id": self.company.id,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "move_raw_ids": [
                        Command.create({"product_id": part.id, "product_uom_qty": 1})
                        for part in self.parts[:size]
                    ],
                }
            )
            order.action_confirm()
            order.qty_producing = 1
            order._set_qty_producing()
            order.move_raw_ids.picked = True
            with self._statements() as sent:
                order.button_mark_done()
            self.assertEqual(order.state, "done")
            self.assertFalse([query for query in sent if OURS.search(query)])
