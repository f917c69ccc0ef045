# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    # a topic a file: the model itself is long enough
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    kind = fields.Selection(
        selection_add=[("setup_parts", "Map part codes")],
        ondelete={"setup_parts": "cascade"},
    )

    def _work_setup_parts(self, environment):
        company = self.sudo().company_id
        environment["immex.setup.part"]._check_manager()
        environment["immex.setup.part"].sudo()._settle_waiting(company)
        return {}
