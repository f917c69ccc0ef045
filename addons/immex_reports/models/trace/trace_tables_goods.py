# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Tables of the goods in a printed traceability file: layers, production, exits."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.immex_compliance.models.inventory.walk import spaced

from ...renderers.trace_pdf import Section
from .trace_sql import DRAWN

PRINTED = 1500  # discharges on paper; all of them are in the list beside it


class TraceGoodsTables:
    """Part of :class:`TraceTables`."""

    def _layers(self):
        exact = self.nodes.exact(
            self.scope.layers, "quantity", "qty_discharged", "customs_value"
        )
        rows = []
        for layer in self.scope.layers:
            quantity, discharged, value = exact[layer.id]
            name, unit = self._product(layer.product_id.id)
            rows.append(
                (
                    spaced(layer.pedimento_id.number) or layer.display_name,
                    str(layer.partida_id.sequence or ""),
                    " ".join(filter(None, (layer.fraccion, layer.nico))),
                    name,
                    self._choice("immex.layer", "customs_status", layer.customs_status),
                    layer.sudo().origin_country_id.code or "",
                    self._date(layer.peps_date),
                    self._number(quantity),
                    self._number(discharged),
                    self._number(quantity - discharged),
                    unit,
                    self._number(value),
                    self._date(layer.term_end),
                )
            )
        return Section(
            self.env._("Imports and their balance (layers)"),
            [
                (self.env._("Pedimento"), 14, "text"),
                (self.env._("Partida"), 5, "text"),
                (self.env._("Tariff item"), 8, "text"),
                (self.env._("Part"), 10, "text"),
                (self.env._("Status"), 7, "text"),
                (self.env._("Origin"), 4, "text"),
                (self.env._("Date"), 7, "text"),
                (self.env._("Quantity"), 8, "number"),
                (self.env._("Discharged"), 8, "number"),
                (self.env._("Balance"), 8, "number"),
                (self.env._("Unit"), 7, "text"),
                (self.env._("Customs value (MXN)"), 9, "number"),
                (self.env._("Expires"), 7, "text"),
            ],
            rows,
            self._note(),
            self.env._("No import."),
        )

    def _production(self):
        made = self.scope.made
        exact = self.nodes.exact(made, "quantity")
        drawn = defaultdict(list)
        if made:
            consumptions = self.env["immex.production.consumption"]._search(
                [("production_layer_id", "in", made.ids)]
            )
            for layer_id, *row in self.env.execute_query(
                SQL(DRAWN, consumptions=consumptions.subselect())
            ):
                drawn[layer_id].append(row)
        rows = []
        for layer in made:
            order = layer.sudo().production_id.name or layer.order_name or ""
            name, unit = self._product(layer.product_id.id)
            lot = layer.sudo().lot_id.name
            head = (
                order,
                self._date(layer.date),
                " · ".join(filter(None, (name, lot))),
                f"{self._number(exact[layer.id][0])} {unit}",
                layer.sudo().subcontractor_id.name or "",
            )
            for product_id, *quantities in drawn[layer.id] or [(None,)]:
                if product_id is None:
                    rows.append((*head, "", "", "", "", "", ""))
                    continue
                material, its_unit = self._product(product_id)
                rows.append((*head, material, *map(self._number, quantities), its_unit))
        return Section(
            self.env._("Production: what the orders really consumed"),
            [
                (self.env._("Order"), 11, "text"),
                (self.env._("Date"), 7, "text"),
                (self.env._("Product and lot"), 12, "text"),
                (self.env._("Made"), 8, "text"),
                (self.env._("Submaquila"), 9, "text"),
                (self.env._("Material"), 10, "text"),
                (self.env._("Drawn"), 8, "number"),
                (self.env._("Incorporated"), 8, "number"),
                (self.env._("Merma"), 7, "number"),
                (self.env._("Waste (desperdicio)"), 8, "number"),
                (self.env._("Unit"), 7, "text"),
            ],
            rows,
            self._note(),
            self.env._("No production lies between these imports and exits."),
        )

    def _discharges(self):
        rows, count, sums = [], 0, defaultdict(Decimal)
        for row in self.rows():
            count += 1
            sums[row[4], row[7]] += Decimal(row[8])
            if count > PRINTED:
                continue
            name, unit = self._product(row[4])
            rows.append(
                (
                    spaced(row[15]),
                    self._date(row[1] or row[2]),
                    self._product(row[5])[0],
                    row[6],
                    name,
                    self.nodes.kinds[row[7]],
                    self._number(row[8]),
                    unit,
                    self._number(row[12]),
                    spaced(row[16]),
                    self.env._("late") if row[13] else "",
                )
            )
        for (product_id, kind), quantity in sorted(
            sums.items(), key=lambda item: (self._product(item[0][0])[0], item[0][1])
        ):
            name, unit = self._product(product_id)
            rows.append(
                (
                    self.env._("Total"),
                    "",
                    "",
                    "",
                    name,
                    self.nodes.kinds[kind],
                    self._number(quantity),
                    unit,
                    "",
                    "",
                    "",
                )
            )
        note = ""
        if count > PRINTED:
            note = self.env._(
                "The first %(printed)s of %(count)s discharges; descargos.csv has all.",
                printed=PRINTED,
                count=count,
            )
        return Section(
            self.env._("Discharges of materials"),
            [
                (self.env._("Exit document"), 14, "text"),
                (self.env._("Date"), 7, "text"),
                (self.env._("Product"), 9, "text"),
                (self.env._("Order"), 10, "text"),
                (self.env._("Material"), 9, "text"),
                (self.env._("Kind"), 8, "text"),
                (self.env._("Quantity"), 8, "number"),
                (self.env._("Unit"), 7, "text"),
                (self.env._("Customs value (MXN)"), 9, "number"),
                (self.env._("Import / partida"), 16, "text"),
                (self.env._("Term"), 5, "text"),
            ],
            rows,
            note,
            self.env._("Nothing was discharged."),
        )

    def _exits(self):
        exact = self.nodes.exact(self.scope.exits, "quantity", "qty_delivered")
        rows = []
        for line in self.scope.exits:
            name, unit = self._product(line.product_id.id)
            quantity, delivered = exact[line.id]
            rows.append(
                (
                    line._document_title(),
                    str(line.partida_id.sequence or ""),
                    self._choice("immex.exit.line", "kind", line.kind),
                    name,
                    line.sudo().lot_id.name or "",
                    self._date(line.date),
                    self._date(line.document_date),
                    self._number(quantity),
                    self._number(delivered),
                    unit,
                    line.sudo().partner_id.name or "",
                    line.sudo().country_id.code or "",
                )
            )
        return Section(
            self.env._("Exits"),
            [
                (self.env._("Exit document"), 14, "text"),
                (self.env._("Partida"), 5, "text"),
                (self.env._("Kind"), 10, "text"),
                (self.env._("Product"), 10, "text"),
                (self.env._("Lot or serial"), 8, "text"),
                (self.env._("Left on"), 7, "text"),
                (self.env._("Document of"), 7, "text"),
                (self.env._("Quantity"), 8, "number"),
                (self.env._("Delivered"), 8, "number"),
                (self.env._("Unit"), 7, "text"),
                (self.env._("Recipient"), 13, "text"),
                (self.env._("Country"), 5, "text"),
            ],
            rows,
            self._note(),
            self.env._("Nothing left."),
        )
