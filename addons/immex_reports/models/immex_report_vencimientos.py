# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree

from odoo import api, models
from odoo.exceptions import UserError


class ImmexReportVencimientos(models.Model):
    """Each row leads to the ways out of its layer."""

    _inherit = "immex.report.vencimientos"

    def action_ways_out(self):
        """Button: the ways out of the row's layer, today."""
        self.ensure_one()
        if not self.vence_id:
            raise UserError(self.env._("This layer is there no more."))
        return self.vence_id.action_ways_out()

    @api.model
    def _get_default_list_view(self):
        view = super()._get_default_list_view()
        etree.SubElement(
            view,
            "button",
            name="action_ways_out",
            type="object",
            string=self.env._("Ways Out"),
        )
        return view
