# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import sys
import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.immex_compliance.models.job.reporting import report as tell
from odoo.addons.immex_compliance.models.pedimento.source_file import SourceFile

from ...renderers.trace_pdf import Section, TraceFile, write_trace
from ...renderers.trace_zip import LOOK, MANIFEST, Packer, is_secret, safe_name
from .trace_documents import TraceDocuments
from .trace_graph import TraceGraph
from .trace_scope import TraceScope
from .trace_tables import TraceTables

SIZE_PARAMETER = "immex_reports.trace_file_mb"
SIZE_MB = 200
WAITING_PARAMETER = "immex_reports.waiting_trace_files"
WAITING = 50  # files of a company that may wait at once
PICTURED = 8  # records of a side in the printed picture


class ImmexTraceFile(models.Model):
    """Traceability file (expediente) of imports or exits: a zip with the file as PDF,
    every discharge as CSV, the source documents, and a manifest of their hashes.

    Made in the background with the rights of who asked, and theirs alone.
    """

    _name = "immex.trace.file"
    _description = "Traceability file"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    name = fields.Char(required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_ids = fields.Json("Records", required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Being made"), ("done", "Made"), ("failed", "Not made")],
        required=True,
        default="waiting",
        readonly=True,
    )
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, ondelete="set null"
    )
    job_progress = fields.Float(related="job_id.progress", string="Progress (%)")
    job_error = fields.Text(related="job_id.error", string="What Went Wrong")
    attachment_id = fields.Many2one("ir.attachment", "Zip", readonly=True)
    made_at = fields.Datetime("Made", readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)
    document_count = fields.Integer("Documents", readonly=True)
    missing_count = fields.Integer("Missing", readonly=True)
    missing = fields.Text("Missing or Left Out", readonly=True)

    # asking ---------------------------------------------------------------------------
    @api.model
    def action_ask(self, model, ids):
        """Ask for the file of these records; opens it, with its progress.

        :raise UserError: no such records, or of several companies; as many files of
            the company as may wait already do
        """
        records = self.env["immex.trace"]._records(model, ids)
        company = records.company_id
        self._check_queue(company)
        names = records.mapped("display_name")
        more = f" (+{len(names) - 1})" if len(names) > 1 else ""
        file = self.sudo().create(
            {
                "company_id": company.id,
                "name": f"{names[0]}{more}",
                "res_model": model,
                "res_ids": records.ids,
            }
        )
        file.job_id = self.env["immex.job"]._enqueue(
            company,
            "trace",
            self.env._("Traceability file of %(name)s", name=file.name),
            trace_file_id=file.id,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Traceability File"),
            "res_model": self._name,
            "res_id": file.id,
            "views": [(False, "form")],
        }

    @api.model
    def _check_queue(self, company):
        """One company's files are made one after the other, as its reports are."""
        value = self.env["ir.config_parameter"].sudo().get_param(WAITING_PARAMETER, "")
        limit = int(value) if value.isdigit() else WAITING
        waiting = self.sudo().search_count(
            [("company_id", "=", company.id), ("state", "=", "waiting")]
        )
        if waiting >= limit:
            raise UserError(
                self.env._(
                    "%(count)s traceability files of %(company)s wait to be made "
                    "already. Ask again when some of them are ready.",
                    count=waiting,
                    company=company.sudo().name,
                )
            )

    def action_again(self):
        """Button: the same records, as the books are now."""
        self.ensure_one()
        self.check_access("read")
        return self.action_ask(self.res_model, self.res_ids)

    def action_picture(self):
        """Button: the picture of the same records."""
        self.ensure_one()
        self.check_access("read")
        return self.env["immex.trace"]._action(
            self.env["immex.trace"]._records(self.res_model, self.res_ids)
        )

    def action_refresh(self):
        """Button: look again."""
        return True

    def action_download(self):
        """Button: the zip."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("The file is not made yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=true",
            "target": "download",
        }

    # making -------------------------------------------------------------------------
    def _make_here(self):
        """The work of the job, with the rights of who asked for it."""
        self.ensure_one()
        records = self.env["immex.trace"]._records(self.res_model, self.res_ids)
        moment = fields.Datetime.now()
        tell(0, 4, self.env._("Reads the books"))
        scope = TraceScope(records)
        graph = TraceGraph(records, limit=PICTURED)
        tables = TraceTables(scope, graph.nodes_of)
        documents = TraceDocuments(scope).collect()
        with tempfile.TemporaryFile() as target:
            packer = Packer(target, moment)
            tell(1, 4, self.env._("Gathers the documents"))
            index = self._pack(packer, documents)
            tell(2, 4, self.env._("Lists the discharges"))
            with tempfile.TemporaryFile() as csv:
                tables.write_csv(csv)
                csv.seek(0)
                listed = packer.add("descargos.csv", csv)
            index.insert(0, (self.env._("Every discharge of this file"), "", listed))
            tell(3, 4, self.env._("Writes the PDF"))
            with tempfile.TemporaryFile() as pdf:
                file = self._contents(records, graph, tables, index, documents, moment)
                write_trace(file, pdf)
                pdf.seek(0)
                packer.add("expediente.pdf", pdf)
            packer.close()
            target.seek(0)
            with SourceFile(target, sys.maxsize) as source:
                attachment = source.attach(self, self._file_name(), "application/zip")
                size, sha256 = source.size, source.sha256
        self.sudo().write(
            {
                "state": "done",
                "attachment_id": attachment.id,
                "made_at": moment,
                "size": size,
                "sha256": sha256,
                "document_count": len(index),
                "missing_count": len(documents.missing),
                "missing": "\n".join(documents.missing),
            }
        )

    def _file_name(self):
        rfc = safe_name(self.company_id.sudo().vat or "")
        return f"expediente_{rfc}_{safe_name(self.name)}.zip"

    def _room(self):
        """Bytes of documents that one file holds (system parameter, in MiB)."""
        told = self.env["ir.config_parameter"].sudo().get_param(SIZE_PARAMETER, "")
        return (int(told) if told.isdigit() else SIZE_MB) * 1024 * 1024

    def _pack(self, packer, documents):
        """Documents into the zip; ``[(kind, of, Packed)]``. What is a key, holds a
        password, is gone or has no room is named as left out."""
        index, room = [], self._room()
        for document in documents.found:
            try:
                with document.open() as stream:
                    secret = is_secret(document.name, stream.read(LOOK))
                    stream.seek(0)
                    if secret:
                        reason = self.env._("it holds a key or a password")
                    elif document.size > room:
                        reason = self.env._("too large")
                    else:
                        number = len(index) + 1
                        name = safe_name(document.name)
                        path = f"{document.folder}/{number:04d}_{name}"
                        packed = packer.add(path, stream)
                        room -= packed.size
                        index.append((document.kind, document.of, packed))
                        continue
            except FileNotFoundError:
                reason = self.env._("its bytes are gone from the file store")
            documents.missing.append(
                self.env._(
                    "%(name)s (%(of)s): left out, %(reason)s",
                    name=document.name,
                    of=document.of,
                    reason=reason,
                )
            )
        return index

    def _contents(self, records, graph, tables, index, documents, moment):
        """What the PDF says, as :class:`TraceFile`."""
        company = self.company_id.sudo()
        program = self.env["immex.program"].sudo()._current(company, date=moment.date())
        picture = graph.values()
        at = format_datetime(self.env, moment, tz=company._immex_timezone())
        kind = self.env["ir.model"]._get(records._name).name
        index_section = Section(
            self.env._("Index of the attached documents"),
            [
                (self.env._("File"), 27, "text"),
                (self.env._("What it is"), 14, "text"),
                (self.env._("Of"), 18, "text"),
                (self.env._("Bytes"), 6, "number"),
                (self.env._("SHA-256"), 37, "mono"),
            ],
            [
                (packed.path, kind, of, str(packed.size), packed.sha256)
                for kind, of, packed in index
            ],
            self.env._(
                "%(manifest)s in the same zip holds these hashes: sha256sum -c "
                "%(manifest)s verifies them without this system.",
                manifest=MANIFEST,
            ),
        )
        missing = Section(
            self.env._("Documents missing or left out"),
            [(self.env._("Document"), 1, "text")],
            [(text,) for text in documents.missing],
            empty=self.env._("None."),
        )
        return TraceFile(
            title=self.env._("Traceability file"),
            head=[
                company.name,
                self.env._("RFC: %(rfc)s", rfc=company.vat or ""),
                self.env._("IMMEX programme: %(program)s", program=program.name or ""),
            ],
            facts=[
                (kind, self.name),
                (
                    self.env._("Discharged"),
                    "; ".join(
                        f"{row['part']} {row['kind']}: {row['text']}"
                        for row in picture["balance"]
                    )
                    or self.env._("Nothing was discharged."),
                ),
                (
                    self.env._("Legal source"),
                    self.env._(
                        "Anexo 24 of the RGCE, apartados A and B; Customs Law, arts. "
                        "59-I and 108; RLA art. 171"
                    ),
                ),
                (self.env._("Made by"), f"{self.env.user.name}, {at}"),
            ],
            made=at,
            # the renderer fills them in when it knows how many pages there are
            page_of=self.env._(
                "Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"
            ),
            picture_title=self.env._("From import to exit"),
            picture=picture,
            picture_note=self.env._(
                "Whole lines: quantities of the ledger. Dashed lines: documents and "
                "transfers."
            ),
            sections=[*tables.sections(), index_section, missing],
        )

    def _job_ended(self, state):
        waiting = self.filtered(lambda file: file.state == "waiting")
        waiting.sudo().state = "done" if state == "done" else "failed"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        if any(file.state == "waiting" for file in self):
            raise UserError(
                self.env._("The file is being made. Cancel its work first.")
            )
