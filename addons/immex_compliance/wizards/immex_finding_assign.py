# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexFindingAssign(models.TransientModel):
    """Give findings to somebody, until a day."""

    _name = "immex.finding.assign"
    _description = "Assign findings"

    finding_ids = fields.Many2many("immex.finding", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    due_date = fields.Date("Due")
    remind = fields.Boolean(
        "Make Activities",
        help="An activity of the responsible for each, due on that day; a run closes "
        "it with its finding.",
    )

    def action_assign(self):
        """Button: owner, day and reminder; the owner gets one message for all."""
        self.ensure_one()
        findings = self.finding_ids
        findings._assign(self.user_id)
        if self.due_date:
            findings.write({"due_date": self.due_date})
        if self.remind:
            for finding in findings:
                finding.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=self.due_date or fields.Date.context_today(self),
                    summary=finding.next_step,
                    user_id=self.user_id.id,
                )
        return {"type": "ir.actions.act_window_close"}
