# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A history: what happened in a small plant, as plain data.

Quantities are ``Decimal`` (six decimals, in the part's unit), days are ``date``. A
history says everything that decides its ledger; ids and the order of its rows decide
nothing.
"""

import dataclasses
import json
import types
import typing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass
class Part:
    code: str
    #: class of the part: material, indirect, product, waste, fixed_asset, container
    kind: str = "material"
    #: does it leave and come in by lots; lots by name with their customs status
    lots: dict[str, str | None] = field(default_factory=dict)


@dataclass
class Goods:
    """One goods line of a pedimento: a part, with its share of the partida."""

    part: str
    quantity: Decimal
    umc: Decimal = Decimal(1)
    umt: Decimal = Decimal(1)
    usd: Decimal = Decimal(0)
    mxn: Decimal = Decimal(0)
    partida: int = 1
    sequence: int = 1
    waste: bool = False
    lot: str | None = None


@dataclass
class Document:
    """A pedimento. ``operation`` is a name of ``oracle.OPERATIONS``."""

    number: str
    operation: str
    goods: list[Goods]
    paid: date | None = None
    entered: date | None = None
    modulated: date | None = None
    closed: date | None = None
    #: exits: the day on which the goods left
    left: date | None = None
    cancelled: bool = False
    #: R1: number of the document that it replaces
    rectifies: str | None = None


@dataclass
class Line:
    part: str
    quantity: Decimal
    lot: str | None = None
    owner: str | None = None
    #: customs status of the place that it comes from; of draws and what goes out
    place: str | None = None


@dataclass
class Transfer:
    """Goods through the door. ``way``: in, out; back_in and back_out are returns of
    a transfer that ``returns`` names, line by line."""

    name: str
    way: str
    day: date
    lines: list[Line]
    document: str | None = None
    #: of what comes in: None is temporary
    status: str | None = None
    returns: str | None = None


@dataclass
class Output:
    part: str
    quantity: Decimal
    lot: str | None = None


@dataclass
class Draw:
    """What an order drew in one movement. ``scrap``: besides, all of it residue."""

    part: str
    lines: list[Line]
    merma: Decimal = Decimal(0)
    waste: Decimal = Decimal(0)
    waste_part: str | None = None
    scrap: bool = False


@dataclass
class Order:
    name: str
    day: date
    outputs: list[Output]
    draws: list[Draw]


@dataclass
class Unbuild:
    """Units of a product taken apart."""

    name: str
    day: date
    part: str
    quantity: Decimal
    lot: str | None = None


@dataclass
class ActLine:
    part: str
    quantity: Decimal
    waste: bool = True
    lot: str | None = None


@dataclass
class Act:
    """An act of destruction."""

    number: str
    day: date
    lines: list[ActLine]


@dataclass
class History:
    parts: list[Part] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    unbuilds: list[Unbuild] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    #: status of what an order draws where nothing tells it
    policy: str = "temporary"
    #: which date of an import is its PEPS date: entry, payment
    peps_by: str = "entry"

    def part(self, code):
        return next(part for part in self.parts if part.code == code)


def _plain(value):
    """Data of JSON, without what is as it is by default."""
    if dataclasses.is_dataclass(value):
        result = {}
        for item in dataclasses.fields(value):
            content = getattr(value, item.name)
            default = item.default
            if item.default_factory is not dataclasses.MISSING:
                default = item.default_factory()
            if content != default:
                result[item.name] = _plain(content)
        return result
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _made(kind, value):
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _made(typing.get_args(kind)[0], value)
    if origin is list:
        return [_made(typing.get_args(kind)[0], item) for item in value]
    if kind is Decimal:
        return Decimal(value)
    if kind is date:
        return date.fromisoformat(value)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _made(hints[name], item) for name, item in value.items()})
    return value


def dump(history, indent=None):
    """JSON text of a history."""
    return json.dumps(_plain(history), indent=indent, ensure_ascii=False)


def load(text):
    """The history of a JSON text that ``dump`` wrote."""
    return _made(History, json.loads(text))
