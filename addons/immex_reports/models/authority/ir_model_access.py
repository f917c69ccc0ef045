# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models, tools

from .readable import READABLE


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @tools.ormcache("self.env.uid", "mode")
    def _get_allowed_models(self, mode="read"):
        """The authority's user writes nothing and reads four models, whatever other
        add-ons give to portal users."""
        allowed = super()._get_allowed_models(mode)
        if not self.env.user._immex_is_authority():
            return allowed
        return allowed & READABLE.keys() if mode == "read" else frozenset()
