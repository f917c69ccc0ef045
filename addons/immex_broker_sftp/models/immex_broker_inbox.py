# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.immex_compliance.models.broker.immex_shipment_notice_send import WAITS

from ..services import names


class ImmexBrokerInbox(models.Model):
    """A folder of the broker's SFTP server whose files go into one company's books, by
    the door of what the broker delivers itself."""

    _name = "immex.broker.inbox"
    _description = "Folder of a broker's SFTP server"
    _order = "broker_id, company_id, folder"
    _rec_name = "folder"

    broker_id = fields.Many2one(
        "immex.broker", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    active = fields.Boolean(default=True)
    folder = fields.Char(
        required=True,
        help="Read here: m + patent + number (SAAI M3), .xml (pedimento XML) and .csv "
        "(part file). Everything else stays untouched.",
    )
    done_folder = fields.Char(
        "Move To",
        help="Where a file goes that was taken or refused; empty: the folder “done” "
        "below.",
    )
    file_ids = fields.One2many("immex.broker.inbox.file", "inbox_id", "Files")
    read_at = fields.Datetime("Last Read", readonly=True, copy=False)
    attempts = fields.Integer("Failed Tries", readonly=True, copy=False)
    next_try = fields.Datetime(
        "Next Reading",
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="Every few minutes; after failures later and later, at last once a day.",
    )
    error = fields.Text("Last Error", readonly=True, copy=False)

    _folder_unique = models.Constraint(
        "UNIQUE (broker_id, folder)", "This folder of the broker is read already."
    )

    @api.constrains("folder", "done_folder")
    def _check_folders(self):
        for inbox in self:
            if not all(map(names.is_folder, (inbox.folder, inbox.done_folder or ""))):
                raise ValidationError(
                    self.env._("A folder is a path without “..”, of 255 characters.")
                )
            if inbox.folder.rstrip("/") == (inbox.done_folder or "").rstrip("/"):
                raise ValidationError(
                    self.env._("What was taken goes into another folder.")
                )

    def _done(self):
        """Path of the folder for what was taken."""
        return self.done_folder or names.join(self.folder, "done")

    def _postpone(self, error):
        tries = self.attempts + 1
        wait = WAITS[min(tries, len(WAITS)) - 1]
        self.write(
            {
                "attempts": tries,
                "error": error,
                "next_try": fields.Datetime.now() + timedelta(minutes=wait),
            }
        )

    def action_read(self):
        """Button: read the folder now, in the background."""
        self.check_access("write")
        self.sudo().write({"next_try": fields.Datetime.now()})
        self.env.ref("immex_broker_sftp.ir_cron_inbox").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The folder is being read; look again soon."),
            },
        }

    def action_files(self):
        """Button: what was found in the folder."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_broker_sftp.action_immex_broker_inbox_file"
        )
        return action | {"domain": [("inbox_id", "in", self.ids)], "context": {}}
