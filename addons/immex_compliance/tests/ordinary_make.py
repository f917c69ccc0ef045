# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A company with two years of ordinary Odoo data and no IMMEX field, and the files that
its customs broker and the government have of these two years.

Purchases and their receipts, orders of a subassembly and of two products, sales and
their deliveries, backdated. The broker writes part codes in his own way, the
descriptions in Spanish, and some quantities in other units than Odoo's.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from odoo import Command

from .common import m3_file, m3_partida
from .datastage_make import tables_of, zip_of

RFC = "EOR180612AB3"
FIRST = date(2024, 12, 5)
YEARS = 730  # days from the first purchase to the end
RECEIPT, ORDERS, DELIVERY = 2, 20, 45  # days after the import
# code in Odoo: name, unit, kilos, price, bought each time
MATERIALS = {
    "EO-TERM-0012": ("Ring terminal 12 AWG", "unit", "0.004", "0.10", 1000),
    "EO-CABLE-18": ("Copper wire 18 AWG", "meter", "0.010", "0.40", 200),
    "EO-CONN-4P": ("4-way connector", "unit", "0.012", "1.50", 200),
    "EO-RESIN-07": ("Resina epóxica bicomponente", "unit", "0.250", "6.00", 100),
    "EO-LABEL-9": ("Printed label 9 mm", "unit", "0.001", "0.02", 3000),
}
# the same in the pedimentos: code, description, UMC, Odoo's units in one UMC, tariff
BROKER = {
    "EO-TERM-0012": ("EOTERM12", "TERMINALES DE OJO", "6", 1, ("85369099", "99")),
    "EO-CABLE-18": ("EO CABLE 18", "CABLE DE COBRE", "3", 1, ("85444299", "99")),
    "EO-CONN-4P": ("ACX-4417", "CONECTORES", "6", 1, ("85369099", "99")),
    "EO-RESIN-07": ("RSN2C", "RESINAS EPOXICAS", "1", 4, ("39073002", "00")),
    "EO-LABEL-9": ("EO-LABEL-9", "ETIQUETAS IMPRESAS", "11", 1000, ("48211001", "00")),
    "EO-HARN-A": ("EOHARNA", "ARNES ELECTRICO A", "6", 1, ("85443099", "99")),
    "EO-HARN-B": ("EOHARNB-R2", "ARNES ELECTRICO B", "6", 1, ("85443099", "99")),
}
BOMS = {
    "EO-SUB-1": {"EO-TERM-0012": Decimal(4), "EO-CABLE-18": Decimal("0.5")},
    "EO-HARN-A": {"EO-SUB-1": 2, "EO-CONN-4P": 1, "EO-RESIN-07": 1, "EO-BOX-1": 1},
    "EO-HARN-B": {"EO-TERM-0012": 2, "EO-CONN-4P": 2, "EO-LABEL-9": 3, "EO-BOX-1": 1},
}
MADE = {"EO-SUB-1": 80, "EO-HARN-A": 40, "EO-HARN-B": 40}
SOLD = {"EO-HARN-A": 35, "EO-HARN-B": 30}


class Ordinary:
    """The company and its files.

    :param env: of a user who may buy, make, sell and move goods
    :param int times: purchases, and sales, evenly over the two years
    :param str name: of the company
    """

    def __init__(self, env, times=8, name="Ensambles Ordinarios SA de CV"):
        step = YEARS // times
        self.days = [FIRST + timedelta(days=step * number) for number in range(times)]
        company = env["res.company"].create(
            {
                "name": name,
                "vat": RFC,
                "country_id": env.ref("base.mx").id,
                "currency_id": env.ref("base.MXN").id,
            }
        )
        company.currency_id.active = True
        env.user.company_ids |= company
        self.env = env(
            context=dict(
                env.context,
                allowed_company_ids=company.ids,
                tracking_disable=True,
                mail_notrack=True,
            )
        )
        self.company = company.with_env(self.env)
        warehouses = self.env["stock.warehouse"]
        self.warehouse = warehouses.search(
            [("company_id", "=", company.id)], limit=1
        ) or warehouses.create(
            {"name": "Planta Hermosillo", "code": "EOH", "company_id": company.id}
        )
        self.products = {}

    def make(self):
        """The two years in Odoo."""
        self._parties()
        self._parts()
        for day in self.days:
            self._buy(day)
            for code, quantity in MADE.items():
                self._make(code, quantity, day + timedelta(days=ORDERS))
            self._sell(day)
        self.env.flush_all()
        return self

    def _parties(self):
        partners = self.env["res.partner"]
        self.supplier, self.grocer, self.customer = partners.create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "company_id": self.company.id,
                    "country_id": self.env.ref(f"base.{country}").id,
                }
                for name, country in (
                    ("ACME Connectors Inc", "us"),
                    ("Cartones de Sonora SA de CV", "mx"),
                    ("Harness Buyers LLC", "us"),
                )
            ]
        )

    def _parts(self):
        units = {
            "unit": self.env.ref("uom.product_uom_unit"),
            "meter": self.env.ref("uom.product_uom_meter"),
        }
        for code, (name, unit, weight, price, _quantity) in MATERIALS.items():
            self._part(code, name, units[unit], weight=float(weight), price=price)
        self._part("EO-BOX-1", "Carton box", units["unit"], price="0.30")
        for code in BOMS:
            self._part(code, f"Wire harness {code[-1]}", units["unit"], price="20")
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.supplier.id,
                "product_tmpl_id": self.products["EO-CONN-4P"].product_tmpl_id.id,
                "product_code": "acx 4417",
                "company_id": self.company.id,
            }
        )
        for code, lines in BOMS.items():
            self.env["mrp.bom"].create(
                {
                    "product_tmpl_id": self.products[code].product_tmpl_id.id,
                    "company_id": self.company.id,
                    "bom_line_ids": [
                        Command.create(
                            {
                                "product_id": self.products[part].id,
                                "product_qty": float(quantity),
                            }
                        )
                        for part, quantity in lines.items()
                    ],
                }
            )

    def _part(self, code, name, unit, weight=0.0, price="1"):
        self.products[code] = self.env["product.product"].create(
            {
                "name": name,
                "default_code": code,
                "is_storable": True,
                "uom_id": unit.id,
                "weight": weight,
                "standard_price": float(price),
                "list_price": float(price),
                "company_id": self.company.id,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )

    # documents ----------------------------------------------------------------------
    def _buy(self, day):
        self._purchase(
            self.supplier,
            {code: values[-1] for code, values in MATERIALS.items()},
            day + timedelta(days=RECEIPT),
        )
        boxes = MADE["EO-HARN-A"] + MADE["EO-HARN-B"]
        self._purchase(self.grocer, {"EO-BOX-1": boxes}, day)

    def _purchase(self, partner, lines, day):
        order = self.env["purchase.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "date_order": str(day - timedelta(days=20)),
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_qty": quantity,
                            "price_unit": self.products[code].standard_price,
                            "date_planned": str(day),
                        }
                    )
                    for code, quantity in lines.items()
                ],
            }
        )
        order.button_confirm()
        self._transfer(order.picking_ids, day)

    def _sell(self, day):
        day += timedelta(days=DELIVERY)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_uom_qty": quantity,
                            "price_unit": 20,
                        }
                    )
                    for code, quantity in SOLD.items()
                ],
            }
        )
        order.action_confirm()
        self._transfer(order.picking_ids, day)

    def _transfer(self, pickings, day):
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        pickings.with_context(skip_backorder=True).button_validate()
        self._backdate(pickings.move_ids, day)
        self._write("stock_picking", pickings.ids, day, "date_done", "scheduled_date")

    def _make(self, code, quantity, day):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.products[code].id,
                "product_qty": quantity,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        order.qty_producing = quantity
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        order.button_mark_done()
        self._backdate(order.move_raw_ids | order.move_finished_ids, day)
        self._write("mrp_production", order.ids, day, "date_start", "date_finished")

    def _backdate(self, moves, day):
        """As if it had been done that day; Odoo writes the day of the click."""
        self.env.flush_all()
        self._write("stock_move", moves.ids, day, "date")
        self._write("stock_move_line", moves.move_line_ids.ids, day, "date")

    def _write(self, table, ids, day, *columns):
        self.env.flush_all()
        for column in columns:
            # names of our own
            self.env.cr.execute(
                f"UPDATE {table} SET {column} = %s WHERE id = ANY(%s)",  # pylint: disable=sql-injection
                (f"{day} 18:00:00", list(ids)),
            )
        self.env.invalidate_all()

    # what customs has ---------------------------------------------------------------
    def _partida(self, code, quantity, dollars):
        name, text, unit, pieces, (fraccion, nico) = BROKER[code]
        dollars = (Decimal(dollars) * quantity).quantize(Decimal("0.01"))
        declared = (Decimal(quantity) / pieces).quantize(Decimal("0.001"))
        pesos = int(dollars * 18)
        return m3_partida(
            fraccion=fraccion,
            nico=nico,
            descripcion=text,
            codigo_producto=name,
            precio_unitario=f"{dollars * 18 / declared:.5f}",
            valor_aduana=pesos,
            valor_comercial=pesos,
            valor_dolares=dollars,
            cantidad_umc=declared,
            umc=unit,
            cantidad_umt=(Decimal(quantity) / 100).quantize(Decimal("0.00001")),
            umt="1",
        )

    def pedimentos(self):
        """Import and return of each time, as ``m3_file`` takes them."""
        for number, day in enumerate(self.days):
            own = {"rfc": RFC, "supplier": "ACME CONNECTORS INC"}
            yield (
                [
                    self._partida(code, values[-1], values[3])
                    for code, values in MATERIALS.items()
                ],
                own
                | {
                    "document": f"{str(day.year)[3]}{100001 + 2 * number}",
                    "entry": day,
                    "paid": day,
                    "identifiers": [{"clave": "IM", "complemento1": "7301-2018"}],
                },
            )
            paid = day + timedelta(days=DELIVERY + 1)
            yield (
                [self._partida(code, sold, "20") for code, sold in SOLD.items()],
                own
                | {
                    "document": f"{str(paid.year)[3]}{100002 + 2 * number}",
                    "operation": "2",
                    "key": "RT",
                    "paid": paid,
                },
            )

    def broker_file(self):
        """Bytes of the broker's file (SAAI M3) of all of it."""
        return m3_file(*self.pedimentos(), name="m3456001.275")

    def later_file(self, name):
        """Bytes of a broker's file with a further import of one part alone."""
        code = next(code for code, values in BROKER.items() if values[0] == name)
        partida = self._partida(code, MATERIALS[code][-1], MATERIALS[code][3])
        day = self.days[-1] + timedelta(days=60)
        options = {"document": f"{str(day.year)[3]}200001", "entry": day, "paid": day}
        return m3_file(([partida], options | {"rfc": RFC}), name="m3456002.275")

    def uncoded_file(self, *told):
        """Bytes of a broker's file of imports whose partidas name no part: a pedimento
        each of ``(code in Odoo, description)``, in what was bought each time."""
        day = self.days[-1] + timedelta(days=61)
        pedimentos = []
        for number, (code, text) in enumerate(told):
            partida = self._partida(code, MATERIALS[code][-1], MATERIALS[code][3])
            options = {"document": f"{str(day.year)[3]}{300001 + number}"}
            options |= {"rfc": RFC, "entry": day, "paid": day}
            partida |= {"codigo_producto": None, "descripcion": text}
            pedimentos.append(([partida], options))
        return m3_file(*pedimentos, name="m3456003.275")

    def data_stage(self):
        """Bytes of the government's zip of all of it."""
        return zip_of(tables_of(self.broker_file()), "4417")

    # what is right ------------------------------------------------------------------
    def content(self, code, quantity=Decimal(1)):
        """Imported material in a quantity of a product, by the BOMs alone."""
        if code not in BOMS:
            return {code: quantity} if code in MATERIALS else {}
        found = defaultdict(Decimal)
        for part, needed in BOMS[code].items():
            for material, held in self.content(part, quantity * needed).items():
                found[material] += held
        return found

    def balance(self):
        """``{code: quantity}`` left of the imports: bought less what left in products.

        Added up from the lists above, without the ledger or its statements.
        """
        left = defaultdict(Decimal)
        for _day in self.days:
            for code, values in MATERIALS.items():
                left[code] += values[-1]
            for product, sold in SOLD.items():
                for code, held in self.content(product, Decimal(sold)).items():
                    left[code] -= held
        return dict(left)
