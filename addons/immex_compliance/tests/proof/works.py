# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the orders of a history put out and drew, and who took it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor


def half_up(value, digits):
    return Fraction(floor(value * 10**digits + Fraction(1, 2)), 10**digits)


def shares(total, sizes, digits=6):
    """Share a quantity by sizes, rounded where the shares end: they sum to it."""
    whole, upto, given, result = sum(sizes), Fraction(0), Fraction(0), []
    for size in sizes:
        upto += size
        until = half_up(total * upto / whole, digits)
        result.append(until - given)
        given = until
    return result


@dataclass
class Input:
    """What a production layer holds of a material; its axis is drawn + merma + waste
    laid end to end."""

    node: object
    key: str
    part: str
    lot: str | None
    status: str
    incorporated: Fraction
    merma: Fraction
    waste: Fraction
    day: date
    #: pieces of its axis and what served them: (from, to, node or layer, node from)
    edges: list = field(default_factory=list)

    @property
    def kinds(self):
        """(number, kind, where it begins on the axis, size)"""
        start = Fraction(0)
        for number, kind in enumerate(("incorporated", "merma", "waste")):
            size = getattr(self, kind)
            yield number, kind, start, size
            start += size

    @property
    def axis(self):
        return self.incorporated + self.merma + self.waste


@dataclass
class Node:
    """A production layer: units of a part, by lot, that an order put out."""

    key: str
    part: str
    kind: str
    lot: str | None
    quantity: Fraction
    day: date
    inputs: list = field(default_factory=list)


@dataclass
class Drawn:
    part: str
    lot: str | None
    owner: str | None
    status: str
    waste_part: str | None
    quantity: Fraction
    merma: Fraction
    waste: Fraction


class Works:
    """Production layers of a history, with what they hold."""

    def __init__(self, history, books):
        self.history = history
        self.books = books
        self.nodes = []
        for order in history.orders:
            self.nodes += self.of_order(order)
        self.made = {node.part for node in self.nodes if node.kind == "product"}

    def produced(self, part):
        return part in self.made or self.books.parts[part].kind == "product"

    def only_status(self, part):
        """The one status that a part has, where it has one only (rule 12)."""
        found = {
            entry.operation.status
            for entry in self.books.entries
            if entry.goods.part == part and entry.operation.effect == "entry"
        }
        found |= {
            movement.status
            for movement in self.books.movements
            if movement.part == part and movement.kind == "receipt"
        }
        return found.pop() if len(found) == 1 else None

    def drawn(self, order):
        for draw in order.draws:
            sizes = [Fraction(line.quantity) for line in draw.lines]
            merma = Fraction(0) if draw.scrap else Fraction(draw.merma)
            waste = sum(sizes) if draw.scrap else Fraction(draw.waste)
            for line, size, lost, residue in zip(
                draw.lines,
                sizes,
                shares(merma, sizes),
                shares(waste, sizes),
                strict=True,
            ):
                status = (
                    self.books.status_of(line, line.place)
                    or self.only_status(line.part)
                    or self.history.policy
                )
                yield Drawn(
                    line.part,
                    line.lot,
                    line.owner,
                    status,
                    draw.waste_part,
                    size,
                    lost,
                    residue,
                )

    def of_order(self, order):
        nodes = {}
        for output in order.outputs:
            of_waste = self.books.parts[output.part].kind == "waste"
            kind = "waste" if of_waste else "product"
            key = f"{order.name}|{output.part}|{output.lot or ''}"
            node = nodes.setdefault(
                key, Node(key, output.part, kind, output.lot, Fraction(0), order.day)
            )
            node.quantity += Fraction(output.quantity)
        drawn = list(self.drawn(order))
        wastes = {node.part for node in nodes.values() if node.kind == "waste"}
        for line in drawn:
            if line.waste and line.waste_part not in wastes:
                # residue without a part of its own has the material's
                key = f"{order.name}|{line.part}|W"
                node = nodes.setdefault(
                    key, Node(key, line.part, "waste", None, Fraction(0), order.day)
                )
                node.quantity += line.waste
        nodes = sorted(nodes.values(), key=lambda node: node.key)
        self.fill_products(drawn, [node for node in nodes if node.kind == "product"])
        self.fill_wastes(
            drawn, [node for node in nodes if node.kind == "waste"], wastes
        )
        return nodes

    def grouped(self, drawn):
        groups = defaultdict(lambda: [Fraction(0)] * 3)
        for line in drawn:
            key = (line.part, line.lot, line.status, line.owner)
            sizes = (line.quantity, line.merma, line.waste)
            groups[key] = [a + b for a, b in zip(groups[key], sizes, strict=True)]
        return groups

    def add(self, node, group, *sizes):
        if sum(sizes) > 0:
            key = "|".join(value or "" for value in group)
            part, lot, status, _owner = group
            node.inputs.append(Input(node, key, part, lot, status, *sizes, node.day))

    def fill_products(self, drawn, nodes):
        if not nodes:
            return
        sizes = [node.quantity for node in nodes]
        for group, (quantity, merma, waste) in self.grouped(drawn).items():
            incorporated = max(quantity - merma - waste, Fraction(0))
            for node, kept, lost in zip(
                nodes, shares(incorporated, sizes), shares(merma, sizes), strict=True
            ):
                self.add(node, group, kept, lost, Fraction(0))

    def fill_wastes(self, drawn, nodes, wastes):
        for part in {node.part for node in nodes}:
            own = [node for node in nodes if node.part == part]
            residue = [
                line
                for line in drawn
                if (line.waste_part if line.waste_part in wastes else line.part) == part
            ]
            sizes = [node.quantity for node in own]
            for group, (_quantity, _merma, waste) in self.grouped(residue).items():
                for node, share in zip(own, shares(waste, sizes), strict=True):
                    self.add(node, group, Fraction(0), Fraction(0), share)


@dataclass
class Taker:
    """An exit's piece, an order's input or a disassembly: takes units of a stack."""

    stack: tuple
    day: date
    key: str
    quantity: Fraction
    what: object
    #: pieces taken: (from, to on its own axis, node or layer, where there)
    taken: list = field(default_factory=list)


@dataclass
class Piece:
    """What left of an exit under one lot."""

    exit: object
    lot: str | None
    quantity: Fraction
    produced: bool
    taker: Taker | None = None


def pieces_of(exit_line, works):
    # an asset is never exploded into material (rule 16)
    produced = exit_line.waste or (
        not exit_line.asset and works.produced(exit_line.part)
    )
    rest, result = exit_line.quantity, []
    for lot, quantity in exit_line.by_lot:
        quantity = min(quantity, rest)
        if quantity > 0:
            result.append(Piece(exit_line, lot, quantity, produced))
            rest -= quantity
    if rest > 0:
        result.append(Piece(exit_line, exit_line.lot, rest, produced))
    return result


def share_out(history, books, works):
    """Who took which units of what was made or imported as such; return the pieces of
    all exits. Oldest first; imported units before those made here."""
    pieces = [piece for line in books.exits for piece in pieces_of(line, works)]
    takers = []
    for piece in pieces:
        if piece.produced:
            line = piece.exit
            stack = (line.part, "waste" if line.waste else "product", piece.lot)
            key = f"{line.key}|{piece.lot or ''}"
            piece.taker = Taker(stack, line.day, key, piece.quantity, piece)
            takers.append(piece.taker)
    for node in works.nodes:
        for line in node.inputs:
            if works.produced(line.part):
                stack = (line.part, "product", line.lot)
                key = f"{node.key}|{line.key}"
                takers.append(Taker(stack, node.day, key, line.axis, line))
    for unbuild in history.unbuilds:
        stack = (unbuild.part, "product", unbuild.lot)
        key = f"U|{unbuild.name}|"
        takers.append(
            Taker(stack, unbuild.day, key, Fraction(unbuild.quantity), unbuild)
        )
    supplies = [
        ((layer.part, "product", layer.lot), 0, layer.peps, layer.available, layer)
        for layer in books.layers
        # assets are a ledger of their own (rule 16)
        if layer.status == "temporary" and not layer.asset
    ]
    supplies += [
        ((node.part, node.kind, node.lot), 1, (node.day, node.key), node.day, node)
        for node in works.nodes
    ]
    supplies.sort(key=lambda supply: supply[1:3])
    used = defaultdict(Fraction)
    for taker in sorted(takers, key=lambda taker: (taker.day, taker.key)):
        have = Fraction(0)
        for stack, made, _order, day, source in supplies:
            key = (made, source.key)
            if stack != taker.stack or day > taker.day:
                continue
            quantity = min(taker.quantity - have, source.quantity - used[key])
            if quantity > 0:
                taker.taken.append((have, have + quantity, source, used[key]))
                have += quantity
                used[key] += quantity
        if isinstance(taker.what, Input):
            taker.what.edges = taker.taken
    return pieces
