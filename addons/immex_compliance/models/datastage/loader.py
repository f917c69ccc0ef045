# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Loads a Data Stage zip into the comparison store: rows by COPY, then by statement."""

import json
from itertools import islice

import psycopg2.errors

from odoo.tools import SQL

from ...formats.datastage import KEY, TABLES, DataStageReader, ZipLimits
from ...formats.issues import ERROR, WARNING, FormatError, _lt
from ..job.reporting import report
from ..pedimento.bulk import ESCAPES, copy_stream
from ..wording import by_count
from . import checks, replacing_sql, store_sql

MAX_ISSUES = 200
LINES = 2000  # rows that are text at one time
READ = 1 << 18
FAILURES = (
    psycopg2.errors.DataError,
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.CheckViolation,
)


class Rows:
    """Rows of a table as the text that COPY takes, a piece at a time."""

    def __init__(self, table, tell):
        self.rows = table.rows()
        self.tell = tell
        self.count = 0
        self._first = next(self.rows, None)
        self._buffer = b""

    def read(self, size=-1):  # pylint: disable=method-required-super
        while len(self._buffer) < max(size, 1):
            piece = self._piece()
            if not piece:
                break
            self._buffer += piece
        piece, self._buffer = self._buffer[:size], self._buffer[size:]
        return piece

    def _piece(self):
        rows = list(islice(self.rows, LINES))
        if self._first:
            rows.insert(0, self._first)
            self._first = None
        if not rows:
            return b""
        self.count += len(rows)
        self.tell(self.count)
        return "".join(map(_line, rows)).encode()


def _line(row):
    number, cells = row
    joined = "\t".join(cells)
    if " \t" in joined or "\t " in joined or joined[:1] == " " or joined[-1:] == " ":
        cells = [cell.strip(" ") for cell in cells]
        joined = "\t".join(cells)
    if "\\" in joined or joined.count("\t") >= len(cells):
        joined = "\t".join(cell.translate(ESCAPES) for cell in cells)
    return f"{number}\t{joined}\n"


class DataStageLoader:
    """One file. After :meth:`load`: ``issues``, ``has_errors``.

    The caller holds a savepoint: with an error, whatever was written is undone.
    """

    known_file_id = False

    def __init__(self, file, source):
        self.file = file
        self.source = source
        self.env = file.env
        self.cr = file.env.cr
        self.issues = []
        self.has_errors = False
        self.params = {"company_id": file.company_id.id, "file_id": file.id}
        self.tables = {}  # name -> Table
        self.replaced = 0
        self.executed = None  # when customs made the file

    def load(self):
        """Read, check and write the file."""
        self.env.flush_all()
        reader = DataStageReader(self.source.file, self.file.name, ZipLimits())
        try:
            for table in reader:
                self._stage(reader, table)
        except FormatError as error:
            self._add(error.issue)
        self.issues[:0] = reader.issues
        self.has_errors = self.has_errors or bool(reader.issues.errors)
        if not self.has_errors:
            self._check()
        if not self.has_errors:
            self._store()
        if not self.has_errors:
            self._finish(reader)

    # staging -------------------------------------------------------------------
    def _stage(self, reader, table):
        def tell(count):
            report(reader.bytes_read(), self.source.size, table.name, count)

        rows = Rows(table, tell)  # reads the header
        columns = store_sql.told(table)
        staged = dict.fromkeys((*TABLES.get(table.name, ()), *columns.values()))
        name = SQL.identifier(store_sql.staged(table.name))
        self.cr.execute(SQL("DROP TABLE IF EXISTS %s", name))
        self.cr.execute(
            SQL(
                "CREATE TEMP TABLE %s (line integer, %s) ON COMMIT DROP",
                name,
                SQL(", ").join(
                    SQL('%s text COLLATE "C"', SQL.identifier(column))
                    for column in staged
                ),
            )
        )
        statement = SQL(
            "COPY %s (line, %s) FROM STDIN WITH (NULL '')",
            name,
            SQL(", ").join(map(SQL.identifier, columns.values())),
        )
        if table.columns:
            copy_stream(self.cr, statement.code, rows, READ)
            self.tables[table.name] = table
        self.cr.execute(SQL("ANALYZE %s", name))

    # checking ------------------------------------------------------------------
    def _check(self):
        for line, name in checks.empty(self.cr, MAX_ISSUES):
            self._wrong("501", "empty", line, name, {})
        for table, staged in self.tables.items():
            if table not in store_sql.MAPPED:
                continue
            statement = checks.suspect(table, staged.columns)
            if not statement:
                continue
            self.cr.execute(statement)
            if self.cr.fetchone()[0]:
                self._look(table)

    def _look(self, table):
        """Name what cannot be cast in a table; say whether there was something."""
        columns, before = self.tables[table].columns, len(self.issues)
        for line, name, kind, value, params in checks.wrong(
            self.cr, table, columns, MAX_ISSUES
        ):
            self._wrong(table, kind, line, name, {"value": value[:60], **params})
        return len(self.issues) > before

    def _wrong(self, table, kind, line, name, params):
        self._add(
            self.tables[table].issue(kind, checks.SAID[kind], line, name, **params)
        )

    def _add(self, issue):
        self.issues.append(issue)
        self.has_errors = self.has_errors or issue.severity == ERROR

    # writing -------------------------------------------------------------------
    def _store(self):
        table = "501"
        try:
            with self.cr.savepoint(flush=False):
                self._pedimentos()
                for table in self.tables:
                    if not self.has_errors:
                        self._rows(table)
        except FAILURES as error:
            if self._look(table) or self._twice(table):
                return
            # what the look did not foresee is an error all the same
            self._add(
                self.tables[table].issue(
                    "database",
                    _lt("The database refuses it: %(reason)s"),
                    0,
                    reason=str(error).split("\n")[0][:200],
                )
            )

    def _pedimentos(self):
        self.cr.execute("DROP TABLE IF EXISTS tmp_ds_key")
        self.cr.execute(store_sql.KEYS, {})
        self.cr.execute(
            "SELECT line, document FROM tmp_ds_key WHERE times > 1"
            " ORDER BY line LIMIT 20"
        )
        for line, document in self.cr.fetchall():
            self._add(
                self.tables["501"].issue(
                    "duplicate",
                    _lt("Pedimento %(number)s occurs twice in table 501."),
                    line,
                    "Pedimento",
                    number=document,
                )
            )
        self.cr.execute(
            "CREATE UNIQUE INDEX ON tmp_ds_key (document, patente, section)"
        )
        self.cr.execute("ANALYZE tmp_ds_key")
        self._leave_older()
        self._replace()
        self.cr.execute(store_sql.PEDIMENTO, self.params)
        # joins of it with itself follow: with the figures of an empty table they loop
        self.cr.execute("ANALYZE immex_datastage_pedimento")

    def _leave_older(self):
        """What customs made of a pedimento later is not overwritten."""
        if "Resumen" in self.tables:
            self.cr.execute(replacing_sql.EXECUTED, {"date": checks.DATE})
            self.executed = self.cr.fetchone()[0]
        self.cr.execute("DROP TABLE IF EXISTS tmp_ds_older")
        self.cr.execute(replacing_sql.OLDER, {**self.params, "executed": self.executed})
        count = self.cr.rowcount
        if not count:
            return
        self.cr.execute(replacing_sql.LEAVE)
        for name in self.tables:
            if set(KEY) <= set(TABLES.get(name, ())):
                self.cr.execute(replacing_sql.leave_rows(name), {})
        self._add(
            self.tables["501"].issue(
                "older",
                by_count(
                    count,
                    _lt(
                        "1 pedimento is here from a file that customs made later; it "
                        "stays as it is."
                    ),
                    _lt(
                        "%(count)s pedimentos are here from a file that customs made "
                        "later; they stay as they are."
                    ),
                ),
                0,
                severity=WARNING,
                count=count,
            )
        )

    def _replace(self):
        """Make room for this file's rows, table by table."""
        self.cr.execute(replacing_sql.KNOWN, self.params)
        self.replaced = self.cr.rowcount
        if not self.replaced:
            return
        came = [*self.tables, *replacing_sql.APART]
        counts = {name: table.rows_read for name, table in self.tables.items()}
        params = {"came": came, "counts": json.dumps(counts)}
        self.cr.execute(replacing_sql.TOLD, params)
        self.cr.execute(replacing_sql.KEPT, params)
        kept, tables = self.cr.fetchone()
        for statement in replacing_sql.replaced(self.tables):
            self.cr.execute(statement, params)
        if kept:
            self._add(
                self.tables["501"].issue(
                    "kept",
                    by_count(
                        kept,
                        _lt(
                            "1 pedimento keeps what an earlier file told in tables "
                            "%(tables)s, which this file does not have."
                        ),
                        _lt(
                            "%(count)s pedimentos keep what an earlier file told in "
                            "tables %(tables)s, which this file does not have."
                        ),
                    ),
                    0,
                    severity=WARNING,
                    count=kept,
                    tables=tables,
                )
            )

    def _rows(self, table):
        """Rows of one table, all of them, somewhere."""
        staged = self.tables[table]
        columns = store_sql.told(staged)
        report(self.source.size, self.source.size, table)
        if table == "701":
            self.cr.execute(store_sql.RECTIFIED, self.params)
        elif table in store_sql.CHILDREN:
            self.cr.execute(store_sql.CHILDREN[table], self.params)
        elif table != "501":
            self.cr.execute(store_sql.others(table, columns), self.params)
            return
        if table != "501" and self.cr.rowcount < staged.rows_read:
            self.cr.execute(store_sql.orphans(table, columns), self.params)
            if self.cr.rowcount:
                self._add(
                    staged.issue(
                        "orphan",
                        by_count(
                            self.cr.rowcount,
                            _lt(
                                "1 line is of a pedimento that table 501 does not "
                                "have; it is kept apart."
                            ),
                            _lt(
                                "%(count)s lines are of pedimentos that table 501 does "
                                "not have; they are kept apart."
                            ),
                        ),
                        0,
                        severity=WARNING,
                        count=self.cr.rowcount,
                    )
                )
        ours = TABLES.get(table, ())
        extra = {name: column for name, column in columns.items() if name not in ours}
        if extra:
            self.cr.execute(store_sql.unknown(table, extra), self.params)

    def _twice(self, table):
        """Name partidas that occur twice."""
        if table != "551":
            return False
        self.cr.execute(checks.TWICE)
        rows = self.cr.fetchall()
        for line, partida in rows:
            self._add(
                self.tables[table].issue(
                    "duplicate",
                    _lt("Partida %(partida)s occurs twice."),
                    line,
                    "SecuenciaFraccion",
                    partida=partida,
                )
            )
        return bool(rows)

    def _finish(self, reader):
        """Join with what is recorded; what the file's record says of it."""
        if "506" in self.tables:
            self.cr.execute(store_sql.ENTRY, {})
        self.cr.execute(store_sql.SUPERSEDED, self.params)
        store_sql.link_recorded(self.cr, self.params["company_id"])
        self.env["immex.pedimento"]._clearance_from_datastage(self.file.company_id)
        self.cr.execute(
            """
            SELECT min(payment_date), max(payment_date)
              FROM immex_datastage_pedimento WHERE file_id = %(file_id)s
            """,
            self.params,
        )
        first, last = self.cr.fetchone()
        counts = {name: table.rows_read for name, table in self.tables.items()}
        self.file.write(
            {
                "line_count": sum(counts.values()),
                "datastage_folio": reader.folio,
                "datastage_executed": self.executed,
                "period_from": first,
                "period_to": last,
                "row_counts": counts,
                "replaced_count": self.replaced,
            }
        )
        self.env.invalidate_all()
