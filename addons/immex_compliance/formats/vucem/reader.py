# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads the collected answers of a pedimento as the validation file is read."""

import io

from lxml import etree

from ..issues import IssueLog, _lt
from ..m3 import Limits, M3Reader, M3Writer
from .answers import (
    ServiceError,
    _digits,
    _expect,
    fatal,
    parse_answer,
    partida_number,
    partida_numbers,
)
from .collection import ROOT, other, read_collection
from .records import Records
from .tree import child

WHOLE, PARTIDA = "consultarPedimentoCompletoRespuesta", "consultarPartidaRespuesta"


class VucemReader:
    """Iterating gives the one ``PedimentoDocument``; lines are counted in records.

    :param stream: binary stream of what :func:`write_collection` wrote
    :raise FormatError: it is no such file, or a partida is missing in it
    """

    def __init__(self, stream, name="", limits=None):
        self.stream, self.name = stream, name
        self.limits = limits or Limits()
        self._reader = None
        self._untold = ()

    @property
    def issues(self):
        return self._reader.issues if self._reader else IssueLog(0)

    @property
    def summary(self):
        return self._reader.summary

    def __iter__(self):
        self._reader = M3Reader(self._records(), self.name, self.limits)
        for issue in self._untold:
            self._reader.issues.append(issue)
        yield from self._reader

    def _records(self):
        """The records as a binary stream."""
        found = read_collection(self.stream.read())
        number = next(found)
        first = next(found, None)
        if first is None:
            raise other()
        partidas = {}
        try:
            _expect(first, WHOLE)
            for answer in found:
                # as text: trees of all of them would fill the memory
                partidas[partida_number(answer)] = etree.tostring(answer)
        except ServiceError as error:
            raise fatal(
                "service", _lt("VUCEM answered: %(text)s"), text=str(error)[:500]
            ) from error
        missing = [n for n in partida_numbers(first) if n not in partidas]
        if missing:
            raise fatal(
                "partidas_missing",
                _lt("Partidas %(numbers)s of the pedimento are not there."),
                numbers=", ".join(map(str, missing[:20])),
            )
        whole = child(first, "pedimento")
        if child(whole, "encabezado", "tipoOperacion") is None:
            raise fatal(
                "no_header", _lt("VUCEM told nothing of the pedimento but its number.")
            )
        keys = [
            _digits(number.get(name, ""), size, name)
            for name, size in (("aduana", 3), ("patente", 4), ("pedimento", 7))
        ]
        stream = io.BytesIO()
        writer = M3Writer(stream, self.name[:260] or ROOT, eol="\n", encoding="utf-8")
        self._untold = Records(writer, *keys).fill(
            whole,
            (child(parse_answer(partidas[n]), "partida") for n in sorted(partidas)),
        )
        stream.seek(0)
        return stream
