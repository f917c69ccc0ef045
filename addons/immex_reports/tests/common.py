# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command

from odoo.addons.immex_compliance.tests.engine_case import EngineCase


class ReportCase(EngineCase):
    """A month of a small plant, through Odoo's own objects and the engine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.vat = "ADN150203AB1"
        cls.material = cls._product("MAT-1", "material")
        cls.product = cls._product("FIN-1", "product")
        # certified after the first import
        cls.env["immex.scccyg.layout"].create(
            {
                "company_id": cls.company.id,
                "valid_from": "2020-01-01",
                "start_date": "2026-10-02",
            }
        )

    def _month(self):
        """Two imports, an order with merma and waste, a return, a destruction of part
        of the waste and a delivery without document."""
        for day, quantity in (("2026-10-01", 100), ("2026-10-05", 60)):
            pedimento = self._pedimento("IN", "1", day, [(self.material, quantity)])
            self._transfer("incoming", day, [(self.material, quantity)], pedimento)
        self._order(
            self.product,
            55,
            "2026-10-10",
            [(self.material, 126.5)],
            **{"MAT-1": (5.5, 11)},
        )
        exit_pedimento = self._pedimento("RT", "2", "2026-10-15", [(self.product, 50)])
        self._transfer("outgoing", "2026-10-15", [(self.product, 50)], exit_pedimento)
        self._transfer("outgoing", "2026-10-16", [(self.product, 5)])
        self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "AVISO-1",
                "notice_date": "2026-09-20",
                "act_number": "ACTA-1",
                "act_date": "2026-10-25",
                "state": "done",
                "line_ids": [
                    Command.create({"product_id": self.material.id, "quantity": 4})
                ],
            }
        )
        return self._run()

    def _everything(self):
        """The month, by part and by value, and what the other modules of the annex
        show: an asset, a count, a sub-manufacturer, with whom the company deals."""
        machine = self._product("AF-1", "fixed_asset")
        supplier = self.env["res.partner"].create(
            {
                "name": "Proveedor Nacional",
                "ref": "P-7",
                "street": "Calle 1 núm. 2",
                "country_id": self.env.ref("base.mx").id,
                "immex_registration_kind": "immex",
                "immex_registration": "77-2010",
            }
        )
        program = self.env["immex.program"].search(
            [("company_id", "=", self.company.id)]
        )
        program.site_ids = [
            Command.create({"kind": kind, "name": kind, "partner_id": supplier.id})
            for kind in ("plant", "submaquila")
        ]
        asset = self._pedimento(
            "AF", "1", "2026-10-02", [(machine, 1)], partner_id=supplier.id
        )
        partida = asset.partida_ids
        partida.commercial_value = partida.goods_ids.commercial_value = 1234.56
        # charged to the credit of Anexo 30
        asset.contribution_ids = [
            Command.create(
                {
                    "company_id": self.company.id,
                    "partida_id": partida.id,
                    "kind": "amount",
                    "code": "3",
                    "payment_form": "21",
                    "amount": 198,
                }
            )
        ]
        self._transfer("incoming", "2026-10-02", [(machine, 1)], asset)
        sold = self._pedimento(
            "RT", "2", "2026-10-20", [(machine, 1)], partner_id=self.principal.id
        )
        self._transfer("outgoing", "2026-10-20", [(machine, 1)], sold)
        self._month()
        self._taken_apart()
        self._by_value()

    def _new_run(self, code, **values):
        return self.env["immex.report.run"].create(
            {
                "company_id": self.company.id,
                "code": code,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
                **values,
            }
        )

    def _by_value(self):
        """2026 goes by value, as an OEA of the auto parts sector may."""
        self.env["immex.program"].create(
            {
                "company_id": self.company.id,
                "kind": "certification",
                "certification": "oea",
                "name": "OEA-1",
                "valid_from": "2024-01-01",
            }
        )
        self.env["immex.discharge.method"].create(
            {
                "company_id": self.company.id,
                "year": 2026,
                "method": "fraction_value",
                "basis": "auto_parts",
            }
        )
        self._run()

    def _taken_apart(self):
        """One of what came under temporary import is taken apart: two parts of it."""
        unit = self._product("UNIT-1", "material")
        came = self._pedimento("IN", "1", "2026-10-03", [(unit, 3)])
        self._transfer("incoming", "2026-10-03", [(unit, 3)], came)
        bill = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": unit.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": self.material.id, "product_qty": 2})
                ],
            }
        )
        order = self.env["mrp.unbuild"].create(
            {
                "product_id": unit.id,
                "bom_id": bill.id,
                "product_qty": 1,
                "product_uom_id": unit.uom_id.id,
                "company_id": self.company.id,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
            }
        )
        order.action_unbuild()
        lines = (order.produce_line_ids | order.consume_line_ids).move_line_ids
        lines.date = "2026-10-12 18:00:00"
        self.env.flush_all()
