# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .immex_finding import OPEN_STATES
from .walk import spaced


class ImmexFinding(models.Model):
    """A finding as work that people share: due date, document, chatter, activities."""

    _name = "immex.finding"
    _inherit = ["immex.finding", "mail.thread", "mail.activity.mixin"]

    user_id = fields.Many2one(tracking=True)
    state = fields.Selection(tracking=True)
    due_date = fields.Date(
        "Due",
        tracking=True,
        help="Day until which it is to be settled. People set it; a run keeps it.",
    )
    # names a transfer and an order, which a reader of the books may not read in Odoo
    document = fields.Char(
        compute="_compute_document",
        compute_sudo=True,
        help="Pedimento, transfer or order that it is about.",
    )

    _due = models.Index("(company_id, due_date) WHERE state IN ('open', 'progress')")

    @api.depends(
        "pedimento_id", "exit_line_id", "layer_id", "movement_id", "production_id"
    )
    def _compute_document(self):
        for finding in self:
            pedimento = (
                finding.pedimento_id
                or finding.exit_line_id.pedimento_id
                or finding.layer_id.pedimento_id
            )
            finding.document = (
                spaced(pedimento.number)
                or finding.movement_id.picking_id.name
                or finding.production_id.name
                or ""
            )

    def action_assign(self):
        """Button: give these to somebody, until a day."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": "immex.finding.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_finding_ids": self.ids},
        }

    @api.private
    def _close_activities(self):
        """What a run resolved needs no reminder any more."""
        resolved = SQL(
            """(SELECT a.id FROM mail_activity a
                  JOIN immex_finding f ON f.id = a.res_id
                 WHERE a.res_model = 'immex.finding' AND a.active
                   AND f.state NOT IN %s)""",
            OPEN_STATES,
        )
        activities = self.env["mail.activity"].sudo().search([("id", "in", resolved)])
        activities.action_feedback(feedback=self.env._("Settled"))
