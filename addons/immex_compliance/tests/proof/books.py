# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the documents and the door say of a history: layers, and exits.

Order keys are built as the engine documents them, since they decide ties: a document
is known by year, number, partida and line; a transfer by its name and line.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .history import Document, Goods
from .terms import add_months
from .works import half_up


@dataclass(frozen=True)
class Operation:
    """A key of pedimento with what tells its case, and what that does.

    ``effect``: entry, exit, regime_change, none; ``months`` by class of the part where
    the ordinary term does not hold.
    """

    key: str
    type: str
    effect: str
    status: str | None = None
    case: str | None = None
    identifier: tuple | None = None
    scope: str = "all"
    waste: bool = False
    months: int = 18
    virtual: bool = False
    goods_class: str | None = None

    @property
    def leaves(self):
        """Its goods leave, also where it is filed as an import (F4, A3)."""
        return self.type == "2" or self.effect in ("exit", "regime_change")


OPERATIONS = {
    "IN": Operation("IN", "1", "entry", "temporary"),
    "IN2": Operation("IN", "1", "entry", "temporary", case="II"),
    "V1": Operation("V1", "1", "entry", "temporary", months=6, virtual=True),
    "V1CN": Operation(
        "V1", "1", "entry", "temporary", None, ("V1", "CN"), months=18, virtual=True
    ),
    "AF": Operation("AF", "1", "entry", "temporary", goods_class="fixed_asset"),
    "A1": Operation("A1", "1", "entry", "definitive"),
    "RT": Operation("RT", "2", "exit"),
    "RTDE": Operation("RT", "2", "exit", identifier=("DE", None), waste=True),
    "V1X": Operation("V1", "2", "exit"),
    "V1XDE": Operation("V1", "2", "exit", identifier=("DE", None), waste=True),
    "F4": Operation("F4", "1", "regime_change", scope="unexpired"),
    "F4DE": Operation(
        "F4", "1", "exit", None, None, ("DE", None), scope="unexpired", waste=True
    ),
    "A3II": Operation("A3", "1", "regime_change", case="II", scope="expired"),
    "A3VII": Operation("A3", "1", "exit", case="VII"),
    "A1X": Operation("A1", "2", "none"),
    "K1": Operation("K1", "1", "none"),
}


@dataclass
class Movement:
    """A line of a transfer; ``open`` is what no document covers."""

    kind: str
    transfer: object
    place: int
    part: str
    quantity: Fraction
    lot: str | None
    status: str | None
    day: date
    linked: Fraction = Fraction(0)
    netted: Fraction = Fraction(0)

    @property
    def open(self):
        return self.quantity - self.linked - self.netted


@dataclass
class Layer:
    key: str
    part: str
    status: str
    quantity: Fraction
    available: date
    peps: tuple
    expires: date | None = None
    lot: str | None = None
    asset: bool = False
    umc: Fraction | None = None
    umt: Fraction | None = None
    usd: Fraction | None = None
    mxn: Fraction | None = None
    discharged: Fraction = Fraction(0)


@dataclass
class Exit:
    key: str
    kind: str
    day: date
    part: str
    quantity: Fraction
    lot: str | None = None
    waste: bool = False
    asset: bool = False
    official: bool = True
    scope: str = "all"
    status: str | None = None
    #: what went under other lots: (lot, quantity)
    by_lot: list = field(default_factory=list)


@dataclass
class Entry:
    """A goods line with its document, and the first version of that."""

    document: Document
    root: Document
    goods: Goods
    operation: Operation
    links: list = field(default_factory=list)

    @property
    def linked(self):
        return sum((quantity for _movement, quantity in self.links), Fraction(0))

    @property
    def day_entered(self):
        return self.root.entered or self.root.paid

    @property
    def number(self):
        day = self.root.paid or self.root.entered
        year = day.year if day else 2026
        return f"{year % 100:02d}{self.root.number}", year

    @property
    def key(self):
        return f"{self.number[0]}|{self.goods.partida:05d}|{self.goods.sequence:05d}"


class Books:
    """Movements, their documents, layers and exits of a history."""

    def __init__(self, history):
        self.history = history
        self.parts = {part.code: part for part in history.parts}
        self.documents = {item.number: item for item in history.documents}
        self.current = {
            item.rectifies: item
            for item in history.documents
            if item.rectifies and not item.cancelled
        }
        self.entries = [
            Entry(item, self.root(item), goods, OPERATIONS[item.operation])
            for item in history.documents
            for goods in item.goods
            if not item.cancelled and item.number not in self.current
        ]
        self.movements = self.read_movements()
        self.link()
        self.net()
        self.layers = [*self.import_layers(), *self.receipt_layers()]
        self.exits = [*self.document_exits(), *self.act_exits(), *self.bare_exits()]

    def root(self, document):
        while document.rectifies and not document.cancelled:
            document = self.documents[document.rectifies]
        return document

    def last(self, number):
        while number in self.current:
            number = self.current[number].number
        return number

    # the door ------------------------------------------------------------------
    def read_movements(self):
        kinds = {
            "in": "receipt",
            "out": "delivery",
            "back_in": "return_in",
            "back_out": "return_out",
        }
        result = []
        for transfer in self.history.transfers:
            for place, line in enumerate(transfer.lines):
                if transfer.way == "in":
                    status = transfer.status or "temporary"
                elif transfer.way == "back_in":
                    # what comes from a customer has the status of its lot or owner
                    status = self.status_of(line, None)
                else:
                    status = self.status_of(line, line.place)
                result.append(
                    Movement(
                        kinds[transfer.way],
                        transfer,
                        place,
                        line.part,
                        Fraction(line.quantity),
                        line.lot,
                        status,
                        transfer.day,
                    )
                )
        return result

    def status_of(self, line, place):
        """Rule 12 as far as lot, place and owner tell it."""
        status = self.parts[line.part].lots.get(line.lot) if line.lot else None
        return status or place or ("temporary" if line.owner else None)

    def link(self):
        """Fill the lines of a document in order, part by part."""
        ways = {False: ("receipt", "return_in"), True: ("delivery", "return_out")}
        for movement in sorted(
            self.movements, key=lambda m: (m.day, m.transfer.name, m.place)
        ):
            if not movement.transfer.document:
                continue
            number = self.last(movement.transfer.document)
            entries = [
                entry
                for entry in self.entries
                if entry.document.number == number
                and entry.goods.part == movement.part
                and movement.kind in ways[entry.operation.leaves]
                and (entry.operation.type == "1" or entry.operation.effect != "none")
                # a change of regime frees its goods once it is paid
                and (entry.operation.effect != "regime_change" or entry.root.paid)
            ]
            entries.sort(key=lambda entry: (entry.goods.partida, entry.goods.sequence))
            for entry in entries:
                rest = Fraction(entry.goods.quantity) - entry.linked
                quantity = min(rest, movement.open)
                if quantity > 0:
                    entry.links.append((movement, quantity))
                    movement.linked += quantity

    def net(self):
        """What came back, or went back, before a document covered it never crossed."""
        groups = defaultdict(lambda: ([], []))
        for movement in self.movements:
            if movement.status not in (None, "temporary") or movement.open <= 0:
                continue
            transfer = movement.transfer
            is_return = transfer.way.startswith("back")
            if is_return and not transfer.returns:
                continue
            # a transfer has one movement a part
            origin = transfer.returns if is_return else transfer.name
            groups[origin, movement.part][is_return].append(movement)
        for went, back in groups.values():
            common = min(sum(m.open for m in went), sum(m.open for m in back))
            for side in (went, back):
                rest = common
                for movement in sorted(side, key=lambda m: (m.day, m.place)):
                    movement.netted = min(rest, movement.open)
                    rest -= movement.netted

    # layers --------------------------------------------------------------------
    def import_layers(self):
        for entry in self.entries:
            operation, goods, root = entry.operation, entry.goods, entry.root
            changes = operation.effect == "regime_change"
            if operation.effect != "entry" and not changes:
                continue
            available = entry.day_entered
            if not available or (changes and not root.paid):
                continue
            status = "definitive" if changes else operation.status
            # what was delivered under a change of regime is on hand no more
            whole, gone = Fraction(goods.quantity), entry.linked if changes else 0
            if gone >= whole:
                continue

            def on_hand(total, digits, whole=whole, gone=gone):
                return Fraction(total) - half_up(Fraction(total) * gone / whole, digits)

            by_payment = self.history.peps_by == "payment"
            peps_day = (root.paid if by_payment else None) or available
            number, year = entry.number
            order = f"{year}|{number}|{goods.partida:05d}|{goods.sequence:05d}"
            kind = operation.goods_class or self.parts[goods.part].kind
            yield Layer(
                f"{status}|{order}",
                goods.part,
                status,
                whole - gone,
                available,
                (peps_day, order),
                self.term_end(entry, kind) if status == "temporary" else None,
                self.layer_lot(entry),
                kind == "fixed_asset",
                on_hand(goods.umc, 3),
                on_hand(goods.umt, 5),
                on_hand(goods.usd, 2),
                on_hand(goods.mxn, 2),
            )

    def term_end(self, entry, kind):
        """LA 108: 18 months, containers two years, assets as the programme lives;
        virtual transfers six (Decreto IMMEX, art. 4)."""
        if kind == "fixed_asset":
            return None
        root, operation = entry.root, entry.operation
        if operation.virtual:
            start = entry.day_entered
        else:
            known = [day for day in (root.entered, root.paid) if day]
            start = root.closed or root.modulated or min(known)
        return add_months(start, 24 if kind == "container" else operation.months)

    def layer_lot(self, entry):
        named = entry.goods.lot
        if named and named in self.parts[entry.goods.part].lots:
            return named
        if entry.operation.leaves:
            return None
        lots = {movement.lot for movement, _quantity in entry.links}
        return lots.pop() if len(lots) == 1 else None

    def receipt_layers(self):
        """Domestic goods that no pedimento covers."""
        places = defaultdict(int)
        for movement in self.movements:
            if movement.kind != "receipt" or movement.linked >= movement.quantity:
                continue
            if movement.status not in ("domestic", "definitive"):
                continue
            places[movement.transfer.name] += 1
            order = f"M|{movement.transfer.name}|{places[movement.transfer.name]:05d}"
            yield Layer(
                f"{movement.status}|{order}",
                movement.part,
                movement.status,
                movement.quantity - movement.linked,
                movement.day,
                (movement.day, order),
                lot=movement.lot,
                asset=self.parts[movement.part].kind == "fixed_asset",
            )

    # exits ---------------------------------------------------------------------
    def document_exits(self):
        for entry in self.entries:
            operation, goods, root = entry.operation, entry.goods, entry.root
            if operation.effect not in ("exit", "regime_change") or not root.paid:
                continue
            changes = operation.effect == "regime_change"
            days = [movement.day for movement, _quantity in entry.links]
            lots = {movement.lot for movement, _quantity in entry.links}
            lot = lots.pop() if len(lots) == 1 else None
            if changes:
                # of its payment's day; no delivery tells the lot of what is on hand
                days = []
                lot = lot if entry.linked >= Fraction(goods.quantity) else None
            if not lot and goods.lot in self.parts[goods.part].lots:
                lot = goods.lot
            left = entry.document.left or root.left or root.paid
            kind = self.parts[goods.part].kind
            result = Exit(
                entry.key,
                entry.document.operation,
                min(days) if days else left,
                goods.part,
                Fraction(goods.quantity),
                lot,
                goods.waste or operation.waste or kind == "waste",
                (operation.goods_class or kind) == "fixed_asset",
                scope=operation.scope,
            )
            if not lot:
                sums = defaultdict(Fraction)
                for movement, quantity in entry.links:
                    if movement.lot:
                        sums[movement.lot] += quantity
                result.by_lot = sorted(sums.items())
            yield result

    def act_exits(self):
        for act in self.history.acts:
            for place, line in enumerate(act.lines, 1):
                yield Exit(
                    f"D|{act.number}|{place:05d}|{line.part}|1",
                    "destruction",
                    act.day,
                    line.part,
                    Fraction(line.quantity),
                    line.lot,
                    line.waste,
                    self.parts[line.part].kind == "fixed_asset",
                )

    def bare_exits(self):
        """What left without a document."""
        places = defaultdict(int)
        for movement in self.movements:
            if movement.kind in ("delivery", "return_out") and movement.open > 0:
                name = movement.transfer.name
                places[name] += 1
                yield Exit(
                    f"Z|{name}|{places[name]:05d}",
                    "provisional",
                    movement.day,
                    movement.part,
                    movement.open,
                    movement.lot,
                    self.parts[movement.part].kind == "waste",
                    self.parts[movement.part].kind == "fixed_asset",
                    official=False,
                    status=movement.status,
                )
