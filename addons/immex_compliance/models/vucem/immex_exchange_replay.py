# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ImmexExchange(models.Model):
    """A question that is asked again is an exchange of its own, in the name of who asks
    again; both name each other."""

    # a topic a file
    _inherit = "immex.exchange"  # pylint: disable=consider-merging-classes-inherited

    origin_id = fields.Many2one(
        "immex.exchange",
        "Asks Again",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The exchange whose question this one repeats.",
    )
    replay_ids = fields.One2many("immex.exchange", "origin_id", "Asked Again")

    @api.depends("operation")
    def _compute_display_name(self):
        for exchange in self:
            exchange.display_name = f"{exchange.operation} {exchange.id or ''}".strip()

    def action_replay(self):
        """Ask the same question again; what registers something is not repeated."""
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers may."))
        self.check_access("read")
        replays = self.browse()
        for exchange in self.sudo():
            if not exchange.repeatable or exchange.state in ("waiting", "sending"):
                raise UserError(
                    self.env._("Only an answered or refused question is repeated.")
                )
            replays += exchange.copy({"origin_id": exchange.id})
        self.env.ref("immex_compliance.ir_cron_exchange").sudo()._trigger()
        return replays.sudo(False)._open()

    def _open(self):
        """Action that shows these exchanges."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Exchanges with VUCEM"),
            "res_model": self._name,
        }
        if len(self) == 1:
            return action | {"view_mode": "form", "res_id": self.id}
        return action | {"view_mode": "list,form", "domain": [("id", "in", self.ids)]}
