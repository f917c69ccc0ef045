# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import uuid

from odoo import api, models
from odoo.exceptions import AccessError, UserError

# what the sending writes, and nobody else
KEPT = ("content", "attempts", "next_try", "sent_at", "answer", "answer_reference")
KEPT += ("error",)


class ImmexShipmentNotice(models.Model):
    """What was sent stays as it went; how it went is told by the sending alone."""

    # a topic a file
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.shipment.notice"

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        if not self.env.su:
            for notice in notices:
                if notice.state != "draft" or any(notice[name] for name in KEPT):
                    raise AccessError(notice._only_the_sending())
        return notices

    def write(self, vals):
        if not self.env.su:
            if {"state", "notice_key", *KEPT} & vals.keys():
                raise AccessError(self._only_the_sending())
            own = [key for key in vals if not key.startswith("message_")]
            if own and any(notice.state != "draft" for notice in self):
                raise UserError(self._not_changed())
        return super().write(vals)

    def action_draft(self):
        """Button: what the broker refused is corrected and goes as another notice. The
        refusal stays to be seen until then."""
        self.check_access("write")
        for notice in self:
            if notice.state != "refused":
                raise UserError(
                    self.env._("Only a notice that the broker refused is corrected.")
                )
            notice.sudo().write(
                {
                    "state": "draft",
                    "notice_key": str(uuid.uuid4()),
                    "content": False,
                    "attempts": 0,
                }
            )
        return True

    def _only_the_sending(self):
        return self.env._("How a notice was sent is not written by hand.")

    def _not_changed(self):
        return self.env._(
            "What was sent, or waits to be sent, is not changed any more."
        )
