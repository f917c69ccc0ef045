# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError


class ImmexShipmentNoticeLine(models.Model):
    """The goods of a notice stay as they were sent."""

    _inherit = "immex.shipment.notice.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _check_draft(self):
        if not self.env.su:
            for notice in self.notice_id:
                if notice.state != "draft":
                    raise UserError(notice._not_changed())
