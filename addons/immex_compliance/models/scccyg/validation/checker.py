# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""One file against all rules: read once, line by line, then set by set."""

import re

from ....formats.issues import ERROR, FormatError
from ....formats.scccyg import Limits, ScccygScanner
from ...job.reporting import report
from ...pedimento.bulk import copy_stream
from ...pedimento.file_issues import text_of
from ..periods import due_day, period_days
from . import document_sql, goods_sql, inventory_sql, period_sql, stage_sql

MAX_BYTES = 64 * 1024 * 1024  # 1,000,000 lines and more
MAX_ERRORS = 5000  # lines that cannot be read, before the reading stops
KEPT = 1000  # hits of a rule that are listed; all are counted
EVERY = 20_000  # lines between two words on the progress
RFC = re.compile(r"[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}(?![A-Z0-9])")
RULES = period_sql.RULES | document_sql.RULES | goods_sql.RULES | inventory_sql.RULES
# code of a reader's issue -> rule, where they differ
ISSUES = {
    "field": "field_format",
    "fields": "field_count",
    "unknown": "unknown_code",
    "encoding": "unreadable",
    "binary": "unreadable",
    "file_too_large": "unreadable",
    "line_too_long": "unreadable",
    "too_many": "unreadable",
}
HIT = """
WITH found (line, field_number, field_name, value, expected, other_line)
  AS MATERIALIZED ({rule}), kept AS (
    INSERT INTO immex_scccyg_hit (validation_id, rule_id, severity, line, record_type,
        field_number, field_name, value, expected, other_line)
    SELECT %(validation_id)s, %(rule_id)s, %(severity)s, f.line, t.code,
           f.field_number, f.field_name, left(f.value, 200), left(f.expected, 200),
           f.other_line
      FROM found f
      LEFT JOIN tmp_scccyg_line t ON t.line = f.line
     ORDER BY f.line, f.value COLLATE "C" LIMIT %(kept)s)
SELECT count(*) FROM found
"""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value):
    if value is None or value == "":
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)


class Lines:
    """The lines of a scanner as the text that COPY takes."""

    def __init__(self, scanner, layout, size):
        self.lines = iter(scanner)
        self.scanner = scanner
        self.layout = layout
        self.size = size
        self.fatal = None
        self._buffer = b""
        self._count = 0

    def read(self, size=-1):  # pylint: disable=method-required-super
        while len(self._buffer) < max(size, 1):
            piece = self._piece()
            if not piece:
                break
            self._buffer += piece
        piece, self._buffer = self._buffer[:size], self._buffer[size:]
        return piece

    def _piece(self):
        rows = []
        while len(rows) < 500:
            try:
                line = next(self.lines)
            except StopIteration:
                break
            except FormatError as error:
                self.fatal = error.issue
                break
            rows.append("\t".join(map(_text, self._row(line))) + "\n")
        self._count += len(rows)
        if self._count >= EVERY:
            self._count = 0
            report(min(self.scanner.stream.tell(), self.size), self.size)
        return "".join(rows).encode()

    def _row(self, line):
        """Cells of a line, in the order of the table."""
        layout, record = self.layout, line.record
        row = dict.fromkeys(COLUMNS)
        row |= {"line": line.number, "kind": line.kind, "head": line.head or None}
        if line.kind == "zero":
            row["code"] = layout.initial
        elif line.kind == "initial":
            row |= {
                "code": layout.correction if record.replaces else layout.initial,
                "patente": record.patente,
                "document": record.pedimento,
                "section": record.aduana,
                "payment_date": record.date,
                "fraccion": record.fraccion,
                "value": f"{record.value:f}",
                "fixed_asset": record.fixed_asset,
                "folio": record.replaces,
            }
        elif line.kind == "report":
            first, last = period_days(record.period, record.year, record.number)
            row |= {
                "code": layout.header,
                "folio": record.replaces,
                "destination": record.destination,
                "period": record.period,
                "date_from": first,
                "date_to": last,
                "due_date": due_day(last),
            }
        elif line.kind == "goods":
            row |= {
                "code": layout.goods,
                "fraccion": record.fraccion,
                "value": f"{record.value:f}",
                "fixed_asset": record.fixed_asset,
            }
        elif line.kind == "pedimento":
            row["code"] = layout.pedimentos
            row["patente"], row["document"], row["section"] = record
        else:
            row |= {"code": layout.folios, "folio": record}
        return row.values()


COLUMNS = (
    "line",
    "kind",
    "code",
    "head",
    "patente",
    "document",
    "section",
    "payment_date",
    "fraccion",
    "value",
    "fixed_asset",
    "folio",
    "destination",
    "period",
    "date_from",
    "date_to",
    "due_date",
)


class Checker:
    """Finds the hits of one validation and writes them.

    :param validation: the record, of a user who may write
    :param stream: seekable binary stream of the file
    :param size: its bytes

    After :meth:`run`: ``lines`` read, and ``counts`` of hits by severity, of which the
    first ``KEPT`` of each rule are records.
    """

    def __init__(self, validation, stream, size):
        self.validation = validation
        self.env = validation.env
        self.cr = validation.env.cr
        self.stream = stream
        self.size = size
        self.layout = validation.layout_id._layout()
        self.rules = {
            rule.code: rule
            for rule in self.env["immex.scccyg.rule"]
            .with_company(validation.company_id)
            .search([])
        }
        self.counts = {"error": 0, "warning": 0}
        self.cut = False
        self.lines = 0

    def run(self):
        self.env.flush_all()
        self.cr.execute(
            "DELETE FROM immex_scccyg_hit WHERE validation_id = %s",
            (self.validation.id,),
        )
        scanner = ScccygScanner(
            self.stream,
            self.layout,
            Limits(max_bytes=MAX_BYTES, max_line=1024, max_issues=MAX_ERRORS),
        )
        rows = Lines(scanner, self.layout, self.size)
        self.cr.execute(stage_sql.LINES)
        copy_stream(self.cr, stage_sql.COPY, rows, 1 << 16)
        self.lines = scanner.line
        issues = list(scanner.issues) + [rows.fatal] * bool(rows.fatal)
        self._issues(issues)
        self._file_name()
        if not rows.fatal:
            self._judge(bool(scanner.issues.errors))

    def _judge(self, damaged):
        params = self.validation._params() | {
            "damaged": damaged,
            "decimals": self.layout.decimals,
            "kept": KEPT,
        }
        for statement in stage_sql.STATEMENTS:
            self.cr.execute(statement, params)
        for done, (code, rule) in enumerate(RULES.items()):
            report(done, len(RULES), code)
            self._look(code, rule, params)

    def _look(self, code, statement, params):
        rule = self.rules[code]
        if rule.effect == "off":
            return
        self.cr.execute(
            HIT.format(rule=statement),
            params | {"rule_id": rule.id, "severity": rule.effect},
        )
        self._count(rule.effect, self.cr.fetchone()[0])

    def _count(self, severity, found):
        self.counts[severity] += found
        self.cut = self.cut or found > KEPT

    def _issues(self, issues):
        """What the reader found; each rule's first hits are kept."""
        by_rule = {}
        for issue in issues:
            by_rule.setdefault(ISSUES.get(issue.code, issue.code), []).append(issue)
        values = []
        for code, found in by_rule.items():
            rule = self.rules[code]
            severity = rule.effect
            if severity == "off":
                if found[0].severity != ERROR:
                    continue
                severity = ERROR  # a line that cannot be read is never passed over
            self._count(severity, len(found))
            values += [
                self._hit_values(rule, severity, issue) for issue in found[:KEPT]
            ]
        self.env["immex.scccyg.hit"].sudo().create(values)

    def _hit_values(self, rule, severity, issue):
        return {
            "validation_id": self.validation.id,
            "rule_id": rule.id,
            "severity": severity,
            "line": issue.line,
            "record_type": issue.record_type or False,
            "field_number": issue.field_number,
            "field_name": issue.field_name or False,
            "value": issue.params.get("value") or issue.params.get("type") or False,
            "detail": text_of(self.env, issue),
        }

    def _file_name(self):
        """The RFC that the file's name has, where it has one, is the company's."""
        rule = self.rules["file_rfc"]
        rfc = (self.validation.company_id.vat or "").upper()
        found = RFC.search((self.validation.filename or "").upper())
        if rule.effect == "off" or not rfc or not found:
            return
        if found.group() != rfc:
            self._count(rule.effect, 1)
            self.env["immex.scccyg.hit"].sudo().create(
                {
                    "validation_id": self.validation.id,
                    "rule_id": rule.id,
                    "severity": rule.effect,
                    "value": found.group(),
                    "expected": rfc,
                }
            )
