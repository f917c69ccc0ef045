# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the ledger must say of a history, the slow and obvious way.

Documents and orders first (``books``, ``works``); then every exit is followed down to
its materials, and what it requires is taken from the layers, oldest first (Anexo 24,
A-II-c). Exact fractions; rounded only where the engine says that it rounds: at
cumulative positions.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .books import OPERATIONS, Books, Layer
from .works import Works, half_up, share_out

__all__ = ["OPERATIONS", "Verdict", "judge"]

KINDS = ("incorporated", "merma", "waste")


@dataclass
class Need:
    """A requirement."""

    exit: object
    key: str
    part: str
    status: str
    kind: str
    unexplained: bool
    day: date | None
    quantity: Fraction = Fraction(0)


@dataclass(frozen=True, order=True)
class Discharge:
    exit: str
    requirement: str
    layer: str
    kind: str
    start: Decimal
    quantity: Decimal
    umc: Decimal | None
    umt: Decimal | None
    usd: Decimal | None
    mxn: Decimal | None
    late: bool
    after_consumption: bool


@dataclass(frozen=True, order=True)
class Requirement:
    exit: str
    key: str
    part: str
    status: str
    kind: str
    quantity: Decimal
    shortage: Decimal
    unexplained: bool


@dataclass(frozen=True, order=True)
class Balance:
    layer: str
    part: str
    quantity: Decimal
    discharged: Decimal
    expires: date | None


@dataclass
class Verdict:
    exits: list = field(default_factory=list)
    requirements: list = field(default_factory=list)
    discharges: list = field(default_factory=list)
    balances: list = field(default_factory=list)


def decimal(value, digits):
    """The exact decimal of a fraction that has no more digits than these."""
    if value is None:
        return None
    scaled = value * 10**digits
    assert scaled.denominator == 1, (value, digits)
    # not through the context of Decimal, which would round
    return Decimal(f"{scaled.numerator}E-{digits}")


class Explosion:
    """Follow each piece of what left by itself, down to the bottom."""

    def __init__(self, works):
        self.works = works
        self.needs = {}

    def need(self, exit_line, quantity, parts, part, status, kind, why=None, day=None):
        """Count a quantity under the key that ``parts`` make."""
        if quantity <= 0:
            return
        key = ">".join(text for text in (kind, *parts, why) if text is not None)
        need = self.needs.setdefault(
            (exit_line.key, key),
            Need(exit_line, key, part, status, kind, why is not None, day),
        )
        need.quantity += quantity

    def piece(self, piece):
        line = piece.exit
        if not piece.produced:
            status = "temporary" if line.official else line.status or "temporary"
            self.need(
                line, piece.quantity, [line.part], line.part, status, "same_state"
            )
            return
        rest = piece.quantity
        for since, upto, source, start in piece.taker.taken:
            rest -= upto - since
            if isinstance(source, Layer):
                # imported as such: the item itself
                self.need(
                    line,
                    upto - since,
                    [line.part],
                    line.part,
                    "temporary",
                    "same_state",
                )
            else:
                self.node(line, source, source, start, start + upto - since, 0)
        kind = "waste" if line.waste else "same_state"
        status = "temporary" if line.official else line.status or "temporary"
        self.need(line, rest, [line.part], line.part, status, kind, "no_production")

    def node(self, line, top, node, since, upto, kind):
        inputs = [entry for entry in node.inputs if entry.axis > 0]
        if not inputs:
            size = round_in(node, upto, node.quantity, 6) - round_in(
                node, since, node.quantity, 6
            )
            parts = [top.key, node.key, node.part]
            self.need(
                line, size, parts, node.part, "temporary", KINDS[kind], "no_composition"
            )
        for entry in inputs:
            for number, _name, start, size in entry.kinds:
                if size > 0:
                    worse = max(kind, number)
                    self.input(line, top, node, entry, start, size, since, upto, worse)

    def input(self, line, top, node, entry, start, size, since, upto, kind):
        """Piece [since, upto] of a node, and one kind of one of its inputs."""
        name = KINDS[kind]
        produced = self.works.produced(entry.part)
        traced = max((edge[1] for edge in entry.edges), default=Fraction(0))
        covered = min(size, max(Fraction(0), traced - start)) if produced else 0
        if covered < size:
            ends = [max(covered, round_in(node, end, size, 6)) for end in (since, upto)]
            why = "no_production" if produced else None
            parts = [top.key, node.key, entry.key]
            self.need(
                line,
                ends[1] - ends[0],
                parts,
                entry.part,
                entry.status,
                name,
                why,
                entry.day,
            )
        if covered > 0:
            first, last = (
                start + covered
                if end >= node.quantity
                else start + min(covered, round_in(node, end, size, 12))
                for end in (since, upto)
            )
            for edge_from, edge_to, source, place in entry.edges:
                low, high = max(first, edge_from), min(last, edge_to)
                if low >= high:
                    continue
                low, high = place + low - edge_from, place + high - edge_from
                if isinstance(source, Layer):
                    self.imported(line, top, source, low, high, name)
                else:
                    self.node(line, top, source, low, high, kind)

    def imported(self, line, top, layer, low, high, name):
        """Units that an order drew and that were imported as such."""
        size = min(layer.quantity, half_up(high, 6)) - min(
            layer.quantity, half_up(low, 6)
        )
        self.need(line, size, [top.key, layer.part], layer.part, "temporary", name)


def round_in(node, position, size, digits):
    """Where a position on a node lies on an axis of ``size``; its end is the end."""
    if position >= node.quantity:
        return size
    return min(size, half_up(size * position / node.quantity, digits))


def may_serve(layer, need):
    if (layer.part, layer.status, layer.asset) != (
        need.part,
        need.status,
        need.exit.asset,
    ):
        return False
    if layer.available > need.exit.day:
        return False
    expired = layer.expires is not None and layer.expires < need.exit.day
    return {"all": True, "unexpired": not expired, "expired": expired}[need.exit.scope]


def discharge(needs, layers):
    """PEPS: each need takes the oldest layers that may serve it."""
    rows, short = [], {}
    order = sorted(layers, key=lambda layer: layer.peps)
    for need in sorted(
        needs, key=lambda need: (need.exit.day, need.exit.key, need.key)
    ):
        rest = need.quantity
        for layer in order:
            quantity = min(rest, layer.quantity - layer.discharged)
            if quantity > 0 and may_serve(layer, need):
                rows.append(row_of(need, layer, quantity))
                layer.discharged += quantity
                rest -= quantity
        short[need.exit.key, need.key] = rest
    return rows, short


def row_of(need, layer, quantity):
    since = layer.discharged

    def part_of(total, digits):
        if total is None:
            return None
        ends = (
            half_up(total * end / layer.quantity, digits)
            for end in (since, since + quantity)
        )
        first, last = ends
        return decimal(last - first, digits)

    return Discharge(
        need.exit.key,
        need.key,
        layer.key,
        need.kind,
        decimal(since, 6),
        decimal(quantity, 6),
        part_of(layer.umc, 3),
        part_of(layer.umt, 5),
        part_of(layer.usd, 2),
        part_of(layer.mxn, 2),
        layer.expires is not None and layer.expires < need.exit.day,
        need.day is not None and layer.available > need.day,
    )


def judge(history):
    """The verdict on a history: exits, requirements, ledger rows, balances."""
    books = Books(history)
    works = Works(history, books)
    explosion = Explosion(works)
    for piece in share_out(history, books, works):
        explosion.piece(piece)
    needs = [
        need
        for need in explosion.needs.values()
        # without document only what is not temporary is consumed (rule 3)
        if need.exit.official or need.status != "temporary"
    ]
    rows, short = discharge(needs, books.layers)
    return Verdict(
        books.exits,
        sorted(
            Requirement(
                need.exit.key,
                need.key,
                need.part,
                need.status,
                need.kind,
                decimal(need.quantity, 6),
                decimal(short[need.exit.key, need.key], 6),
                need.unexplained,
            )
            for need in needs
        ),
        sorted(rows, key=lambda row: (row.layer, row.start)),
        sorted(
            Balance(
                layer.key,
                layer.part,
                decimal(layer.quantity, 6),
                decimal(layer.discharged, 6),
                layer.expires,
            )
            for layer in books.layers
        ),
    )


def by_requirement(discharges):
    """Discharged quantity by (exit, requirement)."""
    result = defaultdict(Decimal)
    for row in discharges:
        result[row.exit, row.requirement] += row.quantity
    return result
