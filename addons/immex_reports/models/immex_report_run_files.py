# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import sys
import tempfile
from contextlib import suppress

from psycopg2.errors import QueryCanceled

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.immex_compliance.models.job.reporting import report as tell
from odoo.addons.immex_compliance.models.pedimento.source_file import SourceFile
from odoo.addons.immex_compliance.models.wording import by_count

from .immex_report_run import MIMETYPES

INLINE_PARAMETER = "immex_reports.inline_rows"
INLINE_ROWS = 10_000  # rows that a request reads, or writes to a file
INLINE_SECONDS = 5  # that a request reads; PostgreSQL's estimate may be wrong
WAITING_PARAMETER = "immex_reports.waiting_reports"
WAITING = 50  # reports of a company that may wait at once
EVERY = 5_000  # rows between two words on the progress


class ImmexReportRun(models.Model):
    """What the buttons do: at once where the report is small, else in a process of its
    own, whose files come as attachments of the report."""

    _inherit = "immex.report.run"

    job_id = fields.Many2one("immex.job", "Background Work", readonly=True, copy=False)
    files_asked = fields.Boolean(readonly=True, copy=False)

    # buttons ----------------------------------------------------------------------
    def action_screen(self):
        """Fill the result table, where it is not, and open it."""
        return self._screen() if self._prepared() else self.job_id._action_open()

    def action_xlsx(self):
        return self._action_download("xlsx")

    def action_xml(self):
        return self._action_download("xml")

    def action_pdf(self):
        return self._action_download("pdf")

    def _action_download(self, kind):
        if not self._prepared(files=True):
            return self.job_id._action_open()
        self._check_printed(kind)
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/report/{self.id}/{kind}",
            "target": "download",
        }

    def action_recompute(self):
        """Read the books again for the same period."""
        self.ensure_one()
        if self.kept:
            raise UserError(self.env._("The files of this report were kept."))
        self.check_access("write")
        self._check_not_waiting()
        self._drop_files()
        self.sudo().write({"state": "draft", "row_count": 0, "computed_at": False})
        return True if self._prepared() else self.job_id._action_open()

    def action_keep(self):
        """Attach the files to the report: it is no longer cleaned away."""
        self.ensure_one()
        if self.kept:
            raise UserError(self.env._("The files of this report were kept."))
        self.check_access("write")
        ready = self._prepared(files=True)
        self.sudo().kept = True
        if not ready:
            return self.job_id._action_open()
        self._make_files()
        return True

    def action_refresh(self):
        """Button: look again."""
        return True

    def _check_not_waiting(self):
        if any(run.state == "waiting" for run in self):
            raise UserError(
                self.env._(
                    "The report is being made. Wait for it, or cancel its work in "
                    "the background."
                )
            )

    # large or small ---------------------------------------------------------------
    def _inline_rows(self):
        value = self.env["ir.config_parameter"].sudo().get_param(INLINE_PARAMETER, "")
        return int(value) if value.isdigit() else INLINE_ROWS

    def _expected_rows(self):
        """How many rows PostgreSQL expects of the report, without reading them."""
        self.ensure_one()
        self.env.flush_all()
        [[plan]] = self.env.execute_query(
            SQL("EXPLAIN (FORMAT JSON) %s", self._query())
        )
        return plan[0]["Plan"]["Plan Rows"]

    def _prepared(self, files=False):
        """Whether the rows are there (and may be written to ``files`` in a request);
        where they are too many for a request, work in the background is asked for."""
        self.ensure_one()
        # what was kept, or made for the authority, is looked at and not written
        self.check_access("read" if self.state == "done" else "write")
        limit = self._inline_rows()
        if self.state == "draft" and self._expected_rows() <= limit:
            self._fill_soon()
        if self.state == "done":
            made = all(map(self._file, self._kinds()))
            if not files or made or self.row_count <= limit:
                return True
        if self.state != "waiting":
            self._enqueue(files)
        return False

    def _fill_soon(self):
        """Fill the table if that takes no longer than a request may; else the state
        stays what it was, and the work goes to the background."""
        timeout = SQL("SET LOCAL statement_timeout = %s", f"{INLINE_SECONDS}s")
        with suppress(QueryCanceled), self.env.cr.savepoint():
            self.env.cr.execute(timeout)
            self._fill()
            self.env.cr.execute("SET LOCAL statement_timeout = DEFAULT")

    def _check_queue(self):
        """One company's reports are made one after the other: a queue without end
        would keep everybody else's waiting."""
        value = self.env["ir.config_parameter"].sudo().get_param(WAITING_PARAMETER, "")
        limit = int(value) if value.isdigit() else WAITING
        waiting = self.sudo().search_count(
            [("company_id", "=", self.company_id.id), ("state", "=", "waiting")]
        )
        if waiting >= limit:
            raise UserError(
                by_count(
                    waiting,
                    self.env._(
                        "A report of %(company)s waits to be made already. Ask again "
                        "when it is ready.",
                        company=self.company_id.name,
                    ),
                    self.env._(
                        "%(count)s reports of %(company)s wait to be made already. Ask "
                        "again when some of them are ready.",
                        count=waiting,
                        company=self.company_id.name,
                    ),
                )
            )

    def _enqueue(self, files):
        self.ensure_one()
        self.check_access("write")
        self._check_queue()
        job = self.env["immex.job"]._enqueue(
            self.company_id, "report", self.display_name, report_run_id=self.id
        )
        self.sudo().write({"state": "waiting", "job_id": job.id, "files_asked": files})

    # work in the background ---------------------------------------------------------
    def _make_here(self):
        """The work of the job: rows, and the files where they were asked for."""
        self.ensure_one()
        self.check_access("read")
        if not self.computed_at:
            tell(0, 1, self.env._("Reads the books"))
            self._fill()
        if self.files_asked:
            self._make_files()
        self.sudo().state = "done"

    def _make_files(self):
        """Attach the report in each of its forms; memory does not grow with it."""
        self.ensure_one()
        names = set(self.attachment_ids.mapped("name"))
        kinds = self._kinds()
        total = self.row_count * len(kinds)
        for number, kind in enumerate(kinds):
            if self._file_name(kind) in names:
                continue
            tell(
                self.row_count * number,
                total or 1,
                self.env._("Writes the %(kind)s file", kind=kind.upper()),
            )
            with tempfile.TemporaryFile() as stream:
                self._render(kind, stream, self.row_count * number)
                stream.seek(0)
                with SourceFile(stream, sys.maxsize) as source:
                    attachment = source.attach(
                        self, self._file_name(kind), MIMETYPES[kind]
                    )
                    attachment.description = f"SHA-256 {source.sha256}"
        self.invalidate_recordset(["attachment_ids"])

    def _told(self, rows, before, total):
        """Pass rows on, and tell how far they are."""
        for number, row in enumerate(rows):
            if not number % EVERY:
                tell(before + number, total or 1, "", before + number)
            yield row

    def _job_ended(self, state):
        """The job ended: where badly, the report is as if it had not been asked for."""
        for run in self.filtered(lambda run: run.state == "waiting"):
            run.state = "done" if run.computed_at else "draft"
            if state != "done":
                run.kept = False

    def _file(self, kind):
        """The attachment that holds the report as ``kind``; may be empty."""
        self.ensure_one()
        name = self._file_name(kind)
        return self.attachment_ids.filtered(lambda file: file.name == name)[:1]

    def _drop_files(self):
        """Files that were made for a download go with the rows that they show."""
        self.sudo().attachment_ids.unlink()
