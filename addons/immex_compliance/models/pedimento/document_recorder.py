# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Records pedimentos, a batch at a time, wherever they come from."""

from ...formats.m3.layout import LAYOUTS
from ...formats.number import display, number15
from ..catalog.immex_restriction import BLOCKING
from .bulk import copy_rows, reserve_ids
from .file_issues import ERROR, WARNING, make_issue
from .m3_opened import OPENED, record
from .m3_rows import CHILDREN, PARTIDA

BATCH_RECORDS = 20000
MAX_WARNINGS = 2000

EXISTING = f"""
SELECT p.id, p.year, p.office, p.patente, p.document, p.content_sha256, p.file_id,
       {OPENED}, p.origin
  FROM immex_pedimento p
 WHERE p.company_id = %(company_id)s
   AND (p.year, p.office, p.patente, p.document) IN (
       SELECT * FROM unnest(%(years)s, %(offices)s, %(patentes)s, %(documents)s))
"""


class DocumentRecorder:
    """Rows of pedimentos (``m3_rows``) into the database.

    After it: ``issues``, ``has_errors`` and, where some of the pedimentos were recorded
    already, ``known_file_id``. A subclass says where they come from (``origin``), of
    which file (:meth:`_file_id`), and how far it is (:meth:`_tell`).
    """

    origin = None
    # what customs itself says: beside another source it is compared, not refused
    GOVERNMENT = ("datastage", "vucem")

    def __init__(self, env, company):
        self.env = env
        self.company = company
        self.issues = []
        self.has_errors = False
        self.known_file_id = False
        self._batch = []
        self._opened = {}  # identity -> id of the pedimento opened by hand
        self._batch_records = 0
        self._lines = {}  # identity -> line of the pedimento in this file
        self._loaded = 0
        self._last_number = ""  # of the last pedimento read, for the progress
        self._barred = None  # tariff items that some restriction names

    def _file_id(self, rows):
        """The file that brought a pedimento."""
        raise NotImplementedError

    def _tell(self):
        """Tell the progress."""

    def _errors(self):
        return sum(issue.severity == ERROR for issue in self.issues)

    def _collect(self, issues):
        for issue in issues:
            if issue.severity == ERROR:
                self.has_errors = True
            elif len(self.issues) >= MAX_WARNINGS:
                continue
            self.issues.append(issue)

    # batches -------------------------------------------------------------------
    def _add(self, rows):
        """Take a pedimento into the batch, and write the batch when it is large."""
        if rows.identity in self._lines:
            self._collect(
                [
                    self._duplicate(
                        rows,
                        self.env._(
                            "Pedimento %(number)s occurs twice, the first time in line "
                            "%(line)s.",
                            number=self._number(rows.identity),
                            line=self._lines[rows.identity],
                        ),
                    )
                ]
            )
            return
        self._lines[rows.identity] = rows.line
        self._last_number = self._number(rows.identity)
        self._batch.append(rows)
        self._batch_records += len(rows.children["immex.pedimento.record"])
        if self._batch_records >= BATCH_RECORDS:
            self._flush()

    def _flush(self):
        self._tell()
        batch = self._without_known(self._batch)
        self._batch, self._batch_records = [], 0
        if not batch or self.has_errors:
            return
        pedimentos = record(
            self.env,
            [rows.header | {"file_id": self._file_id(rows)} for rows in batch],
            [self._opened.get(rows.identity) for rows in batch],
        )
        pedimentos.flush_recordset()
        self._write_children(batch, pedimentos.ids)
        pedimentos.invalidate_recordset()
        pedimentos._link_arrival()
        pedimentos._recompute_detail()
        self._check_blocked(batch, pedimentos)
        self._loaded += len(batch)
        self.env.flush_all()
        self.env.invalidate_all()

    def _write_children(self, batch, pedimento_ids):
        partida_model = self.env["immex.pedimento.partida"]
        ids = iter(
            reserve_ids(partida_model, sum(len(rows.partidas) for rows in batch))
        )
        partida_ids = [[next(ids) for _partida in rows.partidas] for rows in batch]
        owner = (self.company.id,)
        copy_rows(
            partida_model,
            ("id", "pedimento_id", "company_id", *PARTIDA),
            (
                (partida_id, pedimento_id, *owner, *values)
                for rows, pedimento_id, own in zip(
                    batch, pedimento_ids, partida_ids, strict=True
                )
                for partida_id, values in zip(own, rows.partidas, strict=True)
            ),
        )
        for name, (of_partida, columns) in CHILDREN.items():
            copy_rows(
                self.env[name],
                (
                    "pedimento_id",
                    "company_id",
                    *(("partida_id",) if of_partida else ()),
                    *columns,
                ),
                (
                    (
                        pedimento_id,
                        *owner,
                        *((None if index is None else own[index],) * of_partida),
                        *values,
                    )
                    for rows, pedimento_id, own in zip(
                        batch, pedimento_ids, partida_ids, strict=True
                    )
                    for index, values in rows.children[name]
                ),
            )

    # duplicates ------------------------------------------------------------------
    def _without_known(self, batch):
        """The pedimentos of the batch that are not recorded yet.

        One that is recorded with the same records is passed over; with others it is
        an error: a correction comes as a rectification (R1), never as the same number.
        Where customs and a broker tell the same pedimento, the first stays: the
        reconciliation compares them. A consolidated one that was opened by hand is
        filled.
        """
        if not batch:
            return []
        years, offices, patentes, documents = map(
            list, zip(*(rows.identity for rows in batch), strict=True)
        )
        self.env.cr.execute(
            EXISTING,
            {
                "company_id": self.company.id,
                "years": years,
                "offices": offices,
                "patentes": patentes,
                "documents": documents,
            },
        )
        known = {tuple(row[1:5]): row for row in self.env.cr.fetchall()}
        fresh = []
        for rows in batch:
            found = known.get(rows.identity)
            if not found or found[7]:
                if found:
                    self._opened[rows.identity] = found[0]
                fresh.append(rows)
            elif found[5] == rows.content_sha256:
                self.known_file_id = self.known_file_id or found[6]
                text = self.env._(
                    "Pedimento %(number)s is recorded already with the same content; "
                    "it was passed over.",
                    number=self._number(rows.identity),
                )
                self._collect([self._duplicate(rows, text, WARNING)])
            elif self.origin != found[8] and self._of_government(found[8]):
                self.known_file_id = self.known_file_id or found[6]
                text = self.env._(
                    "Pedimento %(number)s is recorded already from another source, "
                    "which stays; it was passed over.",
                    number=self._number(rows.identity),
                )
                self._collect([self._duplicate(rows, text, WARNING)])
            else:
                self._collect([self._difference(rows, found[0])])
        return fresh

    def _of_government(self, recorded):
        """Whether this file, or what is ``recorded``, is customs' own word."""
        return bool({recorded, self.origin} & set(self.GOVERNMENT))

    def _number(self, identity):
        return display(number15(*identity))

    def _duplicate(self, rows, text, severity=ERROR):
        return make_issue(
            severity,
            "duplicate",
            text,
            line=rows.line,
            record_type="500",
            field_number=4,
            field_name="pedimento",
        )

    def _difference(self, rows, pedimento_id):
        """Where a pedimento differs from the recorded one of the same number."""
        number = self._number(rows.identity)
        recorded = (
            self.env["immex.pedimento.record"]
            .search([("pedimento_id", "=", pedimento_id)], order="line")
            .mapped("text")
        )
        ours = rows.children["immex.pedimento.record"]
        for index, (_partida, (line, record_type, text)) in enumerate(ours):
            before = recorded[index] if index < len(recorded) else ""
            if not recorded or text.rstrip("|") == before.rstrip("|"):
                continue
            field, value, was = _first_field(text, before)
            layout = LAYOUTS.get(record_type)
            names = [spec.name for spec in layout.fields] if layout else []
            return make_issue(
                ERROR,
                "duplicate",
                self.env._(
                    "Pedimento %(number)s is recorded already with other content: here "
                    "%(here)r, recorded %(recorded)r.",
                    number=number,
                    here=value[:60],
                    recorded=was[:60],
                ),
                line=line,
                record_type=record_type,
                field_number=field,
                field_name=names[field - 2] if 2 <= field < len(names) + 2 else "",
            )
        return self._duplicate(
            rows,
            self.env._(
                "Pedimento %(number)s is recorded already with other content.",
                number=number,
            ),
        )

    # what the law blocks -----------------------------------------------------------
    def _check_blocked(self, batch, pedimentos):
        """Temporary imports of petroleum products, Anexo 29 and Decree Annex I are
        refused (LA 108; RGCE 4.3.4)."""
        restrictions = self.env["immex.restriction"]
        if self._barred is None:
            barred = restrictions.search([("kind", "in", BLOCKING)])
            self._barred = set(barred.mapped("fraccion"))
        for rows, pedimento in zip(batch, pedimentos, strict=True):
            rule = pedimento.operation_rule_id
            temporary = rule.effect == "entry" and rule.customs_status == "temporary"
            unruled = not rule and pedimento.operation_type == "1"
            if not temporary and not unruled:
                continue
            items = {item[:2] for item in rows.items if item[0] in self._barred}
            if not items:
                continue
            found = restrictions._check_items(
                items, pedimento.payment_date or pedimento.entry_date, BLOCKING
            )
            for fraccion, nico, line in rows.items:
                entries = found.get((fraccion, nico or ""))
                if entries:
                    self._collect([self._barred_issue(entries, line, temporary)])

    def _barred_issue(self, entries, line, temporary):
        """Barred goods in a temporary import are an error; where the bar has a
        condition, or no rule tells the operation, a warning."""
        entry = entries.filtered("blocking")[:1] or entries[:1]
        labels = dict(entry._fields["kind"]._description_selection(self.env))
        return make_issue(
            ERROR if temporary and entry.blocking else WARNING,
            "blocked",
            self.env._(
                "%(item)s may not be imported temporarily: %(reason)s.",
                item=entry.fraccion,
                reason=labels[entry.kind],
            ),
            line=line,
            record_type="551",
            field_number=3,
            field_name="fraccion",
        )


def _first_field(text, before):
    """Number of the first field that differs, and both values."""
    ours, theirs = text.split("|"), before.split("|")
    for number, value in enumerate(ours, 1):
        was = theirs[number - 1] if number <= len(theirs) else ""
        if value != was:
            return number, value, was
    return 1, ours[0], theirs[0]
