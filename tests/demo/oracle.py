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

from facts import ENTRY, EXIT, UNIT, day, number, rounded

ZERO = Decimal(0)
KINDS = ("incorporated", "merma", "waste")


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


class Oracle:
    def __init__(self, facts):
        self.facts = facts
        self.links = self._links()
        self.statuses = self._statuses()
        self.layers = self._layers()
        self.outputs = self._outputs()
        self.exits = self._exits()
        self._trace()

    # doors -----------------------------------------------------------------------
    def _inside(self, location):
        row = self.facts.stock_location[location]
        return row["usage"] in ("internal", "transit") and bool(row["company_id"])

    def _usage(self, location, outside):
        row = self.facts.stock_location[location]
        if row["usage"] == "transit" and not row["company_id"]:
            return outside
        return row["usage"]

    def _crossing(self, line):
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

    def _picking(self, line):
        return self.facts.stock_picking.get(line.raw["picking_id"])

    def _door_date(self, line):
        picking = self._picking(line)
        audited = picking and day(picking["immex_event_date"])
        return audited or line.date

    def _links(self):
        """What crossed a door under a pedimento, filled into its goods lines in
        order: ``{goods: [(line, quantity)]}``; ``linked`` sums by line."""
        waiting, self.linked, links = defaultdict(list), defaultdict(Decimal), {}
        for line in self.facts.lines:
            kind, picking = self._crossing(line), self._picking(line)
            if kind and picking and picking["immex_pedimento_id"]:
                pedimento = picking["immex_pedimento_id"]
                key = (self._door_date(line), picking["name"], line.id)
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

    # status ----------------------------------------------------------------------
    def _statuses(self):
        """Statuses in which each part exists, for units that nothing marks."""
        found = defaultdict(set)
        for goods in self.facts.goods:
            if self.facts.effect(goods.pedimento) == ENTRY:
                found[goods.product].add("temporary")
        for line in self.facts.lines:
            if self._crossing(line) == "receipt":
                picking = self._picking(line) or {}
                status = picking.get("immex_customs_status") or "temporary"
                found[line.product].add(status)
        return found

    def _status(self, line):
        lot = self.facts.stock_lot.get(line.raw["lot_id"]) or {}
        place = self.facts.stock_location[line.raw["location_id"]]
        marked = lot.get("immex_customs_status") or place["immex_customs_status"]
        if marked:
            return marked
        if line.raw["owner_id"]:
            return "temporary"
        known = self.statuses[line.product]
        return next(iter(known)) if len(known) == 1 else self.facts.policy

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

    # production ------------------------------------------------------------------
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
        drawn = self._drawn(drawn)
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
                (line, self._status(line), lost, left)
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
        self._drawn_cache = drawn = list(drawn)
        inputs = []
        for key, (total, merma, waste) in self._group(drawn).items():
            sizes = (max(total - merma - waste, ZERO), merma, ZERO)
            inputs.append(self._input(key, sizes))
        return inputs

    def _residues(self, production, outputs, _drawn, made, name):
        """Outputs of waste: a part of its own, else the part number of the material."""
        by_part = defaultdict(list)
        for entry in self._drawn_cache:
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
            dates = [self._door_date(line) for line, _qty in self.links[goods.id]]
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
            if self._crossing(line) != "delivery" or picking in removed:
                continue
            left = line.quantity - self.linked[line.id]
            if left > 0:
                count[picking] += 1
                name = (self._picking(line) or {}).get("name", "")
                waste = self.facts.product_class(line.product) == "waste"
                when = self._door_date(line)
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
