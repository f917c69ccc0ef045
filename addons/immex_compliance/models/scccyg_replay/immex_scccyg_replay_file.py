# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import sys
import tempfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..job.reporting import report as tell
from ..pedimento.source_file import SourceFile
from ..reconciliation.workbook import MIMETYPE, write_workbook

XLSX_INLINE = 10_000  # charges that a request writes to a workbook
FETCH = 2_000
COLUMNS = (
    "account",
    "fraccion",
    "fixed_asset",
    "number",
    "payment_date",
    "source",
    "value",
    "discharged",
    "remaining",
    "tax",
    "tax_remaining",
    "term_end",
    "expired",
    "our_charged",
    "our_discharged",
    "our_balance",
    "our_term_end",
    "difference",
    "cause",
)


class ImmexScccygReplay(models.Model):
    """The charges of a replay as a workbook: written at once where they are few, else
    in the background, to an attachment. A replay is kept as it was made, so once."""

    _inherit = "immex.scccyg.replay"

    xlsx_job_id = fields.Many2one(
        "immex.job",
        "Work on the Workbook",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="A long workbook is made in the background; then XLSX downloads it.",
    )

    def action_xlsx(self):
        """Button: the charges, theirs beside ours, as a workbook; or the work that
        makes it."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(self.env._("The replay is not made yet."))
        if self._xlsx_is_long() and not self._xlsx_file():
            return self._ask_for_xlsx()._action_open()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/scccyg_replay/{self.id}/xlsx",
            "target": "download",
        }

    def _xlsx_is_long(self):
        """Whether it has more charges than a request may write."""
        self.ensure_one()
        charges = self.env["immex.scccyg.replay.charge"]
        domain = [("replay_id", "=", self.id)]
        return charges.search_count(domain, limit=XLSX_INLINE + 1) > XLSX_INLINE

    def _xlsx_name(self):
        # its words are of a language
        return f"scccyg_{self.date}_{self.env.lang or 'en_US'}.xlsx"

    def _xlsx_file(self):
        """The attachment that the background made for readers of this language."""
        self.ensure_one()
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("name", "=", self._xlsx_name()),
                ("mimetype", "=", MIMETYPE),
            ],
            limit=1,
        )

    def _ask_for_xlsx(self):
        """The work that makes the workbook, asked for once for everybody."""
        replay = self.sudo()
        if replay.xlsx_job_id.state not in ("waiting", "running"):
            replay.xlsx_job_id = self.env["immex.job"]._enqueue(
                replay.company_id,
                "scccyg_xlsx",
                self.env._("Workbook: %(replay)s", replay=self.display_name),
                scccyg_replay_id=replay.id,
            )
        return replay.xlsx_job_id

    @api.private
    def _make_xlsx(self):
        """The work of the job, with the rights of who asked for it."""
        self.ensure_one()
        self.check_access("read")
        if self._xlsx_file():
            return
        with tempfile.TemporaryFile() as stream:
            self._write_xlsx(stream)
            stream.seek(0)
            with SourceFile(stream, sys.maxsize) as source:
                source.attach(self, self._xlsx_name(), MIMETYPE)

    @api.private
    def _write_xlsx(self, stream):
        """Write the charges to a binary ``stream``, a batch at a time."""
        self.ensure_one()
        self.check_access("read")
        charges = self.env["immex.scccyg.replay.charge"]
        charges.check_access("read")
        self.env.flush_all()
        labels = charges.fields_get(COLUMNS)
        heads = [(labels[name]["string"], 18) for name in COLUMNS]
        write_workbook(
            stream,
            f"{self.company_id.name}: {self.display_name}",
            heads,
            self._workbook_rows(labels),
        )

    def _workbook_rows(self, labels):
        words = {
            name: dict(labels[name]["selection"])
            for name in COLUMNS
            if labels[name]["type"] == "selection"
        }
        yes = self.env._("Yes")
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        domain = [("replay_id", "=", self.id)]
        total = self.env["immex.scccyg.replay.charge"].search_count(domain)
        writes = self.env._("Writes the workbook")
        last = done = 0
        while True:
            tell(done, total or 1, writes, done)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT id, %s FROM immex_scccyg_replay_charge
                     WHERE replay_id = %s AND id > %s ORDER BY id LIMIT %s
                    """,
                    columns,
                    self.id,
                    last,
                    FETCH,
                )
            )
            for _id, *cells in rows:
                yield tuple(
                    words[name].get(cell, cell)
                    if name in words
                    else yes
                    if cell is True
                    else cell
                    for name, cell in zip(COLUMNS, cells, strict=True)
                )
            if len(rows) < FETCH:
                return
            last = rows[-1][0]
            done += len(rows)
