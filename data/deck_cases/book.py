# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A few words to write a case of the deck with."""

from datetime import date
from decimal import Decimal

from proof import history as h
from proof.deck import Case

CASES = []


class Book:
    """One plant of a case: what happened there, in the order in which it is told.

    Days are "MM-DD" of 2026, or whole dates.
    """

    def __init__(self, **settings):
        self.history = h.History(**settings)
        self.serial = 0

    def _day(self, text):
        if text is None:
            return None
        return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")

    def _name(self, letter):
        self.serial += 1
        return f"{letter}{self.serial}"

    def part(self, code, kind="material", **lots):
        self.history.parts.append(h.Part(code, kind, lots))
        return code

    def paper(self, number, operation, paid, *goods, **values):
        """A pedimento; goods are (part, quantity) or (part, quantity, values)."""
        days = {"entered", "modulated", "closed", "left"}
        values = {
            name: self._day(value) if name in days else value
            for name, value in values.items()
        }
        item = h.Document(str(number), operation, [], paid=self._day(paid), **values)
        for partida, (part, quantity, *more) in enumerate(goods, 1):
            size = Decimal(str(quantity))
            own = {"umc": size, "umt": size * 2, "usd": size * 3, "mxn": size * 54}
            own |= {"partida": partida} | (more[0] if more else {})
            own = {
                name: Decimal(value) if name in ("umt", "umc", "usd", "mxn") else value
                for name, value in own.items()
            }
            item.goods.append(h.Goods(part, size, **own))
        self.history.documents.append(item)
        return item.number

    def move(self, way, day, *lines, document=None, status=None, returns=None):
        """Goods through the door; lines are (part, quantity) or with values."""
        name = self._name("T")
        self.history.transfers.append(
            h.Transfer(
                name,
                way,
                self._day(day),
                self._lines(lines),
                document and str(document),
                status,
                returns,
            )
        )
        return name

    @staticmethod
    def _lines(lines):
        return [
            h.Line(part, Decimal(str(quantity)), **(more[0] if more else {}))
            for part, quantity, *more in lines
        ]

    def enter(self, number, day, *goods, operation="IN", **values):
        """An import and its receipt on the same day."""
        self.paper(number, operation, day, *goods, **values)
        self.move("in", day, *[line[:2] for line in goods], document=number)
        return str(number)

    def leave(self, number, day, *goods, operation="RT", lot=None, **values):
        """An exit and its delivery on the same day."""
        self.paper(number, operation, day, *goods, **values)
        own = [{"lot": lot}] if lot else []
        lines = [(*line[:2], *own) for line in goods]
        self.move("out", day, *lines, document=number)
        return str(number)

    def order(self, day, outputs, *draws):
        """An order; outputs are (part, quantity, lot), draws (part, quantity, values):
        merma, waste, waste_part, scrap of the draw, the rest of its line."""
        name = self._name("O")
        item = h.Order(name, self._day(day), [], [])
        for part, quantity, *lot in outputs:
            item.outputs.append(h.Output(part, Decimal(str(quantity)), *lot))
        for part, quantity, *more in draws:
            values = dict(more[0]) if more else {}
            own = {
                key: values.pop(key)
                for key in ("merma", "waste", "waste_part", "scrap")
                if key in values
            }
            for key in ("merma", "waste"):
                if key in own:
                    own[key] = Decimal(str(own[key]))
            lines = self._lines([(part, quantity, values)])
            item.draws.append(h.Draw(part, lines, **own))
        self.history.orders.append(item)
        return name

    def unbuild(self, day, part, quantity, lot=None):
        self.history.unbuilds.append(
            h.Unbuild(self._name("B"), self._day(day), part, Decimal(quantity), lot)
        )

    def act(self, number, day, *lines):
        """An act of destruction; lines are (part, quantity, is waste)."""
        self.history.acts.append(
            h.Act(
                number,
                self._day(day),
                [
                    h.ActLine(part, Decimal(str(quantity)), waste)
                    for part, quantity, waste in lines
                ],
            )
        )


def case(title, titulo, source, **settings):
    """A case of the deck by its function's name."""

    def keep(function):
        book = Book(**settings)
        function(book)
        name = function.__name__.replace("_", "-")
        CASES.append(Case(name, title, titulo, source, book.history))
        return function

    return keep
