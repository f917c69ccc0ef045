# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Loads pedimentos as a stream, a batch at a time, whatever form they came in."""

from ...formats.issues import FormatError
from ...formats.m3 import Limits, M3Reader
from ...formats.m3.checks import check_document
from ...formats.pedimento_xml import PedimentoXmlReader
from ..job.reporting import report
from .catalog_cache import Catalogs
from .document_recorder import DocumentRecorder
from .file_issues import ERROR, make_issue
from .m3_catalog_checks import CatalogChecks
from .m3_rows import make_rows
from .source_file import max_bytes, max_records

MAX_ISSUES = 1000


class PedimentoLoader(DocumentRecorder):
    """One file. After :meth:`load`: ``issues``, ``has_errors`` and, where all of its
    pedimentos were recorded already, ``known_file_id``.

    The caller holds a savepoint: with an error, whatever was written is undone.

    A form of its own is a subclass with an ``origin`` and a ``reader_class``, called
    with a seekable binary stream, the file's name and :class:`Limits`: iterating it
    gives ``PedimentoDocument``, its ``issues`` grow meanwhile, and ``summary``
    (``records``, ``encoding``, ``trailer.text``) is complete at the end.
    """

    reader_class = None

    def __init__(self, file, source):
        super().__init__(file.env, file.company_id)
        self.file = file
        self.source = source

    def _file_id(self, rows):
        return self.file.id

    def _tell(self):
        """How far the file is read: the records end where the stream stands."""
        read = min(self.source.file.tell(), self.source.size)
        report(read, self.source.size, self._last_number)

    def load(self):
        """Read, check and write the file."""
        limits = Limits(
            max_bytes=max_bytes(self.env), max_records=max_records(self.env)
        )
        reader = self.reader_class(self.source.file, self.file.name, limits)
        catalogs = Catalogs(self.env)
        checks = CatalogChecks(self.env, catalogs, self.company)
        seen = 0
        try:
            for document in reader:
                self._collect(reader.issues[seen:])
                seen = len(reader.issues)
                self._collect(check_document(document))
                self._collect(checks.check(document))
                if not self.has_errors:
                    self._add(make_rows(document, catalogs, self.company, self.origin))
                elif self._errors() > MAX_ISSUES:
                    self._collect([self._too_many(document.line)])
                    break
        except FormatError as error:
            self._collect([*reader.issues[seen:], error.issue])
        else:
            self._collect(reader.issues[seen:])
        if not self.has_errors:
            self._flush()
        self.issues.sort(key=lambda issue: issue.line)
        if not self.has_errors:
            self._finish(reader.summary)

    def _too_many(self, line):
        return make_issue(
            ERROR,
            "too_many",
            self.env._("There are too many errors; reading stopped here."),
            line=line,
        )

    def _finish(self, summary):
        """What the file's record says of it."""
        if self._loaded:
            self.known_file_id = False
        self.file.write(
            {
                "line_count": summary.records + 1,
                "encoding": summary.encoding,
                "trailer": summary.trailer and summary.trailer.text,
            }
        )


class M3Loader(PedimentoLoader):
    """The broker's validation file, SAAI M3."""

    origin = "m3"
    reader_class = M3Reader


class XmlLoader(PedimentoLoader):
    """Pedimento XML of our own (urn:immex-compliance:pedimento:1)."""

    origin = "xml"
    reader_class = PedimentoXmlReader
