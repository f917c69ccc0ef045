# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    # a topic a file
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    kind = fields.Selection(
        selection_add=[("scccyg_validation", "Validate a file of the SCCCyG")],
        ondelete={"scccyg_validation": "cascade"},
    )
    scccyg_validation_id = fields.Many2one(
        "immex.scccyg.validation", "Validation", ondelete="cascade"
    )

    def _work_scccyg_validation(self, environment):
        validation = self.sudo().scccyg_validation_id.with_env(environment)
        validation.check_access("write")
        validation._validate()
        return {}

    def _finish(self, state, error=False, exception=None):
        result = super()._finish(state, error, exception)
        if state != "done":
            self.sudo().scccyg_validation_id.write({"state": "failed"})
        return result
