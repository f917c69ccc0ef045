# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import Command
from odoo.tests import TransactionCase

RFC = "ADN150203AB1"


class ImmexCase(TransactionCase):
    """A company with a programme, a plant, a supplier abroad and a few parts.

    Test base for whatever starts from documents. Dates are of October 2026; the
    pedimentos are cleared at Nuevo Laredo (240) under patent 3456.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create(
            {
                "name": "Arneses del Norte SA de CV",
                "country_id": cls.env.ref("base.mx").id,
                "vat": RFC,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.company = cls.company.with_env(cls.env)
        cls.program = cls.env["immex.program"].create(
            {
                "company_id": cls.company.id,
                "kind": "immex",
                "name": "1234-2019",
                "valid_from": "2019-01-01",
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "ACME WIRING SYSTEMS INC",
                "vat": "TAXID123456",
                "is_company": True,
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.unit_piece = cls._unit("6")
        cls.unit_kilo = cls._unit("1")
        cls.unit_meter = cls._unit("3")
        cls.unit_thousand = cls._unit("11")
        cls.terminal = cls._product("TERM-01", "material")
        cls.connector = cls._product("CONN-12", "material")
        cls.cable = cls._product(
            "CABLE-18", "material", uom_id=cls.env.ref("uom.product_uom_meter").id
        )

    @classmethod
    def _unit(cls, code):
        return cls.env["immex.unit"].search([("code", "=", code)], limit=1)

    @classmethod
    def _product(cls, code, immex_class=False, **values):
        return cls.env["product.product"].create(
            {
                "name": code,
                "default_code": code,
                "type": "consu",
                "is_storable": True,
                "immex_class": immex_class,
                **values,
            }
        )

    @classmethod
    def _pedimento(cls, document="6000001", key="IN", partidas=(), **values):
        """A pedimento entered by hand; each of ``partidas`` is a dict of values over
        the default of 100 pieces worth 50 dollars."""
        pedimento = cls.env["immex.pedimento"].create(
            {
                "company_id": cls.company.id,
                "year": 2026,
                "office": "24",
                "office_section": "240",
                "patente": "3456",
                "document": document,
                "operation_type": "1",
                "key_id": cls.env["immex.pedimento.key"]
                .search([("code", "=", key)], limit=1)
                .id,
                "entry_date": "2026-10-01",
                "payment_date": "2026-10-02",
                **values,
            }
        )
        cls.env["immex.pedimento.partida"].create(
            [
                {
                    "pedimento_id": pedimento.id,
                    "company_id": cls.company.id,
                    "sequence": sequence,
                    "fraccion": "85369099",
                    "description": "TERMINALES",
                    "qty_umc": 100,
                    "umc_id": cls.unit_piece.id,
                    "qty_umt": 100,
                    "umt_id": cls.unit_piece.id,
                    "value_usd": 50,
                    "customs_value": 900,
                    "commercial_value": 880,
                    **partida,
                }
                for sequence, partida in enumerate(partidas, 1)
            ]
        )
        return pedimento

    def _transfer(self, code, lines, date="2026-10-01", done=True, **values):
        """A transfer of (product, quantity) lines over the company's door."""
        incoming = code == "incoming"
        outside = self.env.ref(
            "stock.stock_location_suppliers"
            if incoming
            else "stock.stock_location_customers"
        )
        inside = self.warehouse.lot_stock_id
        source, target = (outside, inside) if incoming else (inside, outside)
        kind = self.warehouse.in_type_id if incoming else self.warehouse.out_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "immex_event_date": date,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for product, quantity in lines
                ],
                **values,
            }
        )
        if done:
            picking.action_confirm()
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking.button_validate()
            self.assertEqual(picking.state, "done")
        return picking

    def _exact(self, record, *names):
        """Stored numbers of a record as ``Decimal``, unread by floats."""
        record.flush_recordset()
        columns = ", ".join(f'"{name}"::text' for name in names)
        self.env.cr.execute(
            f'SELECT {columns} FROM "{record._table}" WHERE id = %s', (record.id,)
        )
        row = [value and Decimal(value) for value in self.env.cr.fetchone()]
        return row[0] if len(names) == 1 else tuple(row)
