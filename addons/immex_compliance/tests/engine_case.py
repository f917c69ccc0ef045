# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import TransactionCase

COUNTERS = (
    "movements_changed",
    "layers_changed",
    "exits_changed",
    "requirements_added",
    "requirements_superseded",
    "discharges_added",
    "discharges_superseded",
)


class EngineCase(TransactionCase):
    """A small plant whose facts happen through Odoo's own objects.

    Quantities in pieces; documents dated in October 2026.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create(
            {"name": "Arneses del Norte", "country_id": cls.env.ref("base.mx").id}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.company = cls.company.with_env(cls.env)
        cls.env["immex.program"].create(
            {
                "company_id": cls.company.id,
                "name": "1234-2019",
                "valid_from": "2019-01-01",
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.piece = cls.env["immex.unit"].search([("code", "=", "6")], limit=1)
        cls.principal = cls.env["res.partner"].create({"name": "Principal Inc"})
        cls.serial = 0

    # products ------------------------------------------------------------------
    @classmethod
    def _product(cls, code, immex_class, **values):
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

    # documents -----------------------------------------------------------------
    def _key(self, code):
        return self.env["immex.pedimento.key"].search([("code", "=", code)], limit=1)

    def _rule(self, key, operation_type, case=None, identifiers=()):
        return self.env["immex.operation.rule"]._match(
            self._key(key), operation_type, case, identifiers
        )

    def _pedimento(
        self, key, operation_type, date, lines, identifiers=(), case=None, **values
    ):
        """A pedimento with one partida and one goods line for each (product, qty).

        ``identifiers``: (code, (complement, ...)), with ``case`` what its rule needs.
        """
        type(self).serial += 1
        pedimento = self.env["immex.pedimento"].create(
            {
                "company_id": self.company.id,
                "year": 2026,
                "office": "24",
                "office_section": "240",
                "patente": "3456",
                "document": f"6{self.serial:06d}",
                "operation_type": operation_type,
                "key_id": self._key(key).id,
                "case": case,
                "operation_rule_id": self._rule(
                    key, operation_type, case, identifiers
                ).id,
                "entry_date": date if operation_type == "1" else False,
                "payment_date": date,
                "state": "ready",
                **values,
            }
        )
        for code, complements in identifiers:
            values = dict(
                zip(("complement1", "complement2"), complements, strict=False)
            )
            self.env["immex.pedimento.identifier"].create(
                {
                    "pedimento_id": pedimento.id,
                    "company_id": self.company.id,
                    "code": code,
                    **values,
                }
            )
        for sequence, (product, quantity) in enumerate(lines, 1):
            partida = self.env["immex.pedimento.partida"].create(
                {
                    "pedimento_id": pedimento.id,
                    "company_id": self.company.id,
                    "sequence": sequence,
                    "fraccion": "85369099",
                    "description": product.name,
                    "qty_umc": quantity,
                    "umc_id": self.piece.id,
                    "qty_umt": quantity,
                    "umt_id": self.piece.id,
                    "value_usd": quantity * 2,
                    "customs_value": quantity * 36,
                    "detail_state": "done",
                }
            )
            self.env["immex.pedimento.goods"].create(
                {
                    "partida_id": partida.id,
                    "pedimento_id": pedimento.id,
                    "company_id": self.company.id,
                    "product_id": product.id,
                    "qty_umc": quantity,
                    "qty_umt": quantity,
                    "quantity": quantity,
                    "factor": 1,
                    "value_usd": quantity * 2,
                    "customs_value": quantity * 36,
                }
            )
        return pedimento

    def _rectified(self, pedimento, date, **values):
        """An R1 of ``pedimento`` that repeats its goods and its contributions."""
        lines = [
            (goods.product_id, goods.quantity) for goods in self._goods_of(pedimento)
        ]
        now = self._pedimento(
            "R1",
            pedimento.operation_type,
            date,
            lines,
            **{
                "entry_date": pedimento.entry_date,
                "operation_rule_id": False,
                **values,
            },
        )
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": now.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": pedimento.patente,
                "document": pedimento.document,
                "office_section": pedimento.office_section,
                "key_code": pedimento.key_id.code,
                "date": pedimento.payment_date,
            }
        )
        twins = {}
        for old, new in zip(
            self._goods_of(pedimento), self._goods_of(now), strict=True
        ):
            new.commercial_value = old.commercial_value
            new.partida_id.commercial_value = old.partida_id.commercial_value
            twins[old.partida_id] = new.partida_id
        for told in pedimento.contribution_ids:
            partida = twins[told.partida_id].id if told.partida_id else False
            told.copy({"pedimento_id": now.id, "partida_id": partida})
        now._link_arrival()
        now._recompute_detail()
        return now

    def _goods_of(self, pedimento):
        return self.env["immex.pedimento.goods"].search(
            [("pedimento_id", "=", pedimento.id)]
        )

    # stock ---------------------------------------------------------------------
    def _transfer(self, code, date, lines, pedimento=None, **values):
        incoming = code == "incoming"
        partner = self.env.ref(
            "stock.stock_location_suppliers"
            if incoming
            else "stock.stock_location_customers"
        )
        source, target = (partner, self.stock) if incoming else (self.stock, partner)
        source = values.pop("source", source)
        target = values.pop("target", target)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": (
                    self.warehouse.in_type_id
                    if incoming
                    else self.warehouse.out_type_id
                ).id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "immex_pedimento_id": pedimento.id if pedimento else False,
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
        picking.action_confirm()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def _order(self, product, quantity, date, components, byproducts=(), **split):
        """A done order. ``split`` maps a component's code to (merma, waste)."""
        order = self.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "bom_id": False,
                "immex_event_date": date,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "move_raw_ids": [
                    Command.create(
                        {
                            "product_id": component.id,
                            "product_uom_qty": drawn,
                            "location_id": (location or self.stock).id,
                            "location_dest_id": product.property_stock_production.id,
                        }
                    )
                    for component, drawn, location in (
                        (*line, None)[:3] for line in components
                    )
                ],
                "move_byproduct_ids": [
                    Command.create({"product_id": part.id, "product_uom_qty": made})
                    for part, made in byproducts
                ],
            }
        )
        order.action_confirm()
        order.qty_producing = quantity
        order._set_qty_producing()
        for move, line in zip(order.move_raw_ids, components, strict=True):
            move.quantity = line[1]
            move.picked = True
            merma, waste, *part = split.get(line[0].default_code, (0, 0))
            move.immex_merma_qty = merma
            move.immex_waste_qty = waste
            move.immex_waste_product_id = part and part[0]
        for move, (_part, made) in zip(
            order.move_byproduct_ids, byproducts, strict=True
        ):
            move.quantity = made
            move.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order

    # reading -------------------------------------------------------------------
    def _run(self):
        """Run what changed, and prove by a full run that nothing was missed."""
        runs = self.env["immex.discharge.run"]
        run = runs._run_company(self.company, "test")
        proof = runs._run_company(self.company, "proof", full=True)
        self.assertTrue(proof.is_full)
        for counter in COUNTERS:
            self.assertFalse(proof[counter], f"{counter}: the run before missed some")
        self.assertEqual(proof.findings_open, run.findings_open)
        return run

    def _ledger(self, exit_pedimento=None):
        """Active ledger rows as (material, kind, quantity as text, import document)."""
        self.env.cr.execute(
            """
            SELECT pp.default_code, d.kind, d.quantity::text,
                   COALESCE(p.document, m.document)
              FROM immex_discharge d
              JOIN immex_layer l ON l.id = d.layer_id
              JOIN product_product pp ON pp.id = d.product_id
              JOIN immex_exit_line e ON e.id = d.exit_line_id
              LEFT JOIN immex_pedimento p ON p.id = l.pedimento_id
              LEFT JOIN LATERAL (
                  SELECT 'domestic' AS document) m ON l.movement_id IS NOT NULL
             WHERE d.superseded_run_id IS NULL AND d.company_id = %(company)s
               AND (%(exit)s IS NULL OR e.pedimento_id = %(exit)s)
             ORDER BY e.date, e.natural_key, 1, 2, l.peps_date, l.peps_key, 3
            """,
            {
                "company": self.company.id,
                "exit": exit_pedimento.id if exit_pedimento else None,
            },
        )
        return self.env.cr.fetchall()

    def _findings(self, code):
        return self.env["immex.finding"].search(
            [
                ("company_id", "=", self.company.id),
                ("code", "=", code),
                ("state", "in", ("open", "progress")),
            ]
        )

    def _layer(self, pedimento):
        return self.env["immex.layer"].search([("pedimento_id", "=", pedimento.id)])
