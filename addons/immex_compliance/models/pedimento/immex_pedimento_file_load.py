# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..datastage.loader import DataStageLoader
from ..validation.answer_loader import AnswerLoader
from .document_loader import M3Loader, XmlLoader
from .file_issues import ERROR, FileRefused, describe, issue_values, make_issue
from .parts_loader import PartsLoader
from .source_file import SourceFile, SourceTooLarge, inline_bytes, max_bytes

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
KEEP_REFUSED = timedelta(days=30)
KEPT_ISSUES = 1000  # of a refused file; errors come first
# kind of a file -> who loads it, and the type under which it is kept
LOADERS = {
    "m3": M3Loader,
    "xml": XmlLoader,
    "parts": PartsLoader,
    "datastage": DataStageLoader,
    "answer": AnswerLoader,
}
# never a type that a browser would show as a page of ours
MIMETYPES = {
    "m3": "text/plain",
    "xml": "text/plain",
    "parts": "text/csv",
    "datastage": "application/zip",
    "answer": "text/plain",
}


@dataclass
class LoadResult:
    """What a load did: the file's record, whether it was there before, and whether it
    waits for its turn in the background. ``refused`` holds the refusal of a file that
    was kept with its issues."""

    file: models.BaseModel
    recognised: bool = False
    waiting: bool = False
    refused: FileRefused | None = None
    issues: list = field(default_factory=list)


class NothingNew(Exception):
    """Everything in the file is recorded already: undo its record."""

    def __init__(self, file_id, issues):
        super().__init__()
        self.file_id = file_id
        self.issues = issues


class ImmexPedimentoFile(models.Model):
    """Loading: all of a file or nothing of it.

    A file with one error leaves the books as they were: ``FileRefused`` carries its
    issues and undoes whatever the caller's transaction did. The doors for people call
    ``_load_or_keep``, which keeps the refused file with its issues for a month. A file
    whose bytes, or whose pedimentos, are all recorded already changes nothing and
    gives the file that brought them.
    """

    _inherit = "immex.pedimento.file"

    @api.private
    def _load_m3(self, company, stream, name):
        """Load a broker file (SAAI M3) of ``company`` from a binary ``stream``.

        :return: :class:`LoadResult`
        :raise FileRefused: with every issue, by line and field
        """
        return self._load_file("m3", company, stream, name)

    @api.private
    def _load_parts(self, company, stream, name):
        """Load a part file (CSV) for pedimentos that are recorded already.

        :return: :class:`LoadResult`
        :raise FileRefused: with every issue, by line and field
        """
        return self._load_file("parts", company, stream, name)

    @api.private
    def _load_file(self, kind, company, stream, name):
        """Load ``stream`` as ``kind``, a value of the field; see the methods above."""
        with self._source(company, stream, name) as source:
            return self._load_source(kind, company, source, name)

    @api.private
    def _load_or_keep(self, kind, company, stream, name, by_hand=True):
        """As ``_load_file``, for doors whose transaction goes on: a refused file is
        kept, whatever its size, with its issues and nothing of its content.

        :return: :class:`LoadResult`; ``refused`` tells whether it was
        :raise FileRefused: it is larger than the limit; nothing is kept
        :raise AccessError: no person loads files of this kind
        """
        if by_hand and kind not in dict(self._kinds_of_people()):
            raise AccessError(self.env._("Files of this kind are not loaded by hand."))
        with self._source(company, stream, name) as source:
            try:
                return self._load_source(kind, company, source, name)
            except FileRefused as refused:
                file = self._keep_refused(kind, company, source, name, refused)
                return LoadResult(file, refused=refused, issues=refused.issues)

    def _source(self, company, stream, name):
        """Private copy of ``stream``, once the rights are checked."""
        self.check_access("create")
        if not self.env.su and company not in self.env.companies:
            raise AccessError(self.env._("The company is not among yours."))
        limit = max_bytes(self.env)
        try:
            return SourceFile(stream, limit)
        except SourceTooLarge:
            raise self._refusal(
                name,
                "file_too_large",
                self.env._(
                    "The file is larger than %(limit)s MiB, the limit that is set.",
                    limit=limit // 1024 // 1024,
                ),
            ) from None

    def _load_source(self, kind, company, source, name):
        files = self.with_company(company).with_context(**QUIET).sudo()
        same = Domain(
            [
                ("company_id", "=", company.id),
                ("kind", "=", kind),
                ("sha256", "=", source.sha256),
                ("state", "in", ("loaded", "waiting")),
            ]
        )
        if kind == "answer":
            # few words: what was said of a pedimento may be said of it again
            same &= Domain("name", "=", name)
        known = files.search(same, limit=1)
        if known:
            return LoadResult(self.browse(known.id), recognised=True)
        if not source.size:
            raise self._refusal(name, "empty", self.env._("The file is empty."))
        if source.size > inline_bytes(self.env):
            return self._let_wait(files, kind, company, source, name)
        try:
            return self._load_new(files, kind, company, source, name)
        except NothingNew as nothing:
            return LoadResult(
                self.browse(nothing.file_id), recognised=True, issues=nothing.issues
            )

    def _load_new(self, files, kind, company, source, name):
        with self.env.cr.savepoint():
            record = self._record(files, kind, company, source, name)
            issues = self._read_into(record, source)
            record.attachment_id = source.attach(record, name, MIMETYPES[kind])
        return LoadResult(self.browse(record.id), issues=issues)

    def _record(self, files, kind, company, source, name, **values):
        return files.create(
            {
                "company_id": company.id,
                "name": name,
                "kind": kind,
                "sha256": source.sha256,
                "size": source.size,
                **values,
            }
        )

    def _read_into(self, record, source):
        """Load ``source`` as what the record says; return the warnings, which stay.

        :raise FileRefused: it has errors
        :raise NothingNew: everything in it is recorded already
        """
        loader = LOADERS[record.kind](record, source)
        loader.load()
        if loader.has_errors:
            raise FileRefused(self.env, record.name, loader.issues)
        if loader.known_file_id:
            raise NothingNew(loader.known_file_id, loader.issues)
        self._keep_warnings(record, loader.issues)
        return loader.issues

    def _keep_refused(self, kind, company, source, name, refused):
        """Record of a refused file. The same bytes once more: the same record, with
        what is wrong with them now."""
        files = self.with_company(company).with_context(**QUIET).sudo()
        record = files.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", kind),
                ("sha256", "=", source.sha256),
                ("state", "=", "refused"),
            ],
            limit=1,
        )
        if not record:
            record = self._record(files, kind, company, source, name, state="refused")
            record.attachment_id = source.attach(record, name, MIMETYPES[kind])
        record.issue_ids.unlink()
        issues = sorted(refused.issues, key=lambda issue: issue.severity != ERROR)
        self._keep_warnings(record, issues[:KEPT_ISSUES])
        record.refused_at = fields.Datetime.now()
        return self.browse(record.id)

    # in the background ---------------------------------------------------------
    def _let_wait(self, files, kind, company, source, name):
        """Keep a large file; a process of its own loads it."""
        record = self._record(files, kind, company, source, name, state="waiting")
        record.attachment_id = source.attach(record, name, MIMETYPES[kind])
        record.job_id = self.env["immex.job"]._enqueue(
            company, "file", name, file_id=record.id
        )
        return LoadResult(self.browse(record.id), waiting=True)

    @api.private
    def _load_waiting(self):
        """Load this waiting file; the caller's transaction is all or nothing."""
        self.ensure_one()
        self.check_access("create")
        record = self.with_company(self.company_id).with_context(**QUIET).sudo()
        attachment = record.attachment_id
        if attachment.store_fname:
            stream = open(attachment._full_path(attachment.store_fname), "rb")
        else:
            stream = io.BytesIO(attachment.raw or b"")
        with stream, SourceFile(stream, max_bytes(self.env)) as source:
            try:
                self._read_into(record, source)
            except NothingNew:
                record.state = "known"
            else:
                record.state = "loaded"

    @api.private
    def _set_waiting(self):
        self.sudo().write({"state": "waiting", "issue_ids": [Command.clear()]})

    @api.private
    def _job_ended(self, state, error, exception):
        """What the end of the work means for its file."""
        for file in self.sudo():
            if isinstance(exception, FileRefused):
                file.write({"state": "refused", "refused_at": fields.Datetime.now()})
                self._keep_warnings(file, exception.issues)
            elif state != "done":
                file.state = "stopped"

    @api.autovacuum
    def _gc_refused(self):
        """Files that were refused, or brought nothing, stay a month."""
        old = self.sudo().search(
            [
                ("state", "in", ("refused", "known", "stopped")),
                ("write_date", "<", fields.Datetime.now() - KEEP_REFUSED),
            ]
        )
        attachments = old.attachment_id
        old.unlink()
        # most of them went with their record
        attachments.exists().unlink()

    @api.private
    def _keep_warnings(self, record, issues):
        """Warnings of a loaded file stay with it."""
        self.env["immex.pedimento.file.issue"].sudo().create(
            [issue_values(self.env, issue) | {"file_id": record.id} for issue in issues]
        )
        record.issue_count = len(issues)

    @api.private
    def _refusal(self, name, code, message):
        """A refusal of the whole file for one reason."""
        return FileRefused(self.env, name, [make_issue(ERROR, code, message)])

    @api.private
    def _describe_issues(self, issues):
        """Text of issues, one a line, for a page."""
        return [describe(self.env, issue) for issue in issues]
