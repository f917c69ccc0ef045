# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The smallest history that still fails, found leaving out one thing after another."""

import copy
import time

LISTS = ("acts", "unbuilds", "transfers", "orders", "documents")
INNER = {"acts": ("lines",), "transfers": ("lines",), "documents": ("goods",)}
INNER["orders"] = ("draws", "outputs")


def _whole(history):
    """The history without what names things that are gone."""
    numbers = {item.number for item in history.documents}
    names = {item.name for item in history.transfers}
    for transfer in history.transfers:
        if transfer.document not in numbers:
            transfer.document = None
    history.transfers = [
        item for item in history.transfers if not item.returns or item.returns in names
    ]
    history.documents = [
        item
        for item in history.documents
        if item.goods and (not item.rectifies or item.rectifies in numbers)
    ]
    for kind in ("transfers", "acts"):
        setattr(history, kind, [item for item in getattr(history, kind) if item.lines])
    history.orders = [item for item in history.orders if item.outputs]
    return history


def smaller(history):
    """Histories with one thing less each, large things first."""
    for kind in LISTS:
        for place in range(len(getattr(history, kind))):
            result = copy.deepcopy(history)
            del getattr(result, kind)[place]
            yield _whole(result)
    for kind in LISTS:
        for inner in INNER.get(kind, ()):
            for place, item in enumerate(getattr(history, kind)):
                for line in range(len(getattr(item, inner))):
                    result = copy.deepcopy(history)
                    del getattr(getattr(result, kind)[place], inner)[line]
                    yield _whole(result)


def shrink(history, fails, seconds=120):
    """The smallest history found in that time of which ``fails`` is still true."""
    end = time.monotonic() + seconds
    found = True
    while found and time.monotonic() < end:
        found = False
        for candidate in smaller(history):
            if time.monotonic() > end:
                break
            if fails(candidate):
                history, found = candidate, True
                break
    used = {
        line.part
        for group in (history.documents, history.transfers, history.acts)
        for item in group
        for line in getattr(item, "goods", None) or item.lines
    }
    for order in history.orders:
        used |= {line.part for line in order.outputs}
        used |= {line.part for draw in order.draws for line in draw.lines}
        used |= {draw.waste_part for draw in order.draws}
    used |= {item.part for item in history.unbuilds}
    history.parts = [part for part in history.parts if part.code in used]
    return history
