# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from . import side_sql


class ResPartner(models.Model):
    """Supplier or buyer of pedimentos, recipient of exits, principal of layers."""

    _name = "res.partner"
    _inherit = ["res.partner", "immex.abstract.side"]

    def _immex_side(self):
        return self._immex_side_sql(side_sql.PARTNERS)

    def _immex_side_domain(self, kind):
        field = "owner_id" if kind == "layer" else "partner_id"
        domain = [(field, "in", self.ids)]
        return domain if kind == "pedimento" else [*domain, ("active", "=", True)]

    def _immex_origin_domain(self):
        return [("exit_line_id.partner_id", "in", self.ids)]
