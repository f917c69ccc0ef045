# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models

KEEP = timedelta(days=365)
SETTLE = timedelta(seconds=60)  # a file that changes meanwhile is being written
TRIES = 5


class ImmexBrokerInboxFile(models.Model):
    """A file that was seen in a broker's folder, and what became of it.

    It is known by name, size and time of change: one that grows, or comes again, is
    another one. Whether its content was delivered before, the delivery tells.
    """

    _name = "immex.broker.inbox.file"
    _description = "File of a broker's folder"
    _order = "seen_at desc, id desc"

    inbox_id = fields.Many2one(
        "immex.broker.inbox",
        "Folder",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    broker_id = fields.Many2one(related="inbox_id.broker_id", store=True)
    company_id = fields.Many2one(related="inbox_id.company_id", store=True, index=True)
    name = fields.Char("File Name", required=True, readonly=True)
    mark = fields.Char(
        required=True, readonly=True, help="Size and time of change on the server."
    )
    size = fields.Float("Bytes", digits=(20, 0), readonly=True)
    seen_at = fields.Datetime("Seen", required=True, readonly=True)
    taken_at = fields.Datetime("Taken", readonly=True)
    state = fields.Selection(
        [
            ("seen", "Seen"),
            ("taken", "Taken"),
            ("refused", "Refused"),
            ("failed", "Failed here"),
        ],
        required=True,
        readonly=True,
        default="seen",
        index=True,
        help="Seen: taken as soon as it has stood unchanged for a minute. Taken: see "
        "the state of its delivery. Refused: it was not even looked into. Failed "
        "here: it is tried again a few times.",
    )
    attempts = fields.Integer(readonly=True)
    moved = fields.Boolean(
        readonly=True, help="It no longer stands in the folder that is read."
    )
    reason = fields.Text(readonly=True)
    delivery_id = fields.Many2one(
        "immex.broker.delivery", readonly=True, index="btree_not_null"
    )
    delivery_state = fields.Selection(
        related="delivery_id.state", string="Delivery State"
    )

    _file_unique = models.Constraint(
        "UNIQUE (inbox_id, name, mark)", "This file was seen before."
    )

    def _is_ready(self):
        """Whether it is to be taken now."""
        if self.state == "failed":
            return self.attempts < TRIES
        return self.state == "seen" and self.seen_at <= fields.Datetime.now() - SETTLE

    @api.autovacuum
    def _gc_moved(self):
        """A year after, what was moved is forgotten; its delivery stays."""
        limit = fields.Datetime.now() - KEEP
        self.sudo().search(
            [("moved", "=", True), ("seen_at", "<", limit)], limit=10_000
        ).unlink()
