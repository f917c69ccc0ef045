# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the cases of the demo are told with: papers, transfers and orders of a company
of their own, each at its date. Quantities in pieces; days of October 2026."""

import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form

import october
from company import PASSWORD

IMPORT, EXPORT = "1", "2"
LOGIN = "casos"
COMPANY = ("Casos del Anexo 24, S.A. de C.V.", "CAN190101AB1", "3390-2019")


def at(day):
    """A day of October, or any date."""
    return october.day(day) if isinstance(day, int) else day


class CaseBook:
    """A case's parts, papers and movements; ``self.company`` is that of all cases."""

    def __init__(self, env, company=None):
        self.env = env
        self.company = company or self._company()
        login = env["res.users"].search([("login", "=", LOGIN)])
        context = dict(env.context, allowed_company_ids=self.company.ids)
        self.env = env(user=login, su=True, context=context)
        self.company = self.company.with_env(self.env)
        self.warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.stock = self.warehouse.lot_stock_id
        self.piece = self.env.ref("immex_compliance.unit_6")
        self.suppliers = self.env.ref("stock.stock_location_suppliers")
        self.customers = self.env.ref("stock.stock_location_customers")
        self.papers, self.later = 0, []

    def _company(self):
        name, rfc, program = COMPANY
        company = self.env["res.company"].create(
            {
                "name": name,
                "vat": rfc,
                "country_id": self.env.ref("base.mx").id,
                "currency_id": self.env.ref("base.MXN").id,
            }
        )
        # Odoo lets its maker in; those of the month keep to theirs
        self.env.user.company_ids -= company
        company.partner_id.write({"tz": "America/Monterrey", "lang": "es_MX"})
        manager = self.env.ref("immex_compliance.group_manager")
        self.env["res.users"].create(
            {
                "name": "Casos del Anexo 24",
                "login": LOGIN,
                "password": PASSWORD,
                "tz": "America/Monterrey",
                "lang": "es_MX",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.link(manager.id)],
            }
        )
        warehouses = self.env["stock.warehouse"]
        if not warehouses.search([("company_id", "=", company.id)]):
            warehouses.create(
                {"name": "Planta", "code": "PL", "company_id": company.id}
            )
        self.env["immex.program"].create(
            {"company_id": company.id, "name": program, "valid_from": "2019-01-01"}
        )
        return company

    def begin(self, number, title):
        """Parts of the next case: their codes begin with its number."""
        self.code, self.title = f"C{number:02d}", title
        self.material = self.part("MAT")
        self.product = self.part("PT", "product")

    def part(self, suffix, immex_class="material", **values):
        return self.env["product.product"].create(
            {
                "name": f"{self.title} ({suffix})",
                "default_code": f"{self.code}-{suffix}",
                "type": "consu",
                "is_storable": True,
                "immex_class": immex_class,
                **values,
            }
        )

    # papers --------------------------------------------------------------------
    def key(self, code):
        return self.env["immex.pedimento.key"].search([("code", "=", code)], limit=1)

    def paper(self, key, kind, day, lines, case=None, identifiers=(), **values):
        """A paid pedimento with a partida for each (part, quantity)."""
        self.papers += 1
        rule = self.env["immex.operation.rule"]._match(
            self.key(key), kind, case, identifiers
        )
        pedimento = self.env["immex.pedimento"].create(
            {
                "company_id": self.company.id,
                "year": 2026,
                "office": "24",
                "office_section": "240",
                "patente": "3456",
                "document": f"69{self.papers:05d}",
                "operation_type": kind,
                "key_id": self.key(key).id,
                "case": case,
                "operation_rule_id": rule.id,
                "entry_date": at(day) if kind == IMPORT else False,
                "payment_date": at(day),
                "state": "ready",
                "identifier_ids": [
                    Command.create(
                        {
                            "company_id": self.company.id,
                            "code": code,
                            "complement1": complements[0] if complements else False,
                        }
                    )
                    for code, complements in identifiers
                ],
                **values,
            }
        )
        self.partidas(pedimento, lines)
        return pedimento

    def partidas(self, pedimento, lines):
        for sequence, (part, quantity) in enumerate(lines, 1):
            figures = {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "qty_umc": quantity,
                "qty_umt": quantity,
                "value_usd": quantity * 2,
                "customs_value": quantity * 36,
            }
            self.env["immex.pedimento.partida"].create(
                {
                    **figures,
                    "sequence": sequence,
                    "fraccion": "85369099",
                    "description": part.name,
                    "umc_id": self.piece.id,
                    "umt_id": self.piece.id,
                    "detail_state": "done",
                    "goods_ids": [
                        Command.create(
                            {
                                **figures,
                                "product_id": part.id,
                                "quantity": quantity,
                                "factor": 1,
                            }
                        )
                    ],
                }
            )

    def names(self, paper, other, kind="discharge", **values):
        """Block 512 (or the rectified one) of a paper names another."""
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": paper.id,
                "company_id": self.company.id,
                "kind": kind,
                "patente": other.patente,
                "document": other.document,
                "office_section": other.office_section,
                "date": other.payment_date,
                **values,
            }
        )

    # movements -----------------------------------------------------------------
    def enter(self, key="IN", quantity=100, day=1, part=None, **values):
        """An import and its receipt."""
        part = part or self.material
        paper = self.paper(key, IMPORT, day, [(part, quantity)], **values)
        self.receive(quantity, day, paper, part)
        return paper

    def leave(self, key="RT", quantity=10, day=10, part=None, **values):
        """An exit and its delivery."""
        part = part or self.product
        paper = self.paper(key, EXPORT, day, [(part, quantity)], **values)
        self.deliver(quantity, day, paper, part)
        return paper

    def receive(self, quantity, day, paper=None, part=None, **values):
        kind, places = self.warehouse.in_type_id, (self.suppliers, self.stock)
        return self._transfer(kind, places, quantity, day, paper, part, **values)

    def deliver(self, quantity, day, paper=None, part=None, target=None, **values):
        kind = self.warehouse.out_type_id
        places = (self.stock, target or self.customers)
        part = part or self.product
        return self._transfer(kind, places, quantity, day, paper, part, **values)

    def _transfer(self, kind, places, quantity, day, paper, part, **values):
        part = part or self.material
        ends = {"location_id": places[0].id, "location_dest_id": places[1].id}
        with self._on(day):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": kind.id,
                    "immex_pedimento_id": paper.id if paper else False,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": part.id,
                                "product_uom_qty": quantity,
                                **ends,
                            }
                        )
                    ],
                    **ends,
                    **values,
                }
            )
            picking.action_confirm()
            self._done(picking, quantity)
        return picking

    def give_back(self, picking, quantity, day):
        """Return a part of a done transfer, as users do."""
        with self._on(day):
            context = {
                "active_id": picking.id,
                "active_ids": picking.ids,
                "active_model": picking._name,
            }
            form = Form(self.env["stock.return.picking"].with_context(**context))
            wizard = form.save()
            wizard.product_return_moves.quantity = quantity
            back = picking.browse(wizard.action_create_returns()["res_id"])
            self._done(back, quantity)
        return back

    @staticmethod
    def _done(picking, quantity):
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True
        picking.button_validate()
        if picking.state != "done":
            raise AssertionError(f"{picking.name} is {picking.state}, not done")

    def make(self, quantity=10, drawn=50, day=5, product=None, parts=None, **split):
        """A closed order; ``split``: merma, waste, scrap (part, quantity), byproducts.

        ``parts`` are (part, quantity) where it is not the material alone.
        """
        parts = parts or [(self.material, drawn)]
        out = list(split.get("byproducts", ()))
        scrap = split.get("scrap")
        with self._on(day):
            order = self.env["mrp.production"].create(
                {
                    "product_id": (product or self.product).id,
                    "product_qty": quantity,
                    "bom_id": False,
                    "company_id": self.company.id,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "move_raw_ids": [
                        Command.create({"product_id": part.id, "product_uom_qty": each})
                        for part, each in parts
                    ],
                    "move_byproduct_ids": [
                        Command.create({"product_id": part.id, "product_uom_qty": each})
                        for part, each in [*out, *([scrap] if scrap else [])]
                    ],
                }
            )
            order.action_confirm()
            order.qty_producing = quantity
            order._set_qty_producing()
            for move in order.move_raw_ids | order.move_byproduct_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            first = order.move_raw_ids[0]
            first.immex_merma_qty = split.get("merma", 0)
            first.immex_waste_qty = split.get("waste", 0)
            if scrap:
                first.immex_waste_product_id = scrap[0]
            order.button_mark_done()
        if order.state != "done":
            raise AssertionError(f"{order.name} is {order.state}, not done")
        return order

    def unbuild(self, order, quantity, day):
        with self._on(day):
            places = {"location_id": self.stock.id, "location_dest_id": self.stock.id}
            unbuild = self.env["mrp.unbuild"].create(
                {
                    "product_id": order.product_id.id,
                    "mo_id": order.id,
                    "product_qty": quantity,
                    "company_id": self.company.id,
                    **places,
                }
            )
            unbuild.action_unbuild()

    def count(self, part, quantity, day):
        """What a physical count found of a part."""
        with self._on(day):
            quant = self.env["stock.quant"].search(
                [("product_id", "=", part.id), ("location_id", "=", self.stock.id)]
            )
            quant.inventory_quantity = quantity
            quant.action_apply_inventory()

    # acts ----------------------------------------------------------------------
    def destroy(self, part, quantity, act=True):
        """A notice of destruction of 5 September; with its act of 10 October."""
        return self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": f"AV-{self.code}",
                "notice_date": datetime.date(2026, 9, 5),
                "act_number": f"ACTA-{self.code}" if act else False,
                "act_date": at(10) if act else False,
                "line_ids": [
                    Command.create(
                        {"product_id": part.id, "quantity": quantity, "is_waste": False}
                    )
                ],
            }
        )

    def rectify(self, pedimento, day, quantity):
        """An R1 of an import of the case's material."""
        paper = self.paper("R1", IMPORT, day, [], operation_rule_id=False)
        self.names(paper, pedimento, "rectified", key_code=pedimento.key_id.code)
        self.partidas(paper, [(self.material, quantity)])
        paper._link_arrival()
        paper._recompute_detail()
        return paper

    def after_first_run(self, action):
        """Do this once a run has found the balances; another run follows."""
        self.later.append(action)

    @staticmethod
    def _on(day):
        return freeze_time(datetime.datetime.combine(at(day), datetime.time(18)))
