# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.broker.immex_broker_access import SCOPE

GROUP = "immex_compliance.group_manager"


class ImmexBrokerKey(models.TransientModel):
    """Make an API key for a user of a broker. It is shown once and kept only as a hash;
    it opens the broker service and nothing else."""

    _name = "immex.broker.key"
    _description = "New API key for a broker"

    broker_id = fields.Many2one("immex.broker", required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True)
    allowed_user_ids = fields.Many2many(related="broker_id.user_ids")
    name = fields.Char("Description", required=True, help="Which system will use it.")
    date_to = fields.Date(
        "Valid Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=365),
    )

    def action_make(self):
        """Make the key and show it."""
        self.ensure_one()
        if not self.env.user.has_group(GROUP):
            raise UserError(self.env._("Only customs managers make keys for brokers."))
        # the key opens the books of every company that appointed the broker
        self.broker_id.check_access("write")
        user = self.user_id
        if user not in self.broker_id.user_ids or not user.share:
            raise UserError(self.env._("The user is not one of the broker's."))
        if self.date_to < fields.Date.context_today(self):
            raise UserError(self.env._("The key would have expired already."))
        key = self._generate_key(user)
        self.broker_id.message_post(
            body=self.env._(
                "API key “%(name)s” made for %(user)s, valid until %(date)s.",
                name=self.name,
                user=user.login,
                date=self.date_to,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("API Key: copy it now"),
            "res_model": "res.users.apikeys.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    @api.private
    def _generate_key(self, user):
        """The key, in clear; the database keeps its hash."""
        expires = fields.Datetime.to_datetime(self.date_to) + timedelta(days=1)
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(SCOPE, self.name, expires)
