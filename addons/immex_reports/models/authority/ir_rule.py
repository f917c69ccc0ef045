# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models, tools
from odoo.tools import config

from .readable import READABLE


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    @tools.conditional(
        "xml" not in config["dev_mode"],
        tools.ormcache(
            "self.env.uid",
            "self.env.su",
            "model_name",
            "mode",
            "tuple(self._compute_domain_context_values())",
        ),
    )
    def _compute_domain(self, model_name, mode="read"):
        """The authority's user reads its own rows. Rules of groups add up and could
        only widen what portal users see; a global rule would be asked of everybody."""
        domain = super()._compute_domain(model_name, mode)
        own = None if self.env.su else READABLE.get(model_name)
        if not own or not self.env.user._immex_is_authority():
            return domain
        return (domain & own(self.env.user)).optimize(self.env[model_name])
