# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What crossed the company's doors, under which pedimento, and in which status."""

from collections import defaultdict
from decimal import Decimal

from facts import ENTRY, EXIT, day


class Doors:
    """``links``: what crossed under each goods line; ``linked``: sums by move line."""

    def __init__(self, facts):
        self.facts = facts
        self.linked = defaultdict(Decimal)
        self.links = self._links()
        self.statuses = self._statuses()

    def _inside(self, location):
        row = self.facts.stock_location[location]
        return row["usage"] in ("internal", "transit") and bool(row["company_id"])

    def _usage(self, location, outside):
        row = self.facts.stock_location[location]
        if row["usage"] == "transit" and not row["company_id"]:
            return outside
        return row["usage"]

    def crossing(self, line):
        """receipt, delivery or None, for a line outside of orders."""
        if line.move["raw_material_production_id"] or line.move["production_id"]:
            return None
        source, target = line.raw["location_id"], line.raw["location_dest_id"]
        if self._usage(source, "supplier") == "supplier" and self._inside(target):
            return "receipt"
        if self._inside(source) and self._usage(target, "customer") in (
            "customer",
            "supplier",
        ):
            return "delivery"
        return None

    def picking(self, line):
        return self.facts.stock_picking.get(line.raw["picking_id"])

    def date(self, line):
        picking = self.picking(line)
        audited = picking and day(picking["immex_event_date"])
        return audited or line.date

    def _links(self):
        """What crossed a door under a pedimento, filled into its goods lines in
        order: ``{goods: [(line, quantity)]}``; ``linked`` sums by line."""
        waiting, links = defaultdict(list), {}
        for line in self.facts.lines:
            kind, picking = self.crossing(line), self.picking(line)
            if kind and picking and picking["immex_pedimento_id"]:
                pedimento = picking["immex_pedimento_id"]
                key = (self.date(line), picking["name"], line.id)
                waiting[pedimento, kind, line.product].append((key, line))
        for goods in self.facts.goods:
            effect = self.facts.effect(goods.pedimento)
            kind = "delivery" if effect == EXIT else "receipt"
            open_quantity, found = goods.quantity, []
            for _key, line in sorted(
                waiting[goods.pedimento, kind, goods.product], key=lambda w: w[0]
            ):
                quantity = min(open_quantity, line.quantity - self.linked[line.id])
                if quantity > 0:
                    self.linked[line.id] += quantity
                    open_quantity -= quantity
                    found.append((line, quantity))
            links[goods.id] = found
        return links

    def _statuses(self):
        """Statuses in which each part exists, for units that nothing marks."""
        found = defaultdict(set)
        for goods in self.facts.goods:
            if self.facts.effect(goods.pedimento) == ENTRY:
                found[goods.product].add("temporary")
        for line in self.facts.lines:
            if self.crossing(line) == "receipt":
                picking = self.picking(line) or {}
                status = picking.get("immex_customs_status") or "temporary"
                found[line.product].add(status)
        return found

    def status(self, line):
        lot = self.facts.stock_lot.get(line.raw["lot_id"]) or {}
        place = self.facts.stock_location[line.raw["location_id"]]
        marked = lot.get("immex_customs_status") or place["immex_customs_status"]
        if marked:
            return marked
        if line.raw["owner_id"]:
            return "temporary"
        known = self.statuses[line.product]
        return next(iter(known)) if len(known) == 1 else self.facts.policy
