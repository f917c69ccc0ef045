# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What orders put out, and what they really drew for it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from facts import day, number

ZERO = Decimal(0)
KINDS = ("incorporated", "merma", "waste")


def cumulative(total, parts):
    """Split a total by parts, rounded at cumulative positions."""
    whole, upto, before = sum(parts), ZERO, ZERO
    for part in parts:
        upto += part
        position = half_up(Fraction(total) * Fraction(upto) / Fraction(whole), 6)
        yield position - before
        before = position


def half_up(value, digits):
    """A fraction rounded half up to decimals, exactly."""
    scale = 10**digits
    return Decimal((value * scale * 2 + 1) // 2) / scale


@dataclass
class Input:
    """What an order drew of one part in one status, by what became of it."""

    product: int
    status: str
    owner: int
    key: str
    sizes: dict
    pieces: list = field(default_factory=list)  # of a subassembly: where it came from
    covered: Decimal = ZERO


@dataclass
class Output:
    """What an order put out of one part, and all that it drew for it."""

    production: int
    product: int
    waste: bool
    quantity: Decimal
    date: date
    key: str
    inputs: list = field(default_factory=list)


class Production:
    """``outputs``: every output of every done order."""

    def __init__(self, facts, doors):
        self.facts, self.doors = facts, doors
        self.outputs = self._outputs()

    def _order_date(self, production, lines):
        row = self.facts.mrp_production[production]
        return day(row["immex_event_date"]) or max(line.date for line in lines)

    def _outputs(self):
        made, drawn = defaultdict(list), defaultdict(list)
        for line in self.facts.lines:
            if line.move["raw_material_production_id"]:
                drawn[line.move["raw_material_production_id"]].append(line)
            elif line.move["production_id"] and not line.move["scrap_id"]:
                if line.raw["lot_id"]:
                    raise AssertionError("the oracle knows products without lots only")
                made[line.move["production_id"]].append(line)
        return [
            output
            for production, lines in made.items()
            for output in self._order_outputs(production, lines, drawn[production])
        ]

    def _order_outputs(self, production, made, drawn):
        name = self.facts.mrp_production[production]["name"]
        outputs = {}
        for line in made:
            waste = self.facts.product_class(line.product) == "waste"
            lines = [other for other in made if other.product == line.product]
            outputs[line.product] = Output(
                production,
                line.product,
                waste,
                sum((other.quantity for other in lines), ZERO),
                self._order_date(production, lines),
                f"{name}|{self.facts.code(line.product)}|",
            )
        products = [output for output in outputs.values() if not output.waste]
        if len(products) != 1:
            raise AssertionError(f"{name}: the oracle knows orders of one product")
        drawn = list(self._drawn(drawn))
        products[0].inputs = self._inputs(drawn)
        return [*products, *self._residues(production, outputs, drawn, made, name)]

    def _drawn(self, lines):
        """(line, status, incorporated and the others by kind) of an order."""
        moves = defaultdict(list)
        for line in lines:
            moves[line.raw["move_id"]].append(line)
        for group in moves.values():
            parts, move = [line.quantity for line in group], group[0].move
            if move["scrap_id"]:
                raise AssertionError("the oracle knows no scrap of components")
            merma = cumulative(number(move["immex_merma_qty"]), parts)
            waste = cumulative(number(move["immex_waste_qty"]), parts)
            yield from (
                (line, self.doors.status(line), lost, left)
                for line, lost, left in zip(group, merma, waste, strict=True)
            )

    def _group(self, drawn):
        groups = defaultdict(lambda: [ZERO, ZERO, ZERO])
        for line, status, merma, waste in drawn:
            key = (line.product, line.raw["lot_id"], line.raw["owner_id"], status)
            for place, quantity in enumerate((line.quantity, merma, waste)):
                groups[key][place] += quantity
        return groups

    def _input(self, key, sizes):
        product, lot, owner, status = key
        lot_name = self.facts.stock_lot[lot]["name"] if lot else ""
        partner = self.facts.res_partner.get(owner) or {}
        label = partner.get("ref") or partner.get("vat") or partner.get("name") or ""
        text = f"{self.facts.code(product)}|{lot_name}|{status}|{label}"
        return Input(product, status, owner, text, dict(zip(KINDS, sizes, strict=True)))

    def _inputs(self, drawn):
        """Of a product: residue stays behind, so it has no part in the product."""
        inputs = []
        for key, (total, merma, waste) in self._group(drawn).items():
            sizes = (max(total - merma - waste, ZERO), merma, ZERO)
            inputs.append(self._input(key, sizes))
        return inputs

    def _residues(self, production, outputs, drawn, made, name):
        """Outputs of waste: a part of its own, else the part number of the material."""
        by_part = defaultdict(list)
        for entry in drawn:
            line, _status, _merma, waste = entry
            if waste:
                own = line.move["immex_waste_product_id"]
                named = own if own in outputs and outputs[own].waste else None
                by_part[named or line.product, bool(named)].append(entry)
        residues = []
        for (product, named), entries in by_part.items():
            if named:
                output = outputs[product]
            else:
                total = sum((entry[3] for entry in entries), ZERO)
                when = self._order_date(production, made)
                key = f"{name}|{self.facts.code(product)}|W"
                output = Output(production, product, True, total, when, key)
            output.inputs = [
                self._input(key, (ZERO, ZERO, waste))
                for key, (_total, _merma, waste) in self._group(entries).items()
            ]
            residues.append(output)
        # residue that nobody says what it came from
        residues += [
            output for output in outputs.values() if output.waste and not output.inputs
        ]
        return residues
