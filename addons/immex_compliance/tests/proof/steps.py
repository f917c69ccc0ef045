# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The same history by other ways: in steps, with mistakes corrected later; divided."""

import copy
from datetime import timedelta

from .history import History

KINDS = ("documents", "transfers", "orders", "unbuilds", "acts")


def _wrong(random, history):
    """A history as it was first told: other quantities, days, states.

    Returns it with the corrections: (what, key, column, true value).
    """
    told, fixes = copy.deepcopy(history), []
    # versions of a chain are not cancelled or revived: who rectifies whom would change
    chained = {item.rectifies for item in told.documents}
    chained |= {item.number for item in told.documents if item.rectifies}
    for document in told.documents:
        if random.random() < 0.3:
            line = random.choice(document.goods)
            key = (document.number, line.partida, line.sequence)
            fixes.append(("goods", key, "quantity", line.quantity))
            line.quantity = line.quantity * 2 + 1
        if document.cancelled and document.number not in chained:
            fixes.append(("documents", document.number, "state", "cancelled"))
            document.cancelled = False
        elif document.number not in chained and random.random() < 0.2:
            fixes.append(("documents", document.number, "state", "ready"))
            document.cancelled = True
        if document.paid and random.random() < 0.2:
            fixes.append(("documents", document.number, "payment_date", document.paid))
            document.paid += timedelta(random.randint(-3, 3))
            # the number is of the year in which it was paid
            if document.paid.year != fixes[-1][3].year:
                document.paid = fixes[-1][3]
    for transfer in told.transfers:
        if random.random() < 0.2:
            fixes.append(("transfers", transfer.name, "immex_event_date", transfer.day))
            transfer.day += timedelta(random.randint(-9, 9))
    for order in told.orders:
        if random.random() < 0.2:
            fixes.append(("orders", order.name, "immex_event_date", order.day))
            order.day += timedelta(random.randint(-9, 9))
    return told, fixes


TABLES = {
    "goods": "immex_pedimento_goods",
    "documents": "immex_pedimento",
    "transfers": "stock_picking",
    "orders": "mrp_production",
}


class Steps:
    """Tells histories in two steps, in any order, and then corrects what was wrong."""

    def __init__(self, loader, random, numbered):
        self.loader, self.random = loader, random
        self.first, self.second, self.fixes = [], [], []
        for number, history in numbered:
            told, fixes = _wrong(random, history)
            now, later = self._halves(told)
            self.first.append((number, now))
            self.second.append((number, later))
            self.fixes += [(number, *fix) for fix in fixes]
            self.fixes += [
                (number, "transfers", item.name, "immex_pedimento_id", item.document)
                for item in now.transfers
                if item.document
                and item.document not in [d.number for d in now.documents]
            ]

    def _halves(self, history):
        now = History(history.parts, policy=history.policy, peps_by=history.peps_by)
        later = copy.copy(now)
        for kind in KINDS:
            items = getattr(history, kind)
            early = [item for item in items if self.random.random() < 0.6]
            if kind == "documents":
                # a rectification comes after what it rectifies
                early = [item for item in early if not item.rectifies]
            if kind == "transfers":
                names = {item.name for item in early}
                early = [item for item in early if (item.returns or item.name) in names]
            setattr(now, kind, early)
            setattr(later, kind, [item for item in items if item not in early])
        return now, later

    def run(self, court, cr, plant):
        """Tell and correct, with a run after each; return what the last one changed
        when everything was told and nothing else."""
        self.loader.add(self.first)
        court.run(cr, plant)
        self.loader.add(self.second)
        court.run(cr, plant)
        half = len(self.fixes) // 2
        self.random.shuffle(self.fixes)
        for fixes in (self.fixes[:half], self.fixes[half:]):
            self.correct(cr, fixes)
            court.run(cr, plant)

    def correct(self, cr, fixes):
        for number, kind, key, column, value in fixes:
            known = self.loader.known[number]
            row = getattr(known, kind)[key]
            if column == "immex_pedimento_id":
                value = known.documents[value]
            cr.execute(
                f"UPDATE {TABLES[kind]} SET {column} = %s WHERE id = %s", (value, row)
            )


def split_lines(history):
    """The same history with every line of a draw told in two halves.

    Where the whole is shared by line (merma, residue) or known by its line (a
    transfer) this would be another history, so those stay.
    """
    result = copy.deepcopy(history)
    for order in result.orders:
        for draw in order.draws:
            if draw.merma or draw.waste or draw.scrap:
                continue
            lines = []
            for line in draw.lines:
                half = (line.quantity / 2).quantize(line.quantity)
                rest = line.quantity - half
                for size in (half, rest):
                    if size > 0:
                        part = copy.copy(line)
                        part.quantity = size
                        lines.append(part)
            draw.lines = lines
        order.outputs = [copy.copy(output) for output in order.outputs]
        for output in list(order.outputs):
            half = (output.quantity / 2).quantize(output.quantity)
            if 0 < half < output.quantity:
                more = copy.copy(output)
                output.quantity, more.quantity = half, output.quantity - half
                order.outputs.append(more)
    return result
