# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexTraceSource(models.AbstractModel):
    """Records of which a traceability file can be made."""

    _name = "immex.trace.source"
    _description = "Has a traceability file"

    def action_immex_trace(self):
        """Button: the way from import to exit, as a picture."""
        return self.env["immex.trace"]._action(self)
