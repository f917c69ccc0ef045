# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Histories at random.

Few parts, few days and few quantities, so that things meet: ties on dates, layers
used up to the last unit, shortages, documents of before what they cover.
"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from . import history as h
from .books import OPERATIONS

START = date(2026, 2, 20)
STATUSES = ("temporary", "domestic", "definitive")
MICRO = Decimal("0.000001")

quantities = st.one_of(
    st.integers(1, 12).map(Decimal),
    st.integers(1, 9_999_999).map(lambda n: n * MICRO),
    st.integers(1, 9).map(lambda n: n * MICRO),
    st.sampled_from(
        [Decimal("123456789012.345678"), Decimal("3.333333"), Decimal("99999.999999")]
    ),
)
days = st.integers(0, 14).map(lambda n: START + timedelta(n))
exit_days = st.integers(-2, 14).map(lambda n: START + timedelta(4 + n))
# most in the term, some of before it, some that end in these very days
import_days = st.one_of(
    st.integers(-9, 10).map(lambda n: START + timedelta(n)),
    st.integers(-190, -170).map(lambda n: START + timedelta(n)),
    st.integers(-560, -535).map(lambda n: START + timedelta(n)),
)


def money(digits):
    return st.integers(0, 10 ** (digits + 4)).map(lambda n: Decimal(n).scaleb(-digits))


def sometimes(draw, strategy, often=4, otherwise=None):
    """A value of the strategy once in ``often`` times."""
    return draw(strategy) if draw(st.integers(1, often)) == often else otherwise


class Maker:
    """Makes one history, drawing as it goes."""

    def __init__(self, draw):
        self.draw = draw
        self.serial = 0
        self.result = h.History(
            policy=draw(st.sampled_from(STATUSES)),
            peps_by=draw(st.sampled_from(("entry", "payment"))),
        )

    def number(self):
        """Documents sort by a first digit that has nothing to do with their turn."""
        self.serial += 1
        return f"{self.draw(st.integers(0, 3))}{self.serial:06d}"

    def pick(self, items):
        return self.draw(st.sampled_from(items))

    def make(self):
        draw = self.draw
        self.parts()
        for _turn in range(draw(st.integers(1, 5))):
            self.document(("IN", "IN", "IN", "IN2", "V1", "V1CN", "A1", "AF"), "in")
        for level in range(len(self.products)):
            for _turn in range(draw(st.integers(0, 2))):
                self.order(level)
        for _turn in range(draw(st.integers(0, 3))):
            self.document(("RT", "RT", "V1X", "RTDE", "V1XDE", "A3VII", "A1X"), "out")
        for _turn in range(draw(st.integers(0, 1))):
            self.document(("F4", "F4", "F4DE", "A3II", "K1"), "out")
        for _turn in range(draw(st.integers(0, 2))):
            self.transfer(self.pick(("in", "out")))
        if self.result.documents and sometimes(draw, st.just(True)):
            self.rectification()
        if sometimes(draw, st.just(True), 3):
            self.act()
        if sometimes(draw, st.just(True), 4):
            self.unbuild()
        return self.result

    # parts ---------------------------------------------------------------------
    def parts(self):
        draw = self.draw
        self.materials = [
            self.part(f"{letter}{n}", draw(st.sampled_from(("material", "indirect"))))
            for n, letter in enumerate(self.letters(draw(st.integers(1, 3))))
        ]
        self.products = [
            self.part(f"{letter}{n}", self.pick(("product", "product", "material")))
            for n, letter in enumerate(self.letters(draw(st.integers(0, 3))), 4)
        ]
        self.wastes = [
            self.part(f"{letter}W", "waste")
            for letter in self.letters(draw(st.integers(0, 1)))
        ]
        self.others = []
        kind = sometimes(draw, st.sampled_from(("fixed_asset", "container")), 8)
        if kind:
            self.others = [self.part("X9", kind, False)]
        self.every = [*self.materials, *self.products, *self.wastes, *self.others]

    def letters(self, count):
        return [self.pick("ABCDEFGH") for _turn in range(count)]

    def part(self, code, kind, by_lot=True):
        lots = {}
        if by_lot and sometimes(self.draw, st.just(True), 4):
            for name in ("L1", "L2")[: self.draw(st.integers(1, 2))]:
                lots[name] = self.pick((None, None, *STATUSES))
        part = h.Part(code, kind, lots)
        self.result.parts.append(part)
        return part

    def lot(self, part):
        """A part that is kept by lots is always moved by lot."""
        return self.pick(sorted(part.lots)) if part.lots else None

    # documents -----------------------------------------------------------------
    def what(self, operation):
        """Part and quantity of a goods line: most exits take of what was made."""
        draw = self.draw
        if OPERATIONS[operation].effect == "entry":
            part = self.pick([*self.materials, *self.materials, *self.every])
            return part, draw(quantities)
        outputs = [line for order in self.result.orders for line in order.outputs]
        if OPERATIONS[operation].waste:
            waste = [line for line in outputs if line.part.endswith("W")]
            outputs = waste or outputs
        if outputs and draw(st.integers(1, 5)) > 1:
            line = self.pick(outputs)
            return self.result.part(line.part), self.share(line.quantity)
        part = self.pick(self.every)
        known = self.imported(part)
        if known and draw(st.booleans()):
            return part, self.share(self.pick(known))
        return part, draw(quantities)

    def imported(self, part):
        return [
            goods.quantity
            for document in self.result.documents
            if OPERATIONS[document.operation].effect == "entry"
            for goods in document.goods
            if goods.part == part.code
        ]

    def goods(self, operation, partida, sequence):
        draw = self.draw
        part, quantity = self.what(operation)
        return h.Goods(
            part.code,
            quantity,
            draw(money(3)) + Decimal("0.001"),
            draw(money(5)),
            draw(money(2)),
            draw(money(2)),
            partida,
            sequence,
            waste=OPERATIONS[operation].type == "2"
            and bool(sometimes(draw, st.just(True), 8)),
            lot=sometimes(draw, st.just(self.lot(part)), 3) if part.lots else None,
        )

    def document(self, operations, way):
        draw = self.draw
        operation = self.pick(operations)
        item = h.Document(self.number(), operation, [])
        entry = way == "in"
        day = draw(import_days if entry else exit_days)
        item.paid = day if draw(st.integers(1, 12)) > 1 else None
        if OPERATIONS[operation].type == "1":
            item.entered = sometimes(draw, st.integers(-2, 2), 2)
            if item.entered is not None:
                item.entered = day + timedelta(item.entered)
            item.modulated = sometimes(draw, st.just(day + timedelta(1)), 3)
            item.closed = sometimes(draw, st.just(day + timedelta(5)), 6)
        else:
            item.left = sometimes(
                draw, st.just(day + timedelta(draw(st.integers(-3, 2)))), 3
            )
        partida = sequence = 1
        for _line in range(draw(st.integers(1, 3))):
            item.goods.append(self.goods(operation, partida, sequence))
            if draw(st.booleans()):
                partida, sequence = partida + 1, 1
            else:
                sequence += 1
        item.cancelled = bool(sometimes(draw, st.just(True), 12))
        self.result.documents.append(item)
        if draw(st.integers(1, 3)) > 1:
            self.transfer("out" if OPERATIONS[operation].leaves else "in", item, day)

    def rectification(self):
        old = self.pick(self.result.documents)
        if old.cancelled:
            return
        goods = [self.goods(old.operation, 1, 1)]
        for place, line in enumerate(old.goods, 2):
            if self.draw(st.booleans()):
                goods.append(
                    h.Goods(line.part, self.draw(quantities), line.umc, partida=place)
                )
        self.result.documents.append(
            h.Document(
                self.number(),
                old.operation,
                goods,
                self.draw(days),
                rectifies=old.number,
            )
        )

    # stock ---------------------------------------------------------------------
    def line(self, part, quantity=None, place=False):
        draw = self.draw
        return h.Line(
            part.code,
            quantity or draw(quantities),
            self.lot(part),
            sometimes(draw, st.sampled_from(("Owner A", "Owner B")), 8),
            sometimes(draw, st.sampled_from(STATUSES), 6) if place else None,
        )

    def transfer(self, way, document=None, day=None):
        draw = self.draw
        lines = []
        for goods in document.goods if document else ():
            quantity = goods.quantity if draw(st.booleans()) else None
            lines.append(
                self.line(self.result.part(goods.part), quantity, way == "out")
            )
        for _line in range(draw(st.integers(0 if lines else 1, 2))):
            lines.append(self.line(self.pick(self.every), None, way == "out"))
        self.serial += 1
        item = h.Transfer(
            f"T{self.serial}",
            way,
            (day + timedelta(draw(st.integers(-3, 3)))) if day else draw(days),
            lines,
            document.number if document else None,
            sometimes(draw, st.sampled_from(STATUSES), 3) if way == "in" else None,
        )
        self.result.transfers.append(item)
        if sometimes(draw, st.just(True), 5):
            self.give_back(item)

    def give_back(self, item):
        self.serial += 1
        lines = [
            h.Line(line.part, self.share(line.quantity), line.lot, line.owner)
            for line in item.lines
            if self.draw(st.booleans())
        ]
        if lines:
            self.result.transfers.append(
                h.Transfer(
                    f"T{self.serial}",
                    {"in": "back_out", "out": "back_in"}[item.way],
                    item.day + timedelta(self.draw(st.integers(0, 3))),
                    lines,
                    returns=item.name,
                )
            )

    def share(self, quantity):
        """All of a quantity, or less."""
        parts = self.draw(st.integers(1, 5))
        return max((quantity / parts).quantize(MICRO), MICRO)

    # production ----------------------------------------------------------------
    def order(self, level):
        draw = self.draw
        product = self.products[level]
        self.serial += 1
        # what is made of others mostly comes later
        day = START + timedelta(draw(st.integers(0, 6)) + 3 * level)
        item = h.Order(f"O{self.serial}", day, [], [])
        for _line in range(draw(st.integers(1, 2))):
            item.outputs.append(
                h.Output(product.code, draw(quantities), self.lot(product))
            )
        if self.wastes and draw(st.booleans()):
            waste = self.wastes[0]
            for _line in range(draw(st.integers(1, 2))):
                item.outputs.append(
                    h.Output(waste.code, draw(quantities), self.lot(waste))
                )
        below = [*self.materials, *self.products[:level] * 2]
        for _draw in range(draw(st.sampled_from((0, 1, 1, 2, 2, 3)))):
            item.draws.append(self.drawn(self.pick(below)))
        self.result.orders.append(item)

    def drawn(self, part):
        draw = self.draw
        item = h.Draw(part.code, [])
        known = self.imported(part) + [
            line.quantity
            for order in self.result.orders
            for line in order.outputs
            if line.part == part.code
        ]
        for _line in range(draw(st.integers(1, 2))):
            quantity = None
            if known and draw(st.integers(1, 4)) > 1:
                quantity = self.share(self.pick(known))
            item.lines.append(self.line(part, quantity, True))
        total = sum(line.quantity for line in item.lines)
        item.scrap = bool(sometimes(draw, st.just(True), 8))
        if not item.scrap:
            if sometimes(draw, st.just(True), 3):
                item.merma = self.share(total)
            if sometimes(draw, st.just(True), 3):
                item.waste = self.share(total)
        if self.wastes and draw(st.booleans()):
            item.waste_part = self.wastes[0].code
        return item

    def unbuild(self):
        if self.products:
            part = self.pick(self.products)
            self.serial += 1
            self.result.unbuilds.append(
                h.Unbuild(
                    f"B{self.serial}",
                    self.draw(days),
                    part.code,
                    self.draw(quantities),
                    self.lot(part),
                )
            )

    def act(self):
        self.serial += 1
        lines = []
        for _line in range(self.draw(st.integers(1, 3))):
            part, quantity = self.what("RTDE")
            lines.append(
                h.ActLine(
                    part.code,
                    quantity,
                    part.kind == "waste" or self.draw(st.booleans()),
                    self.lot(part),
                )
            )
        self.result.acts.append(h.Act(f"X{self.serial}", self.draw(days), lines))


@st.composite
def histories(draw):
    """A history of a few parts, documents, orders and transfers."""
    return Maker(draw).make()
