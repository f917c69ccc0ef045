# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Loads the broker's part file: the parts of partidas of recorded pedimentos."""

from collections import defaultdict
from decimal import Decimal

from odoo.exceptions import UserError

from ...formats.issues import FormatError
from ...formats.partfile import PartFileReader
from ...formats.text import Limits
from .bulk import copy_rows
from .catalog_cache import Catalog
from .file_issues import ERROR, WARNING, make_issue
from .source_file import max_bytes

MAX_ISSUES = 1000
COLUMNS = (
    "partida_id",
    "pedimento_id",
    "company_id",
    "sequence",
    "part_number",
    "description",
    "lot_name",
    "qty_umc",
    "qty_umt",
    "value_usd",
    "commercial_value",
    "customs_value",
    "value_declared",
    "commercial_declared",
    "origin_country_id",
    "invoice",
    "is_waste",
    "source",
    "file_id",
    "source_line",
)

# Of two pedimentos with the same number ten years apart the latest is meant: a broker
# sends the parts with, or soon after, the pedimento.
PEDIMENTOS = """
SELECT DISTINCT ON (p.office_section, p.patente, p.document)
       p.office_section, p.patente, p.document, p.id, p.state
  FROM immex_pedimento p
 WHERE p.company_id = %(company_id)s
   AND (p.office_section, p.patente, p.document) IN (
       SELECT * FROM unnest(%(offices)s, %(patentes)s, %(documents)s))
 ORDER BY p.office_section, p.patente, p.document, p.year DESC
"""

PARTIDAS = """
SELECT pa.pedimento_id, pa.sequence, pa.id, umc.code, umt.code,
       pa.origin_country_id,
       pa.qty_umc::text, pa.qty_umt::text, COALESCE(pa.value_usd, 0)::text,
       COALESCE(pa.customs_value, 0)::text, COALESCE(pa.commercial_value, 0)::text,
       EXISTS (SELECT 1 FROM immex_pedimento_goods g WHERE g.partida_id = pa.id)
  FROM immex_pedimento_partida pa
  JOIN immex_unit umc ON umc.id = pa.umc_id
  JOIN immex_unit umt ON umt.id = pa.umt_id
 WHERE pa.pedimento_id = ANY(%(ids)s)
"""


class PartsLoader:
    """One part file. Lines of a partida take the place of its earlier detail, from
    whatever source; partidas that the file does not name stay as they are.

    Sums that do not meet the partida are kept as ``mismatch`` and shown as warnings:
    the detail is there to be put right on screen.
    """

    def __init__(self, file, source):
        self.file = file
        self.source = source
        self.env = file.env
        self.company = file.company_id
        self.issues = []
        self.has_errors = False
        self.known_file_id = False

    def load(self):
        """Read, check and write the file."""
        limits = Limits(max_bytes=max_bytes(self.env))
        reader = PartFileReader(self.source.file, self.file.name, limits)
        lines = []
        try:
            lines.extend(reader)
        except FormatError as error:
            self._collect([*reader.issues, error.issue])
        else:
            self._collect(reader.issues)
        groups = self._group(lines)
        if not self.has_errors:
            self._write(groups)
            self.file.write(
                {"line_count": reader.line_count, "encoding": reader.encoding}
            )
        self.issues.sort(key=lambda issue: issue.line)

    def _collect(self, issues):
        for issue in issues:
            self.has_errors = self.has_errors or issue.severity == ERROR
            if len(self.issues) < MAX_ISSUES:
                self.issues.append(issue)

    def _issue(self, line, code, text, column="", severity=ERROR):
        issue = make_issue(severity, code, text, line=line, field_name=column)
        self._collect([issue])

    # what the lines speak of ------------------------------------------------------
    def _group(self, lines):
        """``{partida row: [line, ...]}`` of the lines, with an issue for each line
        that names what is not there."""
        if not lines:
            if not self.has_errors:
                self._issue(1, "empty", self.env._("The file has no parts."))
            return {}
        pedimentos = self._pedimentos(lines)
        partidas = self._partidas([row[0] for row in pedimentos.values()])
        self._countries = Catalog(self.env, "immex.country", "country_id")
        groups = defaultdict(list)
        for line in lines:
            number = (line.aduana_seccion, line.patente, line.pedimento)
            if number not in pedimentos:
                self._issue(
                    line.line,
                    "no_pedimento",
                    self.env._(
                        "Pedimento %(number)s is not recorded: load the broker file "
                        "first.",
                        number=" ".join(number),
                    ),
                    "pedimento",
                )
                continue
            pedimento_id, state = pedimentos[number]
            partida = partidas.get((pedimento_id, line.partida))
            if state == "cancelled" or partida is None:
                self._issue(
                    line.line,
                    "no_partida",
                    self.env._(
                        "Pedimento %(number)s is cancelled or has no partida "
                        "%(partida)s.",
                        number=" ".join(number),
                        partida=line.partida,
                    ),
                    "partida",
                )
                continue
            self._check_line(line, partida)
            groups[partida].append(line)
        for group in groups.values():
            self._check_sequence(group)
        return groups

    def _pedimentos(self, lines):
        numbers = sorted(
            {(li.aduana_seccion, li.patente, li.pedimento) for li in lines}
        )
        offices, patentes, documents = map(list, zip(*numbers, strict=True))
        self.env.cr.execute(
            PEDIMENTOS,
            {
                "company_id": self.company.id,
                "offices": offices,
                "patentes": patentes,
                "documents": documents,
            },
        )
        return {tuple(row[:3]): row[3:] for row in self.env.cr.fetchall()}

    def _partidas(self, pedimento_ids):
        self.env.cr.execute(PARTIDAS, {"ids": pedimento_ids})
        return {tuple(row[:2]): row for row in self.env.cr.fetchall()}

    def _check_line(self, line, partida):
        for name, declared in (("umc", partida[3]), ("umt", partida[4])):
            unit = getattr(line, name)
            if unit and unit.lstrip("0") != declared.lstrip("0"):
                self._issue(
                    line.line,
                    f"other_{name}",
                    self.env._(
                        "The unit is %(found)s, that of the partida %(expected)s.",
                        found=unit,
                        expected=declared,
                    ),
                    name,
                )
        if line.cantidad_umc <= 0:
            self._issue(
                line.line,
                "quantity",
                self.env._("The quantity must be greater than zero."),
                "cantidad_umc",
            )
        if line.pais_origen and line.pais_origen not in self._countries:
            self._issue(
                line.line,
                "unknown_pais_origen",
                self.env._("%(code)s is not in the catalogue.", code=line.pais_origen),
                "pais_origen",
            )

    def _check_sequence(self, group):
        numbers = {}
        for line in group:
            if line.secuencia in numbers and line.secuencia is not None:
                self._issue(
                    line.line,
                    "repeated",
                    self.env._(
                        "Line %(number)s of partida %(partida)s occurs twice.",
                        number=line.secuencia,
                        partida=line.partida,
                    ),
                    "secuencia",
                )
            numbers[line.secuencia] = line

    # writing ----------------------------------------------------------------------
    def _write(self, groups):
        fresh = []
        partidas = self.env["immex.pedimento.partida"]
        for partida, group in groups.items():
            group.sort(key=lambda line: (line.secuencia is None, line.secuencia or 0))
            self._check_sums(partida, group)
            if partida[11]:
                self._replace(partidas.browse(partida[2]), partida, group)
            else:
                fresh.append((partida, group))
        goods = self.env["immex.pedimento.goods"]
        goods.flush_model()
        copy_rows(
            goods,
            COLUMNS,
            (
                self._row(line, partida, sequence)
                for partida, group in fresh
                for sequence, line in enumerate(group, 1)
            ),
        )
        pedimentos = self.env["immex.pedimento"].browse(
            sorted({partida[0] for partida in groups})
        )
        pedimentos._recompute_detail()

    def _replace(self, record, partida, group):
        """Lines of a partida that had detail before."""
        try:
            record._replace_detail([self._values(line, partida) for line in group])
        except UserError as error:
            self._issue(group[0].line, "in_use", str(error), "partida")

    def _check_sums(self, partida, group):
        """Parts against partida: quantities exactly, values to the cent."""
        checks = [
            ("cantidad_umc", [li.cantidad_umc for li in group], partida[6]),
            ("cantidad_umt", [li.cantidad_umt for li in group], partida[7]),
            ("valor_usd", [li.valor_usd for li in group], partida[8]),
        ]
        for name, declared in (
            ("valor_aduana", partida[9]),
            ("valor_comercial", partida[10]),
        ):
            stated = [getattr(line, name) for line in group]
            if any(value is not None for value in stated):
                values = [value or Decimal(0) for value in stated]
                checks.append((name, values, declared))
        for name, values, declared in checks:
            if sum(values) != Decimal(declared):
                self._issue(
                    group[0].line,
                    "sum",
                    self.env._(
                        "The parts of partida %(partida)s sum to %(found)s, the "
                        "partida declares %(declared)s: it waits.",
                        partida=partida[1],
                        found=sum(values),
                        declared=declared,
                    ),
                    name,
                    WARNING,
                )

    def _values(self, line, partida):
        """Values of a goods line that takes the place of another."""
        names = COLUMNS[4:]
        row = self._row(line, partida, 0)[4:]
        return {
            name: False if value is None else value
            for name, value in zip(names, row, strict=True)
        }

    def _row(self, line, partida, sequence):
        country = (
            self._countries.find(line.pais_origen)[1] if line.pais_origen else None
        )
        return (
            partida[2],
            partida[0],
            self.company.id,
            sequence,
            line.numero_parte,
            line.descripcion,
            line.lote,
            line.cantidad_umc,
            line.cantidad_umt,
            line.valor_usd,
            line.valor_comercial,
            line.valor_aduana,
            line.valor_aduana is not None,
            line.valor_comercial is not None,
            country or partida[5],
            line.factura,
            False,
            "part_file",
            self.file.id,
            line.line,
        )
