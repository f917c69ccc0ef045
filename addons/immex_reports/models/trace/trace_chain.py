# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Nodes of the goods' way: layers, remesas, transfers, production, exits."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.immex_compliance.models.inventory.walk import part

from .trace_sql import DRAWN, LINKED

TRANSFERS = 240


class TraceChain:
    """Part of :class:`TraceNodes`."""

    def _imports(self):
        graph = self.graph
        for pedimento in self.browse("immex.pedimento", "in"):
            self.pedimento(f"in:{pedimento.id}", pedimento, "in")
        layers = self.browse("immex.layer", "layer")
        exact = self.exact(layers, "quantity", "qty_discharged")
        statuses = dict(
            layers._fields["customs_status"]._description_selection(self.env)
        )
        for layer in layers:
            quantity, discharged = exact[layer.id]
            unit = layer.sudo().uom_id.name
            document = layer.pedimento_id
            node = self.add(
                f"layer:{layer.id}",
                "layer",
                self.env._("Layer (capa)"),
                part(layer.sudo().product_id),
                [
                    layer.partida_id
                    and self.env._("Partida %(n)s", n=layer.partida_id.sequence),
                    f"{self.told(quantity, unit)} · {self.date(layer.peps_date)}",
                    self.env._(
                        "Balance %(quantity)s",
                        quantity=self.told(quantity - discharged, unit),
                    ),
                    layer.customs_status != "temporary"
                    and statuses.get(layer.customs_status),
                    layer.term_end
                    and self.env._("Expires %(date)s", date=self.date(layer.term_end)),
                ],
                layer,
                whole=str(quantity),
            )
            source = None
            if document:
                source = f"in:{document.id}"
                self.pedimento(source, document, "in")
            remesa = layer.remesa_line_id.remesa_id
            if remesa:
                self._remesa(remesa, "remesa_in")
                graph.edge(source, f"remesa:{remesa.id}", "paper")
                source = f"remesa:{remesa.id}"
            graph.edge(
                source, node["key"], "declared", quantity, layer.product_id.sudo()
            )
        self._transfers(layers, "receipt", self.env._("Receipt"), "received")
        for layer in layers.filtered("movement_id"):
            movement = layer.sudo().movement_id
            key = self._transfer(
                movement.picking_id, "receipt", self.env._("Receipt"), movement.date
            )
            graph.edge(
                key,
                f"layer:{layer.id}",
                "received",
                exact[layer.id][0],
                layer.product_id.sudo(),
            )

    def _remesa(self, remesa, rank):
        self.add(
            f"remesa:{remesa.id}",
            rank,
            self.env._("Remesa"),
            str(remesa.number),
            [self.date(remesa.date), remesa.cove, remesa.notice],
            remesa,
            type="remesa",
        )

    def _transfers(self, lines, rank, label, kind):
        """Receipts or deliveries of layers or exit lines, by their goods line."""
        of_goods = defaultdict(list)
        for line in lines:
            if line.goods_id:
                of_goods[line.goods_id.id].append(line)
        if not of_goods:
            return
        links = self.env["immex.goods.link"]._search(
            [("goods_id", "in", list(of_goods))]
        )
        rows = self.env.execute_query(
            SQL(LINKED, links=links.subselect(), limit=TRANSFERS)
        )
        found = self.env["stock.picking"].sudo().browse({row[1] for row in rows})
        pickings = {picking.id: picking for picking in found}
        for goods_id, picking_id, quantity, day in rows:
            picking = pickings[picking_id]
            key = self._transfer(picking, rank, label, day)
            # with remesas a goods line has several: of which a transfer is, it says
            for line in self._of_remesa(of_goods[goods_id], picking):
                mine = f"{'layer' if rank == 'receipt' else 'exit'}:{line.id}"
                self.graph.edge(
                    key, mine, kind, Decimal(quantity), line.product_id.sudo()
                )

    @staticmethod
    def _of_remesa(lines, picking):
        if len(lines) == 1:
            return lines
        own = [
            line
            for line in lines
            if line.remesa_line_id.remesa_id.id == picking.immex_remesa_id.id
        ]
        return own[:1] or lines[:1]

    def _transfer(self, picking, rank, label, day):
        if not picking:
            return ""
        key = f"picking:{picking.id}"
        self.add(
            key,
            rank,
            label,
            picking.name,
            [self.date(day), picking.partner_id.name],
            picking,
        )
        return key

    def _productions(self):
        for product in self.browse("product.product", "product").sudo():
            key = f"product:{product.id}"
            rows = self.graph.folds[key][0]
            self.add(
                key,
                "made",
                self.env._("Production"),
                part(product),
                [self.env._("%(n)s production layers, folded", n=self.told(rows))],
                product,
                fold=key,
            )
        layers = self.browse("immex.production.layer", "made")
        exact = self.exact(layers, "quantity")
        drawn = self._drawn(layers)
        for layer in layers:
            told, order = layer.sudo(), layer.sudo().production_id
            unit = told.product_id.uom_id.name
            self.add(
                f"made:{layer.id}",
                "made",
                self.env._("Waste of an order")
                if layer.kind == "waste"
                else self.env._("Production order"),
                order.name or layer.order_name or self.env._("Initial balances"),
                [
                    " · ".join(filter(None, (part(told.product_id), told.lot_id.name))),
                    f"{self.told(exact[layer.id][0], unit)} · {self.date(layer.date)}",
                    *drawn[layer.id],
                    told.subcontractor_id
                    and self.env._(
                        "Submaquila: %(name)s", name=told.subcontractor_id.name
                    ),
                ],
                order if order and self._may_open(order) else layer,
            )

    def _drawn(self, layers):
        """Merma and waste of the orders, in words: two materials and how many more."""
        lines = defaultdict(list)
        if not layers:
            return lines
        consumptions = self.env["immex.production.consumption"]._search(
            [("production_layer_id", "in", layers.ids)]
        )
        rows = self.env.execute_query(SQL(DRAWN, consumptions=consumptions.subselect()))
        found = self.env["product.product"].sudo().browse({row[1] for row in rows})
        products = {product.id: product for product in found}
        for layer_id, product_id, _drew, _kept, merma, waste in rows:
            product = products[product_id]
            unit = product.uom_id.name
            for word, quantity in (("merma", merma), ("waste", waste)):
                if Decimal(quantity):
                    told = f"{self.told(quantity, unit)} {part(product)}"
                    lines[layer_id].append(f"{self.kinds[word]}: {told}")
        for found in lines.values():
            if len(found) > 2:
                found[2:] = [self.env._("and %(n)s more", n=len(found) - 2)]
        return lines

    def _exits(self):
        graph = self.graph
        for pedimento in self.browse("immex.pedimento", "out"):
            self.pedimento(f"out:{pedimento.id}", pedimento, "out")
        for act in self.browse("immex.destruction", "act"):
            self._act(act)
        lines = self.browse("immex.exit.line", "exit")
        exact = self.exact(lines, "quantity")
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        for line in lines:
            product = line.sudo().product_id
            [quantity] = exact[line.id]
            node = self.add(
                f"exit:{line.id}",
                "exit",
                kinds[line.kind],
                part(product),
                [
                    line.partida_id
                    and self.env._("Partida %(n)s", n=line.partida_id.sequence),
                    self.told(quantity, product.uom_id.name)
                    + f" · {self.date(line.date)}",
                    line.sudo().lot_id.name,
                    line.sudo().partner_id.name,
                ],
                line,
                whole=str(quantity),
            )
            target = ""
            if line.pedimento_id:
                target = f"out:{line.pedimento_id.id}"
                self.pedimento(target, line.pedimento_id, "out")
            elif line.destruction_line_id:
                act = line.destruction_line_id.destruction_id
                target = self._act(act)["key"]
            source = node["key"]
            remesa = line.remesa_line_id.remesa_id
            if remesa:
                self._remesa(remesa, "remesa_out")
                graph.edge(source, f"remesa:{remesa.id}", "left", quantity, product)
                graph.edge(f"remesa:{remesa.id}", target, "paper")
            else:
                graph.edge(source, target, "declared", quantity, product)
            movement = line.sudo().movement_id
            key = self._transfer(
                movement.picking_id, "delivery", self.env._("Delivery"), movement.date
            )
            graph.edge(key, source, "delivered", quantity, product)
        self._transfers(lines, "delivery", self.env._("Delivery"), "delivered")

    def _act(self, act):
        rows = self.graph.folds.get(f"act:{act.id}", (0, 0))[0]
        node = self.add(
            f"act:{act.id}",
            "out",
            self.env._("Destruction act"),
            act.act_number or act.notice_folio,
            [
                self.date(act.act_date),
                self.env._("Notice %(folio)s", folio=act.notice_folio),
            ],
            act,
            type="act",
        )
        if rows > 1:
            node["fold"] = node["key"]
        return node
