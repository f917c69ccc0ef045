# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

GROUP = "immex_compliance.group_broker"


class ImmexBroker(models.Model):
    """A customs broker (agente aduanal) whose system delivers documents to us.

    What counts is its patents, the companies that appointed it, and its users: portal
    users whose API key opens the service and nothing else. One that several companies
    appointed is changed, and gets keys, by who belongs to all of them.
    """

    _name = "immex.broker"
    _description = "Customs broker"
    _inherit = ["mail.thread"]
    _order = "name"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="restrict")
    patent_ids = fields.One2many(
        "immex.broker.patent",
        "broker_id",
        "Patents",
        help="A document of another patent is refused before anything is stored.",
    )
    appointment_ids = fields.One2many(
        "immex.broker.appointment",
        "broker_id",
        "Companies",
        help="Companies that appointed this broker, and from when to when.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "immex_broker_user_rel",
        "broker_id",
        "user_id",
        "Users",
        domain=[("share", "=", True)],
        help="Portal users; the API key of one of them opens the service. They see "
        "what this broker delivered, and nothing else.",
    )
    max_file_mb = fields.Integer(
        "Largest File (MiB)",
        default=16,
        required=True,
        tracking=True,
        help="The system's own limit for files holds as well.",
    )
    calls_per_minute = fields.Integer(
        default=60,
        required=True,
        tracking=True,
        help="Calls beyond it are refused until the minute is over.",
    )
    mb_per_day = fields.Integer(
        "MiB per Day",
        default=512,
        required=True,
        tracking=True,
        help="Deliveries beyond it are refused until the day (UTC) is over.",
    )
    delivery_count = fields.Integer(compute="_compute_delivery_count")

    _limits_positive = models.Constraint(
        "CHECK (max_file_mb BETWEEN 1 AND 512 AND calls_per_minute BETWEEN 1 AND 6000"
        " AND mb_per_day BETWEEN 1 AND 1048576)",
        "The limits are: file 1 to 512 MiB, calls 1 to 6000, day 1 to 1048576 MiB.",
    )

    def _compute_delivery_count(self):
        counts = dict(
            self.env["immex.broker.delivery"]._read_group(
                [("broker_id", "in", self.ids)], ["broker_id"], ["__count"]
            )
        )
        for broker in self:
            broker.delivery_count = counts.get(broker, 0)

    @api.constrains("user_ids")
    def _check_users(self):
        for broker in self.sudo():
            if any(not user.share for user in broker.user_ids):
                raise ValidationError(
                    self.env._("Only portal users can be users of a broker.")
                )
            others = self.sudo().with_context(active_test=False)
            if others.search_count(
                [("user_ids", "in", broker.user_ids.ids), ("id", "!=", broker.id)],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "A user belongs to one broker; one of these has another."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        brokers = super().create(vals_list)
        brokers._sync_group(brokers.user_ids)
        return brokers

    def write(self, vals):
        before = self.user_ids
        result = super().write(vals)
        if "user_ids" in vals:
            self._sync_group(before | self.user_ids)
        return result

    def _sync_group(self, users):
        """Users of a broker have its group, and only they."""
        group = self.env.ref(GROUP).sudo()
        brokers = self.sudo().with_context(active_test=False)
        meant = brokers.search([("user_ids", "in", users.ids)]).user_ids & users
        commands = [Command.link(user.id) for user in meant]
        commands += [Command.unlink(user.id) for user in users - meant]
        if commands:
            group.write({"user_ids": commands})
        brokers.search([("user_ids", "in", meant.ids)])._sync_companies()

    def _sync_companies(self):
        """Users of a broker belong to the companies that appointed it: there they are
        seen, and see their deliveries. What an ended appointment hides, rules hide."""
        for broker in self.sudo():
            for user in broker.user_ids:
                missing = broker.appointment_ids.company_id - user.company_ids
                if missing:
                    user.company_ids |= missing

    def action_deliveries(self):
        """Button: what this broker delivered."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_broker_delivery"
        )
        return action | {"domain": [("broker_id", "=", self.id)], "context": {}}
