# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .ir_cron import OURS


class ImmexSchedule(models.Model):
    """Each scheduled action of these add-ons: when it ran, and what came of it.

    A view over Odoo's scheduled actions, which only who administers the database may
    read. The id is that of the scheduled action.
    """

    _name = "immex.schedule"
    _description = "Scheduled Work"
    _auto = False
    _order = "finished_at desc NULLS LAST, id"

    name = fields.Char("Work", compute="_compute_name")
    active = fields.Boolean("Switched On")
    interval = fields.Char("Every", compute="_compute_interval")
    interval_number = fields.Integer()
    interval_type = fields.Selection(
        [
            ("minutes", "Minutes"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("weeks", "Weeks"),
            ("months", "Months"),
        ]
    )
    nextcall = fields.Datetime("Next Run")
    finished_at = fields.Datetime("Last Run")
    state = fields.Selection(
        selection=lambda self: (
            self.env["immex.schedule.log"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Last Result",
    )
    result = fields.Text("What Happened", compute="_compute_result")
    log_id = fields.Many2one("immex.schedule.log", "Last Line")
    log_ids = fields.One2many("immex.schedule.log", compute="_compute_log_ids")

    def init(self):
        """Which scheduled actions are ours."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE VIEW %s AS
                SELECT c.id, c.active, c.interval_number, c.interval_type, c.nextcall
                  FROM ir_cron c
                 WHERE EXISTS (SELECT FROM ir_model_data d
                                WHERE d.model = 'ir.cron' AND d.res_id = c.id
                                  AND d.module IN %s)
                """,
                SQL.identifier(self._table),
                OURS,
            )
        )

    @property
    def _table_query(self):
        """Each with its last line of those that the user's companies may see."""
        return SQL(
            """
            SELECT s.*, g.finished_at, g.state, g.id AS log_id
              FROM %s s
              LEFT JOIN LATERAL (
                  SELECT l.id, l.finished_at, l.state FROM immex_schedule_log l
                   WHERE l.cron_id = s.id
                     AND (l.company_id IS NULL OR l.company_id = ANY(%s))
                   ORDER BY l.finished_at DESC, l.id DESC LIMIT 1
              ) g ON TRUE
            """,
            SQL.identifier(self._table),
            self.env.companies.ids,
        )

    def _compute_name(self):
        crons = self.env["ir.cron"].sudo().browse(self.ids)
        names = {cron.id: cron.cron_name for cron in crons}
        for work in self:
            name = (names.get(work.id) or "").removeprefix("IMMEX: ")
            work.name = name[:1].upper() + name[1:]

    @api.depends("name")
    def _compute_display_name(self):
        for work in self:
            work.display_name = work.name

    @api.depends_context("lang")
    def _compute_interval(self):
        words = dict(self._fields["interval_type"]._description_selection(self.env))
        one = {
            "minutes": self.env._("Minute"),
            "hours": self.env._("Hour"),
            "days": self.env._("Day"),
            "weeks": self.env._("Week"),
            "months": self.env._("Month"),
        }
        for work in self:
            kind, number = work.interval_type, work.interval_number
            many = f"{number} {words.get(kind, '').lower()}"
            work.interval = one.get(kind, "").lower() if number == 1 else many

    @api.depends_context("lang")
    def _compute_result(self):
        for work in self:
            work.result = (
                work.log_id.result if work.log_id else self.env._("It has not run yet.")
            )

    def _compute_log_ids(self):
        for work in self:
            work.log_ids = self.env["immex.schedule.log"].search(
                [("cron_id", "=", work.id)], limit=80
            )

    def action_run_now(self):
        """Button: run it as soon as a worker is free."""
        self.ensure_one()
        if not self.env.user.has_group("immex_compliance.group_administrator"):
            raise AccessError(self.env._("Only administrators start scheduled work."))
        if self.search_count([("id", "=", self.id)]) != 1:
            raise AccessError(self.env._("This is no scheduled work of these books."))
        self.env["ir.cron"].sudo().browse(self.id)._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("It starts within a minute. Look at its log."),
            },
        }
