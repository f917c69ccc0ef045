# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The records of a pedimento, in little more memory than their lines take.

A pedimento may have a record for every few bytes of its file. As objects they would
take a hundred times that, so that here they are one array of bytes with a few numbers
each; a :class:`Record` is made of them when it is asked for.
"""

from array import array
from collections.abc import Sequence

from .layout import LAYOUTS
from .record import Record

# number of a type that the layout knows; 0: another one
KINDS = {kind: number for number, kind in enumerate(LAYOUTS, 1)}
# To whom a record belongs; from FIRST_PARTIDA on to the partidas in their order.
NOWHERE, GENERAL, FIRST_PARTIDA = 0, 1, 2


class Records(Sequence):
    """All records of a pedimento, in the order of the file."""

    __slots__ = ("_ends", "_kinds", "_lines", "_owners", "_texts")

    def __init__(self):
        self._texts = bytearray()
        self._ends, self._lines, self._owners = array("Q"), array("I"), array("I")
        self._kinds = bytearray()

    def append(self, record, owner=NOWHERE):
        """Add a record that belongs to ``owner``."""
        # not strict: a text from the database may hold what is no character
        self._texts += record.text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._texts))
        self._lines.append(record.line)
        self._owners.append(owner)
        self._kinds.append(KINDS.get(record.type, 0))

    def own(self, owner):
        """Say of the last record to whom it belongs."""
        self._owners[-1] = owner

    def __len__(self):
        return len(self._ends)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        start = self._ends[index - 1] if index else 0
        text = self._texts[start : self._ends[index]].decode("utf-8", "surrogatepass")
        return Record(self._lines[index], text)

    def __iter__(self):
        for index in range(len(self)):
            yield self[index]

    def places(self, owners):
        """The places of all records by their owners, and where each one's begin.

        :param owners: how many there are
        :return: ``(order, begins)``: those of owner n are
            ``order[begins[n] : begins[n + 1]]``
        """
        begins = array("I", bytes(4 * (owners + 1)))
        for owner in self._owners:
            begins[owner + 1] += 1
        for owner in range(owners):
            begins[owner + 1] += begins[owner]
        order = array("I", bytes(4 * len(self)))
        following = begins[:]
        for place, owner in enumerate(self._owners):
            order[following[owner]] = place
            following[owner] += 1
        return order, begins

    def of_kind(self, kind, places):
        """The places among ``places`` of the records of a type."""
        number = KINDS.get(kind)
        kinds = self._kinds
        if number:
            return array("I", (at for at in places if kinds[at] == number))
        return array("I", (at for at in places if self[at].type == kind))


class Chosen(Sequence):
    """Some of the records, by their places."""

    __slots__ = ("_places", "_records")

    def __init__(self, records, places):
        self._records, self._places = records, places

    def __len__(self):
        return len(self._places)

    def __getitem__(self, index):
        found = self._places[index]
        if isinstance(index, slice):
            return Chosen(self._records, found)
        return self._records[found]

    def __iter__(self):
        return map(self._records.__getitem__, self._places)

    def of(self, kind):
        """Those of a type."""
        return Chosen(self._records, self._records.of_kind(kind, self._places))
