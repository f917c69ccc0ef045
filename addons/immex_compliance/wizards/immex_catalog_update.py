# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import os

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.catalog.update_file import MAX_BYTES, UpdateRefused

COUNTS = ("added", "corrected", "closed", "unchanged")


class ImmexCatalogUpdate(models.TransientModel):
    """Load an update file of the tariff or of its duty rates.

    Checking shows what would change and changes nothing; applying writes. Entries are
    closed and added, never removed, so that documents keep what they say.
    """

    _name = "immex.catalog.update"
    _description = "Update a catalogue"

    kind = fields.Selection(
        [("item", "Tariff items (code, name, unit)"), ("rate", "Duty rates")],
        "Content",
        required=True,
        default="item",
    )
    data = fields.Binary("File", attachment=False)
    filename = fields.Char()
    complete = fields.Boolean(
        "Whole Tariff",
        help="The file lists the whole tariff in force from a day: entries that it "
        "lacks are closed on the day before.",
    )
    edition_date = fields.Date("In Force From")
    verified = fields.Boolean(
        "Compared With the Official Publication",
        help="For rates whose rows do not say so themselves.",
    )
    state = fields.Selection(
        [
            ("draft", "To check"),
            ("refused", "Refused"),
            ("checked", "Checked"),
            ("done", "Applied"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    added = fields.Integer(readonly=True)
    corrected = fields.Integer(readonly=True)
    closed = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    line_ids = fields.One2many("immex.catalog.update.line", "update_id", readonly=True)

    def action_check(self):
        """Show what the file would change; nothing is kept."""
        self.ensure_one()
        with self.env.cr.savepoint(flush=True) as savepoint:
            values = self._run("checked")
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()
        return self._show(values)

    def action_apply(self):
        """Bring the catalogue to what the file says."""
        self.ensure_one()
        with self.env.cr.savepoint(flush=True) as savepoint:
            values = self._run("done")
            if values["state"] == "refused":
                self.env.flush_all()
                savepoint.rollback()
        return self._show(values)

    def _run(self, state):
        """Load the file; return the values of this wizard that tell what happened."""
        model = self.env[f"immex.tariff.{self.kind}"]
        model.check_access("write")
        if not self.data:
            raise UserError(self.env._("Choose a file first."))
        content = base64.b64decode(self.data)
        if len(content) > MAX_BYTES:
            raise UserError(
                self.env._(
                    "The file is larger than %(size)s MiB.", size=MAX_BYTES // 2**20
                )
            )
        name = os.path.basename((self.filename or "").replace("\\", "/"))
        name = name or self.env._("File")
        try:
            if self.kind == "rate":
                result = model._load_update(content, name, self.verified)
            else:
                edition_date = self.edition_date if self.complete else None
                result = model._load_update(content, name, edition_date)
        except UpdateRefused as refused:
            lines = [("refused", "", text) for text in refused.errors]
            return {"state": "refused", "lines": lines, **dict.fromkeys(COUNTS, 0)}
        counts = {name: getattr(result, name) for name in COUNTS}
        return {"state": state, "lines": result.changes, **counts}

    def _show(self, values):
        lines = values.pop("lines")
        self.line_ids.unlink()
        values["line_ids"] = [
            fields.Command.create({"change": change, "code": code, "text": text})
            for change, code, text in lines
        ]
        if values["state"] == "done":
            values["data"] = False
        self.write(values)
        titles = {
            "refused": self.env._("Refused: nothing was changed"),
            "checked": self.env._("This would change; nothing was changed yet"),
            "done": self.env._("Catalogue updated"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[values["state"]],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
