# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
import os

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.pedimento import server_folder
from ..models.pedimento.file_issues import ERROR, FileRefused, issue_values

FORM_BYTES = 64 * 1024 * 1024  # above it, the upload page or the server folder
SHOWN_ISSUES = 1000


class ImmexFileImport(models.TransientModel):
    """Load a file of the broker, from the browser or from the server's folder.

    A refused file shows its issues here and leaves the books as they were; it is kept
    among the files for a month.
    """

    _name = "immex.file.import"
    _description = "Load a customs file"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        "_selection_kind",
        "Content",
        required=True,
        default="m3",
    )
    source = fields.Selection(
        [("upload", "From this computer"), ("folder", "From the server's folder")],
        "From",
        required=True,
        default="upload",
    )
    data = fields.Binary("File", attachment=False)
    filename = fields.Char()
    server_file = fields.Selection("_selection_server_file", "File in the Folder")
    state = fields.Selection(
        [("draft", "To load"), ("refused", "Refused")], default="draft", required=True
    )
    issue_ids = fields.One2many("immex.file.import.issue", "import_id", readonly=True)
    error_count = fields.Integer("Errors", readonly=True)
    file_id = fields.Many2one("immex.pedimento.file", "Kept As", readonly=True)

    @api.model
    def _selection_kind(self):
        return self.env["immex.pedimento.file"]._kinds_of_people()

    @api.model
    def _selection_server_file(self):
        if not self.env["immex.pedimento.file"].has_access("create"):
            return []
        return [(name, name) for name in server_folder.list_files(self.env)]

    def action_load(self):
        """Load the file; open its record, or show the issues and change nothing."""
        self.ensure_one()
        files = self.env["immex.pedimento.file"]
        files.check_access("create")
        try:
            with self._open() as stream:
                result = files._load_or_keep(
                    self.kind, self.company_id, stream, self._name_of_file()
                )
        except FileRefused as refused:
            return self._show_refused(refused)
        if result.refused:
            return self._show_refused(result.refused, result.file)
        self.data = False
        action = {
            "type": "ir.actions.act_window",
            "name": result.file.name,
            "res_model": result.file._name,
            "res_id": result.file.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
        if not result.recognised:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "This file is recorded already; nothing was changed."
                ),
                "next": action,
            },
        }

    def _name_of_file(self):
        name = self.server_file if self.source == "folder" else self.filename
        # some browsers send a whole path
        return os.path.basename((name or "").replace("\\", "/")) or self.env._("File")

    def _open(self):
        """Binary stream of the chosen file."""
        if self.source == "folder":
            return server_folder.open_file(self.env, self.server_file or "")
        if not self.data:
            raise UserError(self.env._("Choose a file first."))
        content = base64.b64decode(self.data)
        if len(content) > FORM_BYTES:
            raise UserError(
                self.env._(
                    "The file is larger than 64 MiB: load it at %(page)s or through "
                    "the server's folder.",
                    page="/immex/upload",
                )
            )
        return io.BytesIO(content)

    def _show_refused(self, refused, file=None):
        errors = [i for i in refused.issues if i.severity == ERROR]
        self.issue_ids.unlink()
        self.write(
            {
                "state": "refused",
                "file_id": file.id if file else False,
                "error_count": len(errors),
                "issue_ids": [
                    fields.Command.create(issue_values(self.env, issue))
                    for issue in refused.issues[:SHOWN_ISSUES]
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refused: nothing was recorded"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
