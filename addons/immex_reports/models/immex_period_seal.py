# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import shutil
from pathlib import Path

from odoo import models
from odoo.tools import SQL

from odoo.addons.immex_compliance.engine import seal as sealing

from ..renderers.seal import write_seal
from . import reading

VERIFIER = Path(__file__).resolve().parents[1] / "tools" / "verify_seal.py"


class ImmexPeriodSeal(models.Model):
    """A seal outside of the database: on the reports, and as a file to verify it by."""

    _inherit = "immex.period.seal"

    def _of_report(self, company, date_to):
        """The seal of the period in which a report ends; may be empty."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "closed"),
                ("date_to", ">=", date_to),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", date_to),
            ],
            order="date_to",
            limit=1,
        )

    def _printed(self):
        """What reports say of their seal; empty without one."""
        return f"Sello {self.name}: {self.sha256}" if self else ""

    def action_file(self):
        """Button: the file from which the seal can be computed again."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/seal/{self.id}",
            "target": "download",
        }

    def _file_name(self):
        self.ensure_one()
        return f"sello_{self.name.replace(' ', '_')}.txt"

    def _write_file(self, stream):
        """Write the file of the seal to a binary stream."""
        self.ensure_one()
        before = self.previous_id
        self.env.flush_all()
        query = SQL(
            sealing.LINES,
            company_id=self.company_id.id,
            after=before.date_to.isoformat() if before else "-infinity",
            date_to=self.date_to.isoformat(),
            run_id=self.run_id.id,
        )
        return write_seal(
            {
                "company": self.company_id.name,
                "rfc": self.company_id.vat or "",
                "period": self.name,
                "to": self.date_to.isoformat(),
                "before": before.sha256 or "",
                "rows": self.row_count,
                "seal": self.sha256,
            },
            reading.stream(self.env.cr, query),
            stream,
        )

    def _export_files(self, directory):
        """Write the files of these seals into a folder, and the script that verifies
        them; return their paths."""
        directory = Path(directory)
        paths = []
        for seal in self:
            path = directory / seal._file_name()
            with path.open("wb") as stream:
                seal._write_file(stream)
            paths.append(path)
        shutil.copyfile(VERIFIER, directory / VERIFIER.name)
        return [*paths, directory / VERIFIER.name]
