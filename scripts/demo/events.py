# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happened in October, through Odoo's ordinary objects, each at its date."""

import datetime
import io
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command

import october

DOMESTIC_SUPPLIER = "cintas"


class Events:
    def __init__(self, env, company, files):
        self.env, self.company, self.files = env, company, files
        self.products, self.partners = company.products, company.partners
        self.pedimentos = {}

    # the calendar --------------------------------------------------------------
    def timeline(self):
        """(date, text, function) of everything that happens, in order."""
        events = []
        for document in october.IMPORTS:
            received = max(document.entry, document.paid) + datetime.timedelta(days=1)
            loaded = document.paid
            if document.number == october.RECEIVED_BEFORE_PAPER:
                received, loaded = document.entry, document.paid + datetime.timedelta(3)
            events.append((loaded, 1, f"file {document.file}", self._load, document))
            events.append(
                (received, 2, f"receipt {document.number}", self._receive, document)
            )
        for code, quantity, price, number in october.DOMESTIC:
            events.append(
                (
                    october.day(number),
                    2,
                    f"domestic purchase {code}",
                    self._buy,
                    (code, quantity, price),
                )
            )
        events.append(
            (october.day(9), 3, "a user maps a part number", self._resolve, None)
        )
        events.append(
            (october.day(11), 1, "components to Planta 2", self._move_plant, None)
        )
        for order in october.ORDERS:
            events.append(
                (
                    october.day(order.day),
                    3,
                    f"order {order.product} x {order.quantity}",
                    self._produce,
                    order,
                )
            )
        events.append(
            (
                october.day(october.SUBMAQUILA[2]),
                3,
                f"sub-maquila {october.SUBMAQUILA[0]}",
                self._subcontract,
                october.SUBMAQUILA,
            )
        )
        for document in october.EXPORTS:
            events.append(
                (document.paid, 4, f"file {document.file}", self._load, document)
            )
            if document.key != "F4":
                events.append(
                    (
                        document.paid,
                        5,
                        f"delivery {document.number}",
                        self._deliver,
                        document,
                    )
                )
        events.append(
            (
                october.day(october.DOMESTIC_SALE[2]),
                5,
                "domestic sale without customs document",
                self._sell,
                october.DOMESTIC_SALE,
            )
        )
        events.append(
            (
                october.DESTRUCTION["act_date"],
                6,
                "destruction of waste",
                self._destroy,
                october.DESTRUCTION,
            )
        )
        return sorted(events, key=lambda event: event[:2])

    def run(self, show):
        day = None
        for date, _order, text, function, argument in self.timeline():
            if date != day:
                day = date
                frozen = datetime.datetime.combine(date, datetime.time(18))
            show(f"{date:%d %b}  {text}")
            with freeze_time(frozen):
                function(argument)
                self.env.flush_all()

    # documents -----------------------------------------------------------------
    def _load(self, document):
        files = self.env["immex.pedimento.file"]
        company = self.company.company
        data = (self.files / document.file).read_bytes()
        files._load_m3(company, io.BytesIO(data), document.file)
        if document.split == "file":
            name = document.file.replace(".", "_") + "_partes.csv"
            data = (self.files / name).read_bytes()
            files._load_parts(company, io.BytesIO(data), name)
        pedimento = self.env["immex.pedimento"].search(
            [("document", "=", document.number), ("patente", "=", document.patente)]
        )
        self.pedimentos[document.number] = pedimento

    def _number(self, document):
        year = str(document.paid.year)[2:]
        return f"{year}  {document.office[:2]}  {document.patente}  {document.number}"

    def _resolve(self, _argument):
        """A customs manager chooses the product of a part that nothing mapped."""
        code, number = october.UNKNOWN_PART
        goods = self.env["immex.pedimento.goods"].search(
            [("part_number", "=", number), ("product_id", "=", False)]
        )
        if not goods:
            raise AssertionError(f"{number} does not wait for its product")
        goods.product_id = self.products[code]
        goods.pedimento_id.action_recompute_detail()

    # stock ---------------------------------------------------------------------
    def _picking(self, kind, source, target, lines, **values):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_uom_qty": float(quantity),
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for code, quantity in lines
                ],
                **values,
            }
        )
        picking.action_confirm()
        return picking

    def _validate(self, picking):
        picking.with_context(skip_backorder=True).button_validate()
        if picking.state != "done":
            raise AssertionError(f"{picking.name} is {picking.state}, not done")
        return picking

    def _received(self, document, code, quantity):
        return october.RECEIVED.get((document.number, code), quantity)

    def _receive(self, document):
        warehouse = self.company.plants[1]
        partner = self.partners[document.partner]
        if document.partner == "principal":
            picking = self._picking(
                warehouse.in_type_id,
                self.env.ref("stock.stock_location_suppliers"),
                warehouse.lot_stock_id,
                document.lines,
                partner_id=partner.id,
                owner_id=partner.id,
                origin=document.invoice,
                immex_pedimento_ref=self._number(document),
            )
        else:
            picking = self._purchase(partner, document)
            picking.immex_pedimento_ref = self._number(document)
        for move in picking.move_ids:
            code = move.product_id.default_code
            wanted = dict(document.lines)[code]
            move.quantity = float(self._received(document, code, wanted))
            if document.serial:
                move.move_line_ids.lot_name = document.serial
            move.picked = True
        self._validate(picking)

    def _purchase(self, partner, document):
        order = self.env["purchase.order"].create(
            {
                "partner_id": partner.id,
                "partner_ref": document.invoice,
                "currency_id": self.env.ref("base.USD").id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_qty": quantity,
                            "price_unit": float(october.PARTS[code].price),
                        }
                    )
                    for code, quantity in document.lines
                ],
            }
        )
        order.button_confirm()
        return order.picking_ids

    def _buy(self, argument):
        code, quantity, price = argument
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partners[DOMESTIC_SUPPLIER].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_qty": quantity,
                            "price_unit": float(price) * 18.3,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        picking = order.picking_ids
        picking.move_ids.location_dest_id = self.company.domestic
        for move in picking.move_ids:
            move.quantity = quantity
            move.move_line_ids.location_dest_id = self.company.domestic
            move.picked = True
        self._validate(picking)

    def _move_plant(self, _argument):
        """Components of the orders of Planta 2 change plant, not balance."""
        first, second = self.company.plants[1], self.company.plants[2]
        lines = []
        for order in october.ORDERS:
            if order.plant == 2:
                for code, each in october.PRODUCTS[order.product][3].items():
                    needed = order.drawn.get(code, each * order.quantity)
                    lines.append((code, round(needed * 1.05 + 1)))
        picking = self._picking(
            first.int_type_id, first.lot_stock_id, second.lot_stock_id, lines
        )
        picking.action_assign()
        for move in picking.move_ids:
            move.picked = True
        self._validate(picking)

    # production ----------------------------------------------------------------
    def _produce(self, order):
        warehouse = self.company.plants[order.plant]
        scrap = self.products[october.SCRAP[0]]
        production = self.env["mrp.production"].create(
            {
                "product_id": self.products[order.product].id,
                "product_qty": order.quantity,
                "bom_id": self.company.boms[order.product].id,
                "picking_type_id": warehouse.manu_type_id.id,
                "move_byproduct_ids": [
                    Command.create(
                        {"product_id": scrap.id, "product_uom_qty": float(order.scrap)}
                    )
                ]
                if order.scrap
                else [],
            }
        )
        production.action_confirm()
        production.action_assign()
        production.qty_producing = order.quantity
        production._set_qty_producing()
        for move in production.move_raw_ids:
            code = move.product_id.default_code
            if code in order.drawn:
                move.quantity = order.drawn[code]
            move.picked = True
            move.immex_merma_qty = order.merma.get(code, 0)
            move.immex_waste_qty = order.waste.get(code, 0)
            if code in order.waste:
                move.immex_waste_product_id = scrap
        for move in production.move_byproduct_ids:
            move.quantity = float(order.scrap)
            move.picked = True
        production.with_context(
            skip_consumption=True, skip_backorder=True
        ).button_mark_done()
        if production.state != "done":
            raise AssertionError(f"{production.name} is {production.state}, not done")

    def _subcontract(self, argument):
        code, quantity, _day, partner = argument
        warehouse = self.company.plants[1]
        subcontractor = self.partners[partner]
        bom = october.PRODUCTS[code][3]
        outside = subcontractor.property_stock_subcontractor
        supply = self._picking(
            warehouse.int_type_id,
            warehouse.lot_stock_id,
            outside,
            [(part, each * quantity) for part, each in bom.items()],
            partner_id=subcontractor.id,
        )
        supply.action_assign()
        supply.move_ids.picked = True
        self._validate(supply)
        order = self.env["purchase.order"].create(
            {
                "partner_id": subcontractor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_qty": quantity,
                            "price_unit": 41.0,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True
        self._validate(picking)

    # exits ---------------------------------------------------------------------
    def _deliver(self, document):
        partner = self.partners[document.partner]
        self._ship(partner, document.lines, self._number(document))

    def _ship(self, partner, lines, number=False):
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[code].id,
                            "product_uom_qty": quantity,
                        }
                    )
                    for code, quantity in lines
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        if number:
            picking.immex_pedimento_ref = number
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        self._validate(picking)

    def _sell(self, argument):
        code, quantity, _day, partner = argument
        self._ship(self.partners[partner], [(code, quantity)])

    def _destroy(self, data):
        scrap = self.products[october.SCRAP[0]]
        destruction = self.env["immex.destruction"].create(
            {
                "company_id": self.company.company.id,
                "notice_folio": data["notice"],
                "notice_date": data["notice_date"],
                "act_number": data["act"],
                "act_date": data["act_date"],
                "place": data["place"],
                "process": "Trituración y separación de metal y plástico.",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": scrap.id,
                            "quantity": float(Decimal(data["quantity"])),
                            "weight": float(Decimal(data["quantity"])),
                        }
                    )
                ],
            }
        )
        destruction.action_done()
