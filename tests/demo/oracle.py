# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the ledger should say, computed anew: plain Python, one thing after the other.

Shares nothing with the add-on: no SQL, no code of its engine, no result of its runs.
It takes documents and moves (``facts``), walks through exits in order of time, and
takes from the oldest layer first (Anexo 24, apartado A, II-c). Terms do not matter to
it: nothing of the demo's month is near its expiry.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from doors import Doors
from facts import ENTRY, UNIT, day, number, rounded
from production import KINDS, ZERO, Production, half_up


@dataclass
class Stack:
    """Something that gives, oldest first: a layer, or what an order put out."""

    quantity: Decimal
    available: date
    order: tuple
    what: object = None
    given: Decimal = ZERO

    def take(self, wanted):
        """Give up to ``wanted``; return where the piece lies: (from, to)."""
        start = self.given
        self.given += min(wanted, self.quantity - self.given)
        return start, self.given


def serve(stacks, wanted, at):
    """Take ``wanted`` from what was available at a date; return the pieces, each with
    its place on the demand's own axis, and what is missing."""
    pieces, served = [], ZERO
    for stack in sorted(stacks, key=lambda stack: stack.order):
        if served == wanted:
            break
        if stack.available <= at:
            start, end = stack.take(wanted - served)
            if end > start:
                pieces.append((stack, start, end, served))
                served += end - start
    return pieces, wanted - served


@dataclass
class Exit:
    product: int
    waste: bool
    quantity: Decimal
    date: date
    key: str
    official: bool
    pieces: list = field(default_factory=list)
    missing: Decimal = ZERO


class Oracle:
    def __init__(self, facts):
        self.facts = facts
        self.doors = Doors(facts)
        self.outputs = Production(facts, self.doors).outputs
        self.layers = self._layers()
        self.exits = self._exits()
        self._trace()

    # layers ----------------------------------------------------------------------
    def _layers(self):
        """Temporary layers by part: the declared quantities of entries."""
        layers = defaultdict(list)
        for goods in self.facts.goods:
            if self.facts.effect(goods.pedimento) != ENTRY:
                continue
            row = self.facts.immex_pedimento[goods.pedimento]
            entered = day(row["entry_date"]) or day(row["payment_date"])
            if entered:
                order = (entered, f"{row['year']}|{goods.key}")
                layers[goods.product].append(
                    Stack(goods.quantity, entered, order, goods)
                )
        return layers

    # exits -----------------------------------------------------------------------
    def _exits(self):
        exits = [*self._document_exits(), *self._destructions(), *self._undocumented()]
        return sorted(exits, key=lambda leaving: (leaving.date, leaving.key))

    def _document_exits(self):
        for goods in self.facts.goods:
            effect = self.facts.effect(goods.pedimento)
            row = self.facts.immex_pedimento[goods.pedimento]
            paid = day(row["payment_date"])
            if effect == ENTRY or not paid:
                continue
            dates = [self.doors.date(line) for line, _qty in self.doors.links[goods.id]]
            yield Exit(
                goods.product,
                self.facts.product_class(goods.product) == "waste",
                goods.quantity,
                min(dates) if dates else day(row["physical_date"]) or paid,
                goods.key,
                True,
            )

    def _destructions(self):
        for line in self.facts.immex_destruction_line.values():
            act = self.facts.immex_destruction[line["destruction_id"]]
            if act["state"] == "done":
                code = self.facts.code(line["product_id"])
                yield Exit(
                    line["product_id"],
                    line["is_waste"],
                    number(line["quantity"]),
                    day(act["act_date"]),
                    f"D|{act['act_number']}|{line['sequence']:05d}|{code}|1",
                    True,
                )

    def _undocumented(self):
        acts = self.facts.immex_destruction.values()
        removed = {act["picking_id"] for act in acts} - {False}
        count = defaultdict(int)
        for line in self.facts.lines:
            picking = line.raw["picking_id"]
            if self.doors.crossing(line) != "delivery" or picking in removed:
                continue
            left = line.quantity - self.doors.linked[line.id]
            if left > 0:
                count[picking] += 1
                name = (self.doors.picking(line) or {}).get("name", "")
                waste = self.facts.product_class(line.product) == "waste"
                when = self.doors.date(line)
                key = f"Z|{name}|{count[picking]:05d}"
                yield Exit(line.product, waste, left, when, key, False)

    # explosion -------------------------------------------------------------------
    def _produced(self, product):
        return self.facts.product_class(product) == "product" or product in self.made

    def _trace(self):
        """Exits, and orders that drew subassemblies, share what was produced."""
        self.made = {output.product for output in self.outputs if not output.waste}
        stacks, demands = defaultdict(list), []
        for output in self.outputs:
            order = (output.date, output.key)
            stacks[output.product, output.waste].append(
                Stack(output.quantity, output.date, order, output)
            )
            for entry in output.inputs:
                if self._produced(entry.product):
                    order = (output.date, f"{output.key}|{entry.key}")
                    wanted = sum(entry.sizes.values())
                    demands.append((order, entry, (entry.product, False), wanted))
        for leaving in self.exits:
            if leaving.waste or self._produced(leaving.product):
                order = (leaving.date, f"{leaving.key}|")
                key = (leaving.product, leaving.waste)
                demands.append((order, leaving, key, leaving.quantity))
        for order, wanting, key, wanted in sorted(demands, key=lambda d: d[0]):
            pieces, missing = serve(stacks[key], wanted, order[0])
            wanting.pieces = pieces
            if isinstance(wanting, Exit):
                wanting.missing = missing
            else:
                wanting.covered = wanted - missing

    def requirements(self, leaving):
        """``{(material, status, path): quantity}`` of an exit."""
        found = defaultdict(Decimal)
        if not (leaving.waste or self._produced(leaving.product)):
            found[leaving.product, "temporary", ("same_state",)] += leaving.quantity
            return found
        if leaving.missing:
            found[leaving.product, "temporary", ("unexplained",)] += leaving.missing
        for stack, start, end, _place in leaving.pieces:
            self._explode(stack.what, start, end, 0, (stack.what.key,), found)
        return found

    def _explode(self, output, start, end, kind, path, found):
        for entry in output.inputs:
            offset = ZERO
            for number_, name in enumerate(KINDS):
                size = entry.sizes[name]
                if size:
                    worst = max(kind, number_)
                    covered = min(size, max(ZERO, entry.covered - offset))
                    self._part(
                        output,
                        entry,
                        (offset, size, covered),
                        (start, end),
                        worst,
                        path,
                        found,
                    )
                offset += size

    def _part(self, output, entry, part, piece, kind, path, found):
        offset, size, covered = part

        def place(at, digits):
            if at >= output.quantity:
                return size
            exact = Fraction(size) * Fraction(at) / Fraction(output.quantity)
            return min(size, half_up(exact, digits))

        start, end = (place(at, 6) for at in piece)
        quantity = max(covered, end) - max(covered, start)
        if quantity > 0:
            key = (path[0], output.key, entry.key, KINDS[kind])
            found[entry.product, entry.status, key] += quantity
        if covered:
            start, end = (min(covered, place(at, 12)) for at in piece)
            self._below(entry, offset + start, offset + end, kind, path, found)

    def _below(self, entry, start, end, kind, path, found):
        """The stretch of a subassembly that was drawn, on what it came from."""
        for stack, begin, finish, place in entry.pieces:
            since = max(start, place)
            upto = min(end, place + finish - begin)
            if since < upto:
                shift = begin - place
                self._explode(
                    stack.what, since + shift, upto + shift, kind, path, found
                )

    # ledger ----------------------------------------------------------------------
    def discharge(self):
        """Return ``({partida: quantity by part}, shortages)``: what each import
        partida gave, and ``{(exit key, material): quantity}`` of what none could."""
        given, short = defaultdict(Decimal), defaultdict(Decimal)
        for leaving in self.exits:
            if not leaving.official:
                continue
            for (material, status, _path), quantity in sorted(
                self.requirements(leaving).items(), key=str
            ):
                if status != "temporary" or not quantity:
                    continue
                if quantity != rounded(quantity, UNIT):
                    raise AssertionError(f"{quantity} has more than six decimals")
                pieces, missing = serve(self.layers[material], quantity, leaving.date)
                for stack, start, end, _place in pieces:
                    given[stack.what.partida, material] += end - start
                if missing:
                    short[leaving.key, material] += missing
        return dict(given), dict(short)
