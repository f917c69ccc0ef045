# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads the collected answers of a pedimento as the validation file is read."""

import io

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
from .collection import ROOT
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

    @property
    def issues(self):
        return self._reader.issues if self._reader else IssueLog(0)

    @property
    def summary(self):
        return self._reader.summary

    def __iter__(self):
        self._reader = M3Reader(io.BytesIO(self._records()), self.name, self.limits)
        yield from self._reader

    def _records(self):
        """The records as bytes."""
        root = parse_answer(self.stream.read())
        if root.tag != ROOT or not len(root):
            raise fatal("no_answers", _lt("These are no collected answers of VUCEM."))
        try:
            _expect(root[0], WHOLE)
            partidas = {
                partida_number(node): child(node, "partida") for node in root[1:]
            }
        except ServiceError as error:
            raise fatal(
                "service", _lt("VUCEM answered: %(text)s"), text=str(error)[:500]
            ) from error
        missing = [n for n in partida_numbers(root[0]) if n not in partidas]
        if missing:
            raise fatal(
                "partidas_missing",
                _lt("Partidas %(numbers)s of the pedimento are not there."),
                numbers=", ".join(map(str, missing[:20])),
            )
        whole = child(root[0], "pedimento")
        if child(whole, "encabezado", "tipoOperacion") is None:
            raise fatal(
                "no_header", _lt("VUCEM told nothing of the pedimento but its number.")
            )
        number = [
            _digits(root.get(name, ""), size, name)
            for name, size in (("aduana", 3), ("patente", 4), ("pedimento", 7))
        ]
        stream = io.BytesIO()
        writer = M3Writer(stream, self.name[:260] or ROOT, eol="\n", encoding="utf-8")
        Records(writer, *number).fill(whole, [partidas[n] for n in sorted(partidas)])
        return stream.getvalue()
