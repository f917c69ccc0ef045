# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..definitions import REPORTS
from .common import ReportCase


@tagged("post_install", "-at_install")
class TestModules(ReportCase):
    """Catalogues and modules of Anexo 24 as listings."""

    def _values(self, code, *names, **params):
        run = self._new_run(code, **params)
        run._fill()
        columns = [column.name for column in REPORTS[code].columns]
        return [
            tuple(row[columns.index(name)] for name in names) for row in run._rows()
        ]

    def test_fixed_assets(self):
        self._everything()
        rows = self._values(
            "activo_fijo", "operacion", "numero_parte", "cantidad", "valor_usd"
        )
        self.assertEqual(
            rows,
            [
                ("Importación temporal", "AF-1", Decimal("1.000000"), Decimal("2.00")),
                ("Retorno", "AF-1", Decimal("1.000000"), Decimal("2.00")),
            ],
        )
        numbers = self._values("activo_fijo", "pedimento", "pedimento_importacion")
        self.assertEqual(numbers[0][1], None)
        self.assertEqual(numbers[1][1], numbers[0][0], "the import that it discharged")
        november = {"date_from": "2026-11-01", "date_to": "2026-11-30"}
        self.assertFalse(self._values("activo_fijo", "operacion", **november))

    def test_rectified_assets_and_what_no_import_had(self):
        """The first version in its month, and by which pedimento it was rectified;
        of an exit, also what is beyond the imports."""
        tool = self._product("TOOL", "fixed_asset")
        paper = self._pedimento("AF", "1", "2026-10-02", [(tool, 2)])
        self._transfer("incoming", "2026-10-02", [(tool, 2)], paper)
        now = self._rectified(paper, "2026-11-15")
        self._pedimento("RT", "2", "2026-10-20", [(tool, 3)])
        self._run()
        self.assertEqual(
            self._values(
                "activo_fijo", "operacion", "cantidad", "valor_usd", "rectificado_por"
            ),
            [
                ("Importación temporal", 2, 4, now.number),
                ("Retorno", 2, 4, None),
                ("Retorno", 1, None, None),
            ],
        )
        self.assertEqual(
            self._values("activo_fijo", "pedimento", "clave")[0], (paper.number, "AF")
        )

    def test_adjustments(self):
        self._month()
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quant = quants.search(
            [("product_id", "=", self.material.id), ("location_id", "=", self.stock.id)]
        )
        quant.inventory_quantity = quant.quantity - 3
        quant.action_apply_inventory()
        today = self.env["stock.move"].search([], order="id desc", limit=1).date.date()
        self._run()
        rows = self._values(
            "ajustes", "tipo", "numero_parte", "cantidad", "orden", date_to=today
        )
        order = self.env["mrp.production"].search(
            [("product_id", "=", self.product.id)]
        )
        self.assertEqual(
            rows,
            [
                ("Merma", "MAT-1", Decimal("-5.500000"), order.name),
                ("Faltante", "MAT-1", Decimal("-3.000000"), None),
            ],
        )

    def test_catalogues(self):
        self._everything()
        self.assertEqual(
            self._values("catalogo_materiales", "numero_parte", "tipo", "activo"),
            [("MAT-1", "Material", True), ("UNIT-1", "Material", True)],
        )
        self.assertEqual(
            self._values("catalogo_productos", "numero_parte", "activo"),
            [("FIN-1", True)],
        )
        early = {"date_to": "2026-09-30"}
        self.assertFalse(self._values("catalogo_materiales", "numero_parte", **early))
        self.assertEqual(
            self._values("datos_generales", "programa", "rfc", "tipo"),
            [
                ("1234-2019", "ADN150203AB1", "Domicilio fiscal"),
                ("1234-2019", "ADN150203AB1", "Planta"),
            ],
        )
        self.assertEqual(
            self._values(
                "proveedores", "clave", "origen", "tipo_registro", "registro", "calle"
            ),
            [("P-7", "Nacional", "Programa IMMEX", "77-2010", "Calle 1 núm. 2")],
        )
        self.assertEqual(self._values("clientes", "nombre"), [("Principal Inc",)])
        self.assertEqual(
            self._values("submaquila", "clave", "nombre"),
            [("P-7", "Proveedor Nacional")],
        )

    def test_a_registered_fiscal_domicile_stands_for_the_company_s(self):
        program = self.env["immex.program"].search(
            [("company_id", "=", self.company.id)]
        )
        program.site_ids = [
            Command.create(
                {
                    "kind": "fiscal",
                    "name": "Sede",
                    "partner_id": self.principal.id,
                    "valid_from": "2026-10-15",
                }
            )
        ]
        for day, site in (("2026-10-14", self.company.name), ("2026-10-15", "Sede")):
            self.assertEqual(
                self._values("datos_generales", "establecimiento", date_to=day),
                [(site,)],
            )

    def test_brokers(self):
        """Registered ones by their patents, and patents that only pedimentos name."""
        self._month()
        self.assertEqual(self._values("agentes", "patente", "nombre"), [("3456", None)])
        self.env["immex.broker"].create(
            {
                "name": "Agencia Uno",
                "patent_ids": [
                    Command.create({"name": name}) for name in ("3456", "1111")
                ],
                "appointment_ids": [
                    Command.create(
                        {"company_id": self.company.id, "date_from": "2026-01-01"}
                    )
                ],
            }
        )
        self.assertEqual(
            self._values("agentes", "patente", "nombre"),
            [("1111", "Agencia Uno"), ("3456", "Agencia Uno")],
        )

    def test_consumption_against_the_bill(self):
        """A bill of a dozen products, in dozens of the material, and what was drawn."""
        dozen = self.env.ref("uom.product_uom_dozen")
        bill = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "product_qty": 1,
                "product_uom_id": dozen.id,
                "consumption": "flexible",
                "bom_line_ids": [
                    Command.create(
                        {
                            "product_id": self.material.id,
                            "product_qty": 2,
                            "product_uom_id": dozen.id,
                        }
                    )
                ],
            }
        )
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 200)])
        self._transfer("incoming", "2026-10-01", [(self.material, 200)], pedimento)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.product.id,
                "product_qty": 30,
                "product_uom_id": self.product.uom_id.id,
                "bom_id": bill.id,
                "immex_event_date": "2026-10-10",
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.qty_producing = 30
        order._set_qty_producing()
        move = order.move_raw_ids
        move.quantity = 66 if move.product_uom == self.material.uom_id else 5.5
        move.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self._order(self.product, 5, "2026-10-11", [(self.material, 7)])
        self._run()
        [row] = self._values(
            "consumo",
            "cantidad_producida",
            "esperado",
            "consumido",
            "diferencia",
            "porcentaje",
            "diferencia_usd",
        )
        # 30 by the bill take 60; 5 without one took 7, which no bill expects
        self.assertEqual(
            row,
            (
                Decimal("35.000000"),
                Decimal("60.000000"),
                Decimal("73.000000"),
                Decimal("13.000000"),
                Decimal("21.67"),
                Decimal("26.00"),
            ),
        )

    def test_by_products_share_what_the_bill_asks(self):
        """Ten by the bill take twenty, whatever else the order puts out."""
        rest = self._product("REST", "product")
        bill = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": self.material.id, "product_qty": 2})
                ],
                "byproduct_ids": [
                    Command.create({"product_id": rest.id, "product_qty": 0.5})
                ],
            }
        )
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 50)])
        self._transfer("incoming", "2026-10-01", [(self.material, 50)], pedimento)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.product.id,
                "product_qty": 10,
                "bom_id": bill.id,
                "immex_event_date": "2026-10-10",
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.qty_producing = 10
        order._set_qty_producing()
        for move in order.move_raw_ids | order.move_byproduct_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self._run()
        rows = self._values("consumo", "producto", "esperado", "consumido")
        self.assertEqual([part for part, _e, _c in rows], ["FIN-1", "REST"])
        self.assertEqual(sum(expected for _p, expected, _c in rows), 20)
        for _part, expected, drawn in rows:
            self.assertEqual(expected, drawn)

    def test_record_of_the_48_hours(self):
        """Told or presumed, in the plant's time, late or not to the hour."""
        self._month()
        pedimentos = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)], order="payment_date, id"
        )
        self.company.partner_id.tz = "America/Tijuana"
        pedimentos.registered_at = "2026-10-04 07:00:00"
        told, presumed, later = pedimentos
        told.cleared_at = "2026-10-01 20:30:00"
        presumed.registered_at = "2026-10-08 07:00:00"
        later.registered_at = "2026-10-18 07:00:01"
        self.assertEqual(
            self._values(
                "registro",
                "pedimento",
                "fin_despacho",
                "presunto",
                "registrado",
                "horas",
                "plazo",
                "tardio",
            ),
            [
                (
                    told.number,
                    "2026-10-01 13:30",
                    False,
                    "2026-10-04 00:00",
                    59,
                    48,
                    True,
                ),
                (
                    presumed.number,
                    "2026-10-06 00:00",
                    True,
                    "2026-10-08 00:00",
                    48,
                    48,
                    False,
                ),
                (
                    later.number,
                    "2026-10-16 00:00",
                    True,
                    "2026-10-18 00:00",
                    49,
                    48,
                    True,
                ),
            ],
        )
        self.company.immex_update_hours = 72
        self.assertFalse(any(late for (late,) in self._values("registro", "tardio")))

    def test_interfaces(self):
        self._month()
        self.assertEqual(
            self._values("interfase_entradas", "numero_parte", "cantidad", "monto_usd"),
            [
                ("MAT-1", Decimal("100.000000"), Decimal("200.00")),
                ("MAT-1", Decimal("60.000000"), Decimal("120.00")),
            ],
        )
        self.assertEqual(
            self._values("interfase_salidas", "numero_parte", "cantidad", "monto_usd"),
            [
                ("FIN-1", Decimal("50.000000"), Decimal("100.00")),
                ("FIN-1", Decimal("5.000000"), None),
            ],
        )

    def test_movements_of_manufacture(self):
        """Opening and what moved make the closing, which is the stock that Odoo has."""
        self._everything()
        names = (
            "numero_parte inventario_inicial entradas producido recuperado sobrantes"
            " consumido desensamblado salidas faltantes inventario_final mermas"
        ).split()
        rows = {
            row[0]: row[1:] for row in self._values("interfase_manufactura", *names)
        }
        for part, row in rows.items():
            opening, came, made, back, more, used, apart, left, less, closing, _m = row
            self.assertEqual(
                opening + came + made + back + more - used - apart - left - less,
                closing,
            )
            quants = self.env["stock.quant"].search(
                [
                    ("product_id.default_code", "=", part),
                    ("location_id.usage", "=", "internal"),
                    ("company_id", "=", self.company.id),
                ]
            )
            self.assertEqual(float(closing), sum(quants.mapped("quantity")), part)
        self.assertEqual(rows["UNIT-1"][1], 3)
        self.assertEqual(rows["UNIT-1"][6], 1, "taken apart")
        self.assertEqual(rows["MAT-1"][3], 2, "recovered")
        self.assertEqual((rows["MAT-1"][5], rows["MAT-1"][10]), (Decimal("126.5"), 5.5))
        # the closing of one period is the opening of the next
        later = {"date_from": "2026-11-01", "date_to": "2026-11-30"}
        openings = dict(
            self._values(
                "interfase_manufactura", "numero_parte", "inventario_inicial", **later
            )
        )
        for part, row in rows.items():
            self.assertEqual(openings.get(part, 0), row[9], part)
        self.assertFalse(
            self._values("interfase_manufactura", "numero_parte", date_to="2026-10-01")[
                1:
            ]
        )

    def test_disassembly(self):
        self._everything()
        [row] = self._values(
            "desensamble", "numero_parte", "cantidad", "fecha", "desensamblada"
        )
        self.assertEqual(row[:2], ("MAT-1", 2))
        self.assertEqual((str(row[2]), row[3]), ("2026-10-12", "UNIT-1"))
        [[number, unit, amount]] = self._values(
            "desensamble", "pedimentos", "valor_unitario_usd", "monto_usd"
        )
        layer = self.env["immex.layer"].search(
            [("product_id.default_code", "=", "UNIT-1")]
        )
        self.assertEqual(number, layer.pedimento_id.number)
        self.assertEqual(amount, round(2 * unit, 2))

    def test_catalogue_of_assets(self):
        self._everything()
        columns = ("numero_parte", "cantidad", "saldo")
        for day, left in (("2026-10-10", 1), ("2026-10-31", 0)):
            self.assertEqual(
                self._values("catalogo_activo_fijo", *columns, date_to=day),
                [("AF-1", 1, left)],
            )
        self.assertFalse(
            self._values("catalogo_activo_fijo", *columns, date_to="2026-10-01")
        )

    def test_what_a_seciit_adds(self):
        """Kind of duty rate, invoices, waybills and remesas (B-III)."""
        self._month()
        [first, second] = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("key_id.code", "=", "IN")],
            order="payment_date",
        )
        names = ("tipo_tasa", "tratado", "factura", "fecha_factura")
        rows = self._values("entradas", *names)
        self.assertEqual([row[0] for row in rows], ["General", "General"])
        for pedimento, code, complement in (
            (first, "TL", "USA"),
            (first, "PS", "XII"),
            (second, "PS", "IIa"),
        ):
            self.env["immex.pedimento.identifier"].create(
                {
                    "pedimento_id": pedimento.id,
                    "partida_id": pedimento.partida_ids.id,
                    "company_id": self.company.id,
                    "code": code,
                    "complement1": complement,
                }
            )
        second.invoice_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "company_id": self.company.id,
                        "sequence": number,
                        "number": f"F-{number}",
                        "date": f"2026-10-0{number}",
                    }
                )
                for number in (1, 2)
            ),
        ]
        rows = self._values("entradas", *names)
        self.assertEqual(rows[0][:2], ("Preferencial", "USA"))
        self.assertEqual(
            rows[1], ("PROSEC", None, "F-1, F-2", "01/10/2026, 02/10/2026")
        )
        first.partida_ids.fraccion = "98020010"
        rows = self._values("entradas", *names)
        self.assertEqual(rows[0][:2], ("Regla 8ª", None))
        exit_pedimento = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("key_id.code", "=", "RT")]
        )
        for line, guide in ((3, "MAWB-1"), (4, "HAWB-2")):
            self.env["immex.pedimento.record"].create(
                {
                    "pedimento_id": exit_pedimento.id,
                    "company_id": self.company.id,
                    "line": line,
                    "record_type": "503",
                    "text": f"503|6000001|{guide}|M|",
                }
            )
        rows = self._values("salidas", "clave", "guia", "aduana_seccion")
        self.assertIn(("RT", "MAWB-1, HAWB-2", exit_pedimento.office_section), rows)
