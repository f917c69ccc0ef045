# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads a file of initial balances into its opening's lines: all or nothing."""

from collections import defaultdict

from ...formats.issues import ERROR, FormatError
from ...formats.number import parse_number
from ...formats.opening import OpeningReader
from ...formats.text import Limits
from ..pedimento.bulk import copy_rows
from ..pedimento.catalog_cache import Catalog
from ..pedimento.file_issues import FileRefused, make_issue
from ..pedimento.source_file import max_bytes
from . import opening_sql

MAX_ISSUES = 1000
PARTS = """
SELECT pp.default_code, min(pp.id), count(*)
  FROM product_product pp
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE pp.default_code IS NOT NULL AND pp.active
   AND pt.immex_class IS NOT NULL
   AND (pt.company_id IS NULL OR pt.company_id = %s)
 GROUP BY pp.default_code
"""


class OpeningLoader:
    """One file of balances of one draft opening.

    :raise FileRefused: with all that is wrong; nothing was written then
    """

    reader_class = OpeningReader
    model = "immex.opening.line"
    columns = (
        "opening_id",
        "company_id",
        "source_line",
        "number15",
        "office_section",
        "key_id",
        "operation_rule_id",
        "entry_date",
        "payment_date",
        "partida",
        "sequence",
        "product_id",
        "description",
        "lot_name",
        "quantity",
        "balance",
        "qty_umc",
        "umc_id",
        "qty_umt",
        "umt_id",
        "fraccion",
        "nico",
        "value_usd",
        "customs_value",
        "igi_rate",
        "origin_country_id",
        "declared_term_end",
    )

    def __init__(self, opening, source, name):
        self.opening, self.source, self.name = opening, source, name
        self.env = opening.env
        self.issues = []

    def load(self):
        """Read, check, write the lines; return the totals of the file."""
        reader = self.reader_class(
            self.source.file, self.name, Limits(max_bytes=max_bytes(self.env))
        )
        self._prepare()
        try:
            rows = self._completed([self._row(line) for line in reader])
        except FormatError as error:
            self._refuse([*reader.issues, error.issue])
        if reader.issues or self.issues:
            self._refuse(reader.issues)
        copy_rows(self.env[self.model].sudo(), self.columns, rows)
        self._check_agreement()
        if self.issues:
            self._refuse([])
        return reader.totals

    def _refuse(self, issues):
        found = sorted([*issues, *self.issues], key=lambda issue: issue.line)
        raise FileRefused(self.env, self.name, found[:MAX_ISSUES])

    def _prepare(self):
        self.env.flush_all()
        self.env.cr.execute(PARTS, (self.opening.company_id.id,))
        self.parts = {code: row for code, *row in self.env.cr.fetchall()}
        self.units = Catalog(self.env, "immex.unit", padded=False)
        self.countries = Catalog(self.env, "immex.country", "country_id")
        self.keys = Catalog(self.env, "immex.pedimento.key")
        self.rules = {}
        self.taken = defaultdict(set)

    def _wrong(self, line, column, code, text):
        if len(self.issues) < MAX_ISSUES:
            self.issues.append(
                make_issue(ERROR, code, text, line=line.line, field_name=column)
            )

    # one line ---------------------------------------------------------------------
    def _row(self, line):
        number = parse_number(line.pedimento)
        cutoff = self.opening.cutoff_date
        for column in ("fecha_entrada", "fecha_pago"):
            if getattr(line, column) > cutoff:
                self._wrong(
                    line,
                    column,
                    "after_cutoff",
                    self.env._("The date is after the cut-off, %(date)s.", date=cutoff),
                )
        key, _extra = self.keys.find(line.clave, line.fecha_pago)
        return (
            self.opening.id,
            self.opening.company_id.id,
            line.line,
            number,
            line.seccion,
            key or self._unknown(line, "clave"),
            self._rule(line, key),
            line.fecha_entrada,
            line.fecha_pago,
            line.partida,
            self._sequence(line, number),
            self._part(line),
            line.descripcion,
            line.lote,
            line.cantidad,
            line.saldo,
            line.saldo_umc,
            self.units.find(line.umc)[0] or self._unknown(line, "umc"),
            line.saldo_umt,
            self.units.find(line.umt)[0] or self._unknown(line, "umt"),
            line.fraccion,
            line.nico,
            line.valor_usd,
            line.valor_aduana,
            line.tasa_igi,
            self._country(line),
            line.vencimiento,
        )

    def _completed(self, rows):
        """Rows with what is looked up for all of them at once."""
        return rows

    def _unknown(self, line, column):
        self._wrong(
            line,
            column,
            f"unknown_{column}",
            self.env._("%(code)s is not in the catalogue.", code=getattr(line, column)),
        )

    def _part(self, line, column="numero_parte"):
        code = getattr(line, column)
        found = self.parts.get(code)
        if found and found[1] == 1:
            return found[0]
        text = self.env._(
            "No part with customs class has the number %(code)s.", code=code
        )
        if found:
            text = self.env._(
                "%(count)s parts have the number %(code)s.", count=found[1], code=code
            )
        self._wrong(line, column, "unknown_part", text)

    def _country(self, line):
        if not line.pais_origen:
            return None
        if line.pais_origen not in self.countries:
            return self._unknown(line, "pais_origen")
        return self.countries.find(line.pais_origen)[1]

    def _rule(self, line, key):
        """The rule of an import of that key, on that day."""
        if not key:
            return None
        place = (key, line.fecha_pago)
        if place not in self.rules:
            record = self.env["immex.pedimento.key"].browse(key)
            rule = self.env["immex.operation.rule"]._match(
                record, "1", None, (), line.fecha_pago, None
            )
            if rule.effect != "entry":
                # a case that the file does not tell: the first that enters
                rule = rule.search(
                    [
                        ("key_id.code", "=", line.clave),
                        ("operation_type", "=", "1"),
                        ("effect", "=", "entry"),
                        ("identifier_code", "=", False),
                    ],
                    limit=1,
                )
            self.rules[place] = rule.id
        if not self.rules[place]:
            self._wrong(
                line,
                "clave",
                "no_entry",
                self.env._("Key %(key)s brings nothing in.", key=line.clave),
            )
        return self.rules[place] or None

    def _sequence(self, line, number):
        """The line's number in its partida: its own, or the next."""
        taken = self.taken[number, line.partida]
        sequence = line.secuencia or max(taken, default=0) + 1
        if sequence in taken:
            self._wrong(
                line,
                "secuencia",
                "repeated",
                self.env._(
                    "Line %(number)s of partida %(partida)s occurs twice.",
                    number=sequence,
                    partida=line.partida,
                ),
            )
        taken.add(sequence)
        return sequence

    # lines among each other ----------------------------------------------------------
    def _check_agreement(self):
        self.env.cr.execute(opening_sql.AGREE, {"opening_id": self.opening.id})
        for number, number15, column in self.env.cr.fetchall():
            text = self.env._(
                "Another line of this partida has another tariff item or unit."
            )
            if column == "pedimento":
                text = self.env._(
                    "Another line of pedimento %(number)s has another key or date.",
                    number=number15,
                )
            self.issues.append(
                make_issue(ERROR, "differs", text, line=number, field_name=column)
            )
